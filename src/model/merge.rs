//! What becomes of two conversations that are one, and of one that is two again. Pure rules; the verbs keep them.
//!
//! Whoever merges says that one conversation was part of another all the time. What went becomes a shell that leads to the
//! other and stands in no list; all else is decided here and in [`super::history`]:
//!
//! - **State**: what needs most of us wins: open, then snoozed until the earlier moment, then waiting, then done.
//! - **Owner, desk, channel, patron, subject**: those of the one it goes into. It takes the other's owner only if nobody has it.
//! - **Wait**: from the oldest message that nobody has answered. Of two open waits the one that opened first stays as it
//!   was, the other is part of it; waits that ended stay as they are. Due is what was promised first.
//! - **Promise to follow up**: the earlier one. **Tags**: all of them. **Urgent**: if either was. **Trouble**: its own first.
//! - **Watchers** watch what it went into; **drafts** go along; nobody is asked to take the shell any more.
//! - **Replies** go to the patron and by the channel of the one it went into. What comes to the old thread belongs to the old
//!   thread still, and is shown where that leads.
//!
//! Undoing makes it as if they had never been one: whatever came in between counts where its thread belongs, and what somebody
//! changed in between stays changed.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::closure::Outcome;
use super::conversation::{Conversation, State, number_in_words};
use super::{Millis, draft, tag};

/// So long a merge can be undone.
pub const UNDONE_WITHIN_MS: i64 = 30 * 24 * 3_600_000;

/// One merge.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Merge {
    /// Its id.
    pub id: Uuid,
    /// What went.
    pub from_id: Uuid,
    /// Where it went.
    pub into_id: Uuid,
    /// The line of the history of what went that says so; the next line says so where it went.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who did it.
    pub staff_id: Uuid,
    /// [`Kept`], as JSON.
    pub kept: String,
    /// When it was undone.
    pub undone_at: Option<Millis>,
}

/// What undoing needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What went, as it stood.
    pub from: Standing,
    /// Where it went, as it stood.
    pub into: Standing,
    /// What came of it.
    pub joined: Standing,
    /// The wait that is part of another one since.
    pub wait: Option<Uuid>,
    /// Who watched what went, and since when.
    pub watchers: Vec<(Uuid, Millis)>,
    /// Which of them watch the other only since then.
    pub new_watchers: Vec<Uuid>,
    /// Who was asked to take it, and not any more.
    pub handoff: Option<Uuid>,
    /// What was being written in it: by whom, and when they last changed it.
    pub drafts: Vec<(Uuid, draft::Kind, Millis)>,
}

/// What of a row a merge changes. No word of a patron's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    state: State,
    owner_id: Option<Uuid>,
    owner_since: Option<Millis>,
    waiting_since: Option<Millis>,
    due_at: Millis,
    snoozed_until: Option<Millis>,
    last_patron_at: Millis,
    last_at: Millis,
    has_attachments: bool,
    outcome: Option<Outcome>,
    follow_up_at: Option<Millis>,
    tags: String,
    urgent: bool,
    trouble: Option<String>,
}

impl Standing {
    /// Of this row.
    pub fn of(row: &Conversation) -> Self {
        Self {
            state: row.state,
            owner_id: row.owner_id,
            owner_since: row.owner_since,
            waiting_since: row.waiting_since,
            due_at: row.due_at,
            snoozed_until: row.snoozed_until,
            last_patron_at: row.last_patron_at,
            last_at: row.last_at,
            has_attachments: row.has_attachments,
            outcome: row.outcome,
            follow_up_at: row.follow_up_at,
            tags: row.tags.clone(),
            urgent: row.urgent,
            trouble: row.trouble.clone(),
        }
    }

    /// The tags that it bears.
    pub fn tags(&self) -> impl Iterator<Item = Uuid> + '_ {
        tag::ids(&self.tags)
    }
}

/// Whether one may become part of the other.
///
/// # Errors
/// Why not, in words.
pub fn refuse(from: &Conversation, into: &Conversation) -> Result<(), String> {
    if from.id == into.id {
        return Err("These are one conversation already. Choose another one.".to_owned());
    }
    for row in [from, into] {
        if row.state == State::Spam {
            let number = number_in_words(row.number);
            return Err(format!(
                "{number} is marked as spam. Nothing was changed; say that it is not, then merge."
            ));
        }
    }
    if (from.outcome == Some(Outcome::Practice)) != (into.outcome == Some(Outcome::Practice)) {
        return Err("One of these is practice, and practice is in no statistics. Nothing was changed; \
                    change its outcome, then merge."
            .to_owned());
    }
    Ok(())
}

