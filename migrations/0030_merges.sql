-- Conversations that became part of another one, and the way back.

-- Where it went; its own messages are there.
ALTER TABLE conversations ADD COLUMN merged_into UUID;
CREATE INDEX conversations_merged ON conversations (merged_into) WHERE merged_into IS NOT NULL;
-- The conversation whose thread a message belongs to, where that is merged into the one in which it is shown.
ALTER TABLE messages ADD COLUMN home_id UUID;
CREATE INDEX messages_home ON messages (home_id) WHERE home_id IS NOT NULL;

-- `seq` is the line that says so in the history of what went. `kept` is what both were before and what came of it, without
-- a word of a patron's: what undoing needs.
CREATE TABLE merges (
    id UUID PRIMARY KEY,
    from_id UUID NOT NULL REFERENCES conversations (id),
    into_id UUID NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    kept TEXT NOT NULL,
    undone_at BIGINT
);
CREATE UNIQUE INDEX merges_standing ON merges (from_id) WHERE undone_at IS NULL;
CREATE INDEX merges_from ON merges (from_id, seq);
CREATE INDEX merges_into ON merges (into_id, seq);
