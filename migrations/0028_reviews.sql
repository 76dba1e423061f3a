-- Answers that somebody else looks through before they leave. Until it is approved an answer is no message: it is in no thread
-- and ends no wait. Whoever is marked sends nothing without that.
ALTER TABLE staff ADD COLUMN reviewed BOOLEAN NOT NULL DEFAULT FALSE;

-- `seen`: the newest event that its author had seen. `reviewer_id`: whom they asked by name. `settled_by`: who approved or
-- returned it, with their `word`; `changed`: other words left than its author's. `message_id`: what it became.
CREATE TABLE reviews (
    id UUID PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    author_id UUID NOT NULL REFERENCES staff (id),
    author_name TEXT NOT NULL,
    reviewer_id UUID REFERENCES staff (id),
    text TEXT NOT NULL,
    subject TEXT,
    way UUID,
    done BOOLEAN NOT NULL,
    seen BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    settled_at BIGINT,
    settled_by UUID REFERENCES staff (id),
    settled_name TEXT,
    changed BOOLEAN NOT NULL DEFAULT FALSE,
    word TEXT,
    message_id UUID REFERENCES messages (id)
);
CREATE UNIQUE INDEX reviews_of_author ON reviews (conversation_id, author_id) WHERE state = 'open';
CREATE INDEX reviews_open ON reviews (asked_at, id) WHERE state = 'open';
CREATE INDEX reviews_message ON reviews (message_id);

-- The files that wait with it.
CREATE TABLE review_files (
    upload_id UUID PRIMARY KEY,
    review_id UUID NOT NULL REFERENCES reviews (id),
    position BIGINT NOT NULL
);
CREATE INDEX review_files_review ON review_files (review_id, position);
