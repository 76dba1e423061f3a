-- The mail journey's tables, one text for both engines. Ids are UUIDv7, times epoch milliseconds UTC.
-- Append only: a shipped file is never edited. Words in CHECKs are those of ARCHITECTURE.md.

CREATE TABLE libraries (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE branches (
    id UUID PRIMARY KEY,
    library_id UUID NOT NULL REFERENCES libraries (id),
    name TEXT NOT NULL UNIQUE,
    position BIGINT NOT NULL
);

CREATE TABLE desks (
    id UUID PRIMARY KEY,
    branch_id UUID NOT NULL REFERENCES branches (id),
    name TEXT NOT NULL UNIQUE,
    promise_ms BIGINT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE staff (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    public_name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'staff', 'lead', 'manager', 'admin')),
    password TEXT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE desk_members (
    desk_id UUID NOT NULL REFERENCES desks (id),
    staff_id UUID NOT NULL REFERENCES staff (id),
    PRIMARY KEY (desk_id, staff_id)
);

CREATE TABLE channels (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    desk_id UUID NOT NULL REFERENCES desks (id),
    address TEXT NOT NULL,
    ours TEXT NOT NULL,
    open_settings TEXT NOT NULL,
    sealed_settings BYTEA NOT NULL,
    schedule TEXT,
    undo_hold_ms BIGINT,
    state TEXT NOT NULL CHECK (state IN ('active', 'degraded', 'needs_signin', 'blocked', 'paused')),
    state_since BIGINT NOT NULL,
    state_why TEXT,
    signin_ends_at BIGINT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX channels_name ON channels (name) WHERE removed_at IS NULL;

-- received = messages + held + duplicates, each counted in the transaction that decides.
CREATE TABLE intake (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    received BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    held BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    last_message_at BIGINT
);

CREATE TABLE streams (
    channel_id UUID NOT NULL REFERENCES channels (id),
    stream TEXT NOT NULL,
    name TEXT NOT NULL,
    echoes BOOLEAN NOT NULL,
    place TEXT,
    lease_holder UUID,
    lease_until BIGINT NOT NULL,
    next_poll_at BIGINT NOT NULL,
    quiet_polls BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    last_success_at BIGINT,
    last_item_at BIGINT,
    last_error TEXT,
    backlog BIGINT,
    PRIMARY KEY (channel_id, stream)
);

CREATE TABLE patrons (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE addresses (
    id UUID PRIMARY KEY,
    patron_id UUID NOT NULL REFERENCES patrons (id),
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    shown TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, address)
);
CREATE INDEX addresses_patron ON addresses (patron_id);

CREATE TABLE conversations (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    channel_id UUID NOT NULL REFERENCES channels (id),
    desk_id UUID NOT NULL REFERENCES desks (id),
    patron_id UUID NOT NULL REFERENCES patrons (id),
    patron_name TEXT NOT NULL,
    thread TEXT,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    state TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'snoozed', 'done', 'spam')),
    owner_id UUID REFERENCES staff (id),
    owner_since BIGINT,
    waiting_since BIGINT,
    due_at BIGINT NOT NULL,
    snoozed_until BIGINT,
    last_patron_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    trouble TEXT,
    has_attachments BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
-- One index for each way the inbox is looked at; a list never joins, sorts or counts its way there.
-- The state leads although each of these holds only one: SQLite prefers whichever index more equalities reach into.
CREATE INDEX conversations_unclaimed ON conversations (state, due_at, id) WHERE state = 'open' AND owner_id IS NULL;
CREATE INDEX conversations_unclaimed_desk ON conversations (desk_id, state, due_at, id)
    WHERE state = 'open' AND owner_id IS NULL;
CREATE INDEX conversations_unclaimed_channel ON conversations (channel_id, state, due_at, id, desk_id)
    WHERE state = 'open' AND owner_id IS NULL;
CREATE INDEX conversations_mine ON conversations (owner_id, due_at, id)
    WHERE owner_id IS NOT NULL AND state IN ('open', 'waiting');
CREATE INDEX conversations_snoozed ON conversations (state, snoozed_until, id) WHERE state = 'snoozed';
CREATE INDEX conversations_snoozed_desk ON conversations (desk_id, state, snoozed_until, id) WHERE state = 'snoozed';
CREATE INDEX conversations_snoozed_channel ON conversations (channel_id, state, snoozed_until, id, desk_id)
    WHERE state = 'snoozed';
-- Each state apart: "everything" merges the five, so that one index serves it and every state.
CREATE INDEX conversations_state ON conversations (state, last_at, id);
CREATE INDEX conversations_state_desk ON conversations (desk_id, state, last_at, id);
CREATE INDEX conversations_state_channel ON conversations (channel_id, state, last_at, id, desk_id);
-- By id, which is by age and never changes.
CREATE INDEX conversations_patron ON conversations (patron_id, id);
CREATE UNIQUE INDEX conversations_thread ON conversations (channel_id, thread) WHERE thread IS NOT NULL;

-- Who has written in a conversation: a claimed reference joins only for these.
CREATE TABLE conversation_addresses (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    address_id UUID NOT NULL REFERENCES addresses (id),
    PRIMARY KEY (conversation_id, address_id)
);

CREATE TABLE conversation_links (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    other_id UUID NOT NULL REFERENCES conversations (id),
    why TEXT NOT NULL CHECK (why IN ('same_message', 'unproven_reference')),
    PRIMARY KEY (conversation_id, other_id)
);

CREATE TABLE messages (
    id UUID PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    channel_id UUID REFERENCES channels (id),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'inside')),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'reply', 'note')),
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    staff_id UUID REFERENCES staff (id),
    address_id UUID REFERENCES addresses (id),
    author_name TEXT NOT NULL,
    external_id TEXT,
    refs TEXT NOT NULL,
    at BIGINT NOT NULL,
    subject TEXT,
    text TEXT NOT NULL,
    reply_text TEXT,
    html TEXT,
    envelope_id UUID,
    automatic BOOLEAN NOT NULL,
    unverified BOOLEAN NOT NULL,
    link TEXT
);
CREATE INDEX messages_conversation ON messages (conversation_id, seq);
-- Without this a long-lived inbox pays twice for each mail it takes in.
CREATE INDEX messages_external ON messages (external_id) WHERE external_id IS NOT NULL;

