//! Taking mail in where much has come before, beside the same in an empty library.

use std::process::Command;

use deskbell::config::Synchronous;

use super::Size;
use super::ingest::take_in;
use super::support::cost::Turns;
use super::support::house::House;
use super::support::large;
use super::support::mail::Letters;
use super::support::table::Table;

/// The two take turns; the first few fill their caches and do not count.
const TURNS: usize = 24;
const UNCOUNTED: usize = 4;

pub async fn measure(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full");
    large::copy_of(&large::library(size.large, size.seed), &full);
    // What was copied must not be on its way to the disk while commits are.
    assert!(Command::new("sync").status().unwrap().success());
    let full = House::enter(&full, Synchronous::Full).await;
    let empty = House::build(&folder.path().join("empty"), Synchronous::Full).await;
    for (a_commit, mails) in [(1, size.mails), (100, size.mails * 2)] {
        let mut costs = [Turns::default(), Turns::default()];
        let each = mails / (TURNS - UNCOUNTED);
        for turn in 0..TURNS {
            for (house, cost) in [&empty, &full].into_iter().zip(&mut costs) {
                // The same for both, and never seen before.
                let seed = size.seed + (a_commit * 100 + turn) as u64;
                let took = take_in(house, Letters::new(seed).take(each), a_commit).await;
                if turn >= UNCOUNTED {
                    cost.add(took);
                }
            }
        }
        let [empty, full] = costs;
        let growth = full.wall_us(each) / empty.wall_us(each);
        let what = format!("mail in, {a_commit} a commit, at {} conversations", size.large);
        let floor = format!("{} when empty", empty.shown(each));
        table.row(&what, full.shown(each), floor, Some(growth), ("<= 1.30 of empty", growth <= 1.3));
    }
    empty.app.close().await;
    full.app.close().await;
}
