//! The inbox's views, against the same views worked out by hand from every row.

use super::bed::{Bed, House, NOW, channel, conversation, each_engine, patron};
use deskbell::clock::Clock;
use deskbell::model::conversation::{Conversation, State, View};
use deskbell::model::tag::Tag;
use deskbell::store::lists::{self, Query};
use deskbell::store::{Error, channels, conversations, stacks, tags, tallies, watches};
use uuid::Uuid;

const TAG: Uuid = Uuid::from_u128(0x7A6);

/// Conversations of every kind, mixed so that no filter gives a run of neighbours.
async fn fill(bed: &Bed, house: &House) -> (Vec<Conversation>, Uuid) {
    let other = channel(Clock::frozen(NOW).id(), "Text us", house.children.id);
    let (patron, _) = patron(bed, "Efua Osei", "efua@patrons.example").await;
    let states =
        [State::Open, State::Done, State::Open, State::Waiting, State::Snoozed, State::Spam, State::Done];
    let owners = [None, Some(house.ana.id), None, Some(house.bryan.id)];
    let rows: Vec<Conversation> = (0..240)
        .map(|number| {
            let at = usize::try_from(number).unwrap();
            // Times repeat, so that the id decides between rows of the same time.
            let time = NOW + (number * 37) % 50;
            let state = states[at % states.len()];
            Conversation {
                state,
                owner_id: owners[at % owners.len()],
                desk_id: if number % 3 == 0 { house.children.id } else { house.reference.id },
                channel_id: if number % 5 < 2 { other.id } else { house.channel.id },
                due_at: time,
                last_at: time + 7,
                snoozed_until: (state == State::Snoozed).then_some(time + 100),
                urgent: number % 4 == 0,
                tags: if number % 3 == 1 { TAG.to_string() } else { String::new() },
                ..conversation(house, &patron, number)
            }
        })
        .collect();
    let kept = rows.clone();
    let (ana, bryan) = (house.ana.id, house.bryan.id);
    let other_id = other.id;
    bed.write(move |tx| {
        Box::pin(async move {
            channels::insert(tx, &other).await?;
            let tag = Tag { id: TAG, name: "Holds".into(), created_at: NOW, removed_at: None };
            tags::insert(tx, &tag).await?;
            for row in &kept {
                conversations::insert(tx, row).await?;
                if tagged(row) {
                    tags::mark(tx, TAG, row.id, true).await?;
                }
                for staff in [ana, bryan] {
                    if watched(staff, row) {
                        watches::put(tx, staff, row.id, NOW).await?;
                    }
                }
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
    (rows, other_id)
}

/// A few each, others for each.
fn watched(staff: Uuid, row: &Conversation) -> bool {
    !staff.is_nil() && row.number % 7 == i64::from(staff.as_bytes()[15] % 7)
}

/// A third of them.
fn tagged(row: &Conversation) -> bool {
    row.number % 3 == 1
}

fn by_hand(rows: &[Conversation], query: &Query) -> Vec<i64> {
    let in_view = |row: &&Conversation| match query.view {
        View::Unclaimed => row.state == State::Open && row.owner_id.is_none(),
        View::Mine => row.owner_id == Some(query.staff) && [State::Open, State::Waiting].contains(&row.state),
        View::Watching => watched(query.staff, row),
        View::Waiting => row.state == State::Waiting,
        View::Snoozed => row.state == State::Snoozed,
        View::Done => row.state == State::Done,
        View::Spam => row.state == State::Spam,
        View::All => true,
    };
    let mut found: Vec<&Conversation> = rows
        .iter()
        .filter(in_view)
        .filter(|row| query.desk.is_none_or(|desk| row.desk_id == desk))
        .filter(|row| query.channel.is_none_or(|channel| row.channel_id == channel))
        .filter(|row| query.tag.is_none() || tagged(row))
        .collect();
    if query.tag.is_some() {
        found.sort_by_key(|row| std::cmp::Reverse(row.id));
        return found.into_iter().map(|row| row.number).collect();
    }
    match query.view {
        // Late ones, urgent ones, the rest.
        View::Unclaimed => found.sort_by_key(|row| {
            let late = row.due_at <= query.now;
            (!late, !late && !row.urgent, row.due_at, row.id)
        }),
        View::Mine => found.sort_by_key(|row| (row.due_at, row.id)),
        View::Watching => found.sort_by_key(|row| std::cmp::Reverse(row.id)),
        View::Snoozed => found.sort_by_key(|row| (row.snoozed_until, row.id)),
        View::Waiting | View::Done | View::Spam | View::All => {
            found.sort_by_key(|row| std::cmp::Reverse((row.last_at, row.id)));
        }
    }
    found.into_iter().map(|row| row.number).collect()
}

each_engine! {
    async fn every_view_and_filter_gives_every_row_once_and_in_order(bed: Bed) {
        let house = House::build(&bed).await;
        let (rows, other) = fill(&bed, &house).await;
        let mut conn = bed.read().await.unwrap();
        for view in View::ALL {
            for desk in [None, Some(house.children.id), Some(house.reference.id), Some(Uuid::nil())] {
                for channel in [None, Some(other), Some(house.channel.id)] {
                    for (limit, tag) in [(7, None), (500, None), (7, Some(TAG)), (500, Some(TAG))] {
                        // Some are late, some are not; what is late while pages are read is late as of the first.
                        let (staff, now) = (house.ana.id, NOW + 20);
                        let mut query = Query { view, staff, desk, channel, tag, sought: None, now, limit, after: None };
                        let mut paged = Vec::new();
                        let expected = by_hand(&rows, &query);
                        loop {
                            let page = lists::conversations(&mut conn, &query).await.unwrap();
                            assert!(page.items.len() == limit || page.next.is_none(), "a short page is the last");
                            paged.extend(page.items.iter().map(|row| row.number));
                            query.after = page.next;
                            query.now += 3;
                            if page.next.is_none() {
                                break;
                            }
                        }
                        assert_eq!(paged, expected, "{query:?}");
                    }
                }
            }
        }
    }

    async fn the_menu_counts_what_the_views_hold_without_counting(bed: Bed) {
        let house = House::build(&bed).await;
        let (mut rows, _) = fill(&bed, &house).await;
        // A claim, a closure and a hand-off to another desk.
        let claimed = rows.iter().position(|row| row.state == State::Open && row.owner_id.is_none()).unwrap();
        let closed = rows.iter().position(|row| row.state == State::Waiting).unwrap();
        for (at, change) in [
            (claimed, Conversation { owner_id: Some(house.ana.id), ..rows[claimed].clone() }),
            (closed, Conversation { state: State::Done, desk_id: house.children.id, ..rows[closed].clone() }),
        ] {
            let before = std::mem::replace(&mut rows[at], change.clone());
            bed.write(move |tx| Box::pin(async move { conversations::update(tx, &before, &change).await }))
                .await
                .unwrap();
        }
        let mut conn = bed.read().await.unwrap();
        for staff in [house.ana.id, house.bryan.id, Uuid::nil()] {
            let menu = lists::views(&mut conn, staff).await.unwrap();
            let by_hand: Vec<(View, i64)> = View::ALL
                .map(|view| {
                    let query =
                        Query { view, staff, desk: None, channel: None, tag: None, sought: None, now: NOW, limit: 1, after: None };
                    (view, i64::try_from(by_hand(&rows, &query).len()).unwrap())
                })
                .to_vec();
            assert_eq!(menu, by_hand);
        }
        assert_eq!(tallies::wrong(&mut conn).await.unwrap(), []);
        assert_eq!(stacks::wrong(&mut conn).await.unwrap(), []);
        drop(conn);
        let lost = rows[0].clone();
        let refiled = Conversation { desk_id: house.reference.id, ..lost.clone() };
        bed.write(move |tx| Box::pin(async move { conversations::update(tx, &refiled, &lost).await })).await.unwrap();
        let mut conn = bed.read().await.unwrap();
        let wrong = tallies::wrong(&mut conn).await.unwrap();
        assert_eq!(wrong.len(), 2, "a false `before` shows at both desks: {wrong:?}");
    }

    async fn a_patrons_other_questions_and_what_is_linked_are_found(bed: Bed) {
        let house = House::build(&bed).await;
        let (rows, _) = fill(&bed, &house).await;
        let (this, other) = (rows[100].clone(), rows[3].clone());
        let (one, two) = (this.id, other.id);
        bed.write(move |tx| Box::pin(async move { conversations::link(tx, one, two, "same_message").await }))
            .await
            .unwrap();
        let mut conn = bed.read().await.unwrap();
        let earlier = lists::earlier_of_patron(&mut conn, this.patron_id, this.id, 3).await.unwrap();
        assert_eq!(earlier.iter().map(|row| row.number).collect::<Vec<_>>(), [239, 238, 237]);
        for (from, to) in [(&this, &other), (&other, &this)] {
            let linked = lists::linked(&mut conn, from.id).await.unwrap();
            assert_eq!(linked.len(), 1);
            assert_eq!((linked[0].id, linked[0].why.as_str()), (to.id, "same_message"));
        }
    }
}
