-- Addresses of other programs that are told what happens here, and how the latest tellings went.

-- `seq` is the last line of the history that was told or not wanted. `kinds` are words with spaces between; empty: all.
CREATE TABLE webhooks (
    id UUID PRIMARY KEY,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    with_text BOOLEAN NOT NULL,
    sealed_secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    failing_since BIGINT,
    next_at BIGINT NOT NULL,
    last_success_at BIGINT,
    off_since BIGINT,
    off_why TEXT,
    lease_holder UUID,
    lease_until BIGINT NOT NULL
);

-- No word of a patron and nothing of an answer but its status. `seq` is empty for a test.
CREATE TABLE webhook_attempts (
    id UUID PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    seq BIGINT,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    status BIGINT,
    why TEXT
);
CREATE INDEX webhook_attempts_latest ON webhook_attempts (webhook_id, at, id);

-- What a token may do, words with spaces between: those that are there may do everything that their person may.
ALTER TABLE access_tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read answer manage';
ALTER TABLE access_tokens ADD COLUMN last_used_at BIGINT;
ALTER TABLE access_tokens ADD COLUMN expires_at BIGINT;
