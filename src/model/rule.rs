//! The house's rules for what arrives: if the message that begins a conversation is like this, then do that.
//!
//! Rules look at the message that begins a conversation and at no later one: by then somebody knows it, and where it is and
//! what it is about is theirs to say. They are asked one after the other; each sees the desk that those before it chose.
//! None of them can lose a message: all they do is say where it begins and what it bears.

mod sender;
mod words;
mod written;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ability::Needs;
use super::event::{Event, Kind};
use super::tag::{self, Tag};
use super::{Millis, words};

pub use sender::Sender;
pub(in crate::model) use sender::number;
pub use words::Said;
pub use written::{Named, Names, Written, in_words, read};

/// Longest name, characters.
pub const LONGEST_NAME: usize = 80;
/// Longest words or address of a condition, characters.
pub const LONGEST_WORDS: usize = 200;
/// Rules at most: each is asked about each conversation.
pub const MOST: usize = 100;
/// Conditions of one rule at most, and acts.
pub const MOST_PARTS: usize = 20;

words! {
    /// How many of its conditions a message must meet.
    Fit {
        /// Each of them.
        All = "all",
        /// One of them.
        Any = "any",
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: Uuid,
    /// What people call it; the history names it so.
    pub name: String,
    /// Whether it is asked at all.
    pub active: bool,
    /// When it fits, and what it does then.
    pub body: Body,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub changed_at: Millis,
}

/// When a rule fits, and what it does then. Without a condition it never fits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// How many of the conditions must be met.
    #[serde(rename = "match")]
    pub fit: Fit,
    /// What is looked at.
    pub conditions: Vec<Condition>,
    /// What is done, in this order.
    pub acts: Vec<Act>,
}

impl Default for Fit {
    fn default() -> Self {
        all()
    }
}

const fn all() -> Fit {
    Fit::All
}

/// One thing that a rule looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// It came by this channel.
    Channel {
        /// The channel's name or id.
        #[schema(value_type = String)]
        is: Named,
    },
    /// It is at this desk by now.
    Desk {
        /// The desk's name or id.
        #[schema(value_type = String)]
        is: Named,
    },
    /// It came from this address, or from this domain or one below it.
    From {
        /// `jo@example.org`, `@example.org`, `+14065550193` or `@handle`.
        is: String,
    },
    /// It was sent to this address or domain, among others perhaps.
    To {
        /// As with `from`.
        is: String,
    },
    /// Its subject says these words.
    Subject {
        /// Case, accents and punctuation do not count; `genealog*` is the beginning of a word.
        says: String,
    },
    /// Its subject or its text says these words.
    Text {
        /// As with `subject`.
        says: String,
    },
    /// Files came along.
    File {},
    /// Its writer never wrote to us before.
    NewPatron {},
    /// The desk that it is at was open when it was sent.
    Open {},
    /// That desk was closed.
    Closed {},
}

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Begin at this desk; whoever waits, waits there from the beginning.
    Desk {
        /// The desk's name or id.
        #[schema(value_type = String)]
        to: Named,
    },
    /// Bear this tag.
    Tag {
        /// The tag's name or id.
        #[schema(value_type = String)]
        with: Named,
    },
    /// Wait for somebody with this skill.
    Need {
        /// A skill that somebody has.
        skill: String,
    },
    /// Wait for somebody who speaks this language.
    Speak {
        /// A language that somebody speaks, as a code of ISO 639 such as `es`.
        language: String,
    },
    /// Come before what is not late.
    Urgent {},
    /// Be spam. No further rule is asked.
    Spam {},
    /// Ask no further rule.
    Stop {},
}

/// What is known of a message that begins a conversation.
pub struct Facts<'a> {
    channel: Uuid,
    sender: Option<Sender<'a>>,
    /// None where nobody knows any more.
    recipients: Option<Vec<Sender<'a>>>,
    subject: &'a str,
    text: &'a str,
    has_file: bool,
    new_patron: bool,
    is_open: &'a dyn Fn(Uuid) -> bool,
    folded: OnceCell<(Said, Said)>,
}

