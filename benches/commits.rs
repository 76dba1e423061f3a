//! How many commits many sources need at once: on a slow disk the commits are what costs.
//!
//! The commits are counted in the log that SQLite itself writes: each commit ends with a frame that says how large the
//! file is from then on. A reader who stays keeps the log from beginning anew.

use std::path::Path;
use std::time::Duration;

use deskbell::config::Synchronous;
use deskbell::inbound;
use rusqlite::Connection;

use super::Size;
use super::support::cost::{Cost, Meter};
use super::support::house::{House, envelope};
use super::support::mail::Letters;
use super::support::table::Table;

const SOURCES: usize = 32;
const FRAME_HEAD: usize = 24;
/// As a slow disk answers.
const SLOW_MS: f64 = 10.0;

pub async fn measure(size: Size, table: &mut Table) {
    let each = (size.mails / SOURCES / 2).max(4);
    let (one, one_cost) = commits_a_mail(size.seed, 1, each * 4).await;
    let (many, many_cost) = commits_a_mail(size.seed, SOURCES, each).await;
    let shown = |commits: f64, cost: Cost, mails: usize| {
        let us = cost.wall.as_micros() / mails as u128;
        format!("{commits:.3} ({us} us; {:.1} ms where each takes 10 ms)", commits * SLOW_MS)
    };
    let what = format!("commits a mail, {SOURCES} sources at once");
    let (value, floor) = (shown(many, many_cost, each * SOURCES), shown(one, one_cost, each * 4));
    table.row(&what, value, floor, Some(many / one), ("<= 0.25 of one source", many <= one * 0.25));
}

async fn commits_a_mail(seed: u64, sources: usize, each: usize) -> (f64, Cost) {
    let folder = tempfile::tempdir().unwrap();
    let house = House::build(folder.path(), Synchronous::Full).await;
    let file = folder.path().join("deskbell.db");
    let stays = Connection::open(&file).unwrap();
    stays.execute_batch("BEGIN; SELECT count(*) FROM settings").unwrap();
    let before = commits(&file);
    let mut letters = Letters::new(seed);
    let meter = Meter::start();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..sources {
        let mails: Vec<_> = letters.take(each).into_iter().map(envelope).collect();
        let (app, channel) = (house.app.clone(), house.channel.clone());
        all.spawn(async move {
            for mail in mails {
                inbound::accept(&app, &channel, vec![mail], None).await.unwrap();
            }
        });
    }
    all.join_all().await;
    let cost = meter.read();
    let needed = commits(&file) - before;
    drop(stays);
    house.app.close().await;
    assert!(cost.wall > Duration::ZERO);
    (needed as f64 / (sources * each) as f64, cost)
}

/// Frames that end a commit, in a log that began once.
fn commits(file: &Path) -> usize {
    let log = std::fs::read(file.with_extension("db-wal")).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (page, salts) = (number(8) as usize, (number(16), number(20)));
    let frames =
        (0..).map(|frame| 32 + frame * (FRAME_HEAD + page)).take_while(|at| at + FRAME_HEAD <= log.len());
    frames.filter(|at| number(at + 4) != 0 && (number(at + 8), number(at + 12)) == salts).count()
}
