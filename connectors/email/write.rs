//! A letter as the bytes of a mail (RFC 5322, MIME), by lettre.

use bytes::Bytes;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, Message, MultiPart};

use super::names;
use super::outbound::{Letter, Named};
use super::token::LOOP_HEADER;
use crate::markup::from_markdown;

/// The whole mail, CRLF line ends, only ASCII: any server takes it. The same letter, files and ids give the same mail but
/// for its MIME boundaries. `files` are the bytes of the letter's files, in its order.
///
/// # Errors
/// A sentence, where an address or date cannot be written in a mail.
pub fn mail(
    letter: &Letter,
    files: &[Bytes],
    our_address: &str,
    message_id: &str,
    loop_mark: &str,
) -> Result<Vec<u8>, String> {
    let from = Named { name: letter.from_name.clone(), address: our_address.to_owned() };
    let date = std::time::UNIX_EPOCH
        .checked_add(std::time::Duration::from_millis(u64::try_from(letter.written_at).unwrap_or_default()))
        .ok_or_else(|| "The time of this answer is none that a calendar knows.".to_owned())?;
    let mut message = Message::builder()
        .from(mailbox(&from)?)
        .subject(on_one_line(&letter.subject))
        .date(date)
        .message_id(Some(message_id.to_owned()))
        .header(Mark(loop_mark.to_owned()));
    for to in &letter.to {
        message = message.to(mailbox(to)?);
    }
    for cc in &letter.cc {
        message = message.cc(mailbox(cc)?);
    }
    if let Some(id) = &letter.in_reply_to {
        message = message.in_reply_to(id.clone());
    }
    if !letter.references.is_empty() {
        message = message.references(letter.references.join(" "));
    }
    if letter.automatic {
        message = message.header(Automatic).header(Suppress);
    }
    let html = format!("<!doctype html><html><body>{}</body></html>", from_markdown(&letter.text));
    let text = MultiPart::alternative_plain_html(letter.text.clone(), html);
    let unwritable =
        |error: &dyn std::fmt::Display| format!("This answer cannot be written as a mail ({error}).");
    let message = if letter.files.is_empty() {
        message.multipart(text)
    } else {
        let mut parts = MultiPart::mixed().multipart(text);
        for (file, bytes) in letter.files.iter().zip(files) {
            // A kind nobody can write is sent as what it surely is.
            let kind = ContentType::parse(&file.content_type)
                .or_else(|_| ContentType::parse("application/octet-stream"))
                .map_err(|error| unwritable(&error))?;
            parts = parts.singlepart(Attachment::new(file.filename.clone()).body(in_base64(bytes), kind));
        }
        message.multipart(parts)
    };
    Ok(message.map_err(|error| unwritable(&error))?.formatted())
}

/// Every byte as it is: other encodings may turn line ends.
fn in_base64(bytes: &Bytes) -> Body {
    Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .expect("any bytes can be written in base64")
}

fn mailbox(named: &Named) -> Result<Mailbox, String> {
    let address = named
        .address
        .parse()
        .map_err(|_| format!("\"{}\" is no address that a mail can carry.", named.address))?;
    // The writer of a header panics at a line break, and a name is a stranger's to choose.
    Ok(Mailbox::new(Some(names::harmless(&named.name)).filter(|name| !name.is_empty()), address))
}

/// White space as single spaces: of several between two words outside ASCII the encoder loses all.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// By which a mail of ours that comes back is known.
#[derive(Clone)]
struct Mark(String);

impl Header for Mark {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str(LOOP_HEADER)
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// RFC 3834: no program may answer this.
#[derive(Clone)]
struct Automatic;

impl Header for Automatic {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-replied".to_owned())
    }
}

/// Exchange asks for its own header as well, or it answers with absence notes.
#[derive(Clone)]
struct Suppress;

impl Header for Suppress {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Auto-Response-Suppress")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "All".to_owned())
    }
}
