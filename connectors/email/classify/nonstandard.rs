//! Bounces that do not follow RFC 3464, recognised by what several independent signs say together.
//!
//! A patron may well write "your mail could not be delivered", and paste what the server said: wording alone never makes a
//! bounce. It takes a machine's sign, and the weaker that is, the more must be said beside it. What stays in doubt is a
//! patron's message: a bounce among the messages costs a glance, a question among the bounces is never answered.

use std::sync::LazyLock;

use regex::Regex;

use super::automatic::Sender;
use super::report::{Action, Recipient, Report, original};
use super::why::Why;
use crate::email::body::Body;
use crate::email::mime::{Tree, addresses, ids};

pub(super) fn report(tree: &Tree<'_>, body: &Body, sender: Sender) -> Option<Report> {
    let headers = &tree.parts[0].headers;
    let failed = headers.get("x-failed-recipients");
    let subject = headers.text("subject").unwrap_or_default().to_lowercase();
    // The signs stand at the top; a copy of the original may follow and be long.
    let text = &body.text[..body.text.floor_char_boundary(8 << 10)];
    let lower = text.to_lowercase();
    let by_subject = SUBJECTS.iter().any(|words| subject.contains(words));
    let by_text = PHRASES.iter().any(|words| lower.contains(words));
    let copy = || {
        COPY.is_match(&body.text[..body.text.floor_char_boundary(64 << 10)])
            || tree.parts.iter().any(|part| part.is_mail())
    };
    let own = COPY.find(text).map_or(text, |found| &text[..found.start()]);
    // Mail systems ask nothing, and write neither answers nor forwards.
    let by_person = || is_prefixed(&subject) || asks(&subject) || asks(own);
    let evidence = || SMTP.is_match(text) || copy();
    let is_report = match sender {
        _ if failed.is_some() => true,
        Sender::Daemon => true,
        Sender::Nobody => {
            let words = by_subject && by_text
                || (by_subject || by_text) && headers.get("in-reply-to").is_none() && evidence();
            words && !by_person()
        }
        Sender::Office => {
            by_subject && by_text && (evidence() || !own_recipients(own).is_empty()) && !by_person()
        }
        Sender::Ordinary | Sender::Unread => false,
    };
    if !is_report {
        return None;
    }
    let delayed = ["delayed", "warning", "verzögert", "retard", "will be retried", "still being retried"];
    let action =
        match delayed.iter().any(|word| subject.contains(word)) || lower.contains("warning message only") {
            true => Action::Delayed,
            false => Action::Failed,
        };
    let named: Vec<String> = match failed {
        Some(raw) => addresses::parse(raw, None)
            .into_iter()
            .map(|one| one.address)
            .filter(|one| !one.is_empty())
            .take(50)
            .collect(),
        None => own_recipients(own),
    };
    let why = Why::of(None, own);
    let said = own.lines().map(str::trim).find(|line| SMTP.is_match(line)).unwrap_or_default();
    let said = crate::email::names::harmless(said);
    let recipients = named
        .into_iter()
        .map(|address| Recipient { address, action, status: None, said: said.clone(), why })
        .collect();
    let original_message_id = original(tree)
        .and_then(|original| original.text("message-id"))
        .or_else(|| MESSAGE_ID.captures(&body.text).map(|found| found[1].to_owned()))
        .and_then(|id| ids::single(&id));
    Some(Report { envelope_id: None, original_message_id, recipients, is_standard: false })
}

/// Begins as answers and forwards do in any language: a few letters and a colon.
fn is_prefixed(subject: &str) -> bool {
    subject.split_once(':').is_some_and(|(prefix, _)| prefix.trim().chars().count() <= 4)
}

/// A question mark ends a word; those inside links do not count.
fn asks(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| word.trim_end_matches(['"', '\'', ')', '”', '»', '!', '.']).ends_with(['?', '？', '؟']))
}

/// Addresses the report itself names, without those one is told to write to for help.
fn own_recipients(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for address in ADDRESS.find_iter(text).map(|found| found.as_str()) {
        let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let office = ["postmaster", "mailer-daemon", "support", "abuse", "helpdesk", "hostmaster"]
            .contains(&local.as_str());
        if !office && !found.iter().any(|known| known.eq_ignore_ascii_case(address)) {
            found.push(address.to_owned());
        }
        if found.len() == 10 {
            break;
        }
    }
    found
}

const SUBJECTS: [&str; 58] = [
    "undeliver",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery status notification",
    "delivery notification",
    "delivery report",
    "delivery problem",
    "delivery error",
    "delivery warning",
    "failure notice",
    "failure notification",
    "returned mail",
    "returned to sender",
    "returning to sender",
    "returning message to sender",
    "return to sender",
    "mail failed",
    "failed mail",
    "non-delivery",
    "nondeliverable",
    "not delivered",
    "non delivered",
    "mail error",
    "mail system error",
    "message delayed",
    "error report",
    "processing error",
    "could not be delivered",
    "couldn't be delivered",
    "could not send message",
    "mail could not be sent",
    "rejected mail",
    "unzustellbar",
    "nicht zustellbar",
    "zustellung fehlgeschlagen",
    "zustellungsfehler",
    "nicht zugestellt",
    "non remis",
    "non distribu",
    "échec de la remise",
    "echec de la remise",
    "échec de livraison",
    "no se puede entregar",
    "no se ha podido entregar",
    "no entregado",
    "error de entrega",
    "mancata consegna",
    "recapito non riuscito",
    "onbestelbaar",
    "niet bezorgd",
    "não entregue",
    "falha na entrega",
    "kan ikke leveres",
    "kunde inte levereras",
    "не доставлен",
    "недоставлен",
    "退信",
];

const PHRASES: [&str; 53] = [
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "can not be delivered",
    "was not delivered",
    "wasn't delivered",
    "were not delivered",
    "not able to deliver",
    "unable to deliver",
    "undeliverable",
    "undelivered",
    "did not reach the following",
    "did not receive",
    "delivery failed",
    "delivery to the following",
    "delivery failure",
    "delivery has failed",
    "has been delayed",
    "failed recipient",
    "following address(es) failed",
    "addresses had permanent",
    "addresses had delivery",
    "permanent fatal error",
    "permanent error",
    "fatal errors",
    "user unknown",
    "unknown user",
    "no such user",
    "returned message",
    "message returned",
    "non-delivery report",
    "original message follows",
    "below this line is a copy",
    "the original message was received",
    "could not deliver message",
    "will continue to try to deliver",
    "encountered delivery problems",
    "is over quota",
    "mailbox full",
    "mailbox is full",
    "delivery error",
    "does not exist",
    "konnte nicht zugestellt",
    "unzustellbar",
    "nicht ausgeliefert",
    "n'a pas pu être",
    "non remis",
    "no se ha podido entregar",
    "no se pudo entregar",
    "non è stato possibile consegnare",
    "kon niet worden bezorgd",
    "не может быть доставлен",
];

static SMTP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b[45]\d\d[ -]?#?[45]\.\d\.\d|\b(?i:code|said:?|error:?|smtp;?) ?\(?[45]\d\d\b|\b55[0-4]\b")
});
static COPY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^\W{0,4}(?:Received: from|Return-Path:|Message-I[Dd]:)"));
static MESSAGE_ID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?im)^\W{0,4}message-id:\s*(<[^<>\s]{3,500}>)"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}
