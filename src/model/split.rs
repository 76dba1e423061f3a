//! What becomes of a conversation of which part is split off, and how that part begins. Pure rules; the verb keeps them.
//!
//! Whoever splits says that two things were asked in one place. From then on each is by itself:
//!
//! - **What goes**: the messages that were chosen, staff notes among them, or one and all of its thread that came after it. At
//!   least one of them is a patron's, and of each thread something a patron said stays.
//! - **Patron, channel, subject**: those of the first patron's message that went. **Desk, owner, urgent, what it needs**: as where it comes
//!   from, so that nobody loses what is theirs. **Tags, snooze, a promise to follow up, watchers, drafts and whoever is asked to
//!   take it** stay: they were about what stays until somebody says otherwise.
//! - **Wait**: a patron waits wherever something of theirs has no answer, since the first of that was said; who has an answer
//!   waits in neither. What is on its way settles where its message now is.
//! - **State**: open where somebody waits; done where it comes from what is done; else it waits for the patron.
//! - **Later**: what answers a message that went goes where that is; whatever else comes to the thread stays with the thread.
//!
//! It is taken back by merging the two.

use sqlx::FromRow;
use uuid::Uuid;

use super::closure::Outcome;
use super::conversation::{Conversation, State, Visibility};
use super::delivery::State as Leaving;
use super::message::Direction;
use super::{Millis, words};

/// One split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Its id.
    pub id: Uuid,
    /// What it was part of.
    pub from_id: Uuid,
    /// What it is since.
    pub into_id: Uuid,
    /// To whose thread the first of it belonged.
    pub home_id: Uuid,
    /// The line of the history of what it was part of that says so; the next line says so where it is.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who did it.
    pub staff_id: Uuid,
}

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// These messages.
    These(Vec<Uuid>),
    /// This one, and everything of its thread that came after it.
    From(Uuid),
}

/// A message as far as a split is concerned.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Piece {
    /// Its id.
    pub id: Uuid,
    /// The number of the line that brought it.
    pub seq: i64,
    /// When it was said.
    pub at: Millis,
    /// Which way it went.
    #[sqlx(try_from = "String")]
    pub direction: Direction,
    /// Written by a machine.
    pub automatic: bool,
    /// The conversation to whose thread it belongs.
    pub home_id: Uuid,
    /// Who wrote it, or whom it went to.
    pub address_id: Option<Uuid>,
    /// Whether it has files.
    pub files: bool,
    /// Where it is on its way, while it is or where it came to no good end: a word of [`Leaving`].
    pub delivery: Option<String>,
}

words! {
    /// Why two conversations belong together.
    Tie {
        /// Part of this one is the other since.
        HasSplitOff = "has_split_off",
        /// This was part of the other.
        SplitOff = "split_off",
    }
}

/// Takes a conversation apart: what goes, and what stays, each in its order.
///
/// # Errors
/// Why it cannot be so, in words.
pub fn apart<'a>(said: &'a [Piece], chosen: &Chosen) -> Result<(Vec<&'a Piece>, Vec<&'a Piece>), String> {
    let known = |id: &Uuid| said.iter().find(|piece| piece.id == *id);
    let missing = || {
        "One of these messages is not in this conversation, or not any more. Nothing was changed; look again, then choose."
            .to_owned()
    };
    let goes: Vec<Uuid> = match chosen {
        Chosen::These(ids) if ids.iter().all(|id| known(id).is_some()) => ids.clone(),
        Chosen::These(_) => return Err(missing()),
        Chosen::From(first) => {
            let first = known(first).ok_or_else(missing)?;
            let after = |piece: &&Piece| piece.seq >= first.seq && piece.home_id == first.home_id;
            said.iter().filter(after).map(|piece| piece.id).collect()
        }
    };
    let (goes, stays): (Vec<_>, Vec<_>) = said.iter().partition(|piece| goes.contains(&piece.id));
    let asked = |pieces: &[&Piece], home: Option<Uuid>| {
        let here = |piece: &&&Piece| home.is_none_or(|home| piece.home_id == home);
        pieces.iter().filter(here).any(|piece| piece.direction == Direction::In)
    };
    if !asked(&goes, None) {
        return Err(
            "A conversation begins with what a patron said. Nothing was changed; choose at least one \
                    message of theirs."
                .to_owned(),
        );
    }
    if goes.iter().any(|piece| !asked(&stays, Some(piece.home_id))) {
        return Err(
            "Nothing that a patron said would be left there. Nothing was changed; leave one of their \
                    messages, or undo the merge by which all of this came here."
                .to_owned(),
        );
    }
    Ok((goes, stays))
}

