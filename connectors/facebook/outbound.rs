//! A draft becomes messages; pure. Which way is open is decided here, before anything is sent, and said in words.

use serde::{Deserialize, Serialize};

use super::channel::{DAY_MS, MAX_FILE_BYTES, MAX_FILES, MAX_IMAGE_BYTES, WEEK_MS};
use super::settings::Config;
use super::split::pieces;
use crate::contract::{Answered, Draft, Enclosure, Part, Reason, Refusal, Visibility};

/// One message, as it goes into the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Version of this form.
    pub v: u8,
    /// Which way it goes.
    pub way: Way,
    /// Its words; a file in Messenger has none.
    pub text: Option<String>,
    /// Its file.
    pub file: Option<Enclosure>,
    /// When it was written, epoch milliseconds: it is looked for from here.
    pub written_at: i64,
    /// When the person last wrote: the window counts from here.
    pub patron_wrote_at: Option<i64>,
    /// Written by no person.
    pub automatic: bool,
}

/// The ways there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To a person in Messenger.
    Message {
        /// Their number at this Page.
        to: String,
    },
    /// The one private answer to something said in public.
    PrivateReply {
        /// The comment or post.
        to: Public,
    },
    /// For everybody, under something said in public.
    Comment {
        /// The comment or post.
        on: String,
    },
}

/// Something said in public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Public {
    /// A comment.
    Comment(String),
    /// A visitor's post.
    Post(String),
}

/// What kind of place the answered message stands in.
enum Place<'a> {
    Private,
    /// Under the first comment of a thread.
    Comment(&'a str),
    /// On the wall.
    Post(&'a str),
}

/// All messages of a draft, or why there are none.
pub fn compose(config: &Config, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    if draft.text.trim().is_empty() && draft.enclosures.is_empty() {
        return Err(refusal(Reason::NotAllowed, "There is nothing in this answer yet."));
    }
    if !draft.to.copies.is_empty() {
        return Err(refusal(
            Reason::NotAllowed,
            "Facebook knows no copies: an answer goes to one person, or to everybody.",
        ));
    }
    let none = Answered::default();
    let answered = draft.answers.as_ref().unwrap_or(&none);
    match (place(answered), draft.visibility) {
        (Place::Private, Visibility::Private) => private(config, draft, now),
        (Place::Private, Visibility::Public) => Err(refusal(
            Reason::NotAllowed,
            "A conversation in Messenger is private: what is said here cannot be answered for everybody to read.",
        )),
        (place, Visibility::Public) => public(config, draft, answered, &place, now),
        (place, Visibility::Private) => once_in_private(config, draft, answered, &place, now),
    }
}

fn place(answered: &Answered) -> Place<'_> {
    let thread = answered.conversation.as_deref().unwrap_or_default();
    match (thread.strip_prefix("comment:"), thread.strip_prefix("post:")) {
        (Some(root), _) => Place::Comment(root),
        (_, Some(post)) => Place::Post(post),
        _ => Place::Private,
    }
}

fn private(config: &Config, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    let to = draft.to.address.id.clone();
    if to.is_empty() || !to.chars().all(|c| c.is_ascii_digit()) {
        return Err(refusal(
            Reason::RecipientUnavailable,
            "Facebook has not told who this person is, so nothing can be written to them in Messenger.",
        ));
    }
    window(config, draft, now)?;
    check_files(&draft.enclosures)?;
    let piece = piece(draft, now, Way::Message { to });
    let words = pieces(&draft.text, config.text_limit as usize)
        .into_iter()
        .map(|text| part(&Piece { text: Some(text), ..piece.clone() }));
    // Messenger takes words or a file in one message, never both.
    let files =
        draft.enclosures.iter().map(|file| part(&Piece { file: Some(enclosed(file)), ..piece.clone() }));
    Ok(words.chain(files).collect())
}

/// Whether the patron may still be written to, and if not, what is still open.
fn window(config: &Config, draft: &Draft, now: i64) -> Result<(), Refusal> {
    let Some(wrote_at) = draft.patron_wrote_at else { return Ok(()) };
    let age = now.saturating_sub(wrote_at);
    let late = config.human_agent && !draft.automatic;
    let closed = |why: &str| Err(refusal(Reason::WindowClosed, why));
    match age {
        age if age <= DAY_MS => Ok(()),
        age if age <= WEEK_MS && late => Ok(()),
        age if age <= WEEK_MS && config.human_agent => closed(
            "More than 24 hours have passed since this person wrote. Facebook takes only what a person writes now, and this was written by a machine.",
        ),
        age if age <= WEEK_MS => closed(
            "More than 24 hours have passed since this person wrote, and this channel does not send later answers. Still open: an answer by another address of theirs, or in Messenger as soon as they write again. With Meta's feature Human Agent, answers may go up to seven days later (the channel's settings).",
        ),
        _ => closed(
            "More than seven days have passed since this person wrote, and Facebook takes no answer any more. Still open: an answer by another address of theirs, or in Messenger as soon as they write again.",
        ),
    }
}

