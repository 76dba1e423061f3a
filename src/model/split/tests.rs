use proptest::prelude::*;

use super::*;

const NOW: Millis = 1_790_856_000_000;
const HERE: Uuid = Uuid::from_u128(1);
const MERGED: Uuid = Uuid::from_u128(2);

fn piece(number: u32, direction: Direction, home: Uuid) -> Piece {
    Piece {
        id: Uuid::from_u128(100 + u128::from(number)),
        seq: i64::from(number),
        at: NOW + i64::from(number),
        direction,
        automatic: false,
        home_id: home,
        address_id: None,
        files: false,
        delivery: None,
    }
}

/// What was said in a conversation, part of it in a thread that is merged into it.
fn said() -> impl Strategy<Value = Vec<Piece>> {
    let direction =
        prop_oneof![3 => Just(Direction::In), 2 => Just(Direction::Out), 1 => Just(Direction::Inside)];
    let home = prop_oneof![3 => Just(HERE), 1 => Just(MERGED)];
    let word = prop_oneof![4 => Just(None), 1 => Just(Some("held")), 1 => Just(Some("failed"))];
    prop::collection::vec((direction, home, word, any::<bool>()), 1..12).prop_map(|all| {
        let number = |at: usize| u32::try_from(at).expect("few");
        all.into_iter()
            .enumerate()
            .map(|(at, (direction, home, word, files))| Piece {
                delivery: word.filter(|_| direction == Direction::Out).map(str::to_owned),
                files,
                ..piece(number(at), direction, home)
            })
            .collect()
    })
}

fn row(state: State, waiting_since: Option<Millis>) -> Conversation {
    Conversation {
        id: HERE,
        number: 20_001,
        channel_id: Uuid::from_u128(3),
        desk_id: Uuid::from_u128(4),
        patron_id: Uuid::from_u128(5),
        patron_name: "Amara Osei".to_owned(),
        thread: Some("amara".to_owned()),
        subject: "Two things".to_owned(),
        preview: String::new(),
        visibility: Visibility::Private,
        state,
        owner_id: Some(Uuid::from_u128(6)),
        owner_since: Some(NOW),
        waiting_since,
        due_at: NOW + 50,
        snoozed_until: (state == State::Snoozed).then_some(NOW + 90),
        last_patron_at: NOW,
        last_at: NOW,
        seq: 1,
        trouble: Some("It came back.".to_owned()),
        has_attachments: true,
        created_at: NOW,
        outcome: (state == State::Done).then_some(Outcome::Answered),
        follow_up_at: None,
        tags: Uuid::from_u128(7).to_string(),
        urgent: true,
        merged_into: None,
        step: 0,
        hop_at: None,
        live: false,
        skill: String::new(),
        language: "es".to_owned(),
        offered: String::new(),
        kept_for: Some(Uuid::from_u128(11)),
        kept_until: NOW + 5,
    }
}

fn first() -> First {
    First {
        id: Uuid::from_u128(8),
        number: 20_002,
        channel_id: Uuid::from_u128(9),
        patron: (Uuid::from_u128(10), "Rosa Diaz".to_owned()),
        subject: "The other thing".to_owned(),
        visibility: Visibility::Private,
        at: NOW - 7,
    }
}

fn asks(pieces: &[&Piece], home: Option<Uuid>) -> bool {
    pieces
        .iter()
        .any(|piece| piece.direction == Direction::In && home.is_none_or(|home| piece.home_id == home))
}

