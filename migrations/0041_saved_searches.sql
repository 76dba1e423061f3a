-- Searches that somebody keeps under a name, for themselves or, with `desk_id`, for everybody at that desk. `version` grows with
-- each change.
CREATE TABLE saved_searches (
    id UUID PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    desk_id UUID REFERENCES desks (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX saved_searches_own ON saved_searches (staff_id);
CREATE INDEX saved_searches_desk ON saved_searches (desk_id) WHERE desk_id IS NOT NULL;
