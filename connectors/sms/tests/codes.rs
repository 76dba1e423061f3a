//! Each documented code leads where it should, asked and sent.

use reqwest::header::HeaderMap;

use crate::contract::{Failure, Reason, Scope};
use crate::sms::trouble::{self, CODES, Then};
use crate::web::Answer;

fn answer(status: u16, code: Option<u32>) -> Answer {
    let body = serde_json::json!({ "code": code, "message": "Their words.", "status": status });
    Answer { status, headers: HeaderMap::new(), body: body.to_string().into_bytes() }
}

#[test]
fn permanent_and_transient_are_told_apart_code_by_code() {
    let permanent = [
        (21211, Reason::RecipientUnavailable),
        (21214, Reason::RecipientUnavailable),
        (21217, Reason::RecipientUnavailable),
        (21408, Reason::NotAllowed),
        (21606, Reason::NotAllowed),
        (21610, Reason::OptedOut),
        (21612, Reason::RecipientUnavailable),
        (21614, Reason::RecipientUnavailable),
        (21617, Reason::TooLong),
        (21620, Reason::BadAttachment),
        (21623, Reason::BadAttachment),
        (21659, Reason::NotAllowed),
    ];
    for (code, expected) in permanent {
        let failure = trouble::sending(&answer(400, Some(code)), 0);
        assert!(
            matches!(failure, Failure::Permanent { reason, .. } if reason == expected),
            "{code}: {failure:?}"
        );
    }
    for code in [21611, 30001, 30022] {
        let failure = trouble::sending(&answer(400, Some(code)), 0);
        assert!(matches!(failure, Failure::Transient { .. }), "{code}: {failure:?}");
    }
    for code in [20005, 30002, 63038] {
        let failure = trouble::sending(&answer(403, Some(code)), 0);
        assert!(matches!(failure, Failure::AccountBlocked { .. }), "{code}: {failure:?}");
    }
    let failure = trouble::sending(&answer(401, Some(20003)), 0);
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
}

#[test]
fn a_limit_stops_sending_or_reading_and_not_both() {
    let scope = |failure: Failure| match failure {
        Failure::RateLimited { scope: Scope::Endpoint(what), until, .. } => (what, until),
        other => panic!("{other:?}"),
    };
    let mut limited = answer(429, Some(20429));
    assert_eq!(scope(trouble::sending(&limited, 1_000)), ("send".to_owned(), None));
    limited.headers.insert("retry-after", "3".parse().expect("a header"));
    assert_eq!(scope(trouble::asking(&limited, 1_000)), ("read".to_owned(), Some(4_000)));
    assert_eq!(scope(trouble::sending(&answer(429, None), 0)), ("send".to_owned(), None));
}

#[test]
fn without_a_known_code_the_status_decides() {
    let sending = |status| trouble::sending(&answer(status, None), 0);
    assert!(matches!(sending(400), Failure::Permanent { reason: Reason::ContentRefused, .. }));
    assert!(matches!(sending(401), Failure::NeedsSignin { .. }));
    assert!(matches!(sending(503), Failure::Transient { .. }), "it says so before it does anything");
    for status in [408, 500, 502, 504] {
        assert!(matches!(sending(status), Failure::Ambiguous { .. }), "{status} may come after the work");
        assert!(matches!(trouble::asking(&answer(status, None), 0), Failure::Transient { .. }), "{status}");
    }
    let unlisted = trouble::sending(&answer(400, Some(99_999)), 0).to_string();
    assert_eq!(unlisted, "Twilio refused the text (400, its code 99999: Their words).");
    let page = Answer { status: 502, headers: HeaderMap::new(), body: b"<html>".to_vec() };
    assert!(matches!(trouble::asking(&page, 0), Failure::Transient { .. }));
}

#[test]
fn every_code_has_a_sentence_and_stands_once() {
    for (at, (code, then, words)) in CODES.iter().enumerate() {
        assert!(words.ends_with('.') && words.len() > 20, "{code}");
        assert!(CODES.iter().skip(at + 1).all(|(other, ..)| other != code), "{code} stands twice");
        assert!(*then != Then::Permanent(Reason::Duplicate), "{code}: a text has no name to be doubled by");
    }
    assert_eq!(
        trouble::undelivered(Some(30006)),
        "The number is a landline or its carrier cannot take texts. (Twilio 30006)"
    );
    assert_eq!(trouble::undelivered(Some(1)), "Twilio gives 1 as its reason.");
    assert_eq!(trouble::undelivered(None), "Twilio does not say why.");
}
