-- Words of each message under its event number; the text itself stays in messages.
CREATE TABLE message_words (
    seq BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX message_words_gin ON message_words USING gin (words);
