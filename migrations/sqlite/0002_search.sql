-- Words of each message under its event number; the text itself stays in messages. No `contentless_delete`: it only marks
-- a row as gone and leaves its words in the file until some later merge; reading them from the view takes them out.
CREATE VIRTUAL TABLE message_words USING fts5 (
    subject, body, people,
    content = 'message_sources', content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
