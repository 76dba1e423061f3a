//! What `mail inspect --json` prints: programs are written against it.

use serde_json::{Value, json};

use super::support::bytes;
use crate::email::{inspect, read, trim};

fn printed(raw: &[u8]) -> Value {
    serde_json::to_value(inspect::inspect(raw).expect("read")).expect("JSON")
}

#[test]
fn every_field_has_its_name_and_shape() {
    let raw = bytes(
        "From: Ana <ana@example.org>\nTo: Desk <ask@lib.example>, b@example.org\nCc: c@example.org\nSubject: Re: my hold\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <m@x>\nIn-Reply-To: <r@x>\nReferences: <q@x> <r@x>\nContent-Type: multipart/mixed; boundary=b",
        "--b\n\nIs it in?\n\n> Your hold\n--b\nContent-Type: application/pdf; name=a.pdf\n\nPDF\n--b--",
    );
    assert_eq!(
        printed(&raw),
        json!({
            "subject": "Re: my hold",
            "from": [{"name": "Ana", "address": "ana@example.org"}],
            "to": [{"name": "Desk", "address": "ask@lib.example"}, {"name": "", "address": "b@example.org"}],
            "cc": [{"name": "", "address": "c@example.org"}],
            "message_id": "<m@x>",
            "in_reply_to": "<r@x>",
            "references": ["q@x", "r@x"],
            "date": "2026-03-02T10:00:00+01:00",
            "text": "Is it in?\n\n> Your hold",
            "html_present": false,
            "attachments": [{
                "filename": "a.pdf",
                "content_type": "application/pdf",
                "size": 3,
                "sha256": "1d393b0081b632c54654eb08c345ff76b92ae4efe0768b4c0f64b9ebbe920492",
            }],
            "automatic": false,
            "bounce": false,
            "reply_text": "Is it in?",
        })
    );
}

#[test]
fn what_is_missing_is_null_or_empty() {
    let seen = printed(b"From: ana@example.org\r\n\r\nhello");
    for (field, wanted) in [
        ("subject", json!("")),
        ("to", json!([])),
        ("message_id", Value::Null),
        ("in_reply_to", Value::Null),
        ("references", json!([])),
        ("date", Value::Null),
        ("attachments", json!([])),
    ] {
        assert_eq!(seen[field], wanted, "{field}");
    }
}

#[test]
fn text_is_what_was_written_plainly_or_else_what_is_shown() {
    let html = bytes("Content-Type: text/html", "<p>only <b>here</b></p>");
    assert_eq!((&printed(&html)["text"], &printed(&html)["html_present"]), (&json!(""), &json!(true)));
    assert_eq!(printed(&html)["reply_text"], "only here");
    assert_eq!(printed(b"no header at all\r\n\r\nmore")["text"], "no header at all\n\nmore");
    let invitation = bytes(
        "Content-Type: text/calendar",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Story time\nEND:VEVENT\nEND:VCALENDAR",
    );
    assert_eq!(printed(&invitation)["text"], "Calendar: Story time");
}

#[test]
fn the_reply_is_what_the_command_for_it_gives() {
    for raw in [
        bytes("Subject: a", "new\n\nOn Monday, Bob <bob@example.org> wrote:\n> old"),
        bytes("Content-Type: text/html", "<p>new</p><blockquote>old</blockquote>"),
        bytes("Subject: Fwd: a", "look\n\n> old"),
    ] {
        let reply = trim::of_mail(&read::read(&raw).expect("read")).reply;
        assert!(reply.contains("new") || reply.contains("look"), "{reply}");
        assert_eq!(printed(&raw)["reply_text"], reply.as_str());
    }
}
