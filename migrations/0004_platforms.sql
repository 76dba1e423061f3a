-- What platforms with rules of their own need: rate limits, money, patrons who said stop, files fetched later, webhooks
-- whose subscription may lapse.

-- Until when a platform wants to be left alone, by what it covers; every process obeys the same row.
CREATE TABLE rates (
    scope TEXT PRIMARY KEY,
    until BIGINT NOT NULL,
    why TEXT NOT NULL,
    noted_at BIGINT NOT NULL
);

-- Money used up by each channel on each day (the day's first millisecond, UTC), in millionths of its currency.
CREATE TABLE spendings (
    channel_id UUID NOT NULL REFERENCES channels (id),
    day BIGINT NOT NULL,
    currency TEXT NOT NULL,
    read_micros BIGINT NOT NULL,
    sent_micros BIGINT NOT NULL,
    reads BIGINT NOT NULL,
    sends BIGINT NOT NULL,
    PRIMARY KEY (channel_id, day)
);
-- The most that a channel may use up in a day; none: no limit.
ALTER TABLE channels ADD COLUMN budget_micros BIGINT;

-- The latest word of an address on whether we may write to it.
CREATE TABLE opt_outs (
    channel_id UUID NOT NULL REFERENCES channels (id),
    address TEXT NOT NULL,
    stopped BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, address)
);

-- Files that a platform names are fetched after their message is kept, with patience.
ALTER TABLE attachments ADD COLUMN fetch_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN fetch_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN lease_holder UUID;
ALTER TABLE attachments ADD COLUMN lease_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX attachments_fetch_due ON attachments (fetch_due_at, id) WHERE state = 'to_fetch';

-- Whether each channel's platform still calls us, and who looks next.
CREATE TABLE subscriptions (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    next_check_at BIGINT NOT NULL,
    lease_holder UUID,
    lease_until BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    checked_at BIGINT,
    renewed_at BIGINT,
    last_error TEXT
);
