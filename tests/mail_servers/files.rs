//! An answer with files, through real servers into the patron's mail and into the folder of sent mail.

use super::desk::Desk;
use crate::support::dovecot::PASSWORD;
use crate::support::eventually;
use crate::support::imap::Mailbox;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

const QUESTION: &str = "From: Ada Osei <ada@far.test>\nTo: ask@example.test\nSubject: The ramp\n\
    Message-ID: <ramp@far.test>\n\nWhere is it?\n";

/// The bytes of a mail's enclosed files, in order.
pub fn enclosed(raw: &str) -> Vec<Vec<u8>> {
    let raw = raw.replace("\r\n", "\n");
    raw.split("\nContent-Disposition: attachment")
        .skip(1)
        .map(|part| {
            let body = part.split_once("\n\n").expect("a head and a body").1;
            let lines = body.lines().take_while(|line| !line.starts_with("--"));
            STANDARD.decode(lines.collect::<String>()).expect("base64")
        })
        .collect()
}

#[test]
fn an_answers_files_arrive_byte_for_byte_and_lie_among_the_sent_mail() {
    let Some(desk) = Desk::open() else { return };
    desk.write("ada@far.test", QUESTION);
    let row = desk.conversation("The ramp");
    // Everything that a mail server could take for its own: line ends alone, dots, a boundary, every byte.
    let every: Vec<u8> = (0..=255).collect();
    let plan = [b"\x89PNG\r\n\x1a\n".as_slice(), b"\n.\r\n..\r\n--x--\r", &every.repeat(400)].concat();
    let list = b"a;b\nc;d\r\n.\n".to_vec();
    let add = |name: &str, bytes: &[u8]| {
        let answer = desk.api.send(&format!("/uploads?name={name}"), bytes).expect("it answers");
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["id"].clone()
    };
    let files = json!([add("%E5%9C%B0%E5%9B%B3%20%C3%9Cbersicht.png", &plan), add("list.csv", &list)]);
    let path = format!("/conversations/{}/replies", row["id"].as_str().expect("an id"));
    let reply = json!({ "text": "Behind the fountain.", "seen": row["seq"], "files": files });
    let said = desk.api.post(&path, &reply).expect("it answers");
    assert_eq!(said.status, 201, "{}", String::from_utf8_lossy(&said.body));

    let arrived = desk.arrived();
    assert!(enclosed(&arrived.raw) == [plan.clone(), list.clone()], "{}", arrived.raw);
    let seen = connectors::email::inspect::inspect(arrived.raw.as_bytes()).expect("a mail");
    let names: Vec<_> = seen.attachments.iter().filter_map(|file| file.filename.as_deref()).collect();
    assert_eq!(names, ["地図 Übersicht.png", "list.csv"]);
    let filed = eventually("a copy is filed", || {
        Mailbox::open(desk.office.dovecot.imap, "ask", PASSWORD, "Sent").messages().pop()
    });
    assert!(enclosed(&filed) == [plan, list], "{filed}");
}
