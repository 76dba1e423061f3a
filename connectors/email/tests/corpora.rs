//! Scores on published test data that this project did not write, where it is at hand.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::reference;
use crate::email::inspect::{self, InspectedMail};

fn spaced(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(mail: &InspectedMail, field: &str, wanted: &Value) -> bool {
    let set = |list: &[crate::email::mail::Mailbox]| {
        let set: BTreeSet<String> =
            list.iter().map(|one| one.address.to_lowercase()).filter(|one| one.contains('@')).collect();
        Value::from(set.into_iter().collect::<Vec<_>>())
    };
    let bare = |id: &Option<String>| match id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => Value::from(
            id.strip_prefix('<')
                .unwrap_or(id)
                .strip_suffix('>')
                .unwrap_or(id.strip_prefix('<').unwrap_or(id)),
        ),
        None => Value::Null,
    };
    let files = || mail.attachments.iter().filter(|file| file.content_type != "message/rfc822");
    let sorted = |mut list: Vec<String>| {
        list.sort();
        Value::from(list)
    };
    let found = match field {
        "subject" => Value::from(spaced(&mail.subject)),
        "from" => set(&mail.from),
        "to" => set(&mail.to),
        "cc" => set(&mail.cc),
        "from_name" => Value::from(mail.from.first().map(|one| spaced(&one.name)).unwrap_or_default()),
        "message_id" => bare(&mail.message_id),
        "in_reply_to" => bare(&mail.in_reply_to),
        "references" => Value::from(mail.references.clone()),
        "date_epoch" => mail
            .date
            .as_deref()
            .and_then(|date| date.parse::<jiff::Timestamp>().ok())
            .map_or(Value::Null, |at| Value::from(at.as_second())),
        "text_ws" => Value::from(spaced(&mail.text)),
        "has_html" => Value::from(mail.html_present),
        "attachment_count" => Value::from(files().count()),
        "attachment_sha256" => sorted(files().map(|file| file.sha256.clone()).collect()),
        "attachment_names" => sorted(
            files()
                .filter_map(|file| file.filename.as_deref().map(spaced))
                .filter(|name| !name.is_empty())
                .collect(),
        ),
        "automatic" => Value::from(mail.automatic),
        other => panic!("an unknown field: {other}"),
    };
    found == *wanted
}

#[test]
fn mails_are_read_as_other_parsers_read_them() {
    let Some(folder) = reference("corpora/dev") else {
        return;
    };
    let rows = std::fs::read_to_string(folder.join("expected/mail.jsonl")).expect("the rows");
    let (mut held, mut all) = (0, 0);
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).expect("JSON");
        let file = row["file"].as_str().expect("a file");
        let mail = inspect::inspect(&std::fs::read(folder.join(file)).expect("the mail")).expect("read");
        for (field, wanted) in row["must"].as_object().expect("fields") {
            all += 1;
            match holds(&mail, field, wanted) {
                true => held += 1,
                false => eprintln!("{file}: {field}"),
            }
        }
    }
    eprintln!("{held} of {all} fields");
    assert!(all > 2000 && held * 100 >= all * 99, "{held} of {all}");
}
