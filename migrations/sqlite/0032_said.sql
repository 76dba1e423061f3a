-- Words are made by one function now, the same for both engines, and kept as it made them: nothing is folded or taken apart
-- here any more. Only the different words of a message, so that there is no place to keep for each of them.
CREATE VIRTUAL TABLE said USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0);
INSERT INTO said (said, rank) VALUES ('secure-delete', 1);

-- From now on the numbers of the messages whose words are still to be read; the newest are read first.
DROP TABLE message_words;
CREATE TABLE message_words (seq BIGINT NOT NULL PRIMARY KEY);
INSERT INTO message_words (seq) SELECT seq FROM messages;
