-- Who is kept out. `key` is the address as it is compared; only one row of a key stands at a time. `held`: how many messages
-- of theirs lie in held because of it.
CREATE TABLE blocks (
    id UUID PRIMARY KEY,
    key TEXT NOT NULL,
    shown TEXT NOT NULL,
    reason TEXT,
    conversation_id UUID REFERENCES conversations (id),
    blocked_at BIGINT NOT NULL,
    blocked_by UUID REFERENCES staff (id),
    blocked_name TEXT NOT NULL,
    until BIGINT,
    lifted_at BIGINT,
    lifted_name TEXT,
    held BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX blocks_key ON blocks (key) WHERE lifted_at IS NULL;
CREATE INDEX blocks_list ON blocks (blocked_at, id);

-- Which message was held because of which of them.
CREATE TABLE blocked (
    envelope_id UUID PRIMARY KEY REFERENCES envelopes (id),
    block_id UUID NOT NULL REFERENCES blocks (id)
);
CREATE INDEX blocked_block ON blocked (block_id, envelope_id);
