//! What somebody looks for: words, operators, and how the whole was understood.

pub mod days;
mod holds;
mod parse;
mod sentence;
mod term;
pub mod words;

pub use holds::{Facts, Heard};
pub use parse::parse;
pub use term::{Has, Is, Names, Surroundings, Term};

/// The longest text that is looked for, characters.
pub const LONGEST: usize = 400;
/// Whoever pastes a page into the search box does not mean every word of it.
pub const MOST_TERMS: usize = 24;

/// What is looked for: every clause must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As it was typed.
    pub text: String,
    /// All of them.
    pub clauses: Vec<Clause>,
    /// What could not be understood as it may have been meant, a sentence each.
    pub hints: Vec<String>,
}

/// One condition: one of its items must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Mostly one; several with OR between.
    pub items: Vec<Item>,
    /// Where it stands in the text, bytes.
    pub span: (usize, usize),
}

/// Something that must, or must not, be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// It must not.
    pub negated: bool,
    /// What.
    pub term: Term,
}

impl Query {
    /// The text without one of its clauses.
    pub fn without(&self, clause: &Clause) -> String {
        let (start, end) = clause.span;
        let before = self.text.get(..start).unwrap_or_default().trim_end();
        let after = self.text.get(end..).unwrap_or_default().trim_start();
        if before.is_empty() || after.is_empty() {
            return [before, after].concat().trim().to_owned();
        }
        format!("{before} {after}")
    }

    /// How it was understood: "from amara, late, not “hold”".
    pub fn in_words(&self) -> String {
        self.clauses.iter().map(Clause::in_words).collect::<Vec<_>>().join(", ")
    }
}
