//! Which of the unclaimed questions is somebody's next, and what is said when none is.
//!
//! Unclaimed questions lie in stacks: alike in all that decides who is given them, the one due soonest on top. So the next
//! one is among the tops, whatever lies below.

use std::collections::BTreeMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::ability::{Abilities, Needs};
use super::cascade::Offered;
use super::conversation::Conversation;

/// Where a question stands by what is in its row; what is late is known by the clock alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Its patron waits at their screen.
    Live,
    /// Somebody waits, or was promised something, and it is urgent.
    Urgent,
    /// Somebody waits, or was promised something.
    InTurn,
    /// Nobody waits, and it is urgent.
    UrgentForNobody,
    /// Nobody waits: an automatic message, or something opened again.
    ForNobody,
}

impl Rung {
    /// Of this row.
    pub fn of(row: &Conversation) -> Self {
        match (row.waiting_since.is_some() || row.follow_up_at.is_some(), row.urgent) {
            _ if row.live && row.waiting_since.is_some() => Self::Live,
            (true, true) => Self::Urgent,
            (true, false) => Self::InTurn,
            (false, true) => Self::UrgentForNobody,
            (false, false) => Self::ForNobody,
        }
    }
}

impl TryFrom<i64> for Rung {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        const ALL: [Rung; 5] =
            [Rung::Live, Rung::Urgent, Rung::InTurn, Rung::UrgentForNobody, Rung::ForNobody];
        usize::try_from(number)
            .ok()
            .and_then(|place| ALL.get(place).copied())
            .ok_or_else(|| format!("{number} is no rung"))
    }
}

/// Where somebody looks for a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Where {
    /// Only at this desk.
    pub desk: Option<Uuid>,
    /// Only by this channel.
    pub channel: Option<Uuid>,
}

/// Unclaimed questions that are alike in all but when they are due.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Stack {
    /// Their desk.
    pub desk_id: Uuid,
    /// Their channel.
    pub channel_id: Uuid,
    /// Where they stand.
    #[sqlx(try_from = "i64")]
    pub rung: Rung,
    /// The skill that they need.
    pub skill: String,
    /// The language that they need.
    pub language: String,
    /// The desks besides their own at which they are offered, as [`Offered`] reads them.
    pub offered: String,
    /// How many.
    pub conversations: i64,
    /// The one due soonest that is kept for nobody; none: each is kept for somebody for a moment.
    pub top: Option<Uuid>,
    /// When that is due.
    pub due_at: Option<Millis>,
}

/// Whoever asks for the next question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    /// The desks at which they answer.
    pub desks: Vec<Uuid>,
    /// What they can.
    pub able: Abilities,
    /// How many live conversations they have.
    pub live: i64,
}

/// Why somebody is not given a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It needs more than they can.
    Ability(Needs),
    /// It is live, and they have as many of these as they have at once.
    Room,
    /// It is kept for a colleague who knows the patron, for a moment.
    Kept,
    /// They do not answer at its desk.
    Desk,
}

/// What there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one.
    Take(Uuid),
    /// None that they can take.
    Nothing {
        /// How many patrons wait there for whom something is lacking, by what.
        lacking: Vec<(Lack, i64)>,
        /// Something that they could take is elsewhere.
        elsewhere: bool,
    },
}

impl Stack {
    fn is_there(&self, place: Where) -> bool {
        place.desk.is_none_or(|desk| self.is_at(desk))
            && place.channel.is_none_or(|one| one == self.channel_id)
    }

    fn is_at(&self, desk: Uuid) -> bool {
        Offered::read(&self.offered).is_at(desk, self.desk_id)
    }
}

impl Taker {
    /// Why they are given nothing of this stack; none: they are given what is on top.
    pub fn lack(&self, stack: &Stack) -> Option<Lack> {
        if !self.desks.iter().any(|desk| stack.is_at(*desk)) {
            return Some(Lack::Desk);
        }
        let needs = Needs { skill: stack.skill.clone(), language: stack.language.clone() };
        if let Some(lacks) = self.able.lack(&needs) {
            return Some(Lack::Ability(lacks));
        }
        (stack.rung == Rung::Live && self.live >= self.able.live_at_once).then_some(Lack::Room)
    }
}

/// Chooses among the stacks, and among what is kept for the taker, each of these a stack of one: a patron who waits at
/// their screen, then what is late, what is urgent, what is kept for the taker, what is due soonest; last what nobody
/// waits for. Of those that are alike the one due soonest, then the oldest.
pub fn choose(stacks: &[Stack], kept: &[Stack], taker: &Taker, place: Where, now: Millis) -> Choice {
    let open = |stack: &&Stack| taker.lack(stack).is_none();
    let turn = |stack: &Stack, mine: bool| {
        let (top, due_at) = (stack.top?, stack.due_at?);
        let turn = match stack.rung {
            Rung::Live => 0,
            Rung::Urgent | Rung::InTurn if due_at <= now => 1,
            Rung::Urgent | Rung::UrgentForNobody => 2,
            Rung::InTurn | Rung::ForNobody if mine => 3,
            Rung::InTurn => 4,
            Rung::ForNobody => 5,
        };
        Some((turn, due_at, top))
    };
    let tops = |place: Where| {
        let of = move |all: &[Stack], mine| {
            let open = all.iter().filter(open).filter(move |stack| stack.is_there(place));
            open.filter_map(move |stack| turn(stack, mine)).min()
        };
        of(stacks, false).into_iter().chain(of(kept, true)).min()
    };
    if let Some((.., top)) = tops(place) {
        return Choice::Take(top);
    }
    let mut lacking: BTreeMap<Lack, i64> = BTreeMap::new();
    for stack in stacks.iter().filter(|stack| stack.is_there(place) && stack.conversations > 0) {
        if matches!(stack.rung, Rung::UrgentForNobody | Rung::ForNobody) {
            continue;
        }
        *lacking.entry(taker.lack(stack).unwrap_or(Lack::Kept)).or_default() += stack.conversations;
    }
    let elsewhere = place != Where::default() && tops(Where::default()).is_some();
    Choice::Nothing { lacking: lacking.into_iter().collect(), elsewhere }
}

/// What waits and cannot be taken, a sentence each: "2 wait for someone with card accounts."
pub fn in_words(lacking: &[(Lack, i64)]) -> String {
    let sentences = lacking.iter().map(|(lack, count)| {
        let wait = if *count == 1 { "waits" } else { "wait" };
        match lack {
            Lack::Ability(needs) => format!("{count} {wait} for {}.", needs.in_words()),
            Lack::Room => {
                format!("{count} {wait} live, and you have as many live conversations as you take at once.")
            }
            Lack::Kept => format!("{count} {wait} a moment for a colleague who knows the patron."),
            Lack::Desk => format!("{count} {wait} at desks where you do not answer."),
        }
    });
    sentences.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
