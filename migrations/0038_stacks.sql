-- Which question is somebody's next: what it needs, who is given it first, and how many of each kind wait unclaimed.

-- What a person can: skills with a comma and a space between, languages with a space. Live conversations at once at most.
ALTER TABLE staff ADD COLUMN skills TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN languages TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN live_at_once BIGINT NOT NULL DEFAULT 2;

-- Empty: anybody. `offered`: the ids of further desks, a space between. `rung`: where it stands by what is in its row.
ALTER TABLE conversations ADD COLUMN live BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE conversations ADD COLUMN skill TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN offered TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN rung BIGINT NOT NULL DEFAULT 2;
ALTER TABLE conversations ADD COLUMN kept_for UUID REFERENCES staff (id);
ALTER TABLE conversations ADD COLUMN kept_until BIGINT NOT NULL DEFAULT 0;
UPDATE conversations SET rung = CASE WHEN waiting_since IS NOT NULL OR follow_up_at IS NOT NULL
    THEN CASE WHEN urgent THEN 1 ELSE 2 END ELSE CASE WHEN urgent THEN 3 ELSE 4 END END
    WHERE state = 'open' AND owner_id IS NULL;
-- The rung leads although it tells least apart: no list can mistake this for an index of its own. What it ends with is all
-- that is read of a row, so that no engine prefers another, whatever it remembers of the table.
CREATE INDEX conversations_stack ON conversations
    (rung, skill, language, offered, desk_id, channel_id, due_at, id, kept_until, state, owner_id)
    WHERE state = 'open' AND owner_id IS NULL;
CREATE INDEX conversations_live ON conversations (state, due_at, id)
    WHERE live AND state = 'open' AND owner_id IS NULL;
CREATE INDEX conversations_live_mine ON conversations (owner_id)
    WHERE live AND owner_id IS NOT NULL AND state IN ('open', 'waiting');
CREATE INDEX conversations_kept ON conversations (kept_for, kept_until)
    WHERE kept_for IS NOT NULL AND state = 'open' AND owner_id IS NULL;

-- How many unclaimed conversations are alike in all but when they are due: kept, never counted.
CREATE TABLE stacks (
    desk_id UUID NOT NULL REFERENCES desks (id),
    channel_id UUID NOT NULL REFERENCES channels (id),
    rung BIGINT NOT NULL,
    skill TEXT NOT NULL,
    language TEXT NOT NULL,
    offered TEXT NOT NULL,
    conversations BIGINT NOT NULL,
    PRIMARY KEY (desk_id, channel_id, rung, skill, language, offered)
);
INSERT INTO stacks (desk_id, channel_id, rung, skill, language, offered, conversations)
    SELECT desk_id, channel_id, rung, '', '', '', COUNT(*) FROM conversations
    WHERE state = 'open' AND owner_id IS NULL AND merged_into IS NULL GROUP BY desk_id, channel_id, rung;
