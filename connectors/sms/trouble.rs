//! What each of the platform's refusals means for what happens next.

use super::wire::Refused;
use crate::contract::{Failure, Reason, Scope};
use crate::web::Answer;

/// What follows from a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Never again, for this reason.
    Permanent(Reason),
    /// Later.
    Transient,
    /// Later, and nothing else meanwhile.
    Throttled,
    /// A person must give right keys.
    Signin,
    /// A person must settle it with the platform.
    Blocked,
}

/// The codes that are documented for sending and asking, with a sentence for whoever meets them.
pub const CODES: &[(u32, Then, &str)] = &[
    (
        20003,
        Then::Signin,
        "Twilio does not accept the Account SID with this token or key. Copy both again from the Twilio Console.",
    ),
    (
        20005,
        Then::Blocked,
        "The Twilio account is not active. Look into the Twilio Console, then test again.",
    ),
    (
        20006,
        Then::Blocked,
        "This key may not do that. Give it the right to read and send messages in the Twilio Console.",
    ),
    (20429, Then::Throttled, "Twilio is asked too often at the moment; it goes on by itself."),
    (14107, Then::Throttled, "Twilio is sent too much at the moment; it goes on by itself."),
    (21211, Then::Permanent(Reason::RecipientUnavailable), "Twilio says that this is no valid number."),
    (21214, Then::Permanent(Reason::RecipientUnavailable), "Twilio says that this number cannot be reached."),
    (21217, Then::Permanent(Reason::RecipientUnavailable), "Twilio says that this is no valid number."),
    (21265, Then::Permanent(Reason::RecipientUnavailable), "A short code cannot be texted."),
    (21266, Then::Permanent(Reason::RecipientUnavailable), "The patron's number is the library's own."),
    (
        21408,
        Then::Permanent(Reason::NotAllowed),
        "The Twilio account may not text to that country. It can be allowed in the Twilio Console under Geo permissions.",
    ),
    (
        21606,
        Then::Permanent(Reason::NotAllowed),
        "The channel's number cannot send texts. Look it up in the Twilio Console.",
    ),
    (
        21608,
        Then::Permanent(Reason::NotAllowed),
        "A Twilio trial account texts only to numbers that were verified in the Twilio Console.",
    ),
    (
        21610,
        Then::Permanent(Reason::OptedOut),
        "This patron has texted STOP. Nothing can be sent until they text START; reach them another way.",
    ),
    (21611, Then::Transient, "Twilio has too many texts waiting for this number; it is tried again."),
    (
        21612,
        Then::Permanent(Reason::RecipientUnavailable),
        "Twilio has no way from the library's number to this one.",
    ),
    (21614, Then::Permanent(Reason::RecipientUnavailable), "This is no mobile number: it cannot take texts."),
    (21617, Then::Permanent(Reason::TooLong), "The text is longer than Twilio takes."),
    (21619, Then::Permanent(Reason::ContentRefused), "Twilio takes no empty text."),
    (21620, Then::Permanent(Reason::BadAttachment), "Twilio could not use the file's address."),
    (21623, Then::Permanent(Reason::BadAttachment), "Twilio takes no more than ten files."),
    (21635, Then::Permanent(Reason::RecipientUnavailable), "This is a landline: it cannot take texts."),
    (
        21654,
        Then::Permanent(Reason::NotAllowed),
        "Twilio does not know the prepared text that was to be sent.",
    ),
    (
        21659,
        Then::Permanent(Reason::NotAllowed),
        "The channel's number does not belong to this Twilio account.",
    ),
    (
        21660,
        Then::Permanent(Reason::NotAllowed),
        "The channel's number does not belong to this Twilio account.",
    ),
    (
        21701,
        Then::Permanent(Reason::NotAllowed),
        "The Messaging Service is not there. Look up its SID in the Twilio Console.",
    ),
    (21703, Then::Permanent(Reason::NotAllowed), "The Messaging Service has no number to send from."),
    (21704, Then::Permanent(Reason::NotAllowed), "The Messaging Service has no number to send from."),
    (30001, Then::Transient, "Twilio's queue for this number is full; it is tried again."),
    (30002, Then::Blocked, "The Twilio account is suspended. Look into the Twilio Console, then test again."),
    (
        30022,
        Then::Transient,
        "The library's numbers send more than the carrier allows them; it is tried again.",
    ),
    (
        30023,
        Then::Permanent(Reason::NotAllowed),
        "The carrier's daily limit for the library's brand is used up. Send it tomorrow.",
    ),
    (
        63038,
        Then::Blocked,
        "The account's daily limit of messages is used up. It can be raised in the Twilio Console.",
    ),
];