fn public(
    config: &Config,
    draft: &Draft,
    answered: &Answered,
    place: &Place<'_>,
    now: i64,
) -> Result<Vec<Part>, Refusal> {
    check_files(&draft.enclosures)?;
    let length = draft.text.trim().chars().count();
    let most = config.comment_limit as usize;
    if length > most {
        return Err(refusal(
            Reason::TooLong,
            &format!("A public answer may have {most} characters; this one has {length}."),
        ));
    }
    if draft.enclosures.iter().any(|file| !is_picture(&file.content_type)) {
        return Err(refusal(
            Reason::BadAttachment,
            "A public answer can show one picture (JPEG, PNG or GIF) and no other file. Other files can go in a private answer.",
        ));
    }
    if draft.enclosures.len() > 1 {
        return Err(refusal(Reason::BadAttachment, "A public answer can show one picture, not several."));
    }
    // Facebook shows two levels only: under a thread, answers hang on its first comment.
    let on = match (place, &answered.id) {
        (Place::Post(_), Some(answered)) => answered.clone(),
        (Place::Comment(id) | Place::Post(id), _) => (*id).to_owned(),
        (Place::Private, _) => {
            return Err(refusal(Reason::NotAllowed, "There is nothing public to answer here."));
        }
    };
    let text = Some(draft.text.trim().to_owned()).filter(|text| !text.is_empty());
    let file = draft.enclosures.first().map(enclosed);
    Ok(vec![part(&Piece { text, file, ..piece(draft, now, Way::Comment { on }) })])
}

fn once_in_private(
    config: &Config,
    draft: &Draft,
    answered: &Answered,
    place: &Place<'_>,
    now: i64,
) -> Result<Vec<Part>, Refusal> {
    if !draft.enclosures.is_empty() {
        return Err(refusal(
            Reason::BadAttachment,
            "The private answer to a comment is one message of words. Files can follow when the person answers it.",
        ));
    }
    let length = draft.text.trim().chars().count();
    let most = config.text_limit as usize;
    if length > most {
        return Err(refusal(
            Reason::TooLong,
            &format!(
                "A comment can be answered privately once, with at most {most} characters; these are {length}."
            ),
        ));
    }
    if answered.at.or(draft.patron_wrote_at).is_some_and(|at| now.saturating_sub(at) > WEEK_MS) {
        return Err(refusal(
            Reason::WindowClosed,
            "A comment can be answered privately for seven days, and these have passed. Still open: an answer that everybody can read.",
        ));
    }
    let id = |usual: &str| answered.id.clone().unwrap_or_else(|| usual.to_owned());
    let to = match place {
        Place::Comment(root) => Public::Comment(id(root)),
        Place::Post(post) if answered.id.as_deref().is_none_or(|id| id == *post) => {
            Public::Post((*post).to_owned())
        }
        Place::Post(post) => Public::Comment(id(post)),
        Place::Private => return Err(refusal(Reason::NotAllowed, "There is nothing public to answer here.")),
    };
    let text = Some(draft.text.trim().to_owned());
    Ok(vec![part(&Piece { text, ..piece(draft, now, Way::PrivateReply { to }) })])
}

fn check_files(files: &[Enclosure]) -> Result<(), Refusal> {
    if files.len() > MAX_FILES as usize {
        return Err(refusal(
            Reason::BadAttachment,
            &format!("At most {MAX_FILES} files can go with one answer."),
        ));
    }
    for file in files {
        let most = if is_picture(&file.content_type) { MAX_IMAGE_BYTES } else { MAX_FILE_BYTES };
        if file.size > most {
            let why = format!(
                "{} is larger than the {} MB that Messenger takes.",
                shown(&file.filename),
                most >> 20
            );
            return Err(refusal(Reason::BadAttachment, &why));
        }
    }
    if files.iter().map(|file| file.size).sum::<u64>() > MAX_FILE_BYTES {
        let why = format!("All files together may have {} MB.", MAX_FILE_BYTES >> 20);
        return Err(refusal(Reason::BadAttachment, &why));
    }
    Ok(())
}

/// A kind that Messenger shows in place.
pub fn is_picture(content_type: &str) -> bool {
    matches!(content_type, "image/jpeg" | "image/png" | "image/gif")
}

fn shown(filename: &str) -> String {
    filename.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn piece(draft: &Draft, now: i64, way: Way) -> Piece {
    Piece {
        v: 1,
        way,
        text: None,
        file: None,
        written_at: now,
        patron_wrote_at: draft.patron_wrote_at,
        automatic: draft.automatic,
    }
}

fn enclosed(file: &Enclosure) -> Enclosure {
    Enclosure { filename: shown(&file.filename), ..file.clone() }
}

fn part(piece: &Piece) -> Part {
    let name = piece.file.as_ref().map(|file| file.filename.clone());
    Part {
        body: serde_json::to_value(piece).expect("texts and numbers are always JSON"),
        text: piece.text.clone().or(name).unwrap_or_default(),
    }
}

fn refusal(reason: Reason, why: &str) -> Refusal {
    Refusal { reason, why: why.to_owned() }
}
