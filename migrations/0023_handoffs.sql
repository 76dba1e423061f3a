-- Questions that somebody hands to another person or desk, and who watches one that is not theirs.

-- `settled_at` is empty while a person has not answered; what goes to a desk is there at once.
CREATE TABLE handoffs (
    id UUID PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    from_staff_id UUID NOT NULL REFERENCES staff (id),
    from_desk_id UUID NOT NULL REFERENCES desks (id),
    to_staff_id UUID REFERENCES staff (id),
    to_desk_id UUID REFERENCES desks (id),
    reason TEXT NOT NULL CHECK (reason IN
        ('needs_a_specialist', 'needs_account_access', 'another_branch', 'my_shift_ends', 'patron_asked', 'other')),
    summary TEXT NOT NULL,
    at BIGINT NOT NULL,
    falls_back_at BIGINT,
    settled_at BIGINT,
    outcome TEXT CHECK (outcome IN ('at_desk', 'accepted', 'not_now', 'fell_back', 'withdrawn')),
    why TEXT,
    CHECK ((to_staff_id IS NULL) <> (to_desk_id IS NULL))
);
CREATE UNIQUE INDEX handoffs_open ON handoffs (conversation_id) WHERE settled_at IS NULL;
CREATE INDEX handoffs_due ON handoffs (falls_back_at, id) WHERE settled_at IS NULL;
CREATE INDEX handoffs_to ON handoffs (to_staff_id, at, id) WHERE settled_at IS NULL;

-- Ends when the conversation is done: what somebody watches stays little.
CREATE TABLE watches (
    staff_id UUID NOT NULL REFERENCES staff (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (staff_id, conversation_id)
);
CREATE INDEX watches_conversation ON watches (conversation_id);
