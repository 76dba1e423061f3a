//! Whether what is looked for is so: the one answer, whichever way an engine came upon the conversation.

use std::collections::HashSet;

use uuid::Uuid;

use super::term::{Has, Is, Term, stands_in};
use super::words::Said;
use super::{Clause, Item, Query};
use crate::model::conversation::{Conversation, State, Visibility};
use crate::model::{Millis, tag};

/// What else must be known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Who asks.
    pub me: Uuid,
    /// Now.
    pub now: Millis,
    /// Where the person who asks is writing something.
    pub drafts: HashSet<Uuid>,
}

/// Something that was said.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its number.
    pub seq: i64,
    /// When it was said.
    pub at: Millis,
    /// For colleagues.
    pub is_note: bool,
    /// Its words; nothing where nobody asks for them.
    pub said: Said,
}

impl Query {
    /// Whether spam is looked for: it is found by those alone who ask for it.
    pub fn asks_for_spam(&self) -> bool {
        self.items().any(|item| !item.negated && item.term == Term::Is(Is::Spam))
    }

    /// Whether it must be known where the person who asks is writing something.
    pub fn asks_for_drafts(&self) -> bool {
        self.items().any(|item| item.term == Term::Has(Has::Draft))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.clauses.iter().flat_map(|clause| &clause.items)
    }

    /// Where in a conversation all of it holds at last: the number of that message.
    pub fn newest(&self, row: &Conversation, heard: &[Heard], facts: &Facts) -> Option<i64> {
        let holds = |one: &Heard| self.clauses.iter().all(|clause| clause.holds(row, one, heard, facts));
        heard.iter().filter(|one| holds(one)).map(|one| one.seq).max()
    }

    /// Whether the row alone rules it out.
    pub fn is_ruled_out(&self, row: &Conversation, facts: &Facts) -> bool {
        self.clauses
            .iter()
            .any(|clause| clause.items.iter().all(|item| item.by_row(row, facts).is_some_and(|holds| !holds)))
    }

    /// Whether an index of words and the row cannot tell: messages must be read.
    pub fn needs_messages(&self) -> bool {
        self.clauses.iter().any(|clause| {
            let by_row = clause.items.iter().all(|item| item.term.is_of_the_row());
            !by_row && !clause.is_indexed_exactly() && !clause.is_a_day()
        })
    }

    /// Whether the words of messages must be read, when they must be read at all.
    pub fn needs_words(&self) -> bool {
        self.items().any(|item| item.term.is_of_words())
    }

    /// Whether it was said when it is asked for, as far as that is one condition of its own.
    pub fn is_said_then(&self, at: Millis) -> bool {
        self.clauses
            .iter()
            .filter(|clause| clause.is_a_day())
            .all(|clause| clause.items.iter().any(|item| item.term.is_said_at(at) != item.negated))
    }
}

impl Clause {
    /// Whether an index of words can find what it asks for, and perhaps more.
    pub fn is_indexed(&self) -> bool {
        self.items.iter().all(|item| !item.negated && item.term.is_of_words())
    }

    fn is_indexed_exactly(&self) -> bool {
        let side_by_side = |item: &Item| matches!(&item.term, Term::Words { words, .. } if words.len() > 1);
        self.is_indexed() && !self.items.iter().any(side_by_side)
    }

    fn is_a_day(&self) -> bool {
        self.items.iter().all(|item| matches!(item.term, Term::Said { .. }))
    }

    fn holds(&self, row: &Conversation, one: &Heard, all: &[Heard], facts: &Facts) -> bool {
        self.items.iter().any(|item| item.holds(row, one, all, facts))
    }
}

impl Item {
    /// What is not to be said must be said nowhere in the conversation.
    fn holds(&self, row: &Conversation, one: &Heard, all: &[Heard], facts: &Facts) -> bool {
        match (self.by_row(row, facts), &self.term) {
            (Some(holds), _) => holds,
            (None, Term::Has(_)) => all.iter().any(|one| one.is_note) != self.negated,
            (None, Term::Said { .. }) => self.term.is_said_at(one.at) != self.negated,
            (None, term) if self.negated => !all.iter().any(|one| term.is_said_in(&one.said)),
            (None, term) => term.is_said_in(&one.said),
        }
    }

    /// Whether it holds, where the row can tell.
    fn by_row(&self, row: &Conversation, facts: &Facts) -> Option<bool> {
        if !self.term.is_of_the_row() {
            return None;
        }
        let holds = match &self.term {
            Term::Owner { ids: None, .. } => row.owner_id.is_none(),
            Term::Owner { ids: Some(ids), .. } => row.owner_id.is_some_and(|owner| ids.contains(&owner)),
            Term::Desk { ids, .. } | Term::Branch { ids, .. } => ids.contains(&row.desk_id),
            Term::Channel { ids, .. } => ids.contains(&row.channel_id),
            Term::Tag { ids, .. } => tag::ids(&row.tags).any(|id| ids.contains(&id)),
            Term::Is(is) => is_so(*is, row, facts),
            Term::Has(Has::File) => row.has_attachments,
            Term::Has(Has::Draft) => facts.drafts.contains(&row.id),
            Term::Has(Has::Followup) => row.follow_up_at.is_some(),
            _ => return None,
        };
        Some(holds != self.negated)
    }
}

fn is_so(is: Is, row: &Conversation, facts: &Facts) -> bool {
    let promised = (row.waiting_since.is_some() || row.follow_up_at.is_some())
        && matches!(row.state, State::Open | State::Waiting | State::Snoozed);
    match is {
        Is::Open => row.state == State::Open,
        Is::Unclaimed => row.state == State::Open && row.owner_id.is_none(),
        Is::Mine => row.owner_id == Some(facts.me) && matches!(row.state, State::Open | State::Waiting),
        Is::Late => promised && row.due_at <= facts.now,
        Is::Due => promised && row.due_at > facts.now,
        Is::Waiting => row.state == State::Waiting,
        Is::Snoozed => row.state == State::Snoozed,
        Is::Done => row.state == State::Done,
        Is::Spam => row.state == State::Spam,
        Is::Urgent => row.urgent,
        Is::Public => row.visibility == Visibility::Public,
    }
}

impl Term {
    /// The row, and what else is known of it, tell whether it holds.
    fn is_of_the_row(&self) -> bool {
        !self.is_of_words() && !matches!(self, Self::Said { .. } | Self::Has(Has::Note))
    }

    fn is_of_words(&self) -> bool {
        matches!(self, Self::Words { .. } | Self::From { .. } | Self::To { .. })
    }

    fn is_said_at(&self, at: Millis) -> bool {
        matches!(self, Self::Said { from, until, .. } if (*from..*until).contains(&at))
    }

    fn is_said_in(&self, said: &Said) -> bool {
        let each = |all: &[String], words: &[String], open_ended: bool| {
            let last = words.len().wrapping_sub(1);
            words
                .iter()
                .enumerate()
                .all(|(place, word)| stands_in(all, std::slice::from_ref(word), open_ended && place == last))
        };
        match self {
            Self::Words { words, open_ended } => stands_in(&said.words, words, *open_ended),
            Self::From { words, open_ended } => each(&said.from, words, *open_ended),
            Self::To { words, open_ended } => each(&said.to, words, *open_ended),
            _ => false,
        }
    }
}