/// Whether a conversation may be taken apart at all.
///
/// # Errors
/// Why not, in words.
pub fn refuse(row: &Conversation) -> Result<(), String> {
    if row.state == State::Spam {
        return Err(
            "This is marked as spam. Nothing was changed; say that it is not, then split it.".to_owned()
        );
    }
    Ok(())
}

/// One side of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// When the patron last wrote.
    patron_at: Option<Millis>,
    /// When anybody last wrote.
    at: Option<Millis>,
    files: bool,
    troubled: bool,
    /// Whether nobody need answer before it is known whether what is on its way has left.
    answered_soon: bool,
    /// Since when somebody waits here, with the moment until which an answer is promised.
    open: Option<(Millis, Millis)>,
    /// The last patron line.
    preview: String,
}

impl Side {
    /// Of what is there. `open`: since when a patron waits, by [`super::history`], and what is promised; `preview`: what the
    /// patron said last.
    pub fn of(pieces: &[&Piece], open: Option<(Millis, Millis)>, preview: String) -> Self {
        let asked = || pieces.iter().filter(|piece| piece.direction == Direction::In);
        let said = pieces.iter().filter(|piece| piece.direction != Direction::Inside);
        let lost =
            |word: &str| [Leaving::Failed, Leaving::Unknown].iter().any(|state| state.as_str() == word);
        let leaving = |piece: &&&Piece| piece.delivery.as_deref().is_some_and(|word| !lost(word));
        let leaving = pieces.iter().filter(leaving).map(|piece| piece.seq).max();
        let nudge = asked().filter(|piece| !piece.automatic).map(|piece| piece.seq).max();
        Self {
            patron_at: asked().map(|piece| piece.at).max(),
            at: said.map(|piece| piece.at).max(),
            files: asked().any(|piece| piece.files),
            troubled: pieces.iter().any(|piece| piece.delivery.as_deref().is_some_and(lost)),
            answered_soon: leaving.is_some_and(|leaving| nudge.is_none_or(|nudge| nudge < leaving)),
            open,
            preview,
        }
    }

    /// Since when somebody is shown to wait.
    fn shown(&self) -> Option<(Millis, Millis)> {
        self.open.filter(|_| !self.answered_soon)
    }

    fn put_into(&self, after: &mut Conversation) {
        after.last_patron_at = self.patron_at.unwrap_or(after.last_patron_at);
        after.last_at = self.at.unwrap_or(after.last_at);
        after.has_attachments = self.files;
        after.preview.clone_from(&self.preview);
        after.trouble = after.trouble.take().filter(|_| self.troubled);
    }
}

/// How what stays stands then.
#[must_use]
pub fn rest(before: &Conversation, side: &Side) -> Conversation {
    let mut after = before.clone();
    side.put_into(&mut after);
    match (side.shown(), before.waiting_since) {
        (Some((since, _)), Some(was)) if since == was => {}
        (Some((since, promised)), was) => {
            if was.is_none() {
                after.open();
            }
            after.waits(since, promised);
        }
        (None, was) => {
            if was.is_some() && before.state == State::Open {
                after.state = State::Waiting;
            }
            after.waits_no_more();
        }
    }
    after
}

/// What the new one begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The new one's id.
    pub id: Uuid,
    /// What people will call it.
    pub number: i64,
    /// By which channel it came.
    pub channel_id: Uuid,
    /// Who said it.
    pub patron: (Uuid, String),
    /// Its subject, or its first line.
    pub subject: String,
    /// Who can read it.
    pub visibility: Visibility,
    /// When it was said.
    pub at: Millis,
}

/// How what went begins.
#[must_use]
pub fn begin(before: &Conversation, first: First, side: &Side) -> Conversation {
    let mut after = Conversation {
        id: first.id,
        number: first.number,
        channel_id: first.channel_id,
        patron_id: first.patron.0,
        patron_name: first.patron.1,
        thread: None,
        subject: first.subject,
        visibility: first.visibility,
        state: State::Waiting,
        snoozed_until: None,
        created_at: first.at,
        outcome: before
            .outcome
            .filter(|outcome| before.state == State::Done || *outcome == Outcome::Practice),
        follow_up_at: None,
        tags: String::new(),
        merged_into: None,
        kept_for: None,
        kept_until: 0,
        ..before.clone()
    };
    side.put_into(&mut after);
    if before.state == State::Done {
        after.state = State::Done;
    }
    match side.shown() {
        Some((since, promised)) => {
            after.open();
            let same = before.waiting_since == Some(since) && before.follow_up_at.is_none();
            after.waits(since, if same { before.due_at } else { promised });
        }
        None => after.waits_no_more(),
    }
    after
}

/// "2 messages".
pub fn size_in_words(messages: usize) -> String {
    format!("{messages} {}", if messages == 1 { "message" } else { "messages" })
}

#[cfg(test)]
mod tests;
