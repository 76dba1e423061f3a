use proptest::prelude::*;

use super::*;
use crate::model::conversation::Visibility;

const NOW: Millis = 1_790_856_000_000;
const HOUR: Millis = 3_600_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

const ANA: u128 = 1;
const BRYAN: u128 = 2;
const HOME: u128 = 10;
const OVERNIGHT: u128 = 11;

/// A question that waits for us at a desk.
fn asked(desk: u128) -> Conversation {
    Conversation {
        id: id(100),
        number: 20_001,
        channel_id: id(20),
        desk_id: id(desk),
        patron_id: id(30),
        patron_name: "Amara Osei".to_owned(),
        thread: None,
        subject: "My PIN".to_owned(),
        preview: String::new(),
        visibility: Visibility::Private,
        state: State::Open,
        owner_id: Some(id(ANA)),
        owner_since: Some(NOW - HOUR),
        waiting_since: Some(NOW - 2 * HOUR),
        due_at: NOW + 2 * HOUR,
        snoozed_until: None,
        last_patron_at: NOW - 2 * HOUR,
        last_at: NOW - 2 * HOUR,
        seq: 7,
        trouble: None,
        has_attachments: false,
        created_at: NOW - 2 * HOUR,
        outcome: None,
        follow_up_at: None,
        tags: String::new(),
        urgent: false,
        merged_into: None,
        live: false,
        skill: String::new(),
        language: String::new(),
        offered: String::new(),
        kept_for: None,
        kept_until: 0,
        step: 0,
        hop_at: None,
    }
}

/// Every outcome, at the patron's own desk and at another one that answers for it.
#[test]
fn where_each_outcome_puts_a_question() {
    let follow_up = Decision::FollowUp { at: NOW + 48 * HOUR };
    let home = Decision::HomeLibrary { desk: id(HOME), due_at: NOW + 8 * HOUR };
    let table = [
        // at, decided, state, desk then, owner then, comes back, patron waits
        (HOME, Decision::Answered, State::Done, HOME, Some(ANA), None, false),
        (OVERNIGHT, Decision::Answered, State::Done, OVERNIGHT, Some(ANA), None, false),
        (HOME, follow_up, State::Snoozed, HOME, Some(ANA), Some(48), true),
        (OVERNIGHT, follow_up, State::Snoozed, OVERNIGHT, Some(ANA), Some(48), true),
        (HOME, home, State::Open, HOME, None, Some(8), true),
        (OVERNIGHT, home, State::Open, HOME, None, Some(8), true),
        (HOME, Decision::PatronLost, State::Done, HOME, Some(ANA), None, false),
        (OVERNIGHT, Decision::PatronLost, State::Done, OVERNIGHT, Some(ANA), None, false),
        (HOME, Decision::Practice, State::Done, HOME, Some(ANA), None, false),
        (OVERNIGHT, Decision::Practice, State::Done, OVERNIGHT, Some(ANA), None, false),
    ];
    for (at, decision, state, desk, owner, back, waits) in table {
        let after = decide(&asked(at), decision, id(ANA), NOW, true);
        assert_eq!(after.state, state, "{decision:?} at {at}");
        assert_eq!((after.desk_id, after.owner_id), (id(desk), owner.map(id)), "{decision:?} at {at}");
        assert_eq!(after.follow_up_at, back.map(|hours| NOW + hours * HOUR), "{decision:?} at {at}");
        assert_eq!(after.waiting_since.is_some(), waits, "{decision:?} at {at}");
        assert_eq!(after.outcome, Some(decision.outcome()));
    }
}

#[test]
fn a_later_day_makes_no_earlier_promise_later() {
    let home = |due_at| Decision::HomeLibrary { desk: id(HOME), due_at };
    let after = decide(&asked(OVERNIGHT), home(NOW + 8 * HOUR), id(ANA), NOW, true);
    assert_eq!(after.due_at, NOW + 2 * HOUR, "the patron was to have an answer by then");
    let sooner = decide(&asked(OVERNIGHT), home(NOW + HOUR), id(ANA), NOW, true);
    assert_eq!(sooner.due_at, NOW + HOUR);
    let mut answered = asked(OVERNIGHT);
    answered.waits_no_more();
    let after = decide(&answered, home(NOW + 8 * HOUR), id(ANA), NOW, false);
    assert_eq!((after.waiting_since, after.due_at), (None, NOW + 8 * HOUR));
}

