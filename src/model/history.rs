//! The waits of one conversation, reckoned from its history alone: the other way to the numbers that intake and outbox
//! keep as they go. Two ways to one number; where they differ one of them is wrong, and `deskbell waits rebuild` says so.
//!
//! In a wait is everything that patrons said since it opened and that nobody has answered. It begins when the first of
//! that was said, by the platform's clock, whatever came first to us.

mod difference;
mod family;
mod part;
mod spam;

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::event::Kind;
use super::wait::Outcome;

pub(crate) use difference::moment;
pub use difference::{Kept, differences};
pub use family::{Family, Joined};
pub use part::Parted;
use spam::Spam;

/// A line of the history as far as it matters to waits, with the message that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Where.
    pub conversation_id: Uuid,
    /// Its number.
    pub seq: i64,
    /// When it happened here.
    pub at: Millis,
    /// What.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// Who of us did it.
    pub staff_id: Option<Uuid>,
    /// What else was said.
    pub detail: Option<String>,
    /// The message.
    pub message_id: Option<Uuid>,
    /// The number of the line that brought the message.
    pub said_seq: Option<i64>,
    /// When it was said, by the platform's clock where it has one.
    pub said_at: Option<Millis>,
    /// Whether a machine wrote it.
    pub automatic: Option<bool>,
    /// Who of us wrote it.
    pub author_id: Option<Uuid>,
    /// The desk that this line took the conversation to.
    pub to_desk_id: Option<Uuid>,
    /// The conversation whose thread the message belongs to.
    pub home_id: Option<Uuid>,
    /// The channel by which it came.
    pub channel_id: Option<Uuid>,
}

/// A wait as the history has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// When the first of what it holds was said.
    pub opened_at: Millis,
    /// What came first of it.
    pub opened_by: Uuid,
    /// The number under which that came.
    pub opened_seq: i64,
    /// The channel by which that came.
    pub channel_id: Uuid,
    /// The desk it opened at.
    pub desk_id: Uuid,
    /// The conversation's first.
    pub is_first: bool,
    /// How it ended; none: it has not.
    pub end: Option<End>,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Millis,
    /// How.
    pub outcome: Outcome,
    /// The answer.
    pub by: Option<Uuid>,
    /// Who answered, or decided that there is nothing to answer.
    pub staff_id: Option<Uuid>,
}

/// A conversation's history, told line by line.
#[derive(Clone, Debug)]
pub struct History {
    desk_id: Uuid,
    waits: Vec<Reckoned>,
    /// Open ones that are part of the open one since their conversations became one.
    within: Vec<Reckoned>,
    /// What patrons said, in the order in which it came.
    heard: Vec<Heard>,
    done: Option<(i64, Millis)>,
    /// It is taken for spam.
    spam: Option<Spam>,
}

#[derive(Clone, Copy, Debug)]
struct Heard {
    id: Uuid,
    seq: i64,
    at: Millis,
    over: Option<Over>,
    /// The conversation whose thread it belongs to.
    home: Uuid,
    /// The channel by which it came.
    channel_id: Uuid,
    /// What opened the wait that it is in.
    wait: Uuid,
}

impl Heard {
    fn waits_in(&self, wait: Uuid) -> bool {
        self.over.is_none() && self.wait == wait
    }
}

/// Why nobody waits for an answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Answered(Uuid),
    /// Done or spam, under this number.
    Done(i64),
}

impl History {
    /// Of a conversation that began at this desk.
    pub fn begun_at(desk_id: Uuid) -> Self {
        let (waits, within, heard) = (Vec::new(), Vec::new(), Vec::new());
        Self { desk_id, waits, within, heard, done: None, spam: None }
    }

    /// What happened next. A line that takes it to another desk does so at its end.
    pub fn then(&mut self, line: &Line) {
        self.then_seeing(line, &|_| true);
    }

