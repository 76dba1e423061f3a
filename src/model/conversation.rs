//! A conversation: the thread with one patron, and everything a list needs to show it.

use sqlx::FromRow;
use uuid::Uuid;

use super::closure::Outcome;
use super::{Millis, words};

words! {
    /// Where a conversation stands.
    State {
        /// It waits for us.
        Open = "open",
        /// It waits for the patron.
        Waiting = "waiting",
        /// Put aside until a moment.
        Snoozed = "snoozed",
        /// Done.
        Done = "done",
        /// No patron is behind it.
        Spam = "spam",
    }
}

words! {
    /// Who can read it on the platform.
    Visibility {
        /// The patron and us.
        Private = "private",
        /// Everybody.
        Public = "public",
    }
}

words! {
    /// A way of looking at the inbox.
    View {
        /// Open, nobody's.
        Unclaimed = "unclaimed",
        /// Mine, open or waiting for the patron.
        Mine = "mine",
        /// Somebody else's or nobody's, watched by me.
        Watching = "watching",
        /// Waiting for the patron.
        Waiting = "waiting",
        /// Put aside.
        Snoozed = "snoozed",
        /// Done.
        Done = "done",
        /// No patron's.
        Spam = "spam",
        /// Everything.
        All = "all",
    }
}

impl View {
    /// Every view, in the order of the menu.
    pub const ALL: [Self; 8] = [
        Self::Unclaimed,
        Self::Mine,
        Self::Watching,
        Self::Waiting,
        Self::Snoozed,
        Self::Done,
        Self::Spam,
        Self::All,
    ];
}

/// One conversation, as its row carries it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Conversation {
    /// Its id.
    pub id: Uuid,
    /// Shown to people as `Q-20418`.
    pub number: i64,
    /// The channel it came by.
    pub channel_id: Uuid,
    /// The desk it is at.
    pub desk_id: Uuid,
    /// Who asks.
    pub patron_id: Uuid,
    /// Their name, as shown.
    pub patron_name: String,
    /// The platform's own conversation.
    pub thread: Option<String>,
    /// Subject, or the first line where the platform has none.
    pub subject: String,
    /// The last patron line.
    pub preview: String,
    /// Who can read it on the platform.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Who sees this patron through.
    pub owner_id: Option<Uuid>,
    /// Since when.
    pub owner_since: Option<Millis>,
    /// The first patron message nobody has answered.
    pub waiting_since: Option<Millis>,
    /// Answer by; with nobody waiting, the time of the last message, so that lists keep an order.
    pub due_at: Millis,
    /// When it comes back.
    pub snoozed_until: Option<Millis>,
    /// When the patron last wrote.
    pub last_patron_at: Millis,
    /// When anybody last wrote.
    pub last_at: Millis,
    /// The last event's number.
    pub seq: i64,
    /// Why the patron has no answer although one was written.
    pub trouble: Option<String>,
    /// Whether any message brought files.
    pub has_attachments: bool,
    /// When it began.
    pub created_at: Millis,
    /// What was decided when it was last put down; none while nobody has, or since it was opened again. Practice stays
    /// practice until somebody says otherwise.
    pub outcome: Option<Outcome>,
    /// Until when somebody promised to see to it although it is not done: a task, whether a patron waits or not.
    pub follow_up_at: Option<Millis>,
    /// What it is about: the ids of its tags, as [`super::tag`] reads them.
    pub tags: String,
    /// It comes before what is not late.
    pub urgent: bool,
    /// The conversation that it became part of: what was said in it is there, and it is in no list.
    pub merged_into: Option<Uuid>,
    /// Its patron waits at their screen while they wait.
    pub live: bool,
    /// Only whoever has this skill is given it as the next; empty: anybody.
    pub skill: String,
    /// Only whoever speaks this, a code of ISO 639, is given it as the next; empty: anybody.
    pub language: String,
    /// The desks besides its own at which it is offered, as [`super::cascade::Offered`] reads them.
    pub offered: String,
    /// Only this person is given it as the next,
    pub kept_for: Option<Uuid>,
    /// until then.
    pub kept_until: Millis,
    /// So many steps of its desk's cascade are behind it.
    pub step: i64,
    /// When the next one comes unless somebody takes it.
    pub hop_at: Option<Millis>,
}

impl Conversation {
    /// Whether an answer may go to any address of the patron: the platform has no conversation of its own that it belongs to.
    pub fn goes_by_address(&self) -> bool {
        self.thread.is_none() && self.visibility == Visibility::Private
    }

    /// The patron waits since then and is to have an answer by `promised`, or sooner where something sooner was promised
    /// besides.
    pub fn waits(&mut self, since: Millis, promised: Millis) {
        self.waiting_since = Some(since);
        self.due_at = promised.min(self.follow_up_at.unwrap_or(promised));
    }

    /// Nobody waits for an answer. What was promised besides is due still.
    pub fn waits_no_more(&mut self) {
        self.waiting_since = None;
        self.due_at = self.follow_up_at.unwrap_or(self.last_at);
    }

    /// Somebody promises to see to it by then; an earlier promise to a patron who waits stays.
    pub fn promise(&mut self, at: Millis) {
        self.follow_up_at = Some(at);
        self.due_at = if self.waiting_since.is_some() { self.due_at.min(at) } else { at };
    }

    /// It waits for us, whatever it was. What was decided when it was done counts no more, but for practice.
    pub fn open(&mut self) {
        if self.state == State::Done && self.outcome != Some(Outcome::Practice) {
            self.outcome = None;
        }
        self.state = State::Open;
        self.snoozed_until = None;
    }
}

/// What people call a conversation: `Q-20418`.
pub fn number_in_words(number: i64) -> String {
    format!("Q-{number}")
}

/// The one line of a text that a list shows: white space collapsed, at most 200 characters, cut at a word where one ends
/// near.
pub fn preview(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut line = String::with_capacity(LONGEST + 4);
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length + word_length + 1 > LONGEST {
            if length == 0 {
                line.extend(word.chars().take(LONGEST));
            }
            line.push('…');
            break;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    line
}

/// The subject as it was written; first line of what was said where there is none.
pub fn subject(written: Option<&str>, preview: &str) -> String {
    match written.map(str::trim).filter(|written| !written.is_empty()) {
        Some(written) => written.to_owned(),
        None if preview.is_empty() => "(no text)".to_owned(),
        None => preview.chars().take(80).collect(),
    }
}

/// A moment as people of that zone write it: "Tue 24 Nov 2026, 09:00". A zone that is unknown is read as UTC.
pub fn moment_in_words(at: Millis, zone: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).strftime("%a %-d %b %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_by_the_clock_on_the_librarys_wall() {
        let at = 1_790_856_000_000;
        assert_eq!(moment_in_words(at, "UTC"), "Thu 1 Oct 2026, 12:00");
        assert_eq!(moment_in_words(at, "Europe/Berlin"), "Thu 1 Oct 2026, 14:00");
        assert_eq!(moment_in_words(at, "Nowhere/At all"), "Thu 1 Oct 2026, 12:00");
        assert_eq!(moment_in_words(i64::MAX, "UTC").len(), "Thu 30 Dec 9999, 22:00".len());
    }
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_preview_is_one_short_line(text in ".*") {
            let line = preview(&text);
            prop_assert!(line.chars().count() <= 201);
            prop_assert!(!line.contains('\n'));
        }
    }

    #[test]
    fn a_preview_keeps_short_text_whole() {
        assert_eq!(preview("Is the  library\nopen on Sunday? "), "Is the library open on Sunday?");
    }
}
