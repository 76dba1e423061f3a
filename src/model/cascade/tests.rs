use proptest::prelude::*;

use super::*;
use crate::model::conversation::Visibility;
use crate::model::hours::Interval;

const NOW: Millis = 1_790_856_000_000;
const OWN: u128 = 10;
const MINUTE: i64 = 60_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn step(to: Option<u128>, live_ms: i64, other_ms: i64) -> Step {
    Step { desk_id: id(OWN), to_desk_id: to.map(id), live_ms, other_ms }
}

fn asked() -> Conversation {
    Conversation {
        id: id(100),
        number: 20_001,
        channel_id: id(20),
        desk_id: id(OWN),
        patron_id: id(30),
        patron_name: "Amara Osei".to_owned(),
        thread: None,
        subject: "My PIN".to_owned(),
        preview: String::new(),
        visibility: Visibility::Private,
        state: State::Open,
        owner_id: None,
        owner_since: None,
        waiting_since: Some(NOW),
        due_at: NOW + 120 * MINUTE,
        snoozed_until: None,
        last_patron_at: NOW,
        last_at: NOW,
        seq: 7,
        trouble: None,
        has_attachments: false,
        created_at: NOW,
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

/// Noon of the first of October 2026 in UTC, a Thursday; open from nine to so many minutes after noon.
fn open_until(minutes: u16) -> Hours {
    let day = Interval::new(9 * 60, 12 * 60 + minutes).unwrap();
    Hours::weekly("UTC", std::array::from_fn(|_| vec![day]))
}

#[test]
fn who_waits_at_their_screen_does_not_wait_for_a_closed_desk() {
    let step = step(Some(11), 40_000, 60 * MINUTE);
    assert_eq!(due(&step, true, None, NOW), Some(NOW + 40_000));
    assert_eq!(due(&step, false, None, NOW), Some(NOW + 60 * MINUTE));
    let open = open_until(90);
    assert_eq!(due(&step, true, Some(&open), NOW), Some(NOW + 40_000));
    assert_eq!(due(&step, false, Some(&open), NOW), Some(NOW + 60 * MINUTE));
    // It closes before: a letter waits for the morning, a person at a screen does not.
    let closing = open_until(30);
    let morning = NOW + 21 * 60 * MINUTE;
    assert_eq!(due(&step, false, Some(&closing), NOW), Some(morning + 30 * MINUTE));
    let last = NOW + 30 * MINUTE - 10_000;
    assert_eq!(due(&step, true, Some(&closing), last), Some(last + 10_000));
    assert_eq!(due(&step, true, Some(&closing), NOW + 31 * MINUTE), Some(NOW + 31 * MINUTE));
    assert_eq!(due(&step, false, Some(&closing), NOW + 31 * MINUTE), Some(morning + 60 * MINUTE));
}

#[test]
fn a_list_that_leads_back_is_refused() {
    let refused = |steps: &[Step]| check(id(OWN), steps).unwrap_err();
    assert_eq!(check(id(OWN), &[step(Some(11), 1, 1), step(Some(12), 1, 1), step(None, 1, 1)]), Ok(()));
    assert!(refused(&[step(Some(OWN), 1, 1)]).contains("back to its own desk"));
    assert!(refused(&[step(Some(11), 1, 1), step(Some(11), 1, 1)]).contains("each desk once"));
    assert!(refused(&[step(None, 1, 1), step(Some(11), 1, 1)]).contains("comes last"));
    assert!(refused(&[step(Some(11), -1, 1)]).contains("30 days"));
    assert!(refused(&[step(Some(11), 1, LONGEST_MS + 1)]).contains("30 days"));
    let many: Vec<Step> = (0..11).map(|n| step(Some(20 + n), 1, 1)).collect();
    assert!(refused(&many).contains("10 steps"));
}

#[test]
fn who_passed_it_on_is_not_given_it_again_and_at_last_everybody_is() {
    let steps = [step(Some(11), 1, 1), step(Some(12), 1, 1), step(None, 1, 1)];
    let everywhere = |_| true;
    let row = asked();
    let offered = |row: &Conversation| Offered::read(&row.offered);
    let one = hopped(&row, &steps, &hop(&steps, 0, &row, everywhere), false);
    assert!(offered(&one).is_at(id(OWN), id(OWN)) && offered(&one).is_at(id(11), id(OWN)));
    let two = hopped(&one, &steps, &hop(&steps, 1, &one, everywhere), true);
    assert_eq!(two.offered, format!("- {}", id(12)));
    assert!(!offered(&two).is_at(id(OWN), id(OWN)) && !offered(&two).is_at(id(11), id(OWN)));
    let last = hopped(&two, &steps, &hop(&steps, 2, &two, everywhere), true);
    assert!([OWN, 11, 12].into_iter().all(|desk| offered(&last).is_at(id(desk), id(OWN))));
    assert!(last.urgent && !two.urgent);
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let desks = prop::sample::subsequence(vec![11_u128, 12, 13, 14], 0..=4).prop_shuffle();
    (desks, any::<bool>()).prop_map(|(desks, away)| {
        let away = away.then_some(None);
        desks.into_iter().map(Some).chain(away).map(|to| step(to, 1, 1)).collect()
    })
}

proptest! {
    /// However it goes on, by the clock or by hand, and whichever desks are open: it comes to an end, no desk is asked
    /// twice, none that is closed is asked, and nothing of what the patron was promised changes.
    #[test]
    fn a_cascade_ends_and_never_leads_back(
        steps in steps(),
        by_hand in prop::collection::vec(any::<bool>(), 8),
        open in prop::collection::vec(prop::sample::subsequence(vec![11_u128, 12, 13, 14], 0..=4), 8),
    ) {
        prop_assert_eq!(check(id(OWN), &steps), Ok(()));
        let begun = asked();
        let (mut row, mut asked_at, mut ended) = (begun.clone(), vec![id(OWN)], false);
        for (by_hand, open) in by_hand.into_iter().zip(open) {
            let taken = usize::try_from(row.step).unwrap();
            let next = hop(&steps, taken, &row, |desk| open.iter().any(|one| id(*one) == desk));
            prop_assert!(!ended || next.to == To::Nowhere, "nothing comes after the end");
            prop_assert!(next.taken > taken || next.to == To::Nowhere);
            prop_assert!(next.closed.iter().all(|desk| !open.iter().any(|one| id(*one) == *desk)));
            if let To::Desk(desk) = next.to {
                prop_assert!(!asked_at.contains(&desk), "asked twice");
                prop_assert!(open.iter().any(|one| id(*one) == desk));
                asked_at.push(desk);
            }
            ended = ended || next.to != To::Desk(at_last(&hopped(&row, &steps, &next, by_hand)));
            row = hopped(&row, &steps, &next, by_hand);
            let same = Conversation {
                offered: String::new(), step: 0, hop_at: None, urgent: false, ..row.clone()
            };
            prop_assert_eq!(same, begun.clone());
            prop_assert!(!row.urgent || ended);
        }
        prop_assert!(ended, "it ends");
    }

    #[test]
    fn a_row_says_where_it_is_offered(passed: bool, desks in prop::collection::vec(0..9_u128, 0..4)) {
        let offered = Offered { passed, desks: desks.into_iter().map(id).collect() };
        prop_assert_eq!(Offered::read(&offered.to_string()), offered);
    }
}
