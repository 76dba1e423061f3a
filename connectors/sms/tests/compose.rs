//! What a draft becomes, and what the writer is told before it leaves.

use crate::conformance::described;
use crate::contract::{Level, Reason, Settings, TextUnit, Visibility};
use crate::sms::fake::{NOW, draft, open, sample};

fn number(settings: Settings) -> std::sync::Arc<dyn crate::contract::Channel> {
    open(settings, None, std::sync::Arc::new(|| NOW))
}

#[test]
fn a_number_declares_what_it_can() {
    let able = number(sample()).capabilities();
    assert_eq!((able.text.max, able.text.unit), (Some(30), TextUnit::Segments));
    assert_eq!(
        (able.echoes, able.delivered_receipts, able.subject),
        (Level::Unsupported, Level::Native, false)
    );
    assert_eq!(able.cost, None);
    let priced =
        number(sample().with("segment_price", "0.0083")).capabilities().cost.expect("a price is set");
    assert_eq!((priced.sent_micros, priced.currency.as_str()), (8_300, "USD"));
}

#[test]
fn a_draft_becomes_one_text_with_all_that_sending_needs() {
    let number = number(sample());
    let deliver = number.deliver().expect("it sends");
    let parts = deliver.compose(&draft("  “Yes” – until nine.\r\nAna "), NOW).expect("it fits");
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].text, "\"Yes\" - until nine.\nAna");
    let expected = serde_json::json!({
        "v": 1, "to": "+14065550193", "body": "\"Yes\" - until nine.\nAna", "segments": 1, "composed_at": NOW,
    });
    assert_eq!(parts[0].body, expected);
    let as_written = open(sample().with("plain_punctuation", "no"), None, std::sync::Arc::new(|| NOW));
    let parts = as_written.deliver().expect("it sends").compose(&draft("“Yes”"), NOW).expect("it fits");
    assert_eq!(parts[0].text, "“Yes”");
}

#[test]
fn a_long_answer_is_planned_and_one_too_long_refused_with_the_number() {
    let number = number(sample().with("max_segments", "12").with("segment_price", "0.01"));
    let deliver = number.deliver().expect("it sends");
    let parts = deliver.compose(&draft(&"Open until nine. ".repeat(100)), NOW).expect("it fits");
    assert_eq!(parts.len(), 2);
    assert!(parts[0].text.starts_with("(1/2) ") && parts[1].text.starts_with("(2/2) "));
    let costs: Vec<Option<i64>> = parts.iter().map(|part| deliver.cost_micros(part)).collect();
    assert_eq!(costs, [Some(100_000), Some(20_000)]);
    let refusal = deliver.compose(&draft(&"Open until nine. ".repeat(200)), NOW).expect_err("too long");
    assert_eq!(refusal.reason, Reason::TooLong);
    assert!(
        refusal.why.starts_with("This takes 23 segments, and the channel sends at most 12."),
        "{}",
        refusal.why
    );
}

#[test]
fn what_cannot_go_is_refused_in_words() {
    let number = number(sample());
    let deliver = number.deliver().expect("it sends");
    let mut to_a_shop = draft("Thank you");
    to_a_shop.to.address.id = "PARCELS".to_owned();
    let refusal = deliver.compose(&to_a_shop, NOW).expect_err("nobody reads it");
    assert_eq!(refusal.reason, Reason::RecipientUnavailable);
    assert!(refusal.why.contains("“PARCELS” is a sender's name"), "{}", refusal.why);
    let mut with_file = draft("See this");
    with_file.enclosures.push(described("map.png", "image/png", 3));
    assert_eq!(deliver.compose(&with_file, NOW).expect_err("no files").reason, Reason::BadAttachment);
    assert_eq!(deliver.compose(&draft(" \n "), NOW).expect_err("nothing").reason, Reason::ContentRefused);
}

#[test]
fn the_writer_is_told_the_size_and_what_makes_it_dear() {
    let number = number(sample().with("max_segments", "2"));
    let deliver = number.deliver().expect("it sends");
    let measure = |text: &str| deliver.measure(text, Visibility::Private).expect("it counts");
    assert_eq!((measure("").used, measure("").parts), (0, 0));
    assert_eq!((measure("Yes").used, measure("Yes").notes.len()), (1, 0));
    let polish = measure(&format!("Książka {}", "a".repeat(70)));
    assert_eq!(polish.used, 2);
    assert_eq!(polish.notes, ["“ą”, “ż” make this 2 segments; with plain letters it would be 1."]);
    let long = measure(&"a ".repeat(1000));
    assert_eq!((long.used, long.parts), (14, 2));
    assert_eq!(
        long.notes,
        ["It leaves as 2 texts, numbered in order.", "The channel sends at most 2 segments."]
    );
    let huge = measure(&"a".repeat(1_000_000));
    assert_eq!((huge.used, huge.parts), (6_536, 654));
}

#[test]
fn wrong_settings_are_named_field_by_field() {
    use crate::contract::Connector;
    let wrong = |settings: Settings| -> Vec<String> {
        let outside = crate::contract::Outside::new(std::sync::Arc::new(|| 0), None).expect("certificates");
        let account = crate::contract::Account {
            channel: crate::contract::ChannelId(uuid::Uuid::nil()),
            proof_key: std::sync::Arc::from([0; 32]),
            outside,
            settings,
            tokens: std::sync::Arc::new(crate::contract::NoTokens),
            files: std::sync::Arc::new(crate::contract::NoFiles),
            webhook_url: None,
        };
        let refused = crate::sms::Sms.open(account).map(|_| ()).expect_err("something is wrong");
        refused.into_iter().map(|invalid| invalid.field).collect()
    };
    assert_eq!(wrong(sample().with("number", "the library")), ["number"]);
    assert_eq!(wrong(sample().with("number", "4065550100")), ["number"], "no country");
    assert_eq!(wrong(sample().with("account_sid", "AC12")), ["account_sid"]);
    assert_eq!(wrong(sample().with("api_key_sid", format!("SK{:032x}", 1))), ["api_key_secret"]);
    assert_eq!(wrong(sample().with("api_base", "http://api.example.org")), ["api_base"]);
    assert_eq!(wrong(sample().with("import", "some")), ["import"]);
    assert_eq!(wrong(sample().with("max_segments", "0")), ["max_segments"]);
    assert_eq!(wrong(sample().with("segment_price", "cheap")), ["segment_price"]);
    assert_eq!(wrong(sample().with("currency", "dollar")), ["currency"]);
    assert_eq!(wrong(sample().with("timeout_s", "900")), ["timeout_s"]);
    for number in ["+1 (406) 555-0100", "+44 20 7946 0018", "50409"] {
        open(sample().with("number", number), None, std::sync::Arc::new(|| 0));
    }
}
