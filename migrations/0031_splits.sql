-- Part of a conversation that is a conversation of its own since.

-- `seq` is the line that says so in the history of what it came from. `home_id` is the conversation to whose thread the first
-- of it belonged until then.
CREATE TABLE splits (
    id UUID PRIMARY KEY,
    from_id UUID NOT NULL REFERENCES conversations (id),
    into_id UUID NOT NULL REFERENCES conversations (id),
    home_id UUID NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id)
);
CREATE UNIQUE INDEX splits_into ON splits (into_id);
CREATE INDEX splits_from ON splits (from_id, seq);

-- What went, and to whose thread each belonged until then.
CREATE TABLE split_messages (
    split_id UUID NOT NULL REFERENCES splits (id),
    message_id UUID NOT NULL,
    home_id UUID NOT NULL,
    PRIMARY KEY (split_id, message_id)
);
CREATE INDEX split_messages_home ON split_messages (home_id);
CREATE INDEX split_messages_message ON split_messages (message_id);
