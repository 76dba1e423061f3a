-- Which words there are, in their order, read from the index itself: nothing is kept for it. A beginning is looked for as the
-- words that begin so.
CREATE VIRTUAL TABLE said_words USING fts5vocab('said', 'instance');