/// Why a text did not arrive after the platform took it, in words.
const UNDELIVERED: &[(u32, &str)] = &[
    (30001, "Twilio's queue was full."),
    (30002, "The Twilio account was suspended before it left."),
    (30003, "The telephone is switched off or cannot be reached."),
    (30004, "The patron or their carrier blocks texts from this number."),
    (30005, "The number is unknown or no longer in use."),
    (30006, "The number is a landline or its carrier cannot take texts."),
    (
        30007,
        "The carrier held it for unwanted mail. Change the words, above all links, before sending it again.",
    ),
    (30008, "The carrier does not say why."),
    (30010, "It cost more than the account allows for one text."),
    (30017, "The carrier's network was overloaded."),
    (30019, "The carrier refused the contents as too large."),
    (30034, "The library's number is not registered for texting in the United States (A2P 10DLC)."),
    (30450, "Twilio took it for an attempt to run up costs and stopped it."),
    (21610, "This patron has texted STOP."),
];

/// The sentence for a text that did not arrive.
pub fn undelivered(code: Option<u32>) -> String {
    let known = code.and_then(|code| UNDELIVERED.iter().find(|(known, _)| *known == code));
    match (known, code) {
        (Some((code, words)), _) => format!("{words} (Twilio {code})"),
        (None, Some(code)) => format!("Twilio gives {code} as its reason."),
        (None, None) => "Twilio does not say why.".to_owned(),
    }
}

/// What a refusal means when something was asked; the platform has done nothing, and nothing was to be done.
pub fn asking(answer: &Answer, now: i64) -> Failure {
    failure(answer, now, "read").unwrap_or_else(|| match answer.status {
        408 | 500.. => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: format!("Twilio is out of order ({}). It is asked again.", answer.status),
        },
        status => Failure::Malformed {
            raw: answer.body.clone(),
            why: format!("Twilio refused to tell ({status}{}).", own_words(answer)),
        },
    })
}

/// What a refusal means when a text was to be sent.
pub fn sending(answer: &Answer, now: i64) -> Failure {
    failure(answer, now, "send").unwrap_or_else(|| match answer.status {
        // Said before anything was done.
        503 => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: "Twilio is out of order (503) and took nothing. It is tried again.".to_owned(),
        },
        408 | 500.. => Failure::Ambiguous {
            why: format!(
                "Twilio broke down while it took the text ({}); whether it left is being looked up.",
                answer.status
            ),
        },
        status => Failure::Permanent {
            reason: Reason::ContentRefused,
            why: format!("Twilio refused the text ({status}{}).", own_words(answer)),
        },
    })
}

/// What both have in common: the codes, and the statuses that mean the same everywhere.
fn failure(answer: &Answer, now: i64, endpoint: &str) -> Option<Failure> {
    let refused: Refused = serde_json::from_slice(&answer.body).unwrap_or_default();
    let known = refused.code.and_then(|code| CODES.iter().find(|(known, ..)| *known == code));
    let (then, why) = match (known, answer.status) {
        (Some((code, then, words)), _) => (*then, format!("{words} (Twilio {code})")),
        (None, 401) => (Then::Signin, words_of(20003)),
        (None, 429) => (Then::Throttled, words_of(20429)),
        (None, _) => return None,
    };
    let after_ms = answer.retry_after_ms(now);
    Some(match then {
        Then::Permanent(reason) => Failure::Permanent { reason, why },
        Then::Transient => Failure::Transient { after_ms, why },
        Then::Throttled => Failure::RateLimited {
            until: after_ms.and_then(|ms| now.checked_add_unsigned(ms)),
            scope: Scope::Endpoint(endpoint.to_owned()),
            why,
        },
        Then::Signin => Failure::NeedsSignin { why },
        Then::Blocked => Failure::AccountBlocked { until: None, why },
    })
}

fn words_of(code: u32) -> String {
    let known = CODES.iter().find(|(known, ..)| *known == code);
    known.map(|(_, _, words)| (*words).to_owned()).unwrap_or_default()
}

/// What the platform says of a refusal that is not listed here. Its words name numbers and settings, never keys.
fn own_words(answer: &Answer) -> String {
    let refused: Refused = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = refused.code.map(|code| format!(", its code {code}")).unwrap_or_default();
    let message = refused
        .message
        .filter(|text| !text.is_empty())
        .map(|text| format!(": {}", text.trim_end_matches('.')));
    format!("{code}{}", message.unwrap_or_default())
}
