-- When desks are open. A desk without a row in `hours` is open day and night.

CREATE TABLE hours (
    desk_id UUID NOT NULL REFERENCES desks (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens BIGINT NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes BIGINT NOT NULL CHECK (closes > opens),
    PRIMARY KEY (desk_id, weekday, opens)
);

-- Days that differ, first and last included; `intervals` as people write them, empty where the desk is closed.
CREATE TABLE closures (
    id UUID PRIMARY KEY,
    desk_id UUID NOT NULL REFERENCES desks (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    name TEXT NOT NULL,
    intervals TEXT NOT NULL,
    UNIQUE (desk_id, first_day, last_day, name)
);
