-- Accounts being signed in on their platform's own page, and who keeps a sign-in alive.

-- A sign-in that is under way: begun in a session, of use once, and not for long. What the person told us waits sealed.
CREATE TABLE signins (
    id UUID PRIMARY KEY,
    state_hash BYTEA NOT NULL UNIQUE,
    session_id UUID NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    channel_id UUID REFERENCES channels (id),
    stage TEXT NOT NULL CHECK (stage IN ('away', 'back', 'choosing', 'connected', 'failed')),
    sealed BYTEA NOT NULL,
    why TEXT,
    ends_at BIGINT NOT NULL
);

-- Whoever holds a channel's row refreshes its sign-in, and nobody else before then: a token that works once must not be
-- used twice.
CREATE TABLE refreshes (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    holder UUID NOT NULL,
    until BIGINT NOT NULL
);