impl<'a> Facts<'a> {
    /// That it came by this channel with these words, from nobody known, without files.
    pub fn new(channel: Uuid, subject: &'a str, text: &'a str, is_open: &'a dyn Fn(Uuid) -> bool) -> Self {
        Self {
            channel,
            sender: None,
            recipients: None,
            subject,
            text,
            has_file: false,
            new_patron: false,
            is_open,
            folded: OnceCell::new(),
        }
    }

    /// From whom, and whether we know them.
    #[must_use]
    pub fn from(mut self, sender: Option<Sender<'a>>, new_patron: bool) -> Self {
        (self.sender, self.new_patron) = (sender, new_patron);
        self
    }

    /// To whom.
    #[must_use]
    pub fn to(mut self, recipients: Vec<Sender<'a>>) -> Self {
        self.recipients = Some(recipients);
        self
    }

    /// Whether files came along.
    #[must_use]
    pub fn with_file(mut self, has_file: bool) -> Self {
        self.has_file = has_file;
        self
    }

    /// The subject, and the whole.
    fn said(&self) -> &(Said, Said) {
        self.folded.get_or_init(|| (Said::of(&[self.subject]), Said::of(&[self.subject, self.text])))
    }
}

/// What rules know of the house.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// Desks and what they are called.
    pub desks: Vec<(Uuid, String)>,
    /// Tags, those that are off the list too.
    pub tags: Vec<Tag>,
    /// Skills that somebody has.
    pub skills: BTreeSet<String>,
    /// Languages that somebody speaks.
    pub languages: BTreeSet<String>,
}

/// One thing that a rule did, or could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect<'r> {
    /// As a line of the history.
    pub kind: Kind,
    /// By which rule.
    pub rule: &'r str,
    /// What else must be said: the desk, the tag, why not.
    pub detail: Option<String>,
}

impl Effect<'_> {
    /// Who did it, as the history shows it.
    pub fn actor(&self) -> String {
        format!("the rule {}", self.rule)
    }

    /// As it is told.
    pub fn words(&self) -> String {
        let Self { kind, detail, .. } = self.clone();
        let nowhere = Uuid::nil();
        Event {
            seq: 0,
            at: 0,
            kind,
            conversation_id: nowhere,
            message_id: None,
            staff_id: None,
            actor_name: self.actor(),
            detail,
        }
        .words()
    }
}

/// How a conversation begins by the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'r> {
    /// The rules that fitted, in the order in which they were asked.
    pub fitted: Vec<&'r Rule>,
    /// At this desk.
    pub desk: Uuid,
    /// With these tags.
    pub tags: Vec<Uuid>,
    /// Needing this.
    pub needs: Needs,
    /// Before what is not late.
    pub urgent: bool,
    /// As spam.
    pub spam: bool,
    /// What is to be told, one line each.
    pub effects: Vec<Effect<'r>>,
}

/// Asks the rules, in their order, about a message that begins a conversation and came to this desk.
pub fn judge<'r>(rules: &'r [Rule], house: &House, facts: &Facts<'_>, desk: Uuid) -> Verdict<'r> {
    let mut verdict = Verdict {
        fitted: Vec::new(),
        desk,
        tags: Vec::new(),
        needs: Needs::default(),
        urgent: false,
        spam: false,
        effects: Vec::new(),
    };
    for rule in rules.iter().filter(|rule| rule.active) {
        if !fits(&rule.body, facts, verdict.desk) {
            continue;
        }
        verdict.fitted.push(rule);
        for act in &rule.body.acts {
            verdict.act(rule, act, house);
        }
        if verdict.spam || rule.body.acts.iter().any(|act| matches!(act, Act::Stop {})) {
            break;
        }
    }
    verdict
}

/// Whether any of them asks when a desk is open.
pub fn ask_hours(rules: &[Rule]) -> bool {
    let conditions = rules.iter().filter(|rule| rule.active).flat_map(|rule| &rule.body.conditions);
    conditions.into_iter().any(|one| matches!(one, Condition::Open {} | Condition::Closed {}))
}

