-- Who is at the desk, who looks at or answers which conversation just now, and what they have written so far.

ALTER TABLE staff ADD COLUMN presence TEXT NOT NULL DEFAULT 'at_desk' CHECK (presence IN ('at_desk', 'helping', 'away'));
ALTER TABLE staff ADD COLUMN presence_since BIGINT NOT NULL DEFAULT 0;

-- A row counts for less than a minute; `wrote_at` is 0 for who only looks.
CREATE TABLE viewers (
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    staff_id UUID NOT NULL REFERENCES staff (id),
    seen_at BIGINT NOT NULL,
    wrote_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, staff_id)
);
CREATE INDEX viewers_seen ON viewers (seen_at);

-- For its writer alone: never searched, never shown to anybody else.
CREATE TABLE drafts (
    staff_id UUID NOT NULL REFERENCES staff (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'note')),
    text TEXT NOT NULL,
    caret BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (staff_id, conversation_id, kind)
);
CREATE INDEX drafts_conversation ON drafts (conversation_id);

-- Files that a draft holds; each is in one draft at most.
CREATE TABLE draft_files (
    upload_id UUID PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    conversation_id UUID NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position BIGINT NOT NULL
);
CREATE INDEX draft_files_draft ON draft_files (staff_id, conversation_id, position);
CREATE INDEX draft_files_conversation ON draft_files (conversation_id);
