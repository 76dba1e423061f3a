use proptest::prelude::*;

use super::*;

const CHANNEL: Uuid = Uuid::from_u128(1);
/// Desks have the ids 10, 11, 12, tags 20 to 29; 13 and 30 are no more.
fn house() -> House {
    House {
        desks: (10..13).map(|id| (Uuid::from_u128(id), format!("Desk {id}"))).collect(),
        tags: (20..30)
            .map(|id| Tag {
                id: Uuid::from_u128(id),
                name: format!("Tag {id}"),
                created_at: 0,
                removed_at: (id == 29).then_some(1),
            })
            .collect(),
        skills: ["maps".to_owned()].into(),
        languages: ["es".to_owned()].into(),
    }
}

fn rule(name: &str, conditions: Vec<Condition>, acts: Vec<Act>) -> Rule {
    Rule {
        id: Uuid::nil(),
        name: name.to_owned(),
        active: true,
        body: Body { fit: Fit::All, conditions, acts },
        version: 1,
        created_at: 0,
        changed_at: 0,
    }
}

fn desk(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn to(id: u128) -> Act {
    Act::Desk { to: desk(id).into() }
}

fn at(id: u128) -> Condition {
    Condition::Desk { is: desk(id).into() }
}

fn facts(text: &str) -> Facts<'_> {
    Facts::new(CHANNEL, "A question", text, &|desk| desk == Uuid::from_u128(10))
        .from(Some(Sender { id: "jo@patrons.example", shown: "Jo@patrons.example" }), true)
        .to(vec![Sender { id: "local@harbour.example", shown: "local@harbour.example" }])
}

#[test]
fn each_condition_looks_at_what_it_says() {
    let facts = facts("Where is the parish register?").with_file(true);
    let meets_all: Vec<Condition> = vec![
        Condition::Channel { is: CHANNEL.into() },
        at(10),
        Condition::From { is: "@patrons.example".to_owned() },
        Condition::To { is: "local@harbour.example".to_owned() },
        Condition::Subject { says: "question".to_owned() },
        Condition::Text { says: "parish register".to_owned() },
        Condition::File {},
        Condition::NewPatron {},
        Condition::Open {},
    ];
    let no: Vec<Condition> = vec![
        Condition::Channel { is: desk(2).into() },
        at(11),
        Condition::From { is: "local@harbour.example".to_owned() },
        Condition::To { is: "jo@patrons.example".to_owned() },
        Condition::Subject { says: "parish".to_owned() },
        Condition::Text { says: "renewal".to_owned() },
        Condition::Closed {},
    ];
    let asked = |fit, conditions: &[Condition]| {
        let mut one = rule("One", conditions.to_vec(), vec![Act::Urgent {}]);
        one.body.fit = fit;
        judge(&[one], &house(), &facts, desk(10)).urgent
    };
    assert!(asked(Fit::All, &meets_all));
    for one in &meets_all {
        assert!(asked(Fit::All, std::slice::from_ref(one)), "{one:?}");
        let mut with_one = no.clone();
        with_one.push(one.clone());
        assert!(asked(Fit::Any, &with_one) && !asked(Fit::All, &with_one), "{one:?}");
    }
    for one in &no {
        assert!(!asked(Fit::All, std::slice::from_ref(one)), "{one:?}");
    }
    assert!(!asked(Fit::Any, &no));
    assert!(!asked(Fit::All, &[]) && !asked(Fit::Any, &[]), "without a condition it never fits");
}

#[test]
fn each_rule_sees_the_desk_that_those_before_it_chose() {
    let first = rule("First", vec![at(10)], vec![to(11)]);
    let second = rule("Second", vec![at(11)], vec![to(12)]);
    let rules = [first.clone(), second.clone()];
    assert_eq!(judge(&rules, &house(), &facts(""), desk(10)).desk, desk(12));
    let rules = [second, first];
    assert_eq!(judge(&rules, &house(), &facts(""), desk(10)).desk, desk(11));
}

