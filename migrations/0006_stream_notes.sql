-- What was decided while a stream was read that a person should know, and when; the newest of its kind.
ALTER TABLE streams ADD COLUMN note TEXT;
ALTER TABLE streams ADD COLUMN noted_at BIGINT;
