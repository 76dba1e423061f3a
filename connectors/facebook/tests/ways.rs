//! Which way is open, decided before anything is sent.

use crate::conformance::described;
use crate::contract::{Connector, Draft, Reason, Refusal, Settings, Visibility};
use crate::facebook::fake::{NOW, draft};
use crate::facebook::{Facebook, manifest::MANIFEST, outbound, settings};

const DAY_MS: i64 = 86_400_000;

fn settings() -> Settings {
    Settings::new()
        .with("auth", "token")
        .with("client_id", "1")
        .with_secret("client_secret", "secret")
        .with("page_id", "2")
        .with_secret("page_token", "token")
}

fn compose(settings: &Settings, draft: &Draft) -> Result<usize, Refusal> {
    let config = settings::understand(settings).unwrap();
    outbound::compose(&config, draft, NOW).map(|parts| parts.len())
}

fn aged(days: i64) -> Draft {
    Draft { patron_wrote_at: Some(NOW - days * DAY_MS - 1), ..draft("77", "dm:77", None, "Hello") }
}

#[test]
fn windows_close_after_a_day_or_a_week_and_say_what_is_still_open() {
    let (yes, no) = (settings(), settings().with("human_agent", "no"));
    assert_eq!(compose(&yes, &aged(0)), Ok(1));
    assert_eq!(compose(&yes, &aged(3)), Ok(1));
    assert_eq!(compose(&no, &aged(0)), Ok(1));
    for (settings, days) in [(&no, 1), (&no, 8), (&yes, 7), (&yes, 30)] {
        let refused = compose(settings, &aged(days)).unwrap_err();
        assert_eq!(refused.reason, Reason::WindowClosed, "{days}");
        assert!(refused.why.contains("Still open"), "{}", refused.why);
    }
    let automatic = Draft { automatic: true, ..aged(3) };
    assert_eq!(compose(&yes, &automatic).unwrap_err().reason, Reason::WindowClosed, "a person's words only");
}

#[test]
fn a_private_conversation_has_no_public_answer() {
    let public = Draft { visibility: Visibility::Public, ..aged(0) };
    assert_eq!(compose(&settings(), &public).unwrap_err().reason, Reason::NotAllowed);
}

#[test]
fn under_a_post_there_is_no_window_for_public_answers_and_a_week_for_the_private_one() {
    let old = Draft {
        patron_wrote_at: Some(NOW - 90 * DAY_MS),
        ..draft("77", "comment:5_9", Some("5_9"), "Hello")
    };
    let mut public = Draft { visibility: Visibility::Public, ..old.clone() };
    public.answers.as_mut().unwrap().at = Some(NOW - 90 * DAY_MS);
    assert_eq!(compose(&settings(), &public), Ok(1));
    let mut private = old;
    private.answers.as_mut().unwrap().at = Some(NOW - 8 * DAY_MS);
    assert_eq!(compose(&settings(), &private).unwrap_err().reason, Reason::WindowClosed);
    private.answers.as_mut().unwrap().at = Some(NOW - 6 * DAY_MS);
    assert_eq!(compose(&settings(), &private), Ok(1));
    private.text = "x".repeat(2001);
    assert_eq!(compose(&settings(), &private).unwrap_err().reason, Reason::TooLong, "it cannot go in two");
}

#[test]
fn too_long_and_too_large_is_said_before_anything_leaves() {
    let long = Draft {
        visibility: Visibility::Public,
        ..draft("77", "comment:5_9", Some("5_9"), &"漢".repeat(8001))
    };
    assert_eq!(compose(&settings(), &long).unwrap_err().reason, Reason::TooLong);
    let file = |kind: &str, size: u64| described("a\nfile", kind, size);
    for (kind, bytes) in [("image/png", (8 << 20) + 1), ("video/mp4", (25 << 20) + 1)] {
        let mut large = aged(0);
        large.enclosures = vec![file(kind, bytes)];
        let refused = compose(&settings(), &large).unwrap_err();
        assert_eq!(refused.reason, Reason::BadAttachment);
        assert!(!refused.why.contains('\n'), "{}", refused.why);
    }
    let mut fits = aged(0);
    fits.enclosures = vec![file("image/png", 8 << 20)];
    assert_eq!(compose(&settings(), &fits), Ok(2));
}

#[test]
fn nobody_is_written_to_whose_number_is_none() {
    for to in ["comment:5_9", "", "77/../88", "٧٧"] {
        let refused = compose(&settings(), &draft(to, "dm:77", None, "Hello")).unwrap_err();
        assert_eq!(refused.reason, Reason::RecipientUnavailable, "{to}");
    }
}

#[test]
fn wrong_settings_are_named() {
    for (field, value) in [
        ("client_id", "app"),
        ("page_id", "12/.."),
        ("import", "some"),
        ("posts_days", "0"),
        ("usage_ceiling", "100"),
        ("api_base", "http://graph.example"),
        ("api_version", "25"),
        ("auth", "magic"),
    ] {
        let wrong = settings::understand(&settings().with(field, value)).unwrap_err();
        assert!(
            wrong.iter().any(|invalid| invalid.field == field && invalid.why.ends_with('.')),
            "{field}: {wrong:?}"
        );
    }
    let hosts = Facebook.hosts(&settings());
    assert!(hosts.iter().any(|host| host.name == "graph.facebook.com" && host.port.is_none()));
    assert!(hosts.iter().any(|host| host.name == "*.fbcdn.net"));
    assert_eq!(MANIFEST.name, "facebook");
}
