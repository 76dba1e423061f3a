//! The report of one mail for the command line.

use serde::Serialize;

use super::mail::{Attachment, Held, Mailbox};
use super::{read, trim};

/// What `mail inspect` prints.
#[derive(Debug, Serialize)]
pub struct InspectedMail {
    /// Decoded subject.
    pub subject: String,
    /// Writers.
    pub from: Vec<Mailbox>,
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// Copies.
    pub cc: Vec<Mailbox>,
    /// As written.
    pub message_id: Option<String>,
    /// As written.
    pub in_reply_to: Option<String>,
    /// Ids without brackets.
    pub references: Vec<String>,
    /// RFC 3339.
    pub date: Option<String>,
    /// The plain parts; where there are neither these nor HTML, what the product shows: an invitation's line, words without
    /// a header. HTML alone is told by `html_present` and `reply_text`.
    pub text: String,
    /// There is an HTML part.
    pub html_present: bool,
    /// Files, those unpacked from a winmail.dat included.
    pub attachments: Vec<InspectedFile>,
    /// Written by a program.
    pub automatic: bool,
    /// A delivery report.
    pub bounce: bool,
    /// What it says anew: the text without a trailing quote and signature.
    pub reply_text: String,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct InspectedFile {
    /// Name as sent.
    pub filename: Option<String>,
    /// Declared type.
    pub content_type: String,
    /// Bytes.
    pub size: usize,
    /// Hexadecimal.
    pub sha256: String,
}

/// Reads and reports.
///
/// # Errors
/// As [`read::read`].
pub fn inspect(bytes: &[u8]) -> Result<InspectedMail, Held> {
    let mail = read::read(bytes)?;
    let reply_text = trim::of_mail(&mail).reply;
    let shows_text = mail.html.is_none() && mail.plain.trim().is_empty();
    let given = |text: String| (!text.is_empty()).then_some(text);
    Ok(InspectedMail {
        subject: mail.subject,
        from: mail.from.into_iter().filter(|one| !one.address.is_empty()).collect(),
        to: mail.to,
        cc: mail.cc,
        message_id: given(mail.ids_as_written.0),
        in_reply_to: given(mail.ids_as_written.1),
        references: mail.references,
        date: mail.date.map(|date| date.rfc3339()),
        text: if shows_text { mail.text } else { mail.plain },
        html_present: mail.html.is_some(),
        attachments: mail.attachments.iter().map(file).collect(),
        automatic: mail.nature.is_automatic(),
        bounce: mail.nature.is_bounce(),
        reply_text,
    })
}

fn file(file: &Attachment) -> InspectedFile {
    InspectedFile {
        filename: file.filename.clone(),
        content_type: file.content_type.clone(),
        size: file.bytes.len(),
        sha256: file.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
