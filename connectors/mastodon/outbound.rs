//! A draft becomes one answer; pure.

use serde::{Deserialize, Serialize};

use super::files::{PICTURES, RECORDINGS};
use super::instance::Limits;
use super::weigh::weigh;
use super::wire::is_id;
use super::words;
use crate::contract::{Draft, Enclosure, Measure, Part, Reason, Refusal, Visibility};

/// Left free for the patron's name: an @, thirty letters, a space.
const ROOM_FOR_A_NAME: u32 = 32;
/// All files of an answer together.
pub const MOST_BYTES: u64 = 64 << 20;

/// Everything that the answer is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Version of this form.
    pub v: u8,
    /// The patron's whole name, without the first @.
    pub to: String,
    /// The post answered; none: there is none any more.
    pub answers: Option<String>,
    /// Whether it may be as public as what it answers; else only the patron reads it.
    pub public: bool,
    /// As it is posted, the patron's name included.
    pub text: String,
    /// When it was written, epoch milliseconds by our clock: it cannot have left before.
    pub at: i64,
    /// Enclosed.
    pub files: Vec<Enclosure>,
}

/// How much a person may write.
pub fn room(limits: &Limits) -> u32 {
    limits.characters.saturating_sub(ROOM_FOR_A_NAME)
}

/// The part, or why there is none.
pub fn compose(limits: &Limits, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    let said = draft.text.trim();
    if said.is_empty() && draft.enclosures.is_empty() {
        return Err(refusal(Reason::NotAllowed, "There is nothing in this answer yet.".to_owned()));
    }
    // The account has no mark for single answers that no person wrote.
    let said = if draft.automatic { format!("[auto] {said}") } else { said.to_owned() };
    let to = name(draft)?;
    let answers = draft.answers.as_ref().and_then(|answered| answered.id.clone()).filter(|id| is_id(id));
    let public = draft.visibility == Visibility::Public;
    if public && answers.is_none() {
        let why = "There is no post under which this answer could go.";
        return Err(refusal(Reason::NotAllowed, why.to_owned()));
    }
    // Who is not named is not told, and of a direct post learns nothing at all.
    let text = if words::names(&said, &to) { said.clone() } else { format!("@{to} {said}") };
    let text = text.trim_end().to_owned();
    let (mine, whole) = (weigh(&said, limits.link), weigh(&text, limits.link));
    if mine > room(limits) || whole > limits.characters {
        let why = format!(
            "This answer counts {mine} characters. The instance takes {} with the patron's name, so there is room for {}. \
             A link counts {}, however long it is. Shorten it.",
            limits.characters,
            room(limits).min(limits.characters.saturating_sub(whole - mine)),
            limits.link
        );
        return Err(refusal(Reason::TooLong, why));
    }
    let files = enclosed(limits, &draft.enclosures)?;
    let outgoing = Outgoing { v: 1, to, answers, public, text, at: now, files };
    let body = serde_json::to_value(outgoing).expect("texts and numbers are always JSON");
    Ok(vec![Part { body, text: said }])
}

/// How much room a text takes.
pub fn measure(limits: &Limits, text: &str) -> Measure {
    let used = weigh(text.trim(), limits.link);
    let most = room(limits);
    let too_long = (used > most).then(|| format!("Too long for the instance by {}.", used - most));
    Measure { used, parts: 1, notes: too_long.into_iter().collect() }
}

fn name(draft: &Draft) -> Result<String, Refusal> {
    let patron = &draft.to.address;
    let is_whole = |name: &&str| {
        let sound = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        name.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && user.chars().all(sound) && host.chars().all(sound)
        })
    };
    let written = [patron.shown.trim_start_matches('@'), patron.id.as_str()];
    let same = |name: &&str| name.eq_ignore_ascii_case(&patron.id);
    written.into_iter().filter(is_whole).find(same).map(str::to_owned).ok_or_else(|| {
        let shown: String = patron.shown.chars().filter(|c| !c.is_control()).take(60).collect();
        let why =
            format!("{shown} is no name of the form @name@host, so nobody would be told of this answer.");
        refusal(Reason::RecipientUnavailable, why)
    })
}

fn enclosed(limits: &Limits, enclosures: &[Enclosure]) -> Result<Vec<Enclosure>, Refusal> {
    let bad = |why: String| refusal(Reason::BadAttachment, why);
    if enclosures.len() > usize::try_from(limits.files).unwrap_or(usize::MAX) {
        return Err(bad(format!("At most {} files can go with one answer.", limits.files)));
    }
    if enclosures.iter().map(|file| file.size).sum::<u64>() > MOST_BYTES {
        return Err(bad(format!("Together the files may have {} MB.", MOST_BYTES >> 20)));
    }
    let is_recording = |kind: &str| RECORDINGS.contains(&kind);
    let mut files = Vec::new();
    for file in enclosures {
        let kind = file.content_type.to_ascii_lowercase();
        let name: String = file.filename.chars().filter(|c| !c.is_control()).take(80).collect();
        let most = if is_recording(&kind) { limits.video_bytes } else { limits.picture_bytes };
        if !PICTURES.contains(&kind.as_str()) && !is_recording(&kind) {
            return Err(bad(format!(
                "Mastodon takes pictures, videos and sounds, and \"{name}\" is none of a kind it knows."
            )));
        }
        if file.size > most {
            return Err(bad(format!("\"{name}\" is larger than the {most} bytes that the instance takes.")));
        }
        if is_recording(&kind) && enclosures.len() > 1 {
            return Err(bad("A video or a sound goes alone, without further files.".to_owned()));
        }
        files.push(Enclosure { filename: name, content_type: kind, ..file.clone() });
    }
    Ok(files)
}

fn refusal(reason: Reason, why: String) -> Refusal {
    Refusal { reason, why }
}
