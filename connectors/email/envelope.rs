//! A mail as the server gave it, made into an envelope: named by the server's numbers, its content by a fingerprint.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::Mailbox;
use super::imap::Listed;
use super::inbound::{self, Own};
use super::poll::Content;
use crate::contract::{Envelope, Event, Failure, Held, HeldReason, Kept};

/// One mail and where it was found.
pub struct Found {
    /// As people write it.
    pub folder: String,
    /// The era of the UID.
    pub uid_validity: u32,
    /// As listed.
    pub mail: Listed,
    /// What is here of it.
    pub content: Content,
    /// It was given a new number.
    pub renumbered: bool,
    /// The folder holds sent mail.
    pub echoes: bool,
}

/// Unique in the mailbox for as long as the server keeps its numbers.
pub fn external_id(folder: &str, uid_validity: u32, uid: u32) -> String {
    format!("{folder}/{uid_validity}/{uid}")
}

/// Reads the mail and wraps it. A mail that cannot be read is held with its bytes, whatever happens inside.
pub async fn make(mailbox: &Mailbox, found: Found) -> Envelope {
    let Found { folder, uid_validity, mail, content, renumbered, echoes } = found;
    let now = mailbox.account.outside.now();
    let own = Own::of(mailbox);
    let (raw, event) = match content {
        Content::Whole(raw) => {
            let bytes = raw.clone();
            // Large mails take a moment, which other channels need not wait for.
            let reading = tokio::task::spawn_blocking(move || inbound::event(&bytes, &own, echoes));
            (raw, reading.await.unwrap_or_else(|_| unreadable()))
        }
        Content::Head(raw) => {
            let why = format!(
                "This mail has {} MB, more than the {} MB this channel takes. Only its head is here; the mail itself lies untouched in {folder}. To have it here, raise the limit in the channel's settings.",
                mail.size.div_ceil(1 << 20),
                mailbox.config.max_mail_bytes >> 20,
            );
            let event = inbound::held(&raw, HeldReason::Oversized, why);
            (raw, event)
        }
        Content::Refused(words) => {
            let why = format!(
                "The mail server did not give this mail, number {} in {folder}, in three attempts (\"{words}\"). Look at it in the mailbox itself.",
                mail.uid
            );
            (
                Bytes::new(),
                Event::Held(Held {
                    reason: HeldReason::Unreadable,
                    why,
                    author: None,
                    subject: None,
                    receipt: None,
                }),
            )
        }
    };
    Envelope {
        external_id: external_id(&folder, uid_validity, mail.uid),
        fingerprint: (!raw.is_empty()).then(|| fingerprint(&raw, mail.size)),
        renumbered,
        raw,
        content_type: "message/rfc822",
        at: mail.at.unwrap_or(now),
        event,
    }
}

/// What a mail says that was kept and is no answer of ours.
pub async fn again(mailbox: &Mailbox, kept: &Kept) -> Result<Event, Failure> {
    let (raw, own) = (kept.raw.clone(), Own::of(mailbox));
    let reading = tokio::task::spawn_blocking(move || inbound::event(&raw, &own, false));
    Ok(reading.await.unwrap_or_else(|_| unreadable()))
}

/// The head and the size as listed, so that a mail of which only the head was read is known again as well.
fn fingerprint(raw: &[u8], size: u64) -> String {
    let mut hash = Sha256::new();
    hash.update(head(raw));
    hash.update(size.to_be_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Up to the first empty line, without it.
fn head(raw: &[u8]) -> &[u8] {
    let mut start = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            break;
        }
        start += line.len();
    }
    raw[..start].trim_ascii_end()
}

fn unreadable() -> Event {
    Event::Held(Held {
        reason: HeldReason::Unreadable,
        why: "This mail could not be read. It was kept as it came and can be downloaded.".to_owned(),
        author: None,
        subject: None,
        receipt: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_alone_names_the_same_mail_as_all_of_it() {
        let whole = b"From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n";
        let only = b"From: a@b.example\r\nSubject: x\r\n\r\n";
        assert_eq!(fingerprint(whole, 40), fingerprint(only, 40));
        assert_ne!(fingerprint(whole, 40), fingerprint(whole, 41));
        assert_eq!(head(b"\r\nbody"), b"");
        assert_eq!(head(b"no end"), b"no end");
    }
}
