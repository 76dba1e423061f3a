//! What is written down, read past the program, whichever store it has; and its clock, put forward there.

use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::{Connection as _, PgConnection, Row};

use super::staff::Staff;

/// The rows that a text gives, all of whose columns are texts.
pub fn rows<const N: usize>(staff: &Staff, text: &'static str) -> Vec<[String; N]> {
    match staff.house.store() {
        None => {
            let path = staff.house.path().join("deskbell.db");
            let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .expect("the store is there");
            let mut asked = file.prepare(text).expect("our own tables");
            let row = |row: &rusqlite::Row<'_>| {
                let columns: Result<Vec<String>, _> = (0..N).map(|column| row.get(column)).collect();
                Ok(columns?.try_into().expect("as many as were asked for"))
            };
            let rows = asked.query_map([], row).expect("it is asked");
            rows.collect::<Result<_, _>>().expect("texts")
        }
        // Whoever asks may be inside a runtime of their own.
        Some(url) => {
            thread::scope(|scope| scope.spawn(|| on_a_server(url, text)).join().expect("it answers"))
        }
    }
}

/// Answers that were tried so often that they wait for long are due now. Each kill in the middle of a try counts as one, so
/// after hundreds of them the next try may lie an hour away.
pub fn hurry(staff: &Staff) {
    match staff.house.store() {
        None => {
            let file = Connection::open(staff.house.path().join("deskbell.db")).expect("the store is there");
            file.busy_timeout(Duration::from_secs(60)).expect("a number");
            file.execute(HURRY, []).expect("our own table");
        }
        Some(url) => {
            thread::scope(|scope| scope.spawn(|| on_a_server::<0>(url, HURRY)).join().expect("it answers"));
        }
    }
}

const HURRY: &str = "UPDATE deliveries SET due_at = 0 \
     WHERE settled_at IS NULL AND state IN ('queued', 'unknown') AND tries > 4";

fn on_a_server<const N: usize>(url: &str, text: &'static str) -> Vec<[String; N]> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime needs only a few descriptors").block_on(async {
        let mut line = PgConnection::connect(url).await.expect("the server answers");
        let rows = sqlx::query(text).fetch_all(&mut line).await.expect("our own tables");
        let columns = |row: &sqlx::postgres::PgRow| {
            let columns: Vec<String> = (0..N).map(|column| row.get(column)).collect();
            columns.try_into().expect("as many as were asked for")
        };
        rows.iter().map(columns).collect()
    })
}