    /// The same where an answer answers only what was said in some of the threads: its writer saw no other.
    fn then_seeing(&mut self, line: &Line, sees: &dyn Fn(Uuid) -> bool) {
        match line.kind {
            Kind::Opened | Kind::Message => self.heard(line),
            Kind::Sent => self.answered(line, sees),
            Kind::Echo => self.answered_outside(line, sees),
            Kind::Failed => line.message_id.into_iter().for_each(|answer| self.came_back(answer)),
            Kind::Closed => self.done(line),
            Kind::Reopened => self.not_done(),
            Kind::Spam => self.spam(line),
            Kind::NotSpam => self.no_spam(),
            _ => {}
        }
        let tells_of_an_answer = matches!(line.kind, Kind::Sent | Kind::Unknown | Kind::Withdrawn);
        if tells_of_an_answer && line.automatic != Some(true) {
            self.nobody_waits_in_spam();
        }
        self.desk_id = line.to_desk_id.unwrap_or(self.desk_id);
    }

    /// The waits so far, the oldest first.
    pub fn waits(mut self) -> Vec<Reckoned> {
        self.waits.sort_by_key(place);
        self.waits
    }

    fn heard(&mut self, line: &Line) {
        let Some(mut said) = said(line) else { return };
        let spam = self.spam.is_some();
        let open = self.open().filter(|_| !spam);
        if let Some(open) = open {
            open.opened_at = open.opened_at.min(said.at);
            said.wait = open.opened_by;
        }
        self.heard.push(said);
        if !spam && self.open().is_none() {
            self.begin();
        }
    }

    /// An answer answers what its writer could have seen.
    fn answered(&mut self, line: &Line, sees: &dyn Fn(Uuid) -> bool) {
        let Some(answer) = said(line) else { return };
        let end =
            End { at: line.at, outcome: Outcome::Answered, by: Some(answer.id), staff_id: line.author_id };
        if self.open().is_some_and(|open| open.opened_seq < answer.seq) {
            self.end(end, Over::Answered(answer.id), |heard| heard.seq < answer.seq && sees(heard.home));
        }
    }

    /// What was answered elsewhere answers what had been said until then.
    fn answered_outside(&mut self, line: &Line, sees: &dyn Fn(Uuid) -> bool) {
        let Some(answer) = said(line) else { return };
        let end = End { at: answer.at, outcome: Outcome::Answered, by: Some(answer.id), staff_id: None };
        if self.open().is_some_and(|open| open.opened_at <= answer.at) {
            self.end(end, Over::Answered(answer.id), |heard| heard.at <= answer.at && sees(heard.home));
            self.nobody_waits_in_spam();
        }
    }

    /// What it ended is open again; one that opened meanwhile is part of that.
    fn not_answered(&mut self, failed: Uuid) {
        let ended_by = |wait: &Reckoned| wait.end.is_some_and(|end| end.by == Some(failed));
        let ended = self.waits.iter().position(ended_by);
        // The wait that held it may be another conversation's by now.
        let Some(mut whole) =
            ended.map(|at| self.waits.remove(at)).or_else(|| self.held(Over::Answered(failed)))
        else {
            return;
        };
        whole.end = None;
        if let Some(open) = self.waits.iter().position(|wait| wait.end.is_none()) {
            let open = self.waits.remove(open);
            let opened_at = whole.opened_at.min(open.opened_at);
            let of_open = open.opened_by;
            whole = if place(&open) < place(&whole) { open } else { whole };
            whole.opened_at = opened_at;
            self.heard
                .iter_mut()
                .filter(|heard| heard.wait == of_open)
                .for_each(|one| one.wait = whole.opened_by);
        }
        for heard in self.heard.iter_mut().filter(|heard| heard.over == Some(Over::Answered(failed))) {
            (heard.over, heard.wait) = (None, whole.opened_by);
        }
        self.waits.push(whole);
    }

    /// A wait of what is over so, whatever wait that was in.
    fn held(&self, over: Over) -> Option<Reckoned> {
        let held = || self.heard.iter().filter(|heard| heard.over == Some(over));
        Some(self.opened(held().next()?, held().map(|heard| heard.at).min()?))
    }

