-- Words are made by one function now, the same for both engines, and kept as it made them.
CREATE TABLE said (
    seq BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX said_gin ON said USING gin (words);

-- What is in `message_words` are the messages whose words are still to be read; the newest are read first. A process of the
-- version before goes on writing there while it is being replaced, and what it writes is read like the rest.
