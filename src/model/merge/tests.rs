use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::model::conversation::Visibility;

const NOW: Millis = 1_790_856_000_000;
const HOUR: Millis = 3_600_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A conversation that can really stand so.
fn standing(number: u8) -> impl Strategy<Value = Conversation> {
    let state = prop_oneof![
        3 => Just((State::Open, true)),
        1 => Just((State::Open, false)),
        2 => Just((State::Waiting, false)),
        1 => Just((State::Snoozed, true)),
        1 => Just((State::Snoozed, false)),
        2 => Just((State::Done, false)),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let times = (0..40_i64, 1..30_i64, prop::option::of(1..60_i64), 0..8_u8);
    (state, prop::option::of(1..4_u128), times, flags).prop_map(
        move |((state, waits), owner, (ago, snooze, follow_up, tags), (urgent, files, troubled, old))| {
            let said = NOW - ago * HOUR;
            let mut row = Conversation {
                id: id(100 + u128::from(number)),
                number: 20_000 + i64::from(number),
                channel_id: id(20),
                desk_id: id(10 + u128::from(number)),
                patron_id: id(30 + u128::from(number)),
                patron_name: "Amara Osei".to_owned(),
                thread: None,
                subject: format!("Subject {number}"),
                preview: format!("Line {number}"),
                visibility: Visibility::Private,
                state,
                owner_id: owner.map(id),
                owner_since: owner.map(|_| said),
                waiting_since: None,
                due_at: 0,
                snoozed_until: (state == State::Snoozed).then_some(NOW + snooze * HOUR),
                last_patron_at: said,
                last_at: said + if old { HOUR } else { 0 },
                seq: i64::from(number),
                trouble: troubled.then(|| "It came back.".to_owned()),
                has_attachments: files,
                created_at: said,
                outcome: (state == State::Done).then_some(Outcome::Answered),
                follow_up_at: None,
                tags: String::new(),
                urgent,
                merged_into: None,
                live: false,
                skill: String::new(),
                language: String::new(),
                offered: String::new(),
                kept_for: None,
                kept_until: 0,
                step: 0,
                hop_at: None,
            };
            for tag in (0..3_u8).filter(|tag| tags & (1 << tag) != 0) {
                row.tags = tag::with(&row.tags, id(50 + u128::from(tag))).expect("another one");
            }
            if let Some(hours) = follow_up.filter(|_| state != State::Done) {
                row.follow_up_at = Some(NOW + hours * HOUR);
                row.outcome = Some(Outcome::FollowUp);
            }
            if waits {
                row.waits(said, said + 24 * HOUR)
            } else {
                row.waits_no_more()
            }
            row
        },
    )
}

fn joined(into: &Conversation, from: &Conversation) -> Conversation {
    join(into, from, earlier(into.waiting_since, from.waiting_since))
}

fn nothing_since(row: &Conversation) -> Since {
    Since {
        open: row.waiting_since.map(|since| (since, since)),
        preview: row.preview.clone(),
        ..Since::default()
    }
}

proptest! {
    #[test]
    fn undone_both_are_as_they_were(into in standing(1), from in standing(2)) {
        let both = joined(&into, &from);
        let gone = shell(&from, into.id);
        prop_assert_eq!(part(&gone, &Standing::of(&from), None, &nothing_since(&from)), from.clone());
        let back = part(&both, &Standing::of(&into), Some(&Standing::of(&both)), &nothing_since(&into));
        prop_assert_eq!(back, into.clone());
    }

    #[test]
    fn what_somebody_changed_in_between_stays_changed(into in standing(1), from in standing(2)) {
        let both = joined(&into, &from);
        let mut changed = both.clone();
        changed.owner_id = Some(id(9));
        changed.urgent = !both.urgent;
        changed.tags = tag::with(&both.tags, id(59)).expect("another one");
        changed.state = State::Snoozed;
        changed.snoozed_until = Some(NOW + 99 * HOUR);
        let back = part(&changed, &Standing::of(&into), Some(&Standing::of(&both)), &nothing_since(&into));
        prop_assert_eq!((back.owner_id, back.urgent, back.state), (Some(id(9)), !both.urgent, State::Snoozed));
        let tags: Vec<Uuid> = tag::ids(&back.tags).collect();
        let expected: Vec<Uuid> = tag::ids(&into.tags).chain([id(59)]).collect();
        prop_assert_eq!(tags, expected);
    }

    #[test]
    fn nobody_who_waits_or_was_promised_something_is_forgotten(into in standing(1), from in standing(2)) {
        let both = joined(&into, &from);
        let rows = [&into, &from];
        prop_assert_eq!(both.waiting_since, rows.iter().filter_map(|row| row.waiting_since).min());
        prop_assert_eq!(both.follow_up_at, rows.iter().filter_map(|row| row.follow_up_at).min());
        for row in rows {
            prop_assert!(row.waiting_since.is_none() || both.due_at <= row.due_at);
            prop_assert!(row.state != State::Open || both.state == State::Open);
            prop_assert!(tag::ids(&row.tags).all(|one| tag::ids(&both.tags).any(|tag| tag == one)));
            prop_assert!(row.owner_id.is_none() || both.owner_id.is_some());
        }
        let kept = (both.id, both.desk_id, both.patron_id, both.channel_id);
        prop_assert_eq!(kept, (into.id, into.desk_id, into.patron_id, into.channel_id));
        let gone = shell(&from, into.id);
        prop_assert_eq!((gone.state, gone.waiting_since, gone.owner_id), (State::Done, None, None));
    }
}

#[test]
fn what_cannot_be_one_is_said_in_words() {
    let row = |number| standing(number).new_tree(&mut TestRunner::deterministic());
    let (one, other) = (row(1).expect("a row").current(), row(2).expect("a row").current());
    assert_eq!(refuse(&one, &other), Ok(()));
    assert!(refuse(&one, &one).unwrap_err().contains("one conversation already"));
    let spam = Conversation { state: State::Spam, ..other.clone() };
    assert!(refuse(&one, &spam).unwrap_err().starts_with("Q-20002 is marked as spam"));
    assert!(refuse(&spam, &one).unwrap_err().starts_with("Q-20002 is marked as spam"));
    let practice = Conversation { outcome: Some(Outcome::Practice), ..other };
    assert!(refuse(&one, &practice).unwrap_err().contains("practice"));
    assert_eq!(in_words(1, 12, 9), "1 message of Q-12 joins Q-9");
    assert_eq!(in_words(3, 12, 9), "3 messages of Q-12 join Q-9");
}
