//! How a query was understood, in words.

use super::term::{Has, Is, Term};
use super::{Clause, Item};

impl Clause {
    /// "late", "from amara", "“kindle” or “nook”".
    pub fn in_words(&self) -> String {
        self.items.iter().map(Item::in_words).collect::<Vec<_>>().join(" or ")
    }
}

impl Item {
    fn in_words(&self) -> String {
        let said = said(&self.term);
        if self.negated { format!("not {said}") } else { said }
    }
}

fn said(term: &Term) -> String {
    let going_on = |words: &[String], open_ended: bool| {
        let end = if open_ended { "…" } else { "" };
        format!("{}{end}", words.join(" "))
    };
    match term {
        Term::Words { words, open_ended } => format!("“{}”", going_on(words, *open_ended)),
        Term::From { words, open_ended } => format!("from {}", going_on(words, *open_ended)),
        Term::To { words, open_ended } => format!("to {}", going_on(words, *open_ended)),
        Term::Owner { ids: None, .. } => "nobody’s".to_owned(),
        Term::Owner { name, .. } if name.eq_ignore_ascii_case("me") => "of mine".to_owned(),
        Term::Owner { name, .. } => format!("of {name}"),
        Term::Desk { name, .. } => format!("at desk {name}"),
        Term::Channel { name, .. } => format!("by channel {name}"),
        Term::Branch { name, .. } => format!("at branch {name}"),
        Term::Tag { name, .. } => format!("tagged {name}"),
        Term::Is(is) => match is {
            Is::Waiting => "waiting for the patron",
            Is::Mine => "mine",
            other => other.as_str(),
        }
        .to_owned(),
        Term::Has(has) => match has {
            Has::File => "with a file",
            Has::Note => "with a staff note",
            Has::Draft => "with a draft of mine",
            Has::Followup => "with a follow-up",
        }
        .to_owned(),
        Term::Said { named, .. } => format!("said {named}"),
    }
}
