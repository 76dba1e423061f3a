-- The index of words knows each message's span of numbers too, so that what is not often said is looked for in the newest spans
-- first. What came last waits in a list that every question reads through: a short one.
DROP INDEX said_gin;
CREATE INDEX said_gin ON said USING gin (words, (ARRAY[CAST(seq >> 14 AS INT)])) WITH (gin_pending_list_limit = 64);
