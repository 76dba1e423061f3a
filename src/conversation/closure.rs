//! Done with an outcome, put off with one, and neither after all.

use uuid::Uuid;

use super::handoff::may_give;
use super::{Line, keep, locked, may_answer, snooze};
use crate::access::Who;
use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::closure::{Decision, Outcome, decide};
use crate::model::conversation::{Conversation, State, moment_in_words};
use crate::model::event::Kind;
use crate::model::wait;
use crate::store::calendars::Calendars;
use crate::store::{Tx, channels, conversations, handoffs, histories, people, splits, waits, watches};

const LONGEST_WHY: usize = 500;

/// What somebody decides about a conversation.
#[derive(Clone, Debug)]
pub struct Closing {
    /// What.
    pub outcome: Outcome,
    /// Why, for colleagues.
    pub why: Option<String>,
    /// When [`Outcome::FollowUp`] comes back; nothing else has it.
    pub follow_up_at: Option<Millis>,
    /// The desk of [`Outcome::HomeLibrary`]; none: the one at which the question came in. Nothing else has it.
    pub desk: Option<Uuid>,
}

impl From<Outcome> for Closing {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, why: None, follow_up_at: None, desk: None }
    }
}

/// Puts it down with an outcome, or changes the outcome. What ends it ends the wait of a patron who has no answer on its
/// way, as `no_answer_needed`: that is never an answer. What puts it off leaves the wait alone. Deciding what was decided
/// already changes nothing.
///
/// # Errors
/// [`Error::Invalid`] when `why` is too long, or for a day or desk that is missing, wrong or of no use;
/// [`Error::Claimed`] when somebody else's is to be put off.
pub async fn close(app: &App, who: &Who, id: Uuid, closing: Closing) -> Result<Conversation> {
    may_answer(who)?;
    let (who, clock, calendars) = (who.clone(), app.clock.clone(), app.calendars.clone());
    let closing = Closing { why: written(closing.why.as_deref())?, ..closing };
    fits(&closing, clock.now())?;
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let desk = Desk { who: &who, now: clock.now(), clock: &clock, calendars: &calendars };
                desk.close(tx, id, closing).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Takes "done" back, or the promise to see to it later. A wait that "done" ended without an answer goes on from where it
/// began: the patron has been waiting all the while.
pub async fn reopen(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, clock, calendars) = (who.clone(), app.clock.clone(), app.calendars.clone());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let desk = Desk { who: &who, now: clock.now(), clock: &clock, calendars: &calendars };
                let before = locked(tx, id).await?;
                match (before.state, before.follow_up_at) {
                    (State::Done, _) => desk.open(tx, &before).await,
                    (_, Some(_)) => desk.end_follow_up(tx, &before).await,
                    _ => Ok(before),
                }
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Who does it, and when.
struct Desk<'a> {
    who: &'a Who,
    now: Millis,
    clock: &'a Clock,
    calendars: &'a Calendars,
}