#[test]
fn what_a_rule_names_that_is_no_more_is_said_and_the_rest_is_done() {
    let tag = |id: u128| Act::Tag { with: desk(id).into() };
    let rules = [rule(
        "Old",
        vec![at(10)],
        vec![to(13), tag(30), tag(29), Act::Tag { with: "Holds".into() }, Act::Urgent {}],
    )];
    let house = house();
    let verdict = judge(&rules, &house, &facts(""), desk(10));
    assert_eq!((verdict.desk, verdict.urgent, verdict.tags.as_slice()), (desk(10), true, &[][..]));
    let told: Vec<_> =
        verdict.effects.iter().map(|one| (one.kind, one.rule, one.detail.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        told,
        [
            (Kind::RuleFailed, "Old", "the desk that it names is no more"),
            (Kind::RuleFailed, "Old", "the tag that it names is no more"),
            (Kind::RuleFailed, "Old", "the tag Tag 29 is off the list"),
            (Kind::RuleFailed, "Old", "the tag that it names is no more"),
            (Kind::Urgent, "Old", ""),
        ]
    );
}

#[test]
fn names_become_ids_and_unknown_ones_are_named() {
    let House { desks, tags, skills, languages } = house();
    let names = Names { channels: vec![(CHANNEL, "Front desk".to_owned())], desks, tags, skills, languages };
    let written = |text: &str| serde_json::from_str::<Written>(text).unwrap();
    let one = written(
        r#"{"name":"  Family   history ","match":"any","conditions":[{"about":"channel","is":"front DESK"},{"about":"text","says":"parish*"}],
            "acts":[{"act":"desk","to":"Desk 11"},{"act":"tag","with":"tag 20"},{"act":"stop"}]}"#,
    );
    let one = read(one, &names).unwrap();
    assert_eq!((one.name.as_str(), one.active), ("Family history", true));
    assert_eq!(one.acts, [to(11), Act::Tag { with: desk(20).into() }, Act::Stop {}]);
    assert_eq!(
        in_words(&Body { fit: one.fit, conditions: one.conditions, acts: one.acts }, &names),
        "If it came by Front desk or it says “parish*”: move it to Desk 11, tag it Tag 20, ask no further rule"
    );
    for (text, why) in [
        (
            r#"{"name":"R","conditions":[{"about":"desk","is":"Attic"}],"acts":[{"act":"spam"}]}"#,
            "There is no desk called Attic.",
        ),
        (
            r#"{"name":"R","conditions":[{"about":"file"}],"acts":[{"act":"tag","with":"Tag 29"}]}"#,
            "There is no tag called Tag 29.",
        ),
        (
            r#"{"name":"R","conditions":[{"about":"file"}],"acts":[{"act":"need","skill":"juggling"}]}"#,
            "Nobody here has the skill juggling.",
        ),
        (
            r#"{"name":"R","conditions":[{"about":"file"}],"acts":[{"act":"speak","language":"FR"}]}"#,
            "Nobody here speaks fr.",
        ),
        (
            r#"{"name":"R","conditions":[],"acts":[{"act":"spam"}]}"#,
            "The rule R must look at something and do something.",
        ),
        (
            r#"{"name":"R","conditions":[{"about":"file"}],"acts":[]}"#,
            "The rule R must look at something and do something.",
        ),
        (
            r#"{"name":"R","conditions":[{"about":"text","says":" ?"}],"acts":[{"act":"spam"}]}"#,
            "A condition has words or an address of 200 characters at most.",
        ),
    ] {
        assert_eq!(read(written(text), &names).unwrap_err(), why);
    }
    assert!(
        serde_json::from_str::<Body>(r#"{"name":"R","conditions":[{"about":"moon"}],"acts":[]}"#).is_err()
    );
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let condition = prop_oneof![
        (10..14_u128).prop_map(at),
        Just(Condition::Text { says: "holds".to_owned() }),
        Just(Condition::Text { says: "parish".to_owned() }),
        Just(Condition::Open {}),
        Just(Condition::Closed {}),
        Just(Condition::NewPatron {}),
    ];
    let act = prop_oneof![
        3 => (10..14_u128).prop_map(to),
        3 => (20..31_u128).prop_map(|id| Act::Tag { with: desk(id).into() }),
        1 => Just(Act::Urgent {}),
        1 => "maps|juggling".prop_map(|skill| Act::Need { skill }),
        1 => "es|fr".prop_map(|language| Act::Speak { language }),
        1 => Just(Act::Spam {}),
        1 => Just(Act::Stop {}),
    ];
    let some = (prop::collection::vec(condition, 0..3), prop::collection::vec(act, 0..4));
    (some, any::<bool>(), any::<bool>()).prop_map(|((conditions, acts), active, any)| {
        let mut one = rule("R", conditions, acts);
        one.active = active;
        one.body.fit = if any { Fit::Any } else { Fit::All };
        one
    })
}

proptest! {
    #[test]
    fn what_is_told_is_what_was_done(rules in prop::collection::vec(any_rule(), 0..8), begins in 10..13_u128) {
        let (house, facts) = (house(), facts("holds"));
        let verdict = judge(&rules, &house, &facts, desk(begins));
        // Told again line by line, the effects make the same conversation.
        let (mut at, mut tags, mut urgent, mut spam) = (desk(begins), Vec::new(), false, false);
        let mut needs = None;
        for effect in &verdict.effects {
            let detail = effect.detail.as_deref().unwrap_or("");
            match effect.kind {
                Kind::Routed => at = house.desks.iter().find(|(_, name)| name == detail).unwrap().0,
                Kind::Tagged => tags.push(house.tags.iter().find(|tag| tag.name == detail).unwrap().id),
                Kind::Needs => { prop_assert!(needs.as_deref() != Some(detail)); needs = Some(detail.to_owned()) }
                Kind::Urgent => { prop_assert!(!urgent); urgent = true }
                Kind::Spam => { prop_assert!(!spam); spam = true }
                kind => prop_assert_eq!(kind, Kind::RuleFailed),
            }
        }
        prop_assert_eq!((at, &tags, urgent, spam), (verdict.desk, &verdict.tags, verdict.urgent, verdict.spam));
        prop_assert_eq!(needs.unwrap_or_else(|| "someone".to_owned()), verdict.needs.in_words());
        prop_assert!(verdict.needs.skill != "juggling" && verdict.needs.language != "fr", "what nobody can");
        // A message always has a desk that there is, and no tag that is off the list.
        prop_assert!(house.desks.iter().any(|(id, _)| *id == verdict.desk));
        prop_assert!(tags.iter().all(|tag| *tag != desk(29) && *tag != desk(30)));
    }

    #[test]
    fn rules_that_are_off_or_come_after_a_stop_never_act(
        rules in prop::collection::vec(any_rule(), 0..8), begins in 10..13_u128,
    ) {
        let (house, facts) = (house(), facts("holds"));
        let all = judge(&rules, &house, &facts, desk(begins));
        prop_assert!(all.fitted.iter().all(|rule| rule.active));
        let on: Vec<Rule> = rules.iter().filter(|rule| rule.active).cloned().collect();
        let without = judge(&on, &house, &facts, desk(begins));
        prop_assert_eq!((all.desk, &all.tags, &all.effects), (without.desk, &without.tags, &without.effects));
        let ends = |rule: &&Rule| rule.body.acts.iter().any(|act| matches!(act, Act::Stop {} | Act::Spam {}));
        let ended = all.fitted.iter().position(ends);
        prop_assert!(ended.is_none_or(|place| place + 1 == all.fitted.len()));
        // What fitted before it is the same without whatever comes behind.
        if let Some(last) = all.fitted.last() {
            let upto = rules.iter().position(|rule| std::ptr::eq(rule, *last)).unwrap();
            prop_assert_eq!(judge(&rules[..=upto], &house, &facts, desk(begins)).effects, all.effects);
        }
    }
}
