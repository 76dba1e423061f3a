-- Files that somebody added to an answer they are writing. Each lies either here or with the message it left with, never in
-- both. Its bytes lie in the row where they are few, or in the blob store under a name that no other row has: so they can be
-- thrown away with it.
CREATE TABLE uploads (
    id UUID PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob TEXT,
    bytes BYTEA,
    created_at BIGINT NOT NULL,
    thrown_away BOOLEAN NOT NULL
);
CREATE INDEX uploads_staff ON uploads (staff_id, created_at);
CREATE INDEX uploads_created ON uploads (created_at, id);
