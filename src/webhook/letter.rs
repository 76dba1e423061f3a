//! What another program is told, and how it can tell that it was us: the Standard Webhooks convention, which says which
//! three headers there are and what is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use uuid::Uuid;

use crate::model::Millis;
use crate::model::event::{Event, Kind};
use crate::model::webhook::Webhook;

/// What a secret begins with where it is shown.
pub(super) const SECRET_PREFIX: &str = "whsec_";

/// One call's content. The same event is the same letter however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// By which the reader knows one that comes twice.
    pub id: String,
    /// JSON.
    pub body: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    data: Data<'a>,
}

/// No name and no word of anybody, unless the text was asked for.
#[derive(Default, Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    staff_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// Whether an event of this kind carries its text for those who asked for text. Notes never leave the house.
pub(super) fn carries_text(kind: Kind) -> bool {
    matches!(kind, Kind::Opened | Kind::Message | Kind::Reply | Kind::Echo | Kind::Away)
}

/// An event. `text` is what was written, where the webhook is told that.
pub(super) fn of_event(webhook: &Webhook, event: &Event, text: Option<&str>) -> Letter {
    let data = Data {
        seq: Some(event.seq),
        conversation_id: Some(event.conversation_id),
        message_id: event.message_id,
        staff_id: event.staff_id,
        text: text.filter(|_| webhook.with_text && carries_text(event.kind)),
    };
    let id = format!("msg_{}_{}", webhook.id.simple(), event.seq);
    Letter { id, body: body(event.kind.as_str(), event.at, data) }
}

/// A call that means nothing.
pub(super) fn of_test(unique: Uuid, now: Millis) -> Letter {
    Letter { id: format!("msg_test_{}", unique.simple()), body: body("test", now, Data::default()) }
}

fn body(kind: &str, at: Millis, data: Data<'_>) -> Vec<u8> {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    let body = Body { kind, timestamp: format!("{at:.3}"), data };
    serde_json::to_vec(&body).expect("texts and numbers are JSON")
}

impl Letter {
    /// The headers of a call at `now`.
    pub(super) fn headers(&self, secret: &[u8], now: Millis) -> [(&'static str, String); 3] {
        let seconds = (now / 1000).to_string();
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
        for part in [self.id.as_bytes(), b".", seconds.as_bytes(), b".", &self.body] {
            mac.update(part);
        }
        let signature = format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()));
        [("webhook-id", self.id.clone()), ("webhook-timestamp", seconds), ("webhook-signature", signature)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(with_text: bool) -> Webhook {
        Webhook {
            id: Uuid::nil(),
            url: String::new(),
            kinds: String::new(),
            with_text,
            sealed_secret: Vec::new(),
            created_at: 0,
            seq: 0,
            tries: 0,
            failing_since: None,
            next_at: 0,
            last_success_at: None,
            off_since: None,
            off_why: None,
        }
    }

    fn said(letter: &Letter) -> String {
        String::from_utf8(letter.body.clone()).unwrap()
    }

    #[test]
    fn words_go_only_where_they_were_asked_for_and_notes_nowhere() {
        let event = |kind| Event {
            seq: 7,
            at: 1_790_856_000_120,
            kind,
            conversation_id: Uuid::nil(),
            message_id: Some(Uuid::nil()),
            staff_id: None,
            actor_name: "Amara Osei".to_owned(),
            detail: Some("a private detail".to_owned()),
        };
        let text = Some("Is my card lost?");
        for (with_text, kind, told) in [
            (false, Kind::Message, false),
            (true, Kind::Message, true),
            (true, Kind::Reply, true),
            (true, Kind::Note, false),
            (true, Kind::HandedOff, false),
        ] {
            let letter = said(&of_event(&webhook(with_text), &event(kind), text));
            assert_eq!(letter.contains("card"), told, "{letter}");
            assert!(!letter.contains("Amara") && !letter.contains("private"), "{letter}");
        }
        let letter = said(&of_event(&webhook(false), &event(Kind::Message), None));
        assert!(
            letter
                .starts_with(r#"{"type":"message","timestamp":"2026-10-01T12:00:00.120Z","data":{"seq":7,"#),
            "{letter}"
        );
    }

    #[test]
    fn a_signature_holds_for_one_id_one_moment_one_body_and_one_secret() {
        let letter = of_test(Uuid::nil(), 1_000);
        let signed = |letter: &Letter, secret: &[u8], now| letter.headers(secret, now)[2].1.clone();
        let first = signed(&letter, b"secret", 1_000);
        assert_eq!(first, signed(&letter, b"secret", 1_999), "seconds are signed");
        assert_ne!(first, signed(&letter, b"secret", 2_000));
        assert_ne!(first, signed(&letter, b"secres", 1_000));
        assert_ne!(first, signed(&Letter { id: "other".to_owned(), ..letter.clone() }, b"secret", 1_000));
        assert_ne!(first, signed(&Letter { body: b"{}".to_vec(), ..letter }, b"secret", 1_000));
    }
}