    fn done(&mut self, line: &Line) {
        self.done = Some((line.seq, line.at));
        let end = End { at: line.at, outcome: Outcome::NoAnswerNeeded, by: None, staff_id: line.staff_id };
        if line.detail.as_deref().is_some_and(without_an_answer) {
            self.end(end, Over::Done(line.seq), |_| true);
        }
    }

    /// Takes back what "done" did, and nothing that was ended before.
    fn not_done(&mut self) {
        let Some((seq, done_at)) = self.done else { return };
        if self.open().is_some() {
            return;
        }
        self.open_again(seq, done_at);
    }

    /// The last wait that ended without an answer then, by the line of this number.
    fn open_again(&mut self, seq: i64, at: Millis) {
        let ended_then = |wait: &&mut Reckoned| {
            wait.end.is_some_and(|end| end.outcome == Outcome::NoAnswerNeeded && end.at == at)
        };
        let over = Over::Done(seq);
        let ended = match self.waits.iter_mut().filter(ended_then).max_by_key(|wait| place(wait)) {
            Some(ended) => {
                ended.end = None;
                ended.opened_by
            }
            // The wait that it was in may be another conversation's by now.
            None => {
                let Some(held) = self.held(over) else { return };
                self.waits.push(held.clone());
                held.opened_by
            }
        };
        for heard in self.heard.iter_mut().filter(|heard| heard.over == Some(over)) {
            (heard.over, heard.wait) = (None, ended);
        }
    }

    /// Ends the open wait; what of it is not covered by that waits anew.
    fn end(&mut self, end: End, over: Over, covered: impl Fn(&Heard) -> bool) {
        if !self.within.is_empty() {
            return self.end_some(end, over, &covered);
        }
        let Some(open) = self.open() else { return };
        open.end = Some(end);
        for heard in self.heard.iter_mut().filter(|heard| heard.over.is_none() && covered(heard)) {
            heard.over = Some(over);
        }
        self.begin();
    }

    /// Opens one that holds what is unanswered, if anything is; what was said since it is taken for spam waits for nobody.
    fn begin(&mut self) {
        let marked = self.spam.map_or(i64::MAX, |spam| spam.seq);
        self.begin_with(|heard| heard.seq < marked);
    }

    fn begin_with(&mut self, holds: impl Fn(&Heard) -> bool) {
        let unanswered = || self.heard.iter().filter(|heard| heard.over.is_none() && holds(heard));
        let (Some(first), Some(opened_at)) = (unanswered().next(), unanswered().map(|heard| heard.at).min())
        else {
            return;
        };
        let opened_by = first.id;
        self.waits.push(self.opened(first, opened_at));
        let held = self.heard.iter_mut().filter(|heard| heard.over.is_none() && holds(heard));
        held.for_each(|heard| heard.wait = opened_by);
    }

    fn opened(&self, by: &Heard, at: Millis) -> Reckoned {
        Reckoned {
            opened_at: at,
            opened_by: by.id,
            opened_seq: by.seq,
            channel_id: by.channel_id,
            desk_id: self.desk_id,
            is_first: self.waits.is_empty(),
            end: None,
        }
    }

    fn open(&mut self) -> Option<&mut Reckoned> {
        self.waits.iter_mut().find(|wait| wait.end.is_none())
    }
}

/// Whether "done" in these words ended a wait that had no answer.
pub fn without_an_answer(detail: &str) -> bool {
    let word = Outcome::NoAnswerNeeded.as_str();
    detail.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ':']))
}

/// By what came first, so that the order does not hang on whose clock was right.
fn place(wait: &Reckoned) -> (i64, Millis) {
    (wait.opened_seq, wait.opened_at)
}

/// What a person said in this line; none where a machine did.
fn said(line: &Line) -> Option<Heard> {
    if line.automatic? {
        return None;
    }
    let id = line.message_id?;
    let home = line.home_id.unwrap_or(line.conversation_id);
    let channel_id = line.channel_id.unwrap_or_default();
    Some(Heard { id, seq: line.said_seq?, at: line.said_at?, over: None, home, channel_id, wait: id })
}

#[cfg(test)]
mod tests;
