-- Words of each message under its event number; the text itself stays in messages.
CREATE VIRTUAL TABLE message_words USING fts5 (
    subject, body, people,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
