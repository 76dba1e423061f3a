//! A draft becomes one public answer, or as many direct messages as it has files; pure.

use serde::{Deserialize, Serialize};

use super::settings::Config;
use super::weigh::weigh;
use super::{disclosing, ids, links};
use crate::contract::{Draft, Enclosure, Measure, Part, Reason, Refusal, Visibility};

/// The largest still picture that X takes.
pub const PICTURE_BYTES: u64 = 5 << 20;
/// The largest moving picture.
pub const GIF_BYTES: u64 = 15 << 20;
const PICTURES_IN_A_POST: usize = 4;
const MOST_FILES: usize = 4;
const GIF: &str = "image/gif";
const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/webp"];
/// X refuses posts with more (docs.x.com, "Create posts").
const CASHTAGS: usize = 1;

/// Everything that the answer is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Version of this form.
    pub v: u8,
    /// Which way it goes.
    pub way: Way,
    /// May be empty beside a file.
    pub text: String,
    /// When it was written, epoch milliseconds: it cannot have left before.
    pub at: i64,
    /// Enclosed.
    pub files: Vec<Enclosure>,
}

/// Which way an answer goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Under this post, for everybody.
    Post(String),
    /// To this person.
    Direct(String),
    /// To this group.
    Group(String),
}

impl Outgoing {
    /// What X charges for it, millionths of a dollar.
    pub fn cost_micros(&self, config: &Config) -> i64 {
        match self.way {
            Way::Post(_) if links::find(&self.text).is_empty() => config.prices.post_sent,
            Way::Post(_) => config.prices.link_sent,
            Way::Direct(_) | Way::Group(_) => config.prices.dm_sent,
        }
    }
}

/// The parts, or why there are none.
pub fn compose(config: &Config, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    let text = draft.text.trim();
    // The account has no mark for single answers that no person wrote.
    let text = if draft.automatic { format!("[auto] {text}") } else { text.to_owned() };
    if draft.text.trim().is_empty() && draft.enclosures.is_empty() {
        return Err(refusal(Reason::NotAllowed, "There is nothing in this answer yet.".to_owned()));
    }
    let files = enclosed(&draft.enclosures)?;
    match draft.visibility {
        Visibility::Public => {
            let way = post(config, draft, &text)?;
            let is_moving = |file: &Enclosure| file.content_type == GIF;
            if files.iter().any(is_moving) && files.len() > 1 || files.len() > PICTURES_IN_A_POST {
                let why = "A post takes up to four pictures, or one moving picture alone.";
                return Err(refusal(Reason::BadAttachment, why.to_owned()));
            }
            Ok(vec![part(Outgoing { v: 1, way, text, at: now, files })])
        }
        Visibility::Private => {
            let way = direct(draft)?;
            let length = text.chars().count();
            if length > config.dm_limit as usize {
                let why = format!(
                    "This answer has {length} characters, and a direct message may have {}. Shorten it.",
                    config.dm_limit
                );
                return Err(refusal(Reason::TooLong, why));
            }
            let mut files = files.into_iter();
            let first =
                Outgoing { v: 1, way: way.clone(), text, at: now, files: files.next().into_iter().collect() };
            let further = files.map(|file| Outgoing {
                v: 1,
                way: way.clone(),
                text: String::new(),
                at: now,
                files: vec![file],
            });
            Ok(std::iter::once(first).chain(further).map(part).collect())
        }
    }
}

/// How much room a public answer takes, and what its writer may want to know before it is sent.
pub fn measure(config: &Config, text: &str) -> Measure {
    let text = text.trim();
    let used = weigh(text);
    let mut notes = Vec::new();
    if used > config.post_limit {
        notes.push(format!("Too long for X by {}.", used - config.post_limit));
    }
    notes.extend(disclosing::objection(text, &config.allowed));
    let dearer = config.prices.link_sent > config.prices.post_sent;
    if dearer && !links::find(text).is_empty() {
        let dollars = |micros: i64| format!("${}.{:03}", micros / 1_000_000, micros % 1_000_000 / 1000);
        notes.push(format!(
            "With a link this costs {} instead of {}.",
            dollars(config.prices.link_sent),
            dollars(config.prices.post_sent)
        ));
    }
    Measure { used, parts: 1, notes }
}

