//! A letter with everything mail can carry: words, markup, files; from a person or from a machine.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use crate::simulator::mail::MailError;

/// A letter to the library.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The writer's name.
    pub name: String,
    /// The writer's address.
    pub from: String,
    /// The library's account.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same with markup, where the writer's program makes it.
    pub html: Option<String>,
    /// What lies in it.
    pub files: Vec<Enclosed>,
    /// Written by a machine that says so.
    pub automatic: bool,
    /// Its own name, unique in the town.
    pub id: String,
}

/// A file in a letter.
#[derive(Clone, Debug)]
pub struct Enclosed {
    /// As the writer named it.
    pub filename: String,
    /// `application/pdf`.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// The mail's bytes, written at this moment.
    pub(super) fn write(&self, at_ms: i64) -> Result<Vec<u8>, MailError> {
        let bad = |address: &str| MailError::BadAddress(address.to_owned());
        let from = self.from.parse().map_err(|_| bad(&self.from))?;
        let to = self.to.parse().map_err(|_| bad(&self.to))?;
        let domain = self.from.rsplit_once('@').map_or("town.example", |(_, domain)| domain);
        let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(at_ms).unwrap_or(0));
        let mut message = Message::builder()
            .from(Mailbox::new(Some(self.name.clone()), from))
            .to(Mailbox::new(None, to))
            .subject(&self.subject)
            .date(at)
            .message_id(Some(format!("<{}@mail.{domain}>", self.id)));
        if self.automatic {
            let name = HeaderName::new_from_ascii_str("Auto-Submitted");
            message = message.raw_header(HeaderValue::new(name, "auto-replied".to_owned()));
        }
        let plain = SinglePart::plain(self.text.trim_end().to_owned());
        // A boundary by chance would make the same town write other bytes each time.
        let both = |html: &String| {
            MultiPart::alternative()
                .boundary(format!("words-{}", self.id))
                .singlepart(plain.clone())
                .singlepart(SinglePart::html(html.clone()))
        };
        let written = match (&self.html, self.files.is_empty()) {
            (None, true) => message.singlepart(plain),
            (Some(html), true) => message.multipart(both(html)),
            (html, false) => {
                let mixed = MultiPart::mixed().boundary(format!("files-{}", self.id));
                let mut mixed = match html {
                    Some(html) => mixed.multipart(both(html)),
                    None => mixed.singlepart(plain.clone()),
                };
                for file in &self.files {
                    let kind = ContentType::parse(&file.content_type).unwrap_or(ContentType::TEXT_PLAIN);
                    mixed = mixed
                        .singlepart(Attachment::new(file.filename.clone()).body(file.bytes.clone(), kind));
                }
                message.multipart(mixed)
            }
        };
        Ok(written?.formatted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_carries_words_markup_and_files_and_is_the_same_each_time() {
        let letter = Letter {
            name: "Irena Wójcik".into(),
            from: "irena@patron.example".into(),
            to: "ask@library.example".into(),
            subject: "Książka".into(),
            text: "Dzień dobry".into(),
            html: Some("<p>Dzień dobry</p>".into()),
            files: vec![Enclosed {
                filename: "rewers.txt".into(),
                content_type: "text/plain".into(),
                bytes: b"1".to_vec(),
            }],
            automatic: false,
            id: "irena-1".into(),
        };
        let raw = letter.write(1_791_277_331_000).expect("it can be written");
        assert_eq!(raw, letter.write(1_791_277_331_000).expect("again"));
        let read = mail_parser::MessageParser::default().parse(&raw).expect("it can be read");
        assert_eq!(read.subject(), Some("Książka"));
        assert_eq!(read.attachment_count(), 1);
        assert_eq!(read.message_id(), Some("irena-1@mail.patron.example"));
    }
}
