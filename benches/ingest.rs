//! Taking mail in, from the bytes to the commit, beside bare SQLite inserting the same rows.

use std::pin::pin;

use deskbell::config::Synchronous;
use deskbell::inbound;
use futures::{StreamExt, stream};
use tokio::sync::mpsc;

use super::Size;
use super::support::cost::{Cost, Meter, Turns};
use super::support::floor::Floor;
use super::support::house::{House, envelope};
use super::support::mail::Letters;
use super::support::table::Table;

/// The two take turns, so that a busy minute of the machine meets both. A turn is long enough that what a source takes to
/// begin is little of it.
const TURNS: usize = 10;
pub async fn measure(size: Size, table: &mut Table) {
    for (a_commit, mails) in [(1, size.mails), (100, size.mails * 5)] {
        for (synchronous, pragma) in [(Synchronous::Full, "FULL"), (Synchronous::Normal, "NORMAL")] {
            let folder = tempfile::tempdir().unwrap();
            let house = House::build(&folder.path().join("data"), synchronous).await;
            let file = folder.path().join("data/deskbell.db");
            let mut floor = Floor::beside(&file, &folder.path().join("floor.db"), pragma);
            let mut letters = Letters::new(size.seed);
            let (mut ours, mut bare) = (Turns::default(), Turns::default());
            let each = mails / TURNS;
            for _ in 0..TURNS {
                ours.add(take_in(&house, letters.take(each), a_commit).await);
                let (inserted, cost) = floor.catch_up(a_commit);
                assert_eq!(inserted, each, "each mail is a message");
                bare.add(cost);
            }
            house.app.close().await;
            let what = format!("mail in, {a_commit} a commit, synchronous {pragma}");
            let share = bare.wall_us(each) / ours.wall_us(each);
            let promise = (">= 0.50 of bare SQLite", share >= 0.5);
            table.row(&what, ours.shown(each), bare.shown(each), Some(share), promise);
            let cpu_ms = ours.cpu_us(each) / 1e3;
            let value = format!("{cpu_ms:.2} ms");
            table.row("  CPU a mail", value, "-".into(), None, ("<= 1 ms", cpu_ms <= 1.0));
        }
    }
}

/// As `mail import` does it: read, made ready and kept, the next ones while the last are being kept.
pub async fn take_in(house: &House, raw: Vec<Vec<u8>>, a_commit: usize) -> Cost {
    let (app, channel) = (house.app.clone(), house.channel.clone());
    let task = tokio::spawn(async move {
        let meter = Meter::start();
        let (portions, mut read) = mpsc::channel(1);
        let reader = tokio::task::spawn_blocking(move || {
            let mut raw = raw.into_iter();
            loop {
                let portion: Vec<_> = raw.by_ref().take(inbound::PORTION).map(envelope).collect();
                if portion.is_empty() || portions.blocking_send((portion, ())).is_err() {
                    return;
                }
            }
        });
        let portions = stream::poll_fn(move |context| read.poll_recv(context));
        let mut kept = pin!(inbound::accept_in_turn(&app, &channel, portions, a_commit));
        while let Some(counts) = kept.next().await {
            counts.unwrap();
        }
        reader.await.unwrap();
        meter.read()
    });
    task.await.unwrap()
}
