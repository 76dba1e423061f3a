//! Where a question is offered when nobody takes it: its own desk first, then further ones, one after the other; at last
//! everybody is told. The desk that it is at, its wait and its promise stay what they were: the patron notices nothing.

use std::fmt::{self, Display};

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::conversation::{Conversation, State};
use super::hours::Hours;

/// Steps of one desk at most.
pub const MOST: usize = 10;
/// Longest time before a step.
pub const LONGEST_MS: i64 = 30 * 24 * 3_600_000;
/// Longest reason for passing something on, characters.
pub const LONGEST_REASON: usize = 280;

/// One step of a desk's cascade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Step {
    /// The desk whose questions these are.
    pub desk_id: Uuid,
    /// The desk at which it is offered besides; none: nobody else is asked, and everybody is told.
    pub to_desk_id: Option<Uuid>,
    /// After so long where its patron waits at their screen, milliseconds of open time.
    pub live_ms: i64,
    /// After so long elsewhere.
    pub other_ms: i64,
}

impl Step {
    /// How long what came before has it.
    pub fn after_ms(&self, live: bool) -> i64 {
        if live { self.live_ms } else { self.other_ms }
    }
}

/// Whether these can be the steps of a desk: none leads back to a desk that had it.
///
/// # Errors
/// A sentence.
pub fn check(desk: Uuid, steps: &[Step]) -> Result<(), &'static str> {
    if steps.len() > MOST {
        return Err("A cascade has 10 steps at most.");
    }
    for (place, step) in steps.iter().enumerate() {
        let last = place + 1 == steps.len();
        match step.to_desk_id {
            Some(to) if to == desk => return Err("A cascade does not lead back to its own desk."),
            Some(to) if steps[..place].iter().any(|before| before.to_desk_id == Some(to)) => {
                return Err("A cascade leads to each desk once.");
            }
            None if !last => return Err("The step that names no desk comes last: nobody is asked after it."),
            _ => {}
        }
        if [step.live_ms, step.other_ms].iter().any(|ms| !(0..=LONGEST_MS).contains(ms)) {
            return Err("A step comes after 0 seconds to 30 days.");
        }
    }
    Ok(())
}

/// The desks at which a question is offered besides its own, as its row carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Its own desk, and those before, passed it on: they are not given it as the next any more.
    pub passed: bool,
    /// The desks, in the order in which it came to them.
    pub desks: Vec<Uuid>,
}

const PASSED: &str = "-";

impl Offered {
    /// Of a row's text.
    pub fn read(text: &str) -> Self {
        let passed = text.split(' ').any(|word| word == PASSED);
        Self { passed, desks: text.split(' ').filter_map(|id| id.parse().ok()).collect() }
    }

    /// Whether whoever answers at this desk is given it, where it is at the desk `own`.
    pub fn is_at(&self, desk: Uuid, own: Uuid) -> bool {
        (desk == own && !self.passed) || self.desks.contains(&desk)
    }
}

impl Display for Offered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.passed.then(|| PASSED.to_owned());
        let words: Vec<String> = passed.into_iter().chain(self.desks.iter().map(Uuid::to_string)).collect();
        f.write_str(&words.join(" "))
    }
}

/// Whether somebody could take it for a patron who waits.
pub fn is_waiting(row: &Conversation) -> bool {
    row.state == State::Open
        && row.owner_id.is_none()
        && row.waiting_since.is_some()
        && row.merged_into.is_none()
}

/// The desk that had it last.
pub fn at_last(row: &Conversation) -> Uuid {
    Offered::read(&row.offered).desks.last().copied().unwrap_or(row.desk_id)
}

/// When the next step comes, of a question that has been where it is since `since`: after the step's time in open hours of
/// the desk that has it. Who waits at their screen does not wait for a desk that is closed.
pub fn due(step: &Step, live: bool, hours: Option<&Hours>, since: Millis) -> Option<Millis> {
    let after = step.after_ms(live);
    let Some(hours) = hours else { return Some(since + after) };
    match (live, hours.is_open(since)) {
        (true, false) => Some(since),
        (true, true) => Some((since + after).min(hours.next_close(since).unwrap_or(Millis::MAX))),
        (false, _) => hours.after_open(since, after),
    }
}

/// Where a hop leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// It is offered at this desk too.
    Desk(Uuid),
    /// Nobody else is asked: everybody is told.
    Everybody,
    /// There is no further step.
    Nowhere,
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Desks that were passed over because they are closed.
    pub closed: Vec<Uuid>,
    /// Where it leads.
    pub to: To,
    /// So many steps are behind it then.
    pub taken: usize,
}

/// The next hop of a question with these steps, of which `taken` are behind it.
pub fn hop(steps: &[Step], taken: usize, row: &Conversation, is_open: impl Fn(Uuid) -> bool) -> Hop {
    let offered = Offered::read(&row.offered);
    let mut closed = Vec::new();
    for (place, step) in steps.iter().enumerate().skip(taken) {
        let taken = place + 1;
        match step.to_desk_id {
            None => return Hop { closed, to: To::Everybody, taken },
            Some(desk) if desk == row.desk_id || offered.desks.contains(&desk) => {}
            Some(desk) if is_open(desk) => return Hop { closed, to: To::Desk(desk), taken },
            Some(desk) => closed.push(desk),
        }
    }
    Hop { closed, to: To::Nowhere, taken: steps.len().max(taken) }
}

/// The question after a hop; `passed`: somebody passed it on. When it hops again is not decided here.
#[must_use]
pub fn hopped(row: &Conversation, steps: &[Step], hop: &Hop, passed: bool) -> Conversation {
    let mut after = row.clone();
    let mut offered = Offered::read(&row.offered);
    match hop.to {
        To::Desk(desk) if passed => offered = Offered { passed: true, desks: vec![desk] },
        To::Desk(desk) => offered.desks.push(desk),
        To::Everybody => {
            // Loudly: for all who were asked, and before what is not late.
            offered =
                Offered { passed: false, desks: steps.iter().filter_map(|step| step.to_desk_id).collect() };
            after.urgent = true;
        }
        To::Nowhere => {}
    }
    after.offered = offered.to_string();
    after.step = i64::try_from(hop.taken).unwrap_or(i64::MAX);
    after.hop_at = None;
    after
}

/// The question begins at its desk anew: it came to another one, or was done and is not.
#[must_use]
pub fn begins_anew(before: &Conversation, after: &Conversation) -> bool {
    let opened = matches!(before.state, State::Done | State::Spam) && after.state != before.state;
    before.desk_id != after.desk_id || opened
}

#[cfg(test)]
mod tests;
