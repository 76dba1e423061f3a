//! Platforms want to be left alone, and cost money: what they limit waits, and nothing else does.

use connectors::contract::{Failure, Scope};
use deskbell::channel::budget;
use deskbell::model::channel::{Channel, State};
use deskbell::model::delivery;
use deskbell::store::{deliveries, streams};
use deskbell::worker;

use super::bed::Desk;
use super::bell::{Tower, note};
use super::hooks::{another_tower, ring, take_in, tower};
use crate::store::bed::{NOW, each_engine};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn limited(scope: Scope, until: i64) -> Failure {
    Failure::RateLimited { until: Some(until), scope, why: "The platform wants to be left alone.".to_owned() }
}

/// Which streams were asked for since last looked.
fn asked(tower: &Tower) -> Vec<String> {
    let mut asked = std::mem::take(&mut tower.state().asked);
    asked.sort();
    asked
}

/// Gives a channel money for a day, and reads its row anew.
async fn allow(desk: &Desk, row: &Channel, micros: Option<i64>) {
    budget::set(&desk.app.roster, row.id, micros).await.expect("a budget");
}

each_engine! {
    async fn one_limited_stream_does_not_stop_another(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        tower.next_read("shouts", limited(Scope::Endpoint("shouts".to_owned()), NOW + 3 * MINUTE));
        desk.settle().await;
        assert_eq!(asked(&tower), ["notes", "shouts"]);
        let rows = streams::of_channel(&mut desk.app.db.read().await.unwrap(), row.id).await.unwrap();
        assert_eq!((rows[1].next_poll_at, rows[1].failures), (NOW + 3 * MINUTE, 0), "{rows:?}");
        assert_eq!(rows[1].last_error.as_deref(), Some("The platform wants to be left alone."));
        assert_eq!(desk.app.roster.get(row.id).unwrap().row.state, State::Active, "three minutes are no news");
        desk.later(2 * MINUTE).await;
        assert_eq!(asked(&tower), ["notes"]);
        desk.later(MINUTE).await;
        assert_eq!(asked(&tower).last().map(String::as_str), Some("shouts"));
    }

    async fn a_limit_is_obeyed_whoever_met_it_and_whatever_wakes_the_stream(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let (second, _) = desk.second_loft().await;
        let met = limited(Scope::Account, NOW + 2 * HOUR);
        let roster = &desk.app.roster;
        // As another process writes it.
        deskbell::channel::rate::note(roster, &row, &met).await.unwrap();
        desk.settle().await;
        assert!(asked(&tower).is_empty());
        let id = row.id;
        desk.app.db.write(move |tx| Box::pin(async move { streams::wake_channel(tx, id).await })).await.unwrap();
        desk.settle().await;
        assert!(asked(&tower).is_empty(), "woken, and still left alone");
        let others = streams::of_channel(&mut desk.app.db.read().await.unwrap(), second.id).await.unwrap();
        assert!(others[0].last_success_at.is_some(), "another account is read");
        desk.later(2 * HOUR).await;
        assert_eq!(asked(&tower), ["notes", "shouts"]);
    }

    async fn a_limited_app_stops_every_account_of_it(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (_, tower) = tower(&desk).await;
        let (_, second) = another_tower(&desk).await;
        tower.next_read("notes", limited(Scope::App, NOW + HOUR));
        desk.settle().await;
        // Whoever asked in the same moment could not know.
        tower.state().asked.clear();
        second.state().asked.clear();
        desk.later(30 * MINUTE).await;
        assert!(asked(&tower).is_empty() && asked(&second).is_empty());
        desk.later(30 * MINUTE).await;
        assert_eq!((asked(&tower).len(), asked(&second).len()), (2, 2));
    }

    async fn a_limit_that_one_process_meets_keeps_the_others_away_from_that_alone(bed: Bed) {
        let desk = Desk::open(bed).await;
        let ((row, tower), (second_row, second)) = (tower(&desk).await, another_tower(&desk).await);
        let other = desk.other_process().await;
        take_in(&other, &row, &tower);
        take_in(&other, &second_row, &second);
        ring(&desk, row.id, &[note("1", "efua", "Are you open?"), note("2", "kofi", "Do you have maps?")]).await;
        tower.next_read("shouts", limited(Scope::Endpoint("shouts".to_owned()), NOW + HOUR));
        tower.state().sends.push_back(limited(Scope::Endpoint("send".to_owned()), NOW + HOUR));
        let asking = desk.conversations().await;
        desk.answer(&asking[0], "Until six.").await;
        desk.settle().await;
        assert_eq!((asked(&tower), asked(&second)), (vec!["notes".to_owned(), "shouts".to_owned()], vec!["notes".to_owned(), "shouts".to_owned()]));
        // From here on only the other process works.
        desk.answer(&asking[1], "Thousands.").await;
        desk.app.clock.advance(30 * MINUTE);
        worker::settle(&other).await.unwrap();
        assert_eq!(asked(&tower), ["notes"], "another's limit is obeyed, and covers one stream");
        assert_eq!(asked(&second), ["notes", "shouts"], "another account is not covered at all");
        assert!(tower.state().sent.is_empty() && tower.state().sends.is_empty(), "nothing was tried against the limit");
        // It meets one of its own, which covers the account.
        desk.app.clock.advance(10 * MINUTE);
        tower.next_read("notes", limited(Scope::Account, NOW + 3 * HOUR));
        worker::settle(&other).await.unwrap();
        assert_eq!((asked(&tower), asked(&second).len()), (vec!["notes".to_owned()], 2));
        desk.later(HOUR).await;
        assert!(asked(&tower).is_empty() && tower.state().sent.is_empty(), "the first obeys that one in turn");
        assert_eq!(asked(&second).len(), 2);
        desk.app.clock.advance(2 * HOUR);
        worker::settle(&other).await.unwrap();
        assert_eq!(asked(&tower), ["notes", "shouts"]);
        let mut sent = tower.state().sent.clone();
        sent.sort();
        assert_eq!(sent, ["Thousands.", "Until six."], "each once, whoever met what");
    }

    async fn what_a_platform_tells_by_itself_is_paid_for_from_the_same_budget(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        tower.state().price = Some((100_000, 500_000));
        allow(&desk, &row, Some(1_500_000)).await;
        let told: Vec<_> = (1..=14).map(|n| note(&n.to_string(), &format!("patron {n}"), "Hello?")).collect();
        ring(&desk, row.id, &told).await;
        assert_eq!(desk.conversations().await.len(), 14, "kept, whatever it costs");
        let can = connectors::contract::Channel::capabilities(&tower);
        let known = desk.app.roster.get(row.id).unwrap();
        let mut conn = desk.app.db.read().await.unwrap();
        let balance = budget::balance(&mut conn, &known.row, &can, NOW).await.unwrap().unwrap();
        assert_eq!((balance.spent_micros, balance.left_micros), (1_400_000, Some(100_000)));
        drop(conn);
        desk.settle().await;
        assert!(asked(&tower).is_empty(), "what is left is kept back for answers");
    }

    async fn an_answer_is_parked_by_time_and_no_try_is_counted(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        ring(&desk, row.id, &[note("1", "efua", "Are you open?"), note("2", "kofi", "Do you have maps?")]).await;
        let asking = desk.conversations().await;
        tower.state().sends.push_back(limited(Scope::Endpoint("send".to_owned()), NOW + HOUR));
        let first = desk.answer(&asking[0], "Until six.").await;
        desk.settle().await;
        let second = desk.answer(&asking[1], "Thousands.").await;
        desk.later(59 * MINUTE).await;
        assert!(tower.state().sent.is_empty());
        let mut conn = desk.app.db.read().await.unwrap();
        let mut tries = Vec::new();
        for reply in [&first, &second] {
            let part = deliveries::of_message(&mut conn, reply.id).await.unwrap().remove(0);
            assert_eq!((part.state, part.due_at), (delivery::State::Queued, NOW + HOUR), "{part:?}");
            assert_eq!(part.why.as_deref(), Some("The platform wants to be left alone."));
            tries.push(part.tries);
        }
        drop(conn);
        assert_eq!(tries, [1, 0], "the second was never tried");
        assert!(asked(&tower).len() > 2, "reading goes on");
        desk.later(MINUTE).await;
        let mut sent = tower.state().sent.clone();
        sent.sort();
        assert_eq!(sent, ["Thousands.", "Until six."]);
    }

    async fn a_budget_slows_reading_and_pauses_loudly_when_it_is_spent(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        // Noon. A read costs a tenth of a dollar, an answer half of one; a dollar and a half is for the day.
        tower.state().price = Some((100_000, 500_000));
        allow(&desk, &row, Some(1_500_000)).await;
        desk.settle().await;
        assert_eq!(asked(&tower), ["notes", "shouts"]);
        let rows = streams::of_channel(&mut desk.app.db.read().await.unwrap(), row.id).await.unwrap();
        // 1.15 left for reading is eleven and a half reads of 0.10 in twelve hours.
        assert!(rows.iter().all(|stream| stream.next_poll_at > NOW + 50 * MINUTE), "slowed: {rows:?}");
        let mut reads = 2;
        for _ in 0..48 {
            desk.later(15 * MINUTE - 1).await;
            reads += asked(&tower).len();
        }
        assert!((8..=14).contains(&reads), "{reads} reads in a day of 1.35");
        let now = desk.app.clock.now();
        let can = connectors::contract::Channel::capabilities(&tower);
        let mut conn = desk.app.db.read().await.unwrap();
        let known = desk.app.roster.get(row.id).unwrap();
        let balance = budget::balance(&mut conn, &known.row, &can, now).await.unwrap().unwrap();
        assert_eq!(balance.spent_micros, reads as i64 * 100_000);
        assert_eq!(balance.left_micros, Some(1_500_000 - balance.spent_micros));
    }

    async fn what_is_kept_back_is_for_answers_and_then_they_wait_too(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let texts: Vec<_> = (1..=3).map(|n| note(&n.to_string(), &format!("patron {n}"), "Hello?")).collect();
        ring(&desk, row.id, &texts).await;
        let asking = desk.conversations().await;
        tower.state().price = Some((500_000, 30_000));
        allow(&desk, &row, Some(1_040_000)).await;
        desk.settle().await;
        assert_eq!(asked(&tower).len(), 2);
        desk.later(HOUR).await;
        let card = desk.app.roster.get(row.id).unwrap().row.clone();
        assert_eq!(card.state, State::Degraded);
        let why = card.state_why.unwrap();
        assert!(why.starts_with("Paused: 1.00 USD of today's budget of 1.04 USD is used up"), "{why}");
        assert!(why.contains("It goes on at 02:00"), "midnight by UTC, as the library's clock shows it: {why}");
        desk.answer(&asking[0], "One").await;
        desk.answer(&asking[1], "Two").await;
        desk.later(MINUTE).await;
        desk.answer(&asking[2], "Three").await;
        desk.later(MINUTE).await;
        let mut sent = tower.state().sent.clone();
        sent.sort();
        assert_eq!(sent, ["One", "Two"], "0.04 is less than two, and counted when it has left");
        asked(&tower);
        let why = desk.app.roster.get(row.id).unwrap().row.state_why.clone().unwrap();
        assert!(why.contains("This answer waits here"), "{why}");
        allow(&desk, &row, Some(9_000_000)).await;
        desk.settle().await;
        assert_eq!(tower.state().sent.len(), 3, "raised, it goes on at once");
        assert_eq!(asked(&tower).len(), 2);
        assert_eq!(desk.app.roster.get(row.id).unwrap().row.state, State::Active);
    }
}
