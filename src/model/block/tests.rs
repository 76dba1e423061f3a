use super::*;
use proptest::prelude::*;

fn sender(id: &str) -> Sender<'_> {
    Sender { id, shown: id }
}

fn is_kept_out(target: &Target, platform: &str, id: &str) -> bool {
    keys(platform, sender(id)).contains(&target.key)
}

fn written(text: &str) -> Target {
    Target::written(text, None).unwrap()
}

#[test]
fn an_address_means_one_person_whatever_its_case_and_whatever_stands_behind_a_plus() {
    let jo = written(" Jo+Prizes@Post.Example.ORG ");
    for id in
        ["jo@post.example.org", "JO@post.example.org", "jo+news@post.example.org", "jo+@post.example.org"]
    {
        assert!(is_kept_out(&jo, "letters", id), "{id}");
    }
    for id in [
        "joe@post.example.org",
        "jo@example.org",
        "jo@deep.post.example.org",
        "o@post.example.org",
        "+x@post.example.org",
    ] {
        assert!(!is_kept_out(&jo, "letters", id), "{id}");
    }
}

#[test]
fn a_domain_means_everybody_there_and_below_and_nobody_beside() {
    let domain = written("@Post.example.org");
    for id in ["jo@post.example.org", "a+b@post.example.org", "jo@very.deep.post.example.org"] {
        assert!(is_kept_out(&domain, "letters", id), "{id}");
    }
    for id in [
        "jo@example.org",
        "jo@compost.example.org",
        "jo@post.example.org.uk",
        "@post.example.org",
        "post.example.org",
    ] {
        assert!(!is_kept_out(&domain, "letters", id), "{id}");
    }
}

#[test]
fn a_number_is_one_however_it_is_grouped_and_whichever_platform_brings_it() {
    let caller = written("+1 (406) 555-0193");
    assert_eq!(caller.key, "+14065550193");
    for platform in ["texts", "calls"] {
        assert!(is_kept_out(&caller, platform, "+14065550193"));
        assert!(!is_kept_out(&caller, platform, "+14065550194"));
    }
}

#[test]
fn an_account_is_one_platforms_own() {
    let one = Target::of("birds", Sender { id: "77120", shown: "@Tamsin" });
    assert_eq!((one.key.as_str(), one.shown.as_str()), ("birds:77120", "@Tamsin"));
    assert!(is_kept_out(&one, "birds", "77120") && !is_kept_out(&one, "pages", "77120"));
    // By the name that people see, for whoever knows no number.
    let called = Target::written("@tamsin", Some("birds")).unwrap();
    assert!(keys("birds", Sender { id: "77120", shown: "@Tamsin" }).contains(&called.key));
    assert!(!keys("pages", Sender { id: "77120", shown: "@Tamsin" }).contains(&called.key));
    assert!(Target::written("@tamsin", None).is_err(), "whose name?");
}

#[test]
fn what_is_no_address_is_refused_in_words() {
    for text in [
        "",
        "  ",
        "jo",
        "jo@",
        "@",
        "@org",
        "a@b c.org",
        "example.org",
        "4065550193",
        "jo@exa..org",
        &"x".repeat(400),
    ] {
        let why = Target::written(text, None).unwrap_err();
        assert!(why.contains("Nothing was changed"), "{text}: {why}");
    }
}

#[test]
fn the_house_cannot_block_itself_nor_half_the_world() {
    let ours = ["ask@fernhill.example", "ana@staff.fernhill.example", "+14065550100"];
    let refused = |text: &str| written(text).refused(ours);
    for text in [
        "ask@fernhill.example",
        "Ask+x@Fernhill.example",
        "ana@staff.fernhill.example",
        "+1 406 555 0100",
        "@fernhill.example",
        "@staff.fernhill.example",
    ] {
        assert!(refused(text).is_some_and(|why| why.contains("library's own")), "{text}");
    }
    for text in ["@gmail.com", "@web.de", "@Yahoo.co.uk"] {
        assert!(refused(text).is_some_and(|why| why.contains("very many people")), "{text}");
    }
    for text in ["@co.uk", "@com.au"] {
        assert!(refused(text).is_some_and(|why| why.contains("nobody's own")), "{text}");
    }
    for text in [
        "jo@gmail.com",
        "@prizes.example",
        "@deep.staff.fernhill.example",
        "@prizes.co.uk",
        "@branch.example.org",
    ] {
        assert_eq!(refused(text), None, "{text}");
    }
}

#[test]
fn a_block_ends_when_it_is_lifted_or_its_moment_has_come() {
    let block = Block {
        id: Uuid::nil(),
        key: "@prizes.example".into(),
        shown: "@prizes.example".into(),
        reason: None,
        conversation_id: None,
        blocked_at: 10,
        blocked_by: None,
        blocked_name: "Ana".into(),
        until: Some(100),
        lifted_at: None,
        lifted_name: None,
        held: 0,
    };
    assert!(block.stands(99) && !block.stands(100));
    assert!(Block { until: None, ..block.clone() }.stands(i64::MAX));
    assert!(!Block { lifted_at: Some(20), ..block.clone() }.stands(30));
    assert!(block.why().starts_with("Ana has blocked everybody at prizes.example."));
}

fn label() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}"
}

proptest! {
    #[test]
    fn whoever_is_blocked_by_their_own_address_is_kept_out(local in "[a-zA-Z0-9._]{1,12}", plus in "[a-z0-9+]{0,6}", labels in prop::collection::vec(label(), 2..5), platform in label()) {
        let id = format!("{local}+{plus}@{}", labels.join("."));
        let target = Target::of(&platform, sender(&id));
        prop_assert!(is_kept_out(&target, &platform, &id));
        let bare = format!("{local}@{}", labels.join("."));
        prop_assert!(is_kept_out(&target, "another", &bare));
        prop_assert_eq!(&Target::written(&id, None).unwrap().key, &target.key);
        // And by each domain at or above theirs that is more than a last label.
        let domain = Target::domain_of(sender(&id)).unwrap();
        prop_assert!(is_kept_out(&domain, "another", &id));
        for from in 0..labels.len() - 1 {
            let above = format!("@{}", labels[from..].join("."));
            prop_assert!(is_kept_out(&written(&above), &platform, &id));
        }
    }

    #[test]
    fn a_domain_keeps_out_those_whose_domain_ends_with_it_and_no_other(one in prop::collection::vec(label(), 2..4), other in prop::collection::vec(label(), 2..5)) {
        let (one, other) = (one.join("."), other.join("."));
        let below = other == one || other.ends_with(&format!(".{one}"));
        prop_assert_eq!(is_kept_out(&written(&format!("@{one}")), "letters", &format!("jo@{other}")), below);
    }

    #[test]
    fn nobody_is_kept_out_by_anothers_account(platform in label(), id in "\\PC{1,20}", other in "\\PC{1,20}") {
        let target = Target::of(&platform, sender(&id));
        prop_assert!(is_kept_out(&target, &platform, &id));
        let same = Target::of(&platform, sender(&other)).key == target.key;
        let by_domain = target.key.starts_with('@');
        prop_assert!(by_domain || is_kept_out(&target, &platform, &other) == same);
    }

    #[test]
    fn whatever_is_written_never_panics(text in "\\PC{0,60}", platform in prop::option::of(label())) {
        if let Ok(target) = Target::written(&text, platform.as_deref()) {
            prop_assert!(!target.key.is_empty());
            let _ = target.refused(["ask@fernhill.example", &text]);
        }
    }
}
