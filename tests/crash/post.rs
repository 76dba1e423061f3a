//! What patrons write: published mails as they are, then made ones of every kind that has lost or doubled mail somewhere.

use std::path::PathBuf;
use std::time::Duration;

use connectors::simulator::Random;
use serde_json::Value;

use crate::support::dovecot::Dovecot;
use crate::support::smtp::Conversation;

/// Every mail to be sent, published ones between the made ones.
pub fn mails(count: usize, chance: &Random) -> Vec<Vec<u8>> {
    let mut all = published();
    all.truncate(count);
    for number in all.len()..count {
        let place = chance.below(all.len() + 1);
        all.insert(place, made(number));
    }
    all
}

/// Published test mails, if `DESKBELL_REFERENCE` says where they are.
fn published() -> Vec<Vec<u8>> {
    let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set; all mails are made ones");
        return Vec::new();
    };
    let dev = PathBuf::from(root).join("corpora/dev");
    let list = std::fs::read_to_string(dev.join("expected/mail.jsonl")).expect("the list of mails");
    let read = |line: &str| {
        let entry: Value = serde_json::from_str(line).expect("a line of JSON");
        std::fs::read(dev.join(entry["file"].as_str().expect("a file"))).expect("a listed mail")
    };
    list.lines().map(read).collect()
}

/// A made mail; `[bell-NUMBER]` stands in each.
fn made(number: usize) -> Vec<u8> {
    let head = |subject: &str| {
        format!(
            "From: Patron {number} <p{number}@far.test>\nTo: ask@example.test\nSubject: [bell-{number}] {subject}\n\
             Date: Mon, 5 Oct 2026 09:{:02}:00 +0000\n",
            number % 60
        )
    };
    let id = |number: usize| format!("Message-ID: <bell-{number}@far.test>\n");
    let text = match number % 12 {
        0 => return head("no id, no body").into_bytes(),
        1 => format!("{}{}\nIs the reading room open on Sunday?\n", head("opening hours"), id(number)),
        2 => format!("{}\nNo Message-ID here.\n", head("nameless")),
        // The same id for many: a sender's word for it, and no more.
        3 => format!(
            "{}Message-ID: <same@far.test>\n\nMy program names every mail so.\n",
            head("one name for all")
        ),
        4 => format!("{}{}Auto-Submitted: auto-replied\n\nI am away.\n", head("out of office"), id(number)),
        // Joins, or would if it could prove that it may, what the mail before asked.
        5 => format!(
            "{}{}In-Reply-To: <bell-{}@far.test>\nReferences: <bell-{}@far.test>\n\nAnd one more thing.\n",
            head("Re: opening hours"),
            id(number),
            number - 4,
            number - 4
        ),
        6 => {
            let mut raw = format!("{}{}\n", head("no charset"), id(number)).into_bytes();
            raw.extend_from_slice(b"Un livre d\xe9j\xe0 rendu, \x80 et voil\xe0.\n");
            return raw;
        }
        7 => format!(
            "{}{}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"never-ends\"\n\n--never-ends\n\
             Content-Type: text/plain\n\nThe part after this one is cut off.\n--never-ends\nContent-Type: image/png\n\
             Content-Transfer-Encoding: base64\n\niVBORw0KGgo",
            head("cut off"),
            id(number)
        ),
        8 => {
            // Larger than what stays in the row.
            let lines =
                "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n".repeat(1_500);
            format!(
                "{}{}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b-{number}\"\n\n--b-{number}\n\
                 Content-Type: text/plain\n\nThe scan is enclosed.\n--b-{number}\n\
                 Content-Type: application/pdf; name=\"scan-{number}.pdf\"\n\
                 Content-Disposition: attachment; filename=\"scan-{number}.pdf\"\n\
                 Content-Transfer-Encoding: base64\n\n{lines}--b-{number}--\n",
                head("a large file"),
                id(number)
            )
        }
        9 => format!(
            "{}{}MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Żółta <b>książka</b>, please</p>\n",
            head("=?utf-8?B?xbvDs8WCdGEga3NpxIXFvGth?="),
            id(number)
        ),
        10 => format!("{}{}\n{}\n", head("one long line"), id(number), "word ".repeat(180)),
        _ => format!("{}{}\n.\n..\nA dot alone, and From here.\nFrom there.\n", head("dots"), id(number)),
    };
    text.into_bytes()
}

/// Delivers each mail, some faster and some slower, over about `span`; gives those that the mail server refused, with its words.
pub fn deliver(
    dovecot: &Dovecot,
    mails: &[Vec<u8>],
    span: Duration,
    chance: &Random,
) -> Vec<(usize, String)> {
    let pause = u64::try_from(span.as_micros()).expect("less than an age") / (mails.len() as u64 + 1);
    let mut refused = Vec::new();
    let mut line = Conversation::open(dovecot.lmtp, "LHLO");
    for (place, raw) in mails.iter().enumerate() {
        let answer = line.mail("patron@far.test", &["ask"], raw);
        if answer.code != 250 {
            refused.push((place, format!("{} {}", answer.code, answer.text)));
        }
        std::thread::sleep(Duration::from_micros(chance.below(2 * pause as usize + 1) as u64));
    }
    refused
}
