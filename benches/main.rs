//! The speed promises, each measured beside a floor in the same run: `make bench`, or some of them with
//! `cargo bench --bench speed -- ingest list`.
//!
//! A shared machine's clock wanders, so what is promised is a ratio to bare SQLite or a bare web server doing the same
//! work at the same time, and CPU time stands beside wall time. Nothing here fails for being slow; read the table.
//!
//! Arguments besides the names: `seed=7 mails=2000 large=1000000 server=200000`. What is measured on a server too needs
//! `DESKBELL_BENCH_POSTGRES=postgres://USER@HOST`, where databases may be made.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be taken ends where it stands")]

mod channels;
mod commits;
mod day;
mod growth;
mod hooks;
mod ingest;
mod list;
mod live;
mod poll;
mod search;
mod serve;
mod support;

use support::table::Table;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Chooses the mails and the library.
    pub seed: u64,
    /// Mails taken in by each measurement.
    pub mails: usize,
    /// Conversations in the large library.
    pub large: usize,
    /// Conversations in the large library on a server.
    pub server: usize,
}

fn main() {
    let mut size = Size { seed: 7, mails: 2_000, large: 1_000_000, server: 200_000 };
    let mut names = Vec::new();
    for argument in std::env::args().skip(1).filter(|argument| !argument.starts_with('-')) {
        match argument.split_once('=') {
            Some(("seed", value)) => size.seed = value.parse().unwrap(),
            Some(("mails", value)) => size.mails = value.parse().unwrap(),
            Some(("large", value)) => size.large = value.parse().unwrap(),
            Some(("server", value)) => size.server = value.parse().unwrap(),
            _ => names.push(argument),
        }
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|known| known == name);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut table = Table::default();
    runtime.block_on(async {
        if wanted("ingest") {
            ingest::measure(size, &mut table).await;
        }
        if wanted("commits") {
            commits::measure(size, &mut table).await;
        }
        if wanted("growth") {
            growth::measure(size, &mut table).await;
        }
        if wanted("poll") {
            poll::measure(size, &mut table).await;
        }
        if wanted("list") {
            list::measure(size, &mut table).await;
        }
        if wanted("search") {
            search::measure(size, &mut table).await;
        }
        if wanted("day") {
            day::measure(size, &mut table).await;
        }
        if wanted("live") {
            live::measure(size, &mut table).await;
        }
        if wanted("serve") {
            serve::measure(size, &mut table).await;
        }
        if wanted("hooks") {
            hooks::measure(size, &mut table).await;
        }
        if wanted("channels") {
            channels::measure(size, &mut table).await;
        }
    });
    println!("\n{table}");
}
