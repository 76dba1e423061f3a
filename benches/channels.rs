//! Two hundred connected accounts that are read every thirty seconds, on four platforms: how much of one core the real
//! program needs for it. The platforms are simulated in this process, so what they cost is not counted.

use std::path::Path;
use std::time::{Duration, Instant};

use deskbell::channel::connect;
use deskbell::config::Synchronous;
use rusqlite::{Connection, OpenFlags};

use super::Size;
use super::support::accounts::Accounts;
use super::support::cost;
use super::support::house;
use super::support::large;
use super::support::table::Table;

const EVERY: Duration = Duration::from_secs(30);
/// An interval is drawn out by at most a tenth, so that channels do not fall into step.
const LONGEST: Duration = Duration::from_secs(33);
const INTERVALS: u32 = 2;
/// By then everything that was there has been read.
const DEADLINE: Duration = Duration::from_secs(180);

pub async fn measure(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(size.seed).await;
    let app = house::open(folder.path(), Synchronous::Full).await;
    let desk = house::found(&app).await;
    let wanted = accounts.wanted(desk, "30s");
    let (channels, kinds) = (wanted.len(), accounts.kinds());
    for wanted in wanted {
        connect::add(&app.roster, wanted).await.unwrap();
    }
    app.close().await;

    let (child, ..) = large::start(folder.path(), &["serve"]);
    let store = Connection::open_with_flags(
        Path::new(folder.path()).join("deskbell.db"),
        OpenFlags::SQLITE_OPEN_READ_ONLY,
    )
    .unwrap();
    let since = Instant::now();
    while count(&store, "SELECT count(*) FROM messages") < accounts.messages()
        || count(&store, "SELECT count(*) FROM streams WHERE last_success_at IS NULL OR backlog > 0") > 0
    {
        assert!(since.elapsed() < DEADLINE, "not everything that was there was read");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tokio::time::sleep(LONGEST).await;

    let quiet = "SELECT sum(quiet_polls) FROM streams";
    let (reads, asked, cpu) = (count(&store, quiet), accounts.asked(), cost::cpu(child.id()));
    let since = Instant::now();
    tokio::time::sleep(LONGEST * INTERVALS).await;
    let share = (cost::cpu(child.id()) - cpu).as_secs_f64() / since.elapsed().as_secs_f64() * 100.0;
    let (reads, asked) = (count(&store, quiet) - reads, accounts.asked() - asked);
    let behind = count(&store, "SELECT count(*) FROM streams WHERE failures > 0 OR last_error IS NOT NULL");
    let streams = count(&store, "SELECT count(*) FROM streams");
    large::stop(child);
    accounts.close().await;

    let due = streams * i64::from(INTERVALS);
    let what = format!("{channels} channels each {} s ({kinds})", EVERY.as_secs());
    let value = format!("{share:.1} % of a core; {reads} reads of {streams} streams, {asked} requests");
    let held = share < 10.0 && reads >= due && behind == 0;
    table.row(&what, value, "-".into(), None, ("< 10 % of a core", held));
}

fn count(store: &Connection, of: &str) -> i64 {
    store.query_row(of, [], |row| row.get(0)).unwrap()
}
