//! What a webhook's body becomes, laid out for a person.

use serde::Serialize;
use serde_json::Value;

use super::inbound::{Event, HeldReason, Message};

/// One event of a webhook's body, in words that are the same for every platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inspected {
    /// `message`, `echo`, `receipt`, `postback`, `unknown`, `ignored:…` with what it was, or the platform's own word.
    pub kind: String,
    /// The account of ours that it was sent to, as the platform names it.
    pub account: Option<String>,
    /// Who made it happen, as the platform names them.
    pub author: Option<String>,
    /// The platform's id of what was said.
    pub external_id: Option<String>,
    /// What was said.
    pub text: Option<String>,
    /// How many files came along.
    pub attachments: usize,
    /// Their kinds as the platform names them (`image`, `image/jpeg`), in order.
    pub attachment_types: Vec<String>,
    /// The id of what it answers.
    pub reply_to: Option<String>,
    /// When, as the platform wrote it (a number or a text); null where it did not.
    pub timestamp: Value,
}

impl Inspected {
    /// What the contract alone knows of an event; the connector adds the account, and its own word where it has a better.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Message(message) => Self::said("message", message),
            Event::Echo(message) => Self::said("echo", message),
            Event::Receipt(receipt) => Self {
                kind: "receipt".to_owned(),
                author: receipt.recipient.clone(),
                external_id: receipt.id.clone(),
                ..Self::default()
            },
            Event::Edited { of, text } => Self {
                kind: "edited".to_owned(),
                external_id: Some(of.clone()),
                text: Some(text.clone()),
                ..Self::default()
            },
            Event::Deleted { of } => {
                Self { kind: "deleted".to_owned(), external_id: Some(of.clone()), ..Self::default() }
            }
            Event::OptOut { address, stopped } => Self {
                kind: if *stopped { "opt_out" } else { "opt_in" }.to_owned(),
                author: Some(address.id.clone()),
                ..Self::default()
            },
            Event::Held(held) => Self {
                kind: match held.reason {
                    HeldReason::Unreadable => "unknown".to_owned(),
                    reason => format!("ignored:{}", reason.as_str()),
                },
                author: held.author.as_ref().map(|author| author.id.clone()),
                ..Self::default()
            },
            Event::Gap { .. } => Self { kind: "gap".to_owned(), ..Self::default() },
            Event::Revoked { .. } => Self { kind: "revoked".to_owned(), ..Self::default() },
        }
    }

    fn said(kind: &str, message: &Message) -> Self {
        let text = &message.said.text;
        Self {
            kind: kind.to_owned(),
            account: message.recipients.first().map(|one| one.id.clone()),
            author: message.author.as_ref().map(|author| author.id.clone()),
            external_id: message.id.clone(),
            text: (!text.is_empty()).then(|| text.clone()),
            attachments: message.attachments.len(),
            attachment_types: message.attachments.iter().map(|file| file.content_type.clone()).collect(),
            reply_to: message.thread.references.first().cloned(),
            timestamp: message.written_at.map_or(Value::Null, Value::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Address, Attachment, Content, Held, Said, Thread};

    #[test]
    fn a_message_is_laid_out_with_what_it_carries() {
        let address = |id: &str| Address { id: id.to_owned(), shown: id.to_owned(), name: None };
        let message = Message {
            id: Some("m1".into()),
            author: Some(address("patron")),
            recipients: vec![address("library")],
            written_at: Some(7),
            said: Said { text: "Hello".into(), ..Said::default() },
            thread: Thread { references: vec!["m0".into()], ..Thread::default() },
            attachments: vec![Attachment {
                filename: None,
                content_type: "image/png".into(),
                content: Content::There { reference: "1".into(), size: None },
                content_id: None,
                inline: false,
            }],
            ..Message::default()
        };
        let laid_out = Inspected::of(&Event::Message(Box::new(message)));
        let expected = serde_json::json!({
            "kind": "message", "account": "library", "author": "patron", "external_id": "m1", "text": "Hello",
            "attachments": 1, "attachment_types": ["image/png"], "reply_to": "m0", "timestamp": 7,
        });
        assert_eq!(serde_json::to_value(laid_out).unwrap(), expected);
    }

    #[test]
    fn what_nobody_can_read_is_unknown_and_what_nobody_wants_is_ignored() {
        let held = |reason| {
            let held = Held { reason, why: String::new(), author: None, subject: None, receipt: None };
            Inspected::of(&Event::Held(held)).kind
        };
        assert_eq!(held(HeldReason::Unreadable), "unknown");
        assert_eq!(held(HeldReason::Ignored), "ignored:ignored");
    }
}