fn part(outgoing: Outgoing) -> Part {
    let text = outgoing.text.clone();
    Part { body: serde_json::to_value(outgoing).expect("texts and numbers are always JSON"), text }
}

fn post(config: &Config, draft: &Draft, text: &str) -> Result<Way, Refusal> {
    let answered = draft.answers.as_ref().and_then(|answered| answered.id.as_deref());
    let Some(answered) = answered.filter(|id| ids::is_id(id)) else {
        let why = "There is no post under which this answer could go. Answer privately.";
        return Err(refusal(Reason::NotAllowed, why.to_owned()));
    };
    let weight = weigh(text);
    if weight > config.post_limit {
        let why = format!(
            "X counts {weight} characters in this answer, and a post may have {}. A link counts 23, an emoji two, most letters of East Asia two. Shorten it, or answer privately.",
            config.post_limit
        );
        return Err(refusal(Reason::TooLong, why));
    }
    if let Some(why) = disclosing::objection(text, &config.allowed) {
        return Err(refusal(Reason::ContentRefused, why));
    }
    if cashtags(text) > CASHTAGS {
        let why = "X takes only one $NAME in a post. Write the others without the $.";
        return Err(refusal(Reason::ContentRefused, why.to_owned()));
    }
    Ok(Way::Post(answered.to_owned()))
}

fn direct(draft: &Draft) -> Result<Way, Refusal> {
    let conversation = draft.answers.as_ref().and_then(|answered| answered.conversation.as_deref());
    // A group's name is one number; two people's has both of theirs.
    if let Some(group) =
        conversation.and_then(|name| name.strip_prefix("dm/")).filter(|name| ids::is_id(name))
    {
        return Ok(Way::Group(group.to_owned()));
    }
    let patron = &draft.to.address;
    if ids::is_id(&patron.id) {
        return Ok(Way::Direct(patron.id.clone()));
    }
    let shown: String = patron.shown.chars().filter(|c| !c.is_control()).take(40).collect();
    let why = format!("{shown} is no account on X that can be written to.");
    Err(refusal(Reason::RecipientUnavailable, why))
}

fn cashtags(text: &str) -> usize {
    let starts = |word: &str| {
        let name = word.trim_start_matches(['(', '"', '\'']).strip_prefix('$');
        name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    text.split_whitespace().filter(|word| starts(word)).count()
}

fn enclosed(enclosures: &[Enclosure]) -> Result<Vec<Enclosure>, Refusal> {
    if enclosures.len() > MOST_FILES {
        return Err(refusal(
            Reason::BadAttachment,
            format!("At most {MOST_FILES} files can go with one answer."),
        ));
    }
    enclosures
        .iter()
        .map(|file| {
            let kind = file.content_type.to_ascii_lowercase();
            let most = if kind == GIF { GIF_BYTES } else { PICTURE_BYTES };
            let name: String = file.filename.chars().filter(|c| !c.is_control()).take(80).collect();
            if kind != GIF && !PICTURES.contains(&kind.as_str()) {
                let why = format!("X takes pictures only (JPEG, PNG, WebP, GIF), and \"{name}\" is none.");
                return Err(refusal(Reason::BadAttachment, why));
            }
            if file.size > most {
                let why = format!("\"{name}\" is larger than the {} MB that X takes.", most >> 20);
                return Err(refusal(Reason::BadAttachment, why));
            }
            Ok(Enclosure { filename: name, content_type: kind, ..file.clone() })
        })
        .collect()
}

fn refusal(reason: Reason, why: String) -> Refusal {
    Refusal { reason, why }
}