/// Whether any of them asks to whom a message was sent.
pub fn ask_recipients(rules: &[Rule]) -> bool {
    rules.iter().flat_map(|rule| &rule.body.conditions).any(|one| matches!(one, Condition::To { .. }))
}

fn fits(body: &Body, facts: &Facts<'_>, desk: Uuid) -> bool {
    let mut conditions = body.conditions.iter();
    match body.fit {
        _ if body.conditions.is_empty() => false,
        Fit::All => conditions.all(|one| meets(one, facts, desk)),
        Fit::Any => conditions.any(|one| meets(one, facts, desk)),
    }
}

fn meets(condition: &Condition, facts: &Facts<'_>, desk: Uuid) -> bool {
    match condition {
        Condition::Channel { is } => is.id() == Some(facts.channel),
        Condition::Desk { is } => is.id() == Some(desk),
        Condition::From { is } => facts.sender.is_some_and(|sender| sender.is(is)),
        Condition::To { is } => facts.recipients.iter().flatten().any(|recipient| recipient.is(is)),
        Condition::Subject { says } => facts.said().0.says(says),
        Condition::Text { says } => facts.said().1.says(says),
        Condition::File {} => facts.has_file,
        Condition::NewPatron {} => facts.new_patron,
        Condition::Open {} => (facts.is_open)(desk),
        Condition::Closed {} => !(facts.is_open)(desk),
    }
}

impl<'r> Verdict<'r> {
    fn act(&mut self, rule: &'r Rule, act: &Act, house: &House) {
        let done = match act {
            Act::Desk { to } => self.begin_at(to, house),
            Act::Tag { with } => self.bear(with, house),
            Act::Need { skill } => self.need(Needs { skill: skill.clone(), ..self.needs.clone() }, house),
            Act::Speak { language } => {
                self.need(Needs { language: language.clone(), ..self.needs.clone() }, house)
            }
            Act::Urgent {} if !self.urgent => {
                self.urgent = true;
                Some((Kind::Urgent, None))
            }
            Act::Spam {} if !self.spam => {
                self.spam = true;
                Some((Kind::Spam, None))
            }
            Act::Urgent {} | Act::Spam {} | Act::Stop {} => None,
        };
        self.effects.extend(done.map(|(kind, detail)| Effect { kind, rule: &rule.name, detail }));
    }

    fn begin_at(&mut self, to: &Named, house: &House) -> Option<(Kind, Option<String>)> {
        let Some((id, name)) = house.desks.iter().find(|(id, _)| to.id() == Some(*id)) else {
            let why = "the desk that it names is no more".to_owned();
            return Some((Kind::RuleFailed, Some(why)));
        };
        if self.desk == *id {
            return None;
        }
        self.desk = *id;
        Some((Kind::Routed, Some(name.clone())))
    }

    fn need(&mut self, needs: Needs, house: &House) -> Option<(Kind, Option<String>)> {
        if needs == self.needs {
            return None;
        }
        let had = |of: &str, by: &BTreeSet<String>| of.is_empty() || by.contains(of);
        if !had(&needs.skill, &house.skills) || !had(&needs.language, &house.languages) {
            let why = format!("nobody can do what it asks for: {}", needs.in_words());
            return Some((Kind::RuleFailed, Some(why)));
        }
        self.needs = needs;
        Some((Kind::Needs, Some(self.needs.in_words())))
    }

    fn bear(&mut self, with: &Named, house: &House) -> Option<(Kind, Option<String>)> {
        let failed = |why: String| Some((Kind::RuleFailed, Some(why)));
        let Some(tag) = house.tags.iter().find(|tag| with.id() == Some(tag.id)) else {
            return failed("the tag that it names is no more".to_owned());
        };
        if tag.removed_at.is_some() {
            return failed(format!("the tag {} is off the list", tag.name));
        }
        if self.tags.contains(&tag.id) {
            return None;
        }
        if self.tags.len() >= tag::MOST {
            return failed(format!("a conversation may bear {} tags at most", tag::MOST));
        }
        self.tags.push(tag.id);
        Some((Kind::Tagged, Some(tag.name.clone())))
    }
}

#[cfg(test)]
mod tests;
