-- What somebody decided at "done", and until when something was promised although it is not done.

ALTER TABLE conversations ADD COLUMN outcome TEXT
    CHECK (outcome IN ('answered', 'follow_up', 'home_library', 'patron_lost', 'practice'));
ALTER TABLE conversations ADD COLUMN follow_up_at BIGINT;
-- Practice is in no statistics: each wait is asked whether it is one of these few.
CREATE INDEX conversations_practice ON conversations (id) WHERE outcome = 'practice';
