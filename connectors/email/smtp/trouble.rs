//! What a submission server refused, in words for the person who wrote the answer.

use super::Answer;
use crate::contract::{Failure, Reason, Scope};
use crate::email::classify::Why;
use crate::email::imap::said;

/// Greylisting lifts after five minutes at most places; asking sooner starts its clock again at some.
const GREYLISTED_MS: u64 = 6 * 60_000;

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused<'a> {
    /// Us.
    Sender,
    /// This recipient.
    Recipient(&'a str),
    /// The mail.
    Content,
}

/// A refusal of a mail, by its code. The enhanced code (RFC 3463) may stand anywhere in the text: proxies put their own in
/// front of it.
pub fn refused(host: &str, what: Refused<'_>, answer: &Answer) -> Failure {
    let why = sentence(what, answer);
    let reason = Why::of(None, &format!("{} {}", answer.code, answer.text()));
    if answer.code == 530 || answer.code == 535 || answer.code == 538 {
        return Failure::NeedsSignin { why: format!("{host} wants us to sign in again. {why}") };
    }
    if answer.code < 500 {
        let text = answer.text().to_ascii_lowercase();
        let greylisted = answer.code == 450 || text.contains("4.7.1") || text.contains("greylist");
        if answer.code == 452 || text.contains("4.7.0") && text.contains("rate") || text.contains("too many")
        {
            return Failure::RateLimited { until: None, scope: Scope::Account, why };
        }
        return Failure::Transient { after_ms: greylisted.then_some(GREYLISTED_MS), why };
    }
    let reason = match (what, reason) {
        (_, Why::TooLarge) => Reason::TooLong,
        (Refused::Recipient(_), Why::Refused) => Reason::ContentRefused,
        (Refused::Recipient(_), _) => Reason::RecipientUnavailable,
        (Refused::Sender, _) => Reason::NotAllowed,
        (Refused::Content, _) => Reason::ContentRefused,
    };
    Failure::Permanent { reason, why }
}

/// The refusal as one plain sentence, with the server's words behind it. That nothing was delivered is for others to say.
pub fn sentence(what: Refused<'_>, answer: &Answer) -> String {
    let words = said(&answer.text());
    let why = why(answer);
    let later = if answer.code < 500 { " yet" } else { "" };
    let clause = if why == Why::Unknown { String::new() } else { format!(": {}", why.clause()) };
    let first = match what {
        Refused::Sender => format!("The mail server did not let us send{clause}."),
        Refused::Recipient(to) => why.about(to),
        Refused::Content => format!("The mail server did not take the mail{later}{clause}."),
    };
    format!("{first} It said: \"{} {words}\".", answer.code)
}

/// Why one recipient was refused, to stand in brackets behind its address.
pub fn aside(answer: &Answer) -> String {
    format!("{}; the mail server said \"{} {}\"", why(answer).clause(), answer.code, said(&answer.text()))
}

fn why(answer: &Answer) -> Why {
    Why::of(None, &format!("{} {}", answer.code, said(&answer.text())))
}

/// The server does not want to talk to us, now or at all.
pub fn unwelcome(host: &str, answer: &Answer) -> Failure {
    let words = said(&answer.text());
    if answer.code >= 500 {
        return Failure::AccountBlocked {
            until: None,
            why: format!("{host} does not talk to us: \"{} {words}\". Ask whoever runs it.", answer.code),
        };
    }
    Failure::Transient {
        after_ms: None,
        why: format!("{host} is not ready: \"{} {words}\". It is tried again.", answer.code),
    }
}

/// The sign-in was refused. The answer holds no secret.
pub fn denied(host: &str, username: &str, token: bool, answer: &Answer) -> Failure {
    let words = said(&answer.text());
    if answer.code < 500 && answer.code != 432 {
        return Failure::Transient {
            after_ms: None,
            why: format!("{host} cannot sign anybody in at the moment: \"{words}\". It is tried again."),
        };
    }
    let what = match (token, answer.code) {
        // Microsoft's words where passwords are switched off for the whole directory.
        (_, 550) | (false, 504 | 534) => {
            "This server takes no passwords for sending; choose another way of signing in."
        }
        (true, _) => "The sign-in was withdrawn or has ended. Sign the mailbox in again; the answer waits.",
        (false, _) => "Check name and password; many providers want an app password here. The answer waits.",
    };
    Failure::NeedsSignin {
        why: format!("{host} did not accept the sign-in of {username} (\"{words}\"). {what}"),
    }
}

/// Larger than the server says it takes.
pub fn too_large(host: &str, bytes: u64, most: u64) -> Failure {
    Failure::Permanent {
        reason: Reason::TooLong,
        why: format!(
            "The mail has {} MB with its files, and {host} takes {} MB. Send a smaller file, or a link to it.",
            bytes.div_ceil(1 << 20),
            most >> 20
        ),
    }
}

/// An address with letters the server cannot carry.
pub fn foreign(host: &str) -> Failure {
    Failure::Permanent {
        reason: Reason::RecipientUnavailable,
        why: format!(
            "{host} cannot send to an address with letters outside the Latin alphabet. Ask the patron for another address."
        ),
    }
}

/// A command that could be two.
pub fn unsayable() -> Failure {
    Failure::Permanent {
        reason: Reason::NotAllowed,
        why: "An address holds a line break, so nothing was sent.".to_owned(),
    }
}
