//! What is taken for spam: nobody waits there, and what the mark ended goes on where it is taken off.

use uuid::Uuid;

use super::super::Millis;
use super::super::wait::Outcome;
use super::{End, History, Line, Over, without_an_answer};

#[derive(Clone, Copy, Debug)]
pub(super) struct Spam {
    pub(super) seq: i64,
    at: Millis,
    staff_id: Option<Uuid>,
    ended_a_wait: bool,
}

impl History {
    /// What is said from now on waits for nobody.
    pub(super) fn spam(&mut self, line: &Line) {
        let needless = line.detail.as_deref().is_some_and(without_an_answer);
        let ended_a_wait = needless && self.open().is_some();
        let end = End { at: line.at, outcome: Outcome::NoAnswerNeeded, by: None, staff_id: line.staff_id };
        if ended_a_wait {
            self.end(end, Over::Done(line.seq), |_| true);
        }
        self.spam = Some(Spam { seq: line.seq, at: line.at, staff_id: line.staff_id, ended_a_wait });
    }

    /// A wait that an answer on its way kept open ends with the mark once something is known of that answer, and so does one
    /// that opens again because an answer came back.
    pub(super) fn nobody_waits_in_spam(&mut self) {
        let Some(spam) = self.spam.filter(|_| self.waits.iter().any(|wait| wait.end.is_none())) else {
            return;
        };
        let end = End { at: spam.at, outcome: Outcome::NoAnswerNeeded, by: None, staff_id: spam.staff_id };
        self.end(end, Over::Done(spam.seq), |heard| heard.seq < spam.seq);
        self.spam = Some(Spam { ended_a_wait: true, ..spam });
    }

    /// Takes that back, and what was said meanwhile waited.
    pub(super) fn no_spam(&mut self) {
        let Some(spam) = self.spam.take() else { return };
        if spam.ended_a_wait {
            self.open_again(spam.seq, spam.at);
        }
        let meanwhile = self.heard.iter().filter(|heard| heard.over.is_none() && heard.seq > spam.seq);
        let earliest = meanwhile.map(|heard| heard.at).min();
        match (self.open(), earliest) {
            (Some(open), Some(earliest)) => {
                open.opened_at = open.opened_at.min(earliest);
                let wait = open.opened_by;
                let meanwhile =
                    self.heard.iter_mut().filter(|heard| heard.over.is_none() && heard.seq > spam.seq);
                meanwhile.for_each(|heard| heard.wait = wait);
            }
            (Some(_), None) => {}
            (None, _) => self.begin(),
        }
    }

    /// This answer came back, or never left.
    pub(super) fn came_back(&mut self, answer: Uuid) {
        match self.spam {
            // What the mark has ended is one with what waits again, and ends with that.
            Some(spam) if spam.ended_a_wait => self.open_again(spam.seq, spam.at),
            _ => {}
        }
        self.not_answered(answer);
        self.nobody_waits_in_spam();
    }
}