fn decision() -> impl Strategy<Value = Decision> {
    prop_oneof![
        Just(Decision::Answered),
        (1..9_000_i64).prop_map(|hours| Decision::FollowUp { at: NOW + hours * HOUR }),
        (1..9_000_i64, prop::bool::ANY).prop_map(|(hours, home)| Decision::HomeLibrary {
            desk: id(if home { HOME } else { OVERNIGHT }),
            due_at: NOW + hours * HOUR
        }),
        Just(Decision::PatronLost),
        Just(Decision::Practice),
    ]
}

proptest! {
    /// Whatever is decided after whatever was decided before.
    #[test]
    fn no_decision_loses_a_patron(
        decisions in prop::collection::vec((decision(), prop::bool::ANY, prop::bool::ANY), 1..8),
        at in prop_oneof![Just(HOME), Just(OVERNIGHT)],
    ) {
        let mut row = asked(at);
        for (decision, unanswered, by_ana) in decisions {
            let who = id(if by_ana { ANA } else { BRYAN });
            let before = row.clone();
            row = decide(&before, decision, who, NOW, unanswered && before.waiting_since.is_some());
            prop_assert_eq!(row.state == State::Done, decision.outcome().ends());
            prop_assert_eq!(row.follow_up_at.is_some(), !decision.outcome().ends());
            prop_assert_eq!(row.snoozed_until.is_some(), row.state == State::Snoozed);
            prop_assert_eq!(row.owner_since.is_some(), row.owner_id.is_some());
            // Nothing that was put off may end or restart a wait, and a wait never begins here.
            if !decision.outcome().ends() {
                prop_assert_eq!(row.waiting_since, before.waiting_since);
            }
            prop_assert!(row.waiting_since.is_none() || row.waiting_since == before.waiting_since);
            match decision {
                Decision::FollowUp { at } => {
                    prop_assert_eq!(row.owner_id, Some(who));
                    prop_assert!(row.due_at <= at);
                }
                Decision::HomeLibrary { desk, due_at } => {
                    prop_assert_eq!((row.owner_id, row.desk_id), (None, desk));
                    prop_assert!(row.due_at <= due_at);
                }
                _ => prop_assert_eq!((row.owner_id, row.desk_id), (before.owner_id, before.desk_id)),
            }
            let said = (&row.subject, &row.patron_id, row.number, row.channel_id, row.last_at, row.seq);
            prop_assert_eq!(said, (&before.subject, &before.patron_id, before.number, before.channel_id, before.last_at, before.seq));
        }
    }
}

/// As anything may stand before somebody takes it for spam.
fn anything() -> impl Strategy<Value = Conversation> {
    (decision(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(decision, waits, decided, owned)| {
        let mut row = asked(HOME);
        if !waits {
            row.waits_no_more();
        }
        if !owned {
            (row.owner_id, row.owner_since) = (None, None);
        }
        if decided { decide(&row, decision, id(ANA), NOW, waits) } else { row }
    })
}

proptest! {
    #[test]
    fn what_was_no_spam_comes_back_with_the_wait_it_had(before in anything()) {
        let marked = mark_spam(&before, before.waiting_since.is_some());
        prop_assert_eq!(marked.state, State::Spam);
        prop_assert_eq!((marked.waiting_since, marked.snoozed_until, marked.follow_up_at), (None, None, None));
        let back = unmark_spam(&marked, before.waiting_since.map(|since| (since, before.due_at)));
        prop_assert_eq!(back.waiting_since, before.waiting_since);
        prop_assert_eq!(back.state, if before.state == State::Done { State::Done } else { State::Open });
        prop_assert_eq!((back.owner_id, back.desk_id), (before.owner_id, before.desk_id));
        if before.waiting_since.is_some() {
            prop_assert_eq!(back.due_at, before.due_at);
        }
        if before.state == State::Done {
            prop_assert_eq!(back, before);
        }
    }

    #[test]
    fn what_was_said_meanwhile_opens_it(before in anything(), ago in 0..HOUR) {
        let marked = mark_spam(&before, before.waiting_since.is_some());
        let back = unmark_spam(&marked, Some((NOW - ago, NOW + HOUR)));
        prop_assert_eq!((back.state, back.waiting_since, back.due_at), (State::Open, Some(NOW - ago), NOW + HOUR));
    }
}
