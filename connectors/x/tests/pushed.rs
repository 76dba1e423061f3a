//! Shapes of what X tells, one by one.

use crate::contract::{Connector, Event, HeldReason};
use crate::x::inbound::Own;
use crate::x::{X, pushed};

fn found(body: &str) -> Vec<pushed::Found> {
    pushed::found(body.as_bytes(), &Own { id: Some("1".into()), username: Some("lib".into()) }, 7)
}

#[test]
fn what_is_told_of_nothing_said_is_kept_and_ignored() {
    for body in [
        r#"{"data":{"event_type":"follow.follow","filter":{"user_id":"1"},"payload":{"source":{"id":"2"}}}}"#,
        r#"{"for_user_id":"1","follow_events":[{"type":"follow"}]}"#,
        r#"{"for_user_id":"1","direct_message_indicate_typing_events":[{"sender_id":"2"}]}"#,
    ] {
        let found = found(body);
        assert_eq!(found.len(), 1, "{body}");
        assert!(matches!(&found[0].envelope.event, Event::Held(held) if held.reason == HeldReason::Ignored));
        let inspected = X.inspect(body.as_bytes(), None);
        assert!(inspected[0].kind.starts_with("ignored:f") || inspected[0].kind.starts_with("ignored:d"));
    }
}

#[test]
fn bytes_that_are_nothing_are_kept_as_they_came() {
    for body in [&b"\xff\xfe"[..], b"", b"[]", b"null", b"<html>", br#""text""#] {
        let found = pushed::found(body, &Own::default(), 7);
        assert_eq!(found.len(), 1);
        assert!(
            matches!(&found[0].envelope.event, Event::Held(held) if held.reason == HeldReason::Unreadable)
        );
        assert_eq!(found[0].envelope.raw, body);
        assert_eq!(X.inspect(body, None)[0].kind, "unknown");
    }
}

#[test]
fn an_event_read_again_from_what_was_kept_is_the_same() {
    let body = r#"{"for_user_id":"1","direct_message_events":[
        {"type":"message_create","id":"1582838499983564806","created_timestamp":"1791277331000","message_create":{"target":{"recipient_id":"1"},"sender_id":"2","message_data":{"text":"one"}}},
        {"type":"message_create","id":"1582838499983564807","created_timestamp":"1791277331001","message_create":{"target":{"recipient_id":"2"},"sender_id":"1","message_data":{"text":"two"}}}],
        "users":{"2":{"id":"2","screen_name":"ana","name":"Ana"}}}"#;
    let first = found(body);
    assert_eq!(first.len(), 2);
    for one in &first {
        let again = pushed::found(&one.envelope.raw, &Own::default(), 7);
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].envelope.external_id, one.envelope.external_id);
        assert_eq!(again[0].envelope.at, one.envelope.at);
        assert_eq!(format!("{:?}", again[0].envelope.event), format!("{:?}", one.envelope.event));
    }
    assert!(matches!(first[1].envelope.event, Event::Echo(_)));
}

#[test]
fn what_a_person_looks_into_is_laid_out() {
    let body = include_bytes!("../fixtures/pushed-direct.json");
    let laid_out = serde_json::to_value(X.inspect(body, Some("application/json"))).unwrap();
    let expected = serde_json::json!([{
        "kind": "message", "account": "1111", "author": "2244", "external_id": "1582838499983564806",
        "text": "hello, is anybody there?", "attachments": 1, "attachment_types": ["photo"], "reply_to": null,
        "timestamp": 1_791_277_331_000_i64,
    }]);
    assert_eq!(laid_out, expected);
}

#[test]
fn a_post_without_its_author_beside_it_still_has_one() {
    let found = found(
        r#"{"for_user_id":"1","post_create_events":[{"id":"1582838499983564806","text":"@lib are you open?","author_id":"2"}]}"#,
    );
    let Event::Message(message) = &found[0].envelope.event else { panic!("{found:?}") };
    assert_eq!(message.author.as_ref().map(|author| author.id.as_str()), Some("2"));
}
