//! What is asked for and what is told read alike; what cannot be read is kept.

use serde_json::json;

use super::own;
use crate::contract::{Content, Event, HeldReason};
use crate::facebook::inbound::{self, Whereabouts};

#[test]
fn the_same_message_has_one_name_whichever_way_it_comes() {
    let told = json!({"object": "page", "entry": [{"id": "1220011", "time": 1, "messaging": [
        {"sender": {"id": "77001"}, "recipient": {"id": "1220011"}, "timestamp": 1_791_277_331_000_i64, "message": {"mid": "m_1", "text": "Hello"}},
    ]}]});
    let asked = json!({"id": "m_1", "created_time": "2026-10-06T09:02:11+0000", "from": {"id": "77001", "name": "Abena Osei"}, "to": {"data": [{"id": "1220011"}]}, "message": "Hello"});
    let told = inbound::envelopes(told.to_string().as_bytes(), &own(), 0).remove(0);
    let asked = inbound::message_asked(&asked, None, &own());
    assert_eq!((&told.external_id, told.at), (&asked.external_id, asked.at));
    let (Event::Message(told), Event::Message(asked)) = (told.event, asked.event) else {
        panic!("both are messages")
    };
    assert_eq!(told.thread.conversation, asked.thread.conversation);
    assert_eq!(told.author.unwrap().id, asked.author.unwrap().id);
}

#[test]
fn the_same_comment_has_one_name_whichever_way_it_comes() {
    let told = include_bytes!("../fixtures/comment.json");
    let asked = json!({"id": "5_9", "message": "متى تفتحون؟", "created_time": "2026-10-06T09:02:10+0000", "from": {"id": "77002", "name": "Omar Haddad"}});
    let told = inbound::envelopes(told, &own(), 0).remove(0);
    let asked = inbound::comment_asked(&asked, "1220011_5", &own());
    assert_eq!((&told.external_id, told.at), (&asked.external_id, asked.at));
    let (Event::Message(told), Event::Message(asked)) = (told.event, asked.event) else {
        panic!("both are messages")
    };
    assert_eq!(told.thread.conversation, asked.thread.conversation);
    assert_eq!(told.thread.references, asked.thread.references);
}

#[test]
fn what_has_no_number_is_kept_as_it_came() {
    for asked in [json!({"message": "?"}), json!({"id": "m_1"}), json!("text"), json!(null)] {
        let envelope = inbound::message_asked(&asked, None, &own());
        let Event::Held(held) = &envelope.event else { panic!("{envelope:?}") };
        assert_eq!(held.reason, HeldReason::Unreadable);
        assert_eq!(envelope.raw, asked.to_string());
        assert!(matches!(inbound::comment_asked(&asked, "1_2", &own()).event, Event::Held(_)));
    }
    let nonsense = inbound::envelopes(b"\xff\xfe not JSON", &own(), 5);
    assert!(matches!(&nonsense[0].event, Event::Held(held) if held.reason == HeldReason::Unreadable));
    assert_eq!(nonsense[0].raw.as_ref(), b"\xff\xfe not JSON");
}

#[test]
fn a_writer_whose_name_is_withheld_can_still_be_answered() {
    let asked = json!({"id": "5_9", "message": "Hello?", "created_time": "2026-10-06T09:02:10+0000"});
    let Event::Message(said) = inbound::comment_asked(&asked, "1220011_5", &own()).event else {
        panic!("a comment")
    };
    assert_eq!(said.author.unwrap().id, "comment:5_9");
}

#[test]
fn a_shared_place_or_link_is_said_in_words() {
    let told = json!({"sender": {"id": "77001"}, "recipient": {"id": "1220011"}, "timestamp": 1_791_277_331_000_i64, "message": {
    "mid": "m_1", "attachments": [
        {"type": "location", "payload": {"coordinates": {"lat": 51.5, "long": -0.12}}},
        {"type": "fallback", "title": "A book", "payload": {"url": "https://books.example/1"}},
        {"type": "file", "payload": {"url": "https://cdn.fbsbx.com/v/form.pdf?oe=1"}},
    ]}});
    let Event::Message(said) = inbound::envelopes(told.to_string().as_bytes(), &own(), 0).remove(0).event
    else {
        panic!("a message")
    };
    assert_eq!(said.said.text, "Location: 51.5, -0.12\nA book\nhttps://books.example/1");
    let [file] = said.attachments.as_slice() else { panic!("{:?}", said.attachments) };
    assert_eq!(file.filename.as_deref(), Some("form.pdf"));
    let Content::There { reference, .. } = &file.content else { panic!("it is elsewhere") };
    let whereabouts: Whereabouts = serde_json::from_str(reference).unwrap();
    assert_eq!((whereabouts.of.as_deref(), whereabouts.nth), (Some("m_1"), 2));
}

#[test]
fn metadata_of_another_app_proves_nothing() {
    let told = |metadata: &str| {
        let told = json!({"sender": {"id": "1220011"}, "recipient": {"id": "77001"}, "timestamp": 1_791_277_331_000_i64,
            "message": {"mid": "m_1", "is_echo": true, "text": "Hello", "metadata": metadata}});
        match inbound::envelopes(told.to_string().as_bytes(), &own(), 0).remove(0).event {
            Event::Echo(said) => said.thread.proven,
            other => panic!("{other:?}"),
        }
    };
    assert!(told("deskbell:00000000000000000000000000000007.0123").is_empty());
    assert!(told("ticket 5").is_empty());
    let key = crate::contract::Key(uuid::Uuid::from_u128(7));
    assert_eq!(told(&crate::facebook::metadata::mint(&[7; 32], &key)), [key]);
}
