-- One person with many addresses, and what staff write down about them.

-- `named`: one of us chose the name, so no platform's word replaces it. `answer_by`: the address at which the patron asked to be
-- answered, `answer_hours` when, in their words. `one_with`: the patron that this one turned out to be.
ALTER TABLE patrons ADD COLUMN goes_by TEXT;
ALTER TABLE patrons ADD COLUMN pronouns TEXT;
ALTER TABLE patrons ADD COLUMN named BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE patrons ADD COLUMN answer_by UUID;
ALTER TABLE patrons ADD COLUMN answer_hours TEXT;
ALTER TABLE patrons ADD COLUMN one_with UUID;

-- Since when it is known that whoever writes from it also reads what is sent there.
ALTER TABLE addresses ADD COLUMN verified_at BIGINT;

-- Never leaves the house.
CREATE TABLE patron_notes (
    id UUID PRIMARY KEY,
    patron_id UUID NOT NULL REFERENCES patrons (id),
    staff_id UUID NOT NULL REFERENCES staff (id),
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    changed_at BIGINT
);
CREATE INDEX patron_notes_patron ON patron_notes (patron_id, id);

-- Two patrons are one person. `same_address`: both have it, and both platforms vouch for that; else `checked` says how one of us
-- knows. The rest: which of what staff had written down about the one is also the other's since.
CREATE TABLE unions (
    id UUID PRIMARY KEY,
    from_id UUID NOT NULL REFERENCES patrons (id),
    into_id UUID NOT NULL REFERENCES patrons (id),
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    same_address BOOLEAN NOT NULL,
    checked TEXT NOT NULL,
    took_goes_by BOOLEAN NOT NULL,
    took_pronouns BOOLEAN NOT NULL,
    took_answer_by BOOLEAN NOT NULL,
    undone_at BIGINT
);
CREATE UNIQUE INDEX unions_standing ON unions (from_id) WHERE undone_at IS NULL;
CREATE INDEX unions_into ON unions (into_id, at);

-- Whose what was: addresses, notes and conversations of the one that went, conversations with what they called the patron.
CREATE TABLE union_parts (
    union_id UUID NOT NULL REFERENCES unions (id),
    part_id UUID NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('address', 'note', 'conversation')),
    name TEXT,
    PRIMARY KEY (union_id, part_id)
);
