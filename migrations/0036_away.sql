-- What a desk says by itself while it is closed. A desk without a row says nothing. `short` is for where only little fits.
CREATE TABLE away_texts (
    desk_id UUID PRIMARY KEY REFERENCES desks (id),
    text TEXT NOT NULL,
    short TEXT,
    changed_at BIGINT NOT NULL
);

-- That it was said, so that nobody is told twice. `opens_at`: when it said that the desk would open again.
CREATE TABLE away_answers (
    message_id UUID PRIMARY KEY REFERENCES messages (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    patron_id UUID NOT NULL REFERENCES patrons (id),
    at BIGINT NOT NULL,
    opens_at BIGINT NOT NULL
);
CREATE INDEX away_answers_patron ON away_answers (patron_id, at);
CREATE INDEX away_answers_conversation ON away_answers (conversation_id, at);
