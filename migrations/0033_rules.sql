-- What the house wants done with what arrives. `body` is JSON: conditions and acts. `version` grows with each change.
CREATE TABLE rules (
    id UUID PRIMARY KEY,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