-- What of a message is searched. Nothing of it may change while the message is in the index: the index is cleaned by
-- what is read here. Remove the message from the index first.
CREATE VIEW message_sources AS
    SELECT m.seq, COALESCE(m.subject, '') AS subject, m.text AS body, m.author_name || ' ' || COALESCE(a.shown, '') AS people
    FROM messages m LEFT JOIN addresses a ON a.id = m.address_id;

CREATE TABLE attachments (
    id UUID PRIMARY KEY,
    message_id UUID NOT NULL REFERENCES messages (id),
    position BIGINT NOT NULL,
    filename TEXT,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT,
    content_id TEXT,
    inline_shown BOOLEAN NOT NULL,
    reference TEXT,
    state TEXT NOT NULL CHECK (state IN ('kept', 'to_fetch', 'refused')),
    why TEXT
);
CREATE INDEX attachments_message ON attachments (message_id, position);
CREATE INDEX attachments_to_fetch ON attachments (id) WHERE state = 'to_fetch';

CREATE TABLE envelopes (
    id UUID PRIMARY KEY,
    channel_id UUID NOT NULL REFERENCES channels (id),
    external_id TEXT NOT NULL,
    fingerprint TEXT,
    received_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    raw BYTEA,
    blob TEXT,
    held TEXT,
    held_why TEXT,
    held_from TEXT,
    held_subject TEXT,
    UNIQUE (channel_id, external_id)
);
CREATE INDEX envelopes_fingerprint ON envelopes (channel_id, fingerprint) WHERE fingerprint IS NOT NULL;
CREATE INDEX envelopes_held ON envelopes (received_at, id) WHERE held IS NOT NULL;

CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    message_id UUID,
    staff_id UUID REFERENCES staff (id),
    actor_name TEXT NOT NULL,
    detail TEXT
);
CREATE INDEX events_conversation ON events (conversation_id, seq);

CREATE TABLE waits (
    id UUID PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    channel_id UUID NOT NULL REFERENCES channels (id),
    desk_id UUID NOT NULL REFERENCES desks (id),
    is_first BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by UUID NOT NULL,
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('answered', 'no_answer_needed')),
    closed_by UUID,
    staff_id UUID REFERENCES staff (id)
);
CREATE UNIQUE INDEX waits_open ON waits (conversation_id) WHERE closed_at IS NULL;
CREATE INDEX waits_conversation ON waits (conversation_id, opened_at);
CREATE INDEX waits_opened ON waits (opened_at);

CREATE TABLE deliveries (
    id UUID PRIMARY KEY,
    message_id UUID NOT NULL REFERENCES messages (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    channel_id UUID NOT NULL REFERENCES channels (id),
    position BIGINT NOT NULL,
    part TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('held', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'withdrawn')),
    release_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    lease_holder UUID,
    lease_until BIGINT NOT NULL,
    external_id TEXT,
    reason TEXT,
    why TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    UNIQUE (message_id, position)
);
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state IN ('held', 'queued', 'sending', 'unknown');
CREATE INDEX deliveries_conversation ON deliveries (conversation_id, created_at);
CREATE INDEX deliveries_external ON deliveries (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    token_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX sessions_staff ON sessions (staff_id);

CREATE TABLE access_tokens (
    id UUID PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    token_hash BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE signin_links (
    token_hash BYTEA PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT
);

-- Numbers that must be handed out without a gap becoming visible: the row's lock is held until commit.
CREATE TABLE sequences (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO sequences (name, value) VALUES ('event', 0), ('conversation', 20000);

-- How many conversations are in each state at each desk for each owner ('-' for none): kept, never counted.
CREATE TABLE tallies (
    desk_id UUID NOT NULL REFERENCES desks (id),
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    conversations BIGINT NOT NULL,
    PRIMARY KEY (desk_id, owner, state)
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
