-- What conversations are about, in the house's own words, and which of them come before what is not yet late.

CREATE TABLE tags (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);

CREATE TABLE conversation_tags (
    tag_id UUID NOT NULL REFERENCES tags (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    PRIMARY KEY (tag_id, conversation_id)
);

-- The same tags in the row, so that a list needs no other table: their ids, a space between.
ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX conversations_urgent ON conversations (state, due_at, id)
    WHERE urgent AND state = 'open' AND owner_id IS NULL;
