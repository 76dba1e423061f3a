use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const NOW: Millis = 1_790_856_000_000;

fn around() -> Surroundings {
    let named = |names: &[(&str, u128)]| {
        Names(names.iter().map(|(name, id)| ((*name).to_owned(), Uuid::from_u128(*id))).collect())
    };
    Surroundings {
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        staff: named(&[("Ana Lima", 1), ("Bryan Cole", 2), ("Anabel Ruiz", 3)]),
        desks: named(&[("Reference", 10), ("Reference, Central", 11), ("Children", 12)]),
        branches: named(&[("Central", 10), ("Central", 11), ("Harbour", 12)]),
        tags: named(&[("Large print", 20)]),
        ..Surroundings::nameless(Uuid::from_u128(1), NOW)
    }
}

fn read(text: &str) -> String {
    parse(text, &around()).in_words()
}

#[test]
fn a_query_says_how_it_was_read() {
    for (typed, expected) in [
        ("from:amara is:late -hold", "from amara, late, not “hold”"),
        (r#"from:amara is:late -hold "kindle""#, "from amara, late, not “hold”, “kindle”"),
        ("Sunday hours", "“sunday”, “hours…”"),
        ("hours ", "“hours”"),
        ("an", "“an”"),
        ("\"reading room", "“reading room”"),
        ("“reading room” x", "“reading room”, “x”"),
        ("-\"on hold\" kindle OR nook OR \"e reader\"", "not “on hold”, “kindle” or “nook” or “e reader”"),
        ("OR kindle OR", "“kindle”"),
        ("kindle or nook", "“kindle”, “or”, “nook…”"),
        ("ml-410.b1", "“ml 410 b1”"),
        ("a - b -- c", "“a”, “b”, “c”"),
        ("owner:me OWNER:none -owner:bryan", "of mine, nobody’s, not of bryan"),
        (
            "desk:children branch:harbour tag:\"large print\"",
            "at desk children, at branch harbour, tagged large print",
        ),
        (
            "is:Waiting has:file has:note has:draft has:followup",
            "waiting for the patron, with a file, with a staff note, with a draft of mine, with a follow-up",
        ),
        (
            "before:2026-10-01 after:2025 on:2026-09 on:today",
            "said before 1 Oct 2026, said after 2025, said in Sep 2026, said on 1 Oct 2026",
        ),
        ("to:zo", "to zo"),
        ("from:zoë.a@patrons.example", "from zoe a patrons example…"),
        ("https://harbour.example/hours", "“https harbour example hours…”"),
        ("12:30", "“12 30”"),
        ("?! & ()", ""),
        ("(kindle)", "“kindle”"),
        ("is:late\"the end\"", "late, “the end”"),
    ] {
        assert_eq!(read(typed), expected, "{typed}");
    }
}

#[test]
fn what_is_not_understood_is_words_and_a_hint() {
    for (typed, expected, hint) in [
        ("team:reference", "“team reference…”", "desk:reference"),
        ("is:unread", "“is unread…”", "Known are open, unclaimed"),
        ("has:fish ", "“has fish”", "file, note, draft and followup"),
        ("before:soon", "“before soon…”", "before:2026-10-01"),
        ("colour:blue", "“colour blue…”", "from:, to:, is:"),
        ("from: kindle", "“kindle…”", "needs something"),
        ("owner:zed", "of zed", "Nobody of us is called “zed”."),
        ("desk:moon", "at desk moon", "No desk is called “moon”."),
    ] {
        let query = parse(typed, &around());
        assert_eq!(query.in_words(), expected, "{typed}");
        assert_eq!(query.hints.len(), 1, "{typed}: {:?}", query.hints);
        assert!(query.hints[0].contains(hint), "{typed}: {:?}", query.hints);
    }
    for typed in ["https://harbour.example", "kindle", "12:30", "is:late", "a:", ""] {
        assert_eq!(parse(typed, &around()).hints, Vec::<String>::new(), "{typed}");
    }
}

#[test]
fn a_name_means_the_whole_name_or_all_that_begin_so() {
    let ids = |typed: &str| match &parse(typed, &around()).clauses[0].items[0].term {
        Term::Owner { ids: Some(ids), .. } | Term::Desk { ids, .. } | Term::Branch { ids, .. } => {
            ids.iter().map(Uuid::as_u128).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(ids("owner:ana"), [1, 3]);
    assert_eq!(ids("owner:\"ana lima\""), [1]);
    assert_eq!(ids("owner:COLE"), [2]);
    assert_eq!(ids("desk:reference"), [10], "another desk's name only begins so");
    assert_eq!(ids("desk:refer"), [10, 11]);
    assert_eq!(ids("branch:central"), [10, 11]);
}

#[test]
fn a_condition_is_dropped_from_the_text_it_was_read_from() {
    let drop = |typed: &str, at: usize| {
        let query = parse(typed, &around());
        query.without(&query.clauses[at])
    };
    assert_eq!(drop("from:amara  is:late -hold", 1), "from:amara -hold");
    assert_eq!(drop("from:amara is:late -hold", 0), "is:late -hold");
    assert_eq!(drop("from:amara is:late -hold", 2), "from:amara is:late");
    assert_eq!(drop("late a OR \"b c\" x", 1), "late x");
    assert_eq!(drop("kindle", 0), "");
}

#[test]
fn nobody_means_every_word_of_a_page() {
    let query = parse(&"word ".repeat(1_000), &around());
    assert_eq!(query.clauses.len(), MOST_TERMS);
    assert_eq!(query.hints.len(), 1);
}

proptest! {
    #[test]
    fn nothing_typed_is_too_strange(typed in "([a-z]{0,3}|[-\":“”\\s]|is:|from:|OR|before:|\\PC){0,40}") {
        let query = parse(&typed, &around());
        let mut end = 0;
        for clause in &query.clauses {
            prop_assert!(clause.span.0 >= end && clause.span.1 <= query.text.len(), "{:?}", query);
            end = clause.span.1;
            let left = parse(&query.without(clause), &around());
            prop_assert!(left.clauses.len() < query.clauses.len() + 1, "{:?} without {:?}: {:?}", typed, clause, left);
        }
        let _ = query.in_words();
    }
}
