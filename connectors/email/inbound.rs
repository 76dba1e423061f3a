//! The bytes of a mail become an event. Pure: no I/O, no clock.
//!
//! Who wrote it decides little, since anybody can write anybody's address: mail in the folder of sent mail is ours because it
//! lies there, mail elsewhere is ours only with a mark that nobody else can make. Mail from our own address without the mark
//! is a form on the library's website as often as a forgery, and is shown.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::channel::Mailbox;
use super::classify::{Action, Nature, Report};
use super::mail::{self, Limits, Mail};
use super::{read, token, trim};
use crate::contract::{
    Address, Attachment, Content, Event, Held, HeldReason, Key, Message, Receipt, ReceiptState, Said, Thread,
    Visibility,
};

/// Mail that passed more relays than this goes round in circles (the limit of common mail servers).
const MOST_HOPS: usize = 50;
/// More ids than this tell nothing more about where a mail belongs.
const MOST_REFERENCES: usize = 100;

/// What "we" means.
#[derive(Clone, Debug)]
pub struct Own {
    /// Our addresses, lower case.
    pub ours: Vec<String>,
    /// Proves our ids.
    pub proof_key: Arc<[u8]>,
    /// After the @ of our Message-IDs.
    pub domain: String,
    /// The largest mail that is read, bytes.
    pub max_bytes: usize,
}

impl Own {
    /// Of a channel.
    pub fn of(mailbox: &Mailbox) -> Self {
        Self {
            ours: mailbox.config.ours.clone(),
            proof_key: mailbox.account.proof_key.clone(),
            domain: mailbox.config.domain.clone(),
            // A server's idea of a mail's size may be too small; what came all the same is read.
            max_bytes: usize::try_from(mailbox.config.max_mail_bytes * 2).unwrap_or(usize::MAX),
        }
    }

    fn key(&self, id: &str) -> Option<Key> {
        token::verify(&self.proof_key, id).map(Key)
    }
}

/// What a mail says. `echoes`: it lies in the folder of sent mail.
pub fn event(raw: &[u8], own: &Own, echoes: bool) -> Event {
    let limits = Limits { mail_bytes: own.max_bytes, ..Limits::default() };
    let mail = match read::read_within(raw, &limits) {
        Ok(mail) => mail,
        Err(held) => {
            let reason = match held {
                mail::Held::TooBig { .. } => HeldReason::Oversized,
                mail::Held::Unreadable => HeldReason::Unreadable,
            };
            return Event::Held(Held {
                reason,
                why: held.to_string(),
                author: None,
                subject: None,
                receipt: None,
            });
        }
    };
    if echoes {
        return Event::Echo(Box::new(message(mail, own)));
    }
    let marked = mail.loop_mark.as_deref().is_some_and(|mark| token::is_loop_mark(&own.proof_key, mark));
    let is_own = marked || mail.message_id.as_deref().is_some_and(|id| own.key(id).is_some());
    match &mail.nature {
        Nature::Delivery(report) => bounced(report, &mail, own),
        _ if is_own => hold(
            &mail,
            HeldReason::Loop,
            "This is a mail of ours that came back: a copy to our own address, or somebody's forwarding.".to_owned(),
        ),
        _ if mail.hops > MOST_HOPS => hold(
            &mail,
            HeldReason::Loop,
            format!("This mail has passed {} mail servers and most likely goes round in circles.", mail.hops),
        ),
        Nature::AutoReply => hold(
            &mail,
            HeldReason::Automatic,
            "A program answered, not a person: out of office, or an acknowledgement. Nothing goes back to it.".to_owned(),
        ),
        Nature::Opened { original_message_id } => {
            let receipt = original_message_id.as_deref().and_then(|id| {
                Some(Receipt {
                    key: Some(own.key(id)?),
                    id: Some(bracketed(id)),
                    state: ReceiptState::Read,
                    recipient: mail.from.first().map(|from| from.address.clone()),
                    why: None,
                })
            });
            let why = "The patron's mail program says that the answer was opened.".to_owned();
            with_receipt(hold(&mail, HeldReason::Ignored, why), receipt)
        }
        Nature::Complaint { .. } => hold(
            &mail,
            HeldReason::Ignored,
            "A provider reports that somebody marked a mail of ours as spam.".to_owned(),
        ),
        _ if says_nothing(&mail) => hold(
            &mail,
            HeldReason::Unreadable,
            "This mail is empty: it has neither a subject nor a text nor a file. It was kept as it came.".to_owned(),
        ),
        Nature::Personal | Nature::Bulk => Event::Message(Box::new(message(mail, own))),
    }
}

/// Holds what was not read further, with who and what it was as far as its head tells.
pub fn held(raw: &[u8], reason: HeldReason, why: String) -> Event {
    match read::read(raw) {
        Ok(mail) => hold(&mail, reason, why),
        Err(_) => Event::Held(Held { reason, why, author: None, subject: None, receipt: None }),
    }
}

/// Nobody could answer it. A subject alone is a message: many patrons write nothing else.
fn says_nothing(mail: &Mail) -> bool {
    mail.subject.trim().is_empty()
        && mail.text.trim().is_empty()
        && mail.html.is_none()
        && mail.attachments.is_empty()
        && mail.notices.is_empty()
}

