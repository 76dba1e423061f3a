-- A small file lies in its row, where it is pressed to disk with its message.
ALTER TABLE attachments ADD COLUMN bytes BYTEA;