impl Desk<'_> {
    async fn close(&self, tx: &mut Tx, id: Uuid, closing: Closing) -> Result<Conversation> {
        let before = locked(tx, id).await?;
        if before.state == State::Spam {
            return Err(Error::Invalid(
                "This is marked as spam. Say that it is not, then close it.".to_owned(),
            ));
        }
        match (before.state, closing.outcome.ends()) {
            (State::Done, true) => self.change(tx, &before, closing).await,
            (State::Done, false) => {
                let before = self.open(tx, &before).await?;
                self.put_off(tx, &before, closing).await
            }
            (_, true) => self.end(tx, &before, closing).await,
            (_, false) => self.put_off(tx, &before, closing).await,
        }
    }

    async fn end(&self, tx: &mut Tx, before: &Conversation, closing: Closing) -> Result<Conversation> {
        over(tx, before.id, self.now).await?;
        let waiting = waits::open_of(tx, before.id).await?.is_some();
        let unanswered = waiting && !answer_is_on_its_way(tx, before.id).await?;
        if unanswered {
            let (outcome, by) = (wait::Outcome::NoAnswerNeeded, Some(self.who.staff_id));
            waits::close(tx, before.id, self.now, outcome, None, by).await?;
        }
        let decision = match closing.outcome {
            Outcome::PatronLost => Decision::PatronLost,
            Outcome::Practice => Decision::Practice,
            _ => Decision::Answered,
        };
        let after = decide(before, decision, self.who.staff_id, self.now, unanswered);
        // The history says what became of the wait, so that it can be read from there.
        let reason = match (unanswered, closing.outcome) {
            (true, Outcome::Answered) => wait::Outcome::NoAnswerNeeded.to_string(),
            (true, outcome) => format!("{}, {outcome}", wait::Outcome::NoAnswerNeeded),
            (false, outcome) => outcome.to_string(),
        };
        self.keep(tx, before, after, Kind::Closed, and_why(&reason, closing.why)).await
    }

    /// Done so, and not so, since.
    async fn change(&self, tx: &mut Tx, before: &Conversation, closing: Closing) -> Result<Conversation> {
        let was = before.outcome.unwrap_or(Outcome::Answered);
        if was == closing.outcome {
            return Ok(before.clone());
        }
        let after = Conversation { outcome: Some(closing.outcome), ..before.clone() };
        let detail = format!("from {} to {}", was.in_words(), closing.outcome.in_words());
        self.keep(tx, before, after, Kind::OutcomeChanged, and_why(&detail, closing.why)).await
    }

    async fn put_off(&self, tx: &mut Tx, before: &Conversation, closing: Closing) -> Result<Conversation> {
        may_give(tx, self.who, before).await?;
        let zone = people::library(tx).await?.map_or_else(|| "UTC".to_owned(), |library| library.zone);
        let (decision, kind, detail) = match closing.follow_up_at {
            Some(at) => (Decision::FollowUp { at }, Kind::FollowUp, moment_in_words(at, &zone)),
            None => {
                let desk = self.home(tx, before, closing.desk).await?;
                let due_at = self.calendars.after_one_day(tx, desk.id, self.now).await?;
                let words = format!("{} to follow up by {}", desk.name, moment_in_words(due_at, &zone));
                (Decision::HomeLibrary { desk: desk.id, due_at }, Kind::SentHome, words)
            }
        };
        // Nobody need answer any more: it is somebody's, or anybody's.
        handoffs::withdraw_of(tx, before.id, self.now).await?;
        let after = decide(before, decision, self.who.staff_id, self.now, false);
        self.keep(tx, before, after, kind, and_why(&detail, closing.why)).await
    }

    /// The desk that somebody named, else the one at which the channel's questions come in: whom the patron wrote to.
    async fn home(
        &self,
        tx: &mut Tx,
        of: &Conversation,
        named: Option<Uuid>,
    ) -> Result<crate::model::people::Desk> {
        let desk = match named {
            Some(desk) => desk,
            None => channels::by_id(tx, of.channel_id).await?.map_or(of.desk_id, |channel| channel.desk_id),
        };
        people::desk(tx, desk).await?.ok_or(Error::Missing("desk"))
    }

    async fn open(&self, tx: &mut Tx, before: &Conversation) -> Result<Conversation> {
        let mut after = before.clone();
        after.state = State::Open;
        after.outcome = None;
        if let Some(since) = waits::reopen_unanswered(tx, before.id).await? {
            after.waits(since, self.calendars.due(tx, before.desk_id, since, self.now).await?);
        }
        let row = self.keep(tx, before, after, Kind::Reopened, None).await?;
        if !splits::any(tx, row.id).await? {
            return Ok(row);
        }
        // What "done" ended may be in more than one conversation by now: the history knows what of it is here.
        let open = histories::keep_all(tx, row.id, || self.clock.id()).await?.remove(&row.id).flatten();
        let mut after = row.clone();
        match open {
            Some(_) if row.waiting_since.is_none() && answer_is_on_its_way(tx, row.id).await? => {}
            Some(since) => after.waits(since, self.calendars.due(tx, row.desk_id, since, self.now).await?),
            None => after.waits_no_more(),
        }
        conversations::update(tx, &row, &after).await?;
        Ok(after)
    }

    async fn end_follow_up(&self, tx: &mut Tx, before: &Conversation) -> Result<Conversation> {
        let mut after = before.clone();
        after.outcome = None;
        after.follow_up_at = None;
        match before.waiting_since {
            Some(since) => after.waits(since, self.calendars.due(tx, before.desk_id, since, self.now).await?),
            None => after.waits_no_more(),
        }
        if before.state == State::Snoozed {
            after.snoozed_until = None;
            after.state = if before.waiting_since.is_some() { State::Open } else { State::Waiting };
        }
        self.keep(tx, before, after, Kind::FollowUpEnded, None).await
    }

    async fn keep(
        &self,
        tx: &mut Tx,
        before: &Conversation,
        after: Conversation,
        kind: Kind,
        detail: Option<String>,
    ) -> Result<Conversation> {
        keep(tx, before, after, Line { at: self.now, kind, who: self.who, detail }).await
    }
}

fn written(why: Option<&str>) -> Result<Option<String>> {
    let why = why.map(str::trim).filter(|why| !why.is_empty()).map(str::to_owned);
    if why.as_ref().is_some_and(|why| why.chars().count() > LONGEST_WHY) {
        return Err(Error::Invalid(format!(
            "A reason may have {LONGEST_WHY} characters at most. Nothing was changed."
        )));
    }
    Ok(why)
}

/// Whether what is given is what belongs to this outcome.
fn fits(closing: &Closing, now: Millis) -> Result<()> {
    let wrong = match (closing.outcome, closing.follow_up_at, closing.desk) {
        (Outcome::FollowUp, Some(at), None) => return snooze::is_to_come(at, now),
        (Outcome::FollowUp, None, _) => "Say when you will follow up. Nothing was changed.",
        (Outcome::HomeLibrary, None, _) | (_, None, None) => return Ok(()),
        (Outcome::FollowUp, ..) | (_, None, Some(_)) => {
            "Only what the home library follows up has a desk. Nothing was changed."
        }
        (_, Some(_), _) => "Only what you follow up yourself has a day. Nothing was changed.",
    };
    Err(Error::Invalid(wrong.to_owned()))
}

fn and_why(detail: &str, why: Option<String>) -> Option<String> {
    Some(why.map_or_else(|| detail.to_owned(), |why| format!("{detail}: {why}")))
}

/// What ends with a conversation: nobody is asked to take it any more, and nobody watches.
pub(crate) async fn over(tx: &mut Tx, id: Uuid, now: Millis) -> Result<()> {
    handoffs::withdraw_of(tx, id, now).await?;
    Ok(watches::end_all_of(tx, id).await?)
}

/// Whether something was answered of which nobody knows yet whether it left.
pub(super) async fn answer_is_on_its_way(tx: &mut Tx, conversation: Uuid) -> Result<bool> {
    Ok(histories::answer_on_its_way(tx, conversation).await?)
}
