-- Which line of its history took a conversation to another desk: a wait belongs to the desk where it began, and is
-- reckoned from the history.
CREATE TABLE moves (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    from_desk_id UUID NOT NULL REFERENCES desks (id),
    to_desk_id UUID NOT NULL REFERENCES desks (id),
    PRIMARY KEY (conversation_id, seq)
);
INSERT INTO moves (conversation_id, seq, from_desk_id, to_desk_id)
    SELECT h.conversation_id, MIN(e.seq), h.from_desk_id, h.to_desk_id FROM handoffs h
    JOIN events e ON e.conversation_id = h.conversation_id AND e.at = h.at AND e.staff_id = h.from_staff_id
    WHERE e.kind = 'handed_off' AND h.to_desk_id <> h.from_desk_id
    GROUP BY h.id, h.conversation_id, h.from_desk_id, h.to_desk_id
    ON CONFLICT DO NOTHING;
