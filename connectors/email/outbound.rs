//! A draft becomes one mail; pure.

use serde::{Deserialize, Serialize};

use super::settings::{Config, is_address};
use crate::contract::{Address, Answered, Draft, Enclosure, Part, Reason, Refusal};

/// The first mail of a thread and the latest ones are what programs go by; all of a long thread's ids would fill a page.
const LAST_REFERENCES: usize = 20;
/// Of the mail answered, so much is quoted.
const QUOTED_LINES: usize = 200;
const MOST_FILES: usize = 50;

/// Everything that the mail is made of, but its Message-ID, which comes from the delivery's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Version of this form.
    pub v: u8,
    /// Beside our address.
    pub from_name: String,
    /// Recipients.
    pub to: Vec<Named>,
    /// Copies.
    pub cc: Vec<Named>,
    /// On one line.
    pub subject: String,
    /// With signature and quote.
    pub text: String,
    /// The mail answered, with brackets.
    pub in_reply_to: Option<String>,
    /// Oldest first, with brackets, the mail answered last.
    pub references: Vec<String>,
    /// Of its Date, epoch milliseconds.
    pub written_at: i64,
    /// Written by no person (RFC 3834).
    pub automatic: bool,
    /// Enclosed.
    pub files: Vec<Enclosure>,
}

/// An address with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// May be empty.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

/// The whole mail, or why there is none. `most`: how many bytes all its files may have.
pub fn compose(config: &Config, most: u64, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    let to = named(&draft.to.address)?;
    let cc = draft.to.copies.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let given = draft.subject.as_deref().filter(|subject| !subject.trim().is_empty());
    let answered = draft.answers.as_ref();
    let subject = match given {
        Some(subject) => subject.trim().to_owned(),
        None => answer_to(answered.and_then(|answered| answered.subject.as_deref()).unwrap_or_default()),
    };
    for (what, text) in [("subject", &subject), ("sender's name", &draft.from_name)] {
        if text.chars().any(char::is_control) {
            return Err(refusal(
                Reason::NotAllowed,
                format!("The {what} holds a line break. Write it on one line."),
            ));
        }
    }
    if draft.text.trim().is_empty() && draft.enclosures.is_empty() {
        return Err(refusal(Reason::NotAllowed, "There is nothing in this answer yet.".to_owned()));
    }
    let files = enclosed(draft, most)?;
    let mut shown = draft.text.trim_end().to_owned();
    if let Some(signature) = draft.signature.as_deref().filter(|signature| !signature.trim().is_empty()) {
        // RFC 3676 section 4.3: by this line programs know where the signature begins.
        shown.push_str(&format!("\n\n-- \n{}", signature.trim_end()));
    }
    let letter = Letter {
        v: 1,
        from_name: if draft.from_name.is_empty() {
            config.display_name.clone()
        } else {
            draft.from_name.clone()
        },
        to: vec![to],
        cc,
        subject,
        text: answered.and_then(quote).map_or_else(|| shown.clone(), |quote| format!("{shown}\n\n{quote}")),
        in_reply_to: answered.and_then(|answered| answered.id.as_deref()).and_then(id),
        references: answered.map(references).unwrap_or_default(),
        written_at: now,
        automatic: draft.automatic,
        files,
    };
    let body = serde_json::to_value(letter).expect("texts and numbers are always JSON");
    Ok(vec![Part { body, text: shown }])
}

fn refusal(reason: Reason, why: String) -> Refusal {
    Refusal { reason, why }
}

fn named(address: &Address) -> Result<Named, Refusal> {
    // The folded form is for comparing; the part before the @ may mean its capitals.
    let written = if address.shown.eq_ignore_ascii_case(&address.id) { &address.shown } else { &address.id };
    if !is_address(written) {
        let shown: String = written.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(refusal(
            Reason::RecipientUnavailable,
            format!(
                "\"{shown}\" is no mail address that anything can be sent to. Look for another way to reach this patron."
            ),
        ));
    }
    let name = address.name.as_deref().unwrap_or_default();
    Ok(Named { name: name.chars().filter(|c| !c.is_control()).collect(), address: written.clone() })
}

