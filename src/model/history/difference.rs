//! Where the waits that are kept differ from those that the history has, in words for whoever must defend the numbers.

use sqlx::FromRow;
use uuid::Uuid;

use super::super::Millis;
use super::super::wait::Outcome;
use super::Reckoned;

/// A wait as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub conversation_id: Uuid,
    /// The channel it opened at.
    pub channel_id: Uuid,
    /// The desk it opened at.
    pub desk_id: Uuid,
    /// The conversation's first.
    pub is_first: bool,
    /// When it began.
    pub opened_at: Millis,
    /// With what.
    pub opened_by: Uuid,
    /// When it ended.
    pub closed_at: Option<Millis>,
    /// How, a word of [`Outcome`].
    pub outcome: Option<String>,
    /// The answer.
    pub closed_by: Option<Uuid>,
    /// Who answered.
    pub staff_id: Option<Uuid>,
}

/// Each difference, a sentence each; none where both are the same. Those that are kept in any order.
pub fn differences(kept: &[Kept], reckoned: &[Reckoned]) -> Vec<String> {
    let mut left: Vec<&Kept> = kept.iter().collect();
    let mut told = Vec::new();
    for wait in reckoned {
        // One message may open two, where it came before what was said earlier.
        let same = |one: &&Kept| one.opened_by == wait.opened_by;
        let exactly = left.iter().position(|one| same(one) && one.opened_at == wait.opened_at);
        let Some(found) = exactly.or_else(|| left.iter().position(same)) else {
            told.push(format!("The history has a wait that is not kept: {}.", of_history(wait)));
            continue;
        };
        let one = left.swap_remove(found);
        let (here, there) = (of_kept(one), of_history(wait));
        if here != there {
            told.push(format!("A wait is kept as: {here}. The history has it as: {there}."));
        }
        if one.channel_id != wait.channel_id {
            told.push(format!(
                "The wait {here} is kept for channel {}, but came by {}.",
                one.channel_id, wait.channel_id
            ));
        }
    }
    told.extend(
        left.into_iter().map(|one| format!("A wait is kept that the history has not: {}.", of_kept(one))),
    );
    told
}

fn of_kept(wait: &Kept) -> String {
    let end = match (wait.closed_at, wait.outcome.as_deref()) {
        (None, None) => "not ended".to_owned(),
        (at, outcome) => ended(at, outcome.unwrap_or("in no way"), wait.closed_by, wait.staff_id),
    };
    words(wait.opened_at, wait.opened_by, wait.desk_id, wait.is_first, &end)
}

fn of_history(wait: &Reckoned) -> String {
    let end = wait.end.map_or_else(
        || "not ended".to_owned(),
        |end| ended(Some(end.at), end.outcome.as_str(), end.by, end.staff_id),
    );
    words(wait.opened_at, wait.opened_by, wait.desk_id, wait.is_first, &end)
}

fn ended(at: Option<Millis>, outcome: &str, by: Option<Uuid>, staff: Option<Uuid>) -> String {
    let outcome =
        if outcome == Outcome::NoAnswerNeeded.as_str() { "done without an answer" } else { outcome };
    let at = at.map_or_else(|| "at no time".to_owned(), moment);
    let by = by.map(|by| format!(" with message {by}")).unwrap_or_default();
    let who = staff.map_or_else(|| "nobody here".to_owned(), |staff| format!("person {staff}"));
    format!("{outcome} {at} by {who}{by}")
}

fn words(opened_at: Millis, opened_by: Uuid, desk: Uuid, is_first: bool, end: &str) -> String {
    let first = if is_first { "the first wait, " } else { "" };
    format!("{first}since {} with message {opened_by} at desk {desk}, {end}", moment(opened_at))
}

/// To the millisecond, which is what is compared.
pub(crate) fn moment(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| format!("{at} ms"), |at| at.to_string())
}
