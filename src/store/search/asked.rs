//! The conditions of a query that are about words alone, as an engine's index can be asked for them.

use crate::model::search::words::{FROM, TO};
use crate::model::search::{Clause, Query, Term};

/// Every clause must hold; none of them: no condition is about words alone, so that any message may do.
pub(super) struct Asked(pub Vec<Vec<Item>>);

/// All these words in one message. Of a clause's items one must hold.
pub(super) type Item = Vec<Word>;

/// A word as it is kept, with its mark, or the beginning of some.
#[derive(Clone)]
pub(super) struct Word {
    pub text: String,
    pub goes_on: bool,
}

impl Asked {
    pub fn of(query: &Query) -> Self {
        let clause = |clause: &Clause| clause.items.iter().filter_map(|item| words(&item.term)).collect();
        Self(query.clauses.iter().filter(|clause| clause.is_indexed()).map(clause).collect())
    }

    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.0.iter().flatten().flatten()
    }
}

fn words(term: &Term) -> Option<Item> {
    let (mark, words, open_ended) = match term {
        Term::Words { words, open_ended } => (None, words, *open_ended),
        Term::From { words, open_ended } => (Some(FROM), words, *open_ended),
        Term::To { words, open_ended } => (Some(TO), words, *open_ended),
        _ => return None,
    };
    let last = words.len().checked_sub(1)?;
    let word = |(place, word): (usize, &String)| Word {
        text: mark.into_iter().chain(word.chars()).collect(),
        goes_on: open_ended && place == last,
    };
    Some(words.iter().enumerate().map(word).collect())
}

/// How an engine joins words.
pub(super) struct Joints {
    pub and: &'static str,
    pub or: &'static str,
}

impl Joints {
    /// One text of these clauses. A word has nothing in it but letters, digits and signs that no engine reads as anything else.
    pub fn join(&self, clauses: &[Vec<Item>], mut word: impl FnMut(&Word) -> String) -> String {
        let mut item =
            |item: &Item| format!("({})", item.iter().map(&mut word).collect::<Vec<_>>().join(self.and));
        let mut clause = |clause: &Vec<Item>| {
            format!("({})", clause.iter().map(&mut item).collect::<Vec<_>>().join(self.or))
        };
        clauses.iter().map(&mut clause).collect::<Vec<_>>().join(self.and)
    }
}