fn enclosed(draft: &Draft, most: u64) -> Result<Vec<Enclosure>, Refusal> {
    let total: u64 = draft.enclosures.iter().map(|file| file.size).sum();
    if total > most {
        return Err(refusal(
            Reason::BadAttachment,
            format!(
                "The files have {} together; this mail server takes {}. Leave one out, or send a link to it.",
                megabytes((total * 10).div_ceil(1 << 20)),
                megabytes(most * 10 / (1 << 20))
            ),
        ));
    }
    if draft.enclosures.len() > MOST_FILES {
        return Err(refusal(
            Reason::BadAttachment,
            format!("One mail takes {MOST_FILES} files; put them into one archive."),
        ));
    }
    for file in &draft.enclosures {
        if file.filename.chars().chain(file.content_type.chars()).any(char::is_control) {
            return Err(refusal(
                Reason::BadAttachment,
                "The name of a file holds a line break or another control character. Rename it.".to_owned(),
            ));
        }
    }
    Ok(draft.enclosures.clone())
}

fn megabytes(tenths: u64) -> String {
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        rest => format!("{}.{rest} MB", tenths / 10),
    }
}

/// `Re: ` once, whatever stood in front before, in the languages of common programs.
fn answer_to(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((mark, after)) = rest.split_once(':') {
        let mark = mark.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')'));
        if !["re", "aw", "sv", "antw", "odp", "rv", "ref"]
            .iter()
            .any(|known| mark.eq_ignore_ascii_case(known))
        {
            break;
        }
        rest = after.trim_start();
    }
    let rest: String = rest.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if rest.is_empty() { "Re: your question".to_owned() } else { format!("Re: {rest}") }
}

fn references(answered: &Answered) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in answered.references.iter().chain(&answered.id).filter_map(|text| id(text)) {
        ids.retain(|known| *known != id);
        ids.push(id);
    }
    if ids.len() > LAST_REFERENCES + 1 {
        ids.drain(1..ids.len() - LAST_REFERENCES);
    }
    ids
}

/// With brackets; none where it could break out of its header.
fn id(text: &str) -> Option<String> {
    let inner = text.trim().trim_matches(['<', '>']);
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>');
    (!inner.is_empty() && inner.len() <= 900 && inner.chars().all(plain)).then(|| format!("<{inner}>"))
}

/// The one mail that is answered, each line marked.
fn quote(answered: &Answered) -> Option<String> {
    let text = answered.text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    let who = answered.author.as_deref().unwrap_or("You");
    let when = answered.at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let when = when.map(|at| format!("On {}, ", at.strftime("%-d %B %Y"))).unwrap_or_default();
    let mut out = format!("{when}{who} wrote:");
    for line in text.lines().take(QUOTED_LINES) {
        // RFC 3676 section 4.5: quotes of quotes stand close together.
        out.push_str(if line.starts_with('>') { "\n>" } else { "\n> " });
        out.push_str(line);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_answered_once() {
        for (subject, answer) in [
            ("Opening hours", "Re: Opening hours"),
            ("Re: AW: RE[2]: Opening hours", "Re: Opening hours"),
            ("Fwd: Opening hours", "Re: Fwd: Opening hours"),
            ("Note: closed", "Re: Note: closed"),
            ("", "Re: your question"),
            ("a\r\nBcc: x@y.example", "Re: a  Bcc: x@y.example"),
        ] {
            assert_eq!(answer_to(subject), answer);
        }
    }

    #[test]
    fn long_threads_keep_their_first_and_latest_ids() {
        let references = (0..100).map(|n| format!("<{n}@a.example>")).collect();
        let answered =
            Answered { id: Some("<last@a.example>".to_owned()), references, ..Answered::default() };
        let ids = super::references(&answered);
        assert_eq!(ids.len(), LAST_REFERENCES + 1);
        assert_eq!((ids[0].as_str(), ids[20].as_str()), ("<0@a.example>", "<last@a.example>"));
    }

    #[test]
    fn ids_that_would_break_a_header_are_left_out() {
        for bad in ["", "<>", "a\r\nBcc: x@y.example", "a b@c", "ü@c"] {
            assert_eq!(id(bad), None);
        }
    }
}