/// What comes of `into` when `from` becomes part of it. `open`: since when the patron waits then, by [`super::history`].
#[must_use]
pub fn join(into: &Conversation, from: &Conversation, open: Option<Millis>) -> Conversation {
    let needs = |state: State| match state {
        State::Open => 0,
        State::Snoozed => 1,
        State::Waiting => 2,
        State::Done | State::Spam => 3,
    };
    let mut after = into.clone();
    after.state = if needs(from.state) < needs(into.state) { from.state } else { into.state };
    after.snoozed_until = match after.state {
        State::Snoozed => earlier(into.snoozed_until, from.snoozed_until),
        _ => None,
    };
    if into.owner_id.is_none() {
        (after.owner_id, after.owner_since) = (from.owner_id, from.owner_since);
    }
    after.follow_up_at = earlier(into.follow_up_at, from.follow_up_at);
    after.outcome = match (after.state, after.follow_up_at) {
        (_, Some(at)) if into.follow_up_at == Some(at) => into.outcome,
        (_, Some(_)) => from.outcome,
        (State::Done, None) => into.outcome.or(from.outcome),
        (_, None) => into.outcome.filter(|outcome| *outcome == Outcome::Practice),
    };
    for one in tag::ids(&from.tags) {
        if let Some(more) = tag::with(&after.tags, one) {
            after.tags = more;
        }
    }
    after.urgent |= from.urgent;
    after.has_attachments |= from.has_attachments;
    if after.trouble.is_none() {
        after.trouble.clone_from(&from.trouble);
    }
    if from.last_patron_at > into.last_patron_at {
        after.preview.clone_from(&from.preview);
    }
    after.last_patron_at = into.last_patron_at.max(from.last_patron_at);
    after.last_at = into.last_at.max(from.last_at);
    let promised = |row: &Conversation| row.waiting_since.map(|_| row.due_at);
    match (open, earlier(promised(into), promised(from))) {
        (Some(since), Some(promised)) => after.waits(since, promised),
        // Nobody waits, or an answer is on its way to who does.
        _ => after.waits_no_more(),
    }
    after
}

/// What is left of a conversation that became part of that one: it leads there, and nothing comes back.
#[must_use]
pub fn shell(from: &Conversation, into: Uuid) -> Conversation {
    let mut after = from.clone();
    after.merged_into = Some(into);
    after.state = State::Done;
    (after.owner_id, after.owner_since) = (None, None);
    (after.snoozed_until, after.outcome, after.follow_up_at, after.trouble) = (None, None, None, None);
    after.waits_no_more();
    after
}

/// What belongs to a conversation by itself that came since it was merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// When the patron last wrote.
    pub patron_at: Option<Millis>,
    /// When anybody last wrote.
    pub at: Option<Millis>,
    /// Whether that brought files.
    pub files: bool,
    /// Since when the patron waits now, with the moment until which an answer is promised anew.
    pub open: Option<(Millis, Millis)>,
    /// Whether an answer is on its way.
    pub on_its_way: bool,
    /// The last patron line.
    pub preview: String,
}

/// How a conversation stands that is by itself again: as `was`, with what came `since`; what is no longer as the merge left it
/// (`joined`; none for the shell) stays as somebody made it.
#[must_use]
pub fn part(now: &Conversation, was: &Standing, joined: Option<&Standing>, since: &Since) -> Conversation {
    let is = Standing::of(now);
    let kept = |same: bool| joined.is_none() || same;
    let joined = joined.unwrap_or(&is);
    let mut after = now.clone();
    after.merged_into = None;
    if kept(is.state == joined.state && is.snoozed_until == joined.snoozed_until) {
        (after.state, after.snoozed_until) = (was.state, was.snoozed_until);
    }
    if kept(is.owner_id == joined.owner_id) {
        (after.owner_id, after.owner_since) = (was.owner_id, was.owner_since);
    }
    if kept(is.follow_up_at == joined.follow_up_at && is.outcome == joined.outcome) {
        (after.follow_up_at, after.outcome) = (was.follow_up_at, was.outcome);
    }
    if kept(is.urgent == joined.urgent) {
        after.urgent = was.urgent;
    }
    if kept(is.trouble == joined.trouble) {
        after.trouble.clone_from(&was.trouble);
    }
    after.tags = if joined == &is {
        was.tags.clone()
    } else {
        let came_along =
            |one: &Uuid| joined.tags().any(|tag| tag == *one) && !was.tags().any(|tag| tag == *one);
        tag::ids(&is.tags)
            .filter(came_along)
            .fold(is.tags.clone(), |row, one| tag::without(&row, one).unwrap_or(row))
    };
    after.preview.clone_from(&since.preview);
    after.last_patron_at = was.last_patron_at.max(since.patron_at.unwrap_or(i64::MIN));
    after.last_at = was.last_at.max(since.at.unwrap_or(i64::MIN));
    after.has_attachments = was.has_attachments || since.files;
    let open = since.open.map(|(begun, _)| begun);
    // An answer on its way hides a wait until it has left, unless the patron wrote again.
    let hidden = since.on_its_way && since.patron_at.is_none() && was.waiting_since.is_none();
    match since.open.filter(|_| !hidden) {
        Some((begun, promised)) => {
            if was.waiting_since.is_none() && after.state != State::Spam {
                after.open();
            }
            let as_before = was.waiting_since == open && after.follow_up_at == was.follow_up_at;
            after.waits(begun, if as_before { was.due_at } else { promised });
        }
        None => {
            if was.waiting_since.is_some() && after.state == State::Open {
                after.state = State::Waiting;
            }
            after.waits_no_more();
            if was.waiting_since.is_none()
                && after.last_at == was.last_at
                && after.follow_up_at == was.follow_up_at
            {
                after.due_at = was.due_at;
            }
        }
    }
    after
}

fn earlier(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    one.into_iter().chain(other).min()
}

/// "3 messages of Q-20418 join Q-20417".
pub fn in_words(messages: i64, from: i64, into: i64) -> String {
    let join = if messages == 1 { "message of {from} joins" } else { "messages of {from} join" };
    let join = join.replace("{from}", &number_in_words(from));
    format!("{messages} {join} {}", number_in_words(into))
}

#[cfg(test)]
mod tests;
