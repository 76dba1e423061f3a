-- Whose a desk is, where several libraries answer together; none: the house's own.
ALTER TABLE desks ADD COLUMN library TEXT;
