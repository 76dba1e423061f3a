//! A rule as people write it, with names where it keeps ids, and as it is told to them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Act, Body, Condition, Fit, LONGEST_NAME, LONGEST_WORDS, MOST_PARTS};
use crate::model::ability::{folded, language_in_words};
use crate::model::tag::Tag;

/// A channel, a desk or a tag: by its name as it was written, and by its id once it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Named(String);

impl Named {
    /// Its id; none before it is looked up.
    pub fn id(&self) -> Option<Uuid> {
        self.0.parse().ok()
    }
}

impl From<Uuid> for Named {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<&str> for Named {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// A rule as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRule)]
pub struct Written {
    /// What people call it; the history names it so.
    pub name: String,
    /// Whether it is asked; left out: it is.
    #[serde(default = "yes")]
    pub active: bool,
    /// How many of the conditions must be met; left out: all of them.
    #[serde(rename = "match", default = "super::all")]
    #[schema(inline)]
    pub fit: Fit,
    /// What is looked at, one thing at least.
    pub conditions: Vec<Condition>,
    /// What is done, in this order, one thing at least.
    pub acts: Vec<Act>,
}

const fn yes() -> bool {
    true
}

/// What can be named.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Channels and what they are called.
    pub channels: Vec<(Uuid, String)>,
    /// Desks and what they are called.
    pub desks: Vec<(Uuid, String)>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Skills that somebody has.
    pub skills: BTreeSet<String>,
    /// Languages that somebody speaks.
    pub languages: BTreeSet<String>,
}

impl Names {
    /// Tags that may be put on.
    fn listed(&self) -> impl Iterator<Item = (Uuid, &str)> {
        self.tags.iter().filter(|tag| tag.removed_at.is_none()).map(|tag| (tag.id, tag.name.as_str()))
    }

    fn called(&self, of: &Named) -> String {
        let all = self.channels.iter().chain(&self.desks).map(|(id, name)| (*id, name.as_str()));
        let mut all = all.chain(self.tags.iter().map(|tag| (tag.id, tag.name.as_str())));
        all.find(|(id, _)| Some(*id) == of.id())
            .map_or("something that is no more", |(_, name)| name)
            .to_owned()
    }
}

/// What was written as it is kept, ids in the place of names.
///
/// # Errors
/// A sentence: something is empty or too long, or there is no channel, desk or tag of that name.
pub fn read(written: Written, names: &Names) -> Result<Written, String> {
    let Written { name, active, fit, conditions, acts } = written;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(format!("A rule has a name of {LONGEST_NAME} characters at most."));
    }
    if conditions.is_empty() || acts.is_empty() {
        return Err(format!("The rule {name} must look at something and do something."));
    }
    if conditions.len() > MOST_PARTS || acts.len() > MOST_PARTS {
        return Err(format!("A rule has {MOST_PARTS} conditions and {MOST_PARTS} acts at most."));
    }
    let conditions = conditions.into_iter().map(|one| condition(one, names)).collect::<Result<_, _>>()?;
    let acts = acts.into_iter().map(|one| act(one, names)).collect::<Result<_, _>>()?;
    Ok(Written { name, active, fit, conditions, acts })
}

fn condition(written: Condition, names: &Names) -> Result<Condition, String> {
    let borrowed = |all: &[(Uuid, String)], is: &Named, what| {
        found(all.iter().map(|(id, name)| (*id, name.as_str())), is, what)
    };
    Ok(match written {
        Condition::Channel { is } => Condition::Channel { is: borrowed(&names.channels, &is, "channel")? },
        Condition::Desk { is } => Condition::Desk { is: borrowed(&names.desks, &is, "desk")? },
        Condition::From { is } => Condition::From { is: said(is)? },
        Condition::To { is } => Condition::To { is: said(is)? },
        Condition::Subject { says } => Condition::Subject { says: said(says)? },
        Condition::Text { says } => Condition::Text { says: said(says)? },
        plain
        @ (Condition::File {} | Condition::NewPatron {} | Condition::Open {} | Condition::Closed {}) => plain,
    })
}

fn act(written: Act, names: &Names) -> Result<Act, String> {
    Ok(match written {
        Act::Desk { to } => {
            let desks = names.desks.iter().map(|(id, name)| (*id, name.as_str()));
            Act::Desk { to: found(desks, &to, "desk")? }
        }
        Act::Tag { with } => Act::Tag { with: found(names.listed(), &with, "tag")? },
        Act::Need { skill } => Act::Need { skill: had(&skill, &names.skills, "has the skill")? },
        Act::Speak { language } => Act::Speak { language: had(&language, &names.languages, "speaks")? },
        plain @ (Act::Urgent {} | Act::Spam {} | Act::Stop {}) => plain,
    })
}

/// The id of what is called so, whatever its case.
fn found<'n>(
    mut all: impl Iterator<Item = (Uuid, &'n str)>,
    named: &Named,
    what: &str,
) -> Result<Named, String> {
    let wanted = named.0.trim().to_lowercase();
    all.find(|(id, name)| named.id() == Some(*id) || name.to_lowercase() == wanted)
        .map(|(id, _)| Named::from(id))
        .ok_or_else(|| format!("There is no {what} called {}.", named.0))
}

/// What somebody can, as it is kept.
fn had(written: &str, by: &BTreeSet<String>, can: &str) -> Result<String, String> {
    let word = folded(written);
    if by.contains(&word) { Ok(word) } else { Err(format!("Nobody here {can} {word}.")) }
}

/// Something that can be looked for.
fn said(words: String) -> Result<String, String> {
    let words = words.trim().to_owned();
    if !words.chars().any(char::is_alphanumeric) || words.chars().count() > LONGEST_WORDS {
        return Err(format!("A condition has words or an address of {LONGEST_WORDS} characters at most."));
    }
    Ok(words)
}

/// What a rule looks at and does, as a sentence.
pub fn in_words(body: &Body, names: &Names) -> String {
    let conditions = body.conditions.iter().map(|one| match one {
        Condition::Channel { is } => format!("it came by {}", names.called(is)),
        Condition::Desk { is } => format!("it is at {}", names.called(is)),
        Condition::From { is } => format!("it is from {is}"),
        Condition::To { is } => format!("it was sent to {is}"),
        Condition::Subject { says } => format!("its subject says “{says}”"),
        Condition::Text { says } => format!("it says “{says}”"),
        Condition::File {} => "a file came along".to_owned(),
        Condition::NewPatron {} => "its writer is new".to_owned(),
        Condition::Open {} => "the desk was open".to_owned(),
        Condition::Closed {} => "the desk was closed".to_owned(),
    });
    let acts = body.acts.iter().map(|one| match one {
        Act::Desk { to } => format!("move it to {}", names.called(to)),
        Act::Tag { with } => format!("tag it {}", names.called(with)),
        Act::Need { skill } => format!("let it wait for someone with {skill}"),
        Act::Speak { language } => {
            format!("let it wait for someone who speaks {}", language_in_words(language))
        }
        Act::Urgent {} => "mark it urgent".to_owned(),
        Act::Spam {} => "mark it as spam".to_owned(),
        Act::Stop {} => "ask no further rule".to_owned(),
    });
    let between = match body.fit {
        Fit::All => " and ",
        Fit::Any => " or ",
    };
    let (conditions, acts) = (conditions.collect::<Vec<_>>(), acts.collect::<Vec<_>>());
    format!("If {}: {}", conditions.join(between), acts.join(", "))
}