fn hold(mail: &Mail, reason: HeldReason, why: String) -> Event {
    let subject = Some(mail.subject.clone()).filter(|subject| !subject.is_empty());
    Event::Held(Held { reason, why, author: mail.from.first().and_then(address), subject, receipt: None })
}

fn with_receipt(event: Event, receipt: Option<Receipt>) -> Event {
    match event {
        Event::Held(held) => Event::Held(Held { receipt, ..held }),
        other => other,
    }
}

/// A delivery report settles the reply it speaks of only if it names it by an id that nobody could have guessed.
fn bounced(report: &Report, mail: &Mail, own: &Own) -> Event {
    let by_envelope = report.envelope_id.as_deref().and_then(|id| own.key(&format!("{id}@{}", own.domain)));
    let key = by_envelope.or_else(|| report.original_message_id.as_deref().and_then(|id| own.key(id)));
    let state = |action: Action| match action {
        Action::Failed => ReceiptState::Failed,
        Action::Delayed => ReceiptState::Delayed,
        Action::Delivered => ReceiptState::Delivered,
        Action::Relayed | Action::Expanded => ReceiptState::Relayed,
    };
    // Of several recipients the worst off is the one somebody must act for.
    let worst = report.recipients.iter().max_by_key(|one| match one.action {
        Action::Failed => 4,
        Action::Delayed => 3,
        Action::Relayed | Action::Expanded => 2,
        Action::Delivered => 1,
    });
    let why = worst.map_or_else(
        || {
            "The mail system reports that something we sent was not delivered; it does not say to whom."
                .to_owned()
        },
        |one| one.sentence(),
    );
    let receipt = key.map(|key| Receipt {
        key: Some(key),
        id: report.original_message_id.as_deref().map(bracketed),
        state: worst.map_or(ReceiptState::Failed, |one| state(one.action)),
        recipient: worst.map(|one| one.address.clone()).filter(|address| !address.is_empty()),
        why: Some(worst.map_or_else(|| "The mail system does not say why.".to_owned(), |one| one.reason())),
    });
    // Word of success is asked for by nobody here, and is no trouble.
    let reason = if mail.nature.is_bounce() { HeldReason::Bounce } else { HeldReason::Ignored };
    with_receipt(hold(mail, reason, why), receipt)
}

fn message(mail: Mail, own: &Own) -> Message {
    let automatic = mail.nature.is_automatic();
    let from = mail.from.first();
    let from_us = from.is_some_and(|from| own.ours.contains(&from.address.to_lowercase()));
    // A form on the library's website writes in the library's name and gives the patron as the one to answer.
    let author = mail.reply_to.first().filter(|_| from_us).or(from).and_then(address);
    let references = references(&mail);
    // A copy of what we sent ourselves first names itself: the delivery it is the copy of.
    let itself = mail.message_id.as_deref().and_then(|id| own.key(id));
    let proven = itself.into_iter().chain(references.iter().filter_map(|id| own.key(id))).collect();
    Message {
        id: mail.message_id.as_deref().map(bracketed),
        author,
        recipients: mail.to.iter().chain(&mail.cc).filter_map(address).collect(),
        written_at: mail.date.map(|date| date.at_ms),
        visibility: Visibility::Private,
        subject: Some(mail.subject.clone()).filter(|subject| !subject.is_empty()),
        thread: Thread { conversation: None, references, proven },
        automatic,
        link: None,
        said: said(&mail),
        attachments: mail.attachments.into_iter().map(attachment).collect(),
    }
}

fn said(mail: &Mail) -> Said {
    let mut text = mail.text.clone();
    let trimmed = trim::of_mail(mail);
    let mut reply_text = if trimmed.elided.is_empty() { text.clone() } else { trimmed.reply };
    // Who looks at an empty or shortened mail must learn why it is so.
    for notice in &mail.notices {
        for text in [&mut text, &mut reply_text] {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&format!("[{}]", notice.sentence()));
        }
    }
    Said { text, reply_text, html: mail.html.clone() }
}

/// Nearest first, with brackets, each once.
fn references(mail: &Mail) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        let id = bracketed(id);
        if !ids.contains(&id) && ids.len() < MOST_REFERENCES {
            ids.push(id);
        }
    }
    ids
}

fn address(mailbox: &mail::Mailbox) -> Option<Address> {
    (!mailbox.address.is_empty()).then(|| Address {
        id: mailbox.address.to_lowercase(),
        shown: mailbox.address.clone(),
        name: Some(mailbox.name.clone()).filter(|name| !name.is_empty()),
    })
}

fn attachment(file: mail::Attachment) -> Attachment {
    Attachment {
        filename: file.filename,
        content_type: file.content_type,
        content: Content::Here(Bytes::from(file.bytes)),
        content_id: file.content_id,
        inline: file.inline,
    }
}

/// As ids stand in headers.
pub fn bracketed(id: &str) -> String {
    format!("<{}>", id.trim_matches(['<', '>']))
}

/// The key under which a part of ours can be looked for, from its Message-ID.
pub fn minted(proof_key: &[u8], key: Uuid, domain: &str) -> String {
    token::mint(proof_key, key, domain)
}
