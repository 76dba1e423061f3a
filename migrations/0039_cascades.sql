-- Where an unclaimed question is offered besides, one desk after the other, and how far each has got.

-- `to_desk_id` empty: nobody else is asked, and everybody is told. Times are open time of the desk that had it before.
CREATE TABLE cascades (
    desk_id UUID NOT NULL REFERENCES desks (id),
    position BIGINT NOT NULL,
    to_desk_id UUID REFERENCES desks (id),
    live_ms BIGINT NOT NULL,
    other_ms BIGINT NOT NULL,
    PRIMARY KEY (desk_id, position)
);

ALTER TABLE conversations ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN hop_at BIGINT;
CREATE INDEX conversations_hop ON conversations (hop_at, id)
    WHERE hop_at IS NOT NULL AND state = 'open' AND owner_id IS NULL;