proptest! {
    #[test]
    fn each_message_is_in_one_of_the_two_and_each_begins_with_a_patron(said in said(), which in any::<u16>(), after: bool) {
        let chosen: Vec<Uuid> =
            said.iter().enumerate().filter(|(at, _)| which >> at & 1 == 1).map(|(_, piece)| piece.id).collect();
        let wanted = match chosen.first() {
            Some(first) if after => Chosen::From(*first),
            _ => Chosen::These(chosen.clone()),
        };
        let Ok((goes, stays)) = apart(&said, &wanted) else {
            // It is refused for a reason only: nothing of a patron would be in one of them.
            let gone = |piece: &&Piece| match &wanted {
                Chosen::These(ids) => ids.contains(&piece.id),
                Chosen::From(first) => said.iter().any(|one| one.id == *first && one.seq <= piece.seq && one.home_id == piece.home_id),
            };
            let (goes, stays): (Vec<_>, Vec<_>) = said.iter().partition(gone);
            let empty = [HERE, MERGED].into_iter().any(|home| goes.iter().any(|piece| piece.home_id == home) && !asks(&stays, Some(home)));
            prop_assert!(!asks(&goes, None) || empty);
            return Ok(());
        };
        prop_assert_eq!(goes.len() + stays.len(), said.len());
        prop_assert!(goes.iter().all(|piece| !stays.contains(piece)));
        prop_assert!(asks(&goes, None) && asks(&stays, None));
        prop_assert!(goes.iter().all(|piece| asks(&stays, Some(piece.home_id))), "each thread keeps something");
        match wanted {
            Chosen::These(_) => prop_assert!(goes.iter().all(|piece| chosen.contains(&piece.id)) && goes.len() == chosen.len()),
            Chosen::From(first) => {
                let of = goes[0];
                prop_assert!(of.id == first && goes.iter().all(|piece| piece.home_id == of.home_id));
                prop_assert!(stays.iter().all(|piece| piece.home_id != of.home_id || piece.seq < of.seq));
            }
        }
    }

    #[test]
    fn who_waits_is_shown_where_they_wait_and_nobody_loses_what_is_theirs(
        said in said(),
        state in prop_oneof![Just(State::Open), Just(State::Waiting), Just(State::Snoozed), Just(State::Done)],
        waited: bool,
        open: bool,
    ) {
        let may_wait = matches!(state, State::Open | State::Snoozed);
        let before = row(state, (waited && may_wait).then_some(NOW));
        let pieces: Vec<&Piece> = said.iter().collect();
        prop_assume!(asks(&pieces, None));
        let side = Side::of(&pieces, open.then_some((NOW, NOW + 40)), "The last line".to_owned());
        let leaving = said.iter().filter(|piece| piece.delivery.as_deref() == Some("held")).map(|piece| piece.seq).max();
        let nudge = said.iter().filter(|piece| piece.direction == Direction::In).map(|piece| piece.seq).max();
        let shown = open && leaving.is_none_or(|leaving| nudge > Some(leaving));
        for after in [rest(&before, &side), begin(&before, first(), &side)] {
            prop_assert_eq!(after.waiting_since, shown.then_some(NOW));
            prop_assert!(!shown || matches!(after.state, State::Open | State::Snoozed), "who waits is not done");
            prop_assert!(shown || after.state != State::Open || before.waiting_since.is_none());
            prop_assert_eq!((after.owner_id, after.desk_id, after.urgent), (before.owner_id, before.desk_id, true));
            prop_assert_eq!(after.trouble.is_some(), said.iter().any(|piece| piece.delivery.as_deref() == Some("failed")));
            prop_assert_eq!(after.preview.as_str(), "The last line");
            prop_assert!(after.outcome.is_none() || after.state == State::Done);
        }
        let (old, new) = (rest(&before, &side), begin(&before, first(), &side));
        prop_assert_eq!((&old.tags, &old.subject, old.patron_id), (&before.tags, &before.subject, before.patron_id));
        prop_assert_eq!(&Conversation { thread: None, ..new.clone() }, &new, "the platform's own conversation stays what it was");
        prop_assert_eq!((new.tags.as_str(), new.patron_name.as_str(), new.snoozed_until), ("", "Rosa Diaz", None));
        prop_assert_eq!((new.created_at, new.state == State::Done), (NOW - 7, state == State::Done && !shown));
    }
}

#[test]
fn practice_stays_practice() {
    let practised = Conversation { outcome: Some(Outcome::Practice), ..row(State::Open, None) };
    let piece = piece(1, Direction::In, HERE);
    let side = Side::of(&[&piece], Some((NOW, NOW)), String::new());
    assert_eq!(begin(&practised, first(), &side).outcome, Some(Outcome::Practice));
    assert_eq!(rest(&practised, &side).outcome, Some(Outcome::Practice));
}
