//! The floor of taking mail in: bare SQLite inserting the very rows that the program made of it.
//!
//! The tables, indexes and triggers are the program's own, read from its file, as are the pragmas that decide what a
//! commit costs. The rows are read before the clock starts and inserted by prepared statements. Only inserts: what the
//! program looks up, updates and counts on the way is its own cost.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params, params_from_iter};

use super::cost::{Cost, Meter};

/// One row and the table it belongs to.
type Row = (usize, Vec<Value>);

const TABLES: [&str; 9] = [
    "patrons",
    "addresses",
    "conversations",
    "envelopes",
    "messages",
    "events",
    "conversation_addresses",
    "waits",
    "attachments",
];
/// Rows of which each mail has its own, and how they are found by the message.
const OF_A_MESSAGE: [(usize, &str); 5] = [
    (3, "SELECT * FROM envelopes WHERE id = (SELECT envelope_id FROM messages WHERE seq = ?1)"),
    (4, "SELECT * FROM messages WHERE seq = ?1"),
    (5, "SELECT * FROM events WHERE message_id = (SELECT id FROM messages WHERE seq = ?1)"),
    (7, "SELECT * FROM waits WHERE opened_by = (SELECT id FROM messages WHERE seq = ?1)"),
    (8, "SELECT * FROM attachments WHERE message_id = (SELECT id FROM messages WHERE seq = ?1)"),
];
/// Rows that several mails share: the first one's to insert.
const SHARED: [(usize, &str); 4] = [
    (
        0,
        "SELECT * FROM patrons WHERE id = (SELECT a.patron_id FROM messages m JOIN addresses a ON a.id = m.address_id \
         WHERE m.seq = ?1)",
    ),
    (1, "SELECT * FROM addresses WHERE id = (SELECT address_id FROM messages WHERE seq = ?1)"),
    (2, "SELECT * FROM conversations WHERE id = (SELECT conversation_id FROM messages WHERE seq = ?1)"),
    (
        6,
        "SELECT * FROM conversation_addresses WHERE conversation_id = (SELECT conversation_id FROM messages \
         WHERE seq = ?1) AND address_id = (SELECT address_id FROM messages WHERE seq = ?1)",
    ),
];

/// Bare SQLite, filled with what the program kept.
pub struct Floor {
    source: Connection,
    target: Connection,
    inserts: Vec<String>,
    last: i64,
    known: HashSet<(usize, Vec<u8>)>,
}

/// What one mail became.
struct Mail {
    rows: Vec<Row>,
    words: (i64, String),
}

impl Floor {
    /// Beside the program's store in `file`; its own goes to `own`.
    pub fn beside(file: &Path, own: &Path, synchronous: &str) -> Self {
        let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let target = Connection::open(own).unwrap();
        target
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA secure_delete = ON; \
                 PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
            ))
            .unwrap();
        target.set_prepared_statement_cache_capacity(64);
        copy_schema(&source, &target);
        let inserts = TABLES.map(|table| insert(&source, table)).to_vec();
        let mut floor = Self { source, target, inserts, last: 0, known: HashSet::new() };
        floor.last = floor.newest();
        floor
    }

    fn newest(&self) -> i64 {
        self.source.query_row("SELECT coalesce(max(seq), 0) FROM messages", [], |row| row.get(0)).unwrap()
    }

    /// Inserts what the program kept since the last time, so many mails a commit.
    pub fn catch_up(&mut self, mails_a_commit: usize) -> (usize, Cost) {
        let numbers: Vec<i64> = {
            let mut new =
                self.source.prepare_cached("SELECT seq FROM messages WHERE seq > ?1 ORDER BY seq").unwrap();
            new.query_map([self.last], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let mails: Vec<Mail> = numbers.iter().map(|seq| self.mail(*seq)).collect();
        self.last = numbers.last().copied().unwrap_or(self.last);
        let meter = Meter::start();
        for some in mails.chunks(mails_a_commit) {
            let tx = self.target.unchecked_transaction().unwrap();
            for mail in some {
                for (table, row) in &mail.rows {
                    let mut insert = tx.prepare_cached(&self.inserts[*table]).unwrap();
                    insert.execute(params_from_iter(row)).unwrap();
                }
                let (seq, words) = &mail.words;
                tx.prepare_cached("INSERT INTO said (rowid, words) VALUES (?1, ?2)")
                    .unwrap()
                    .execute(params![seq, words])
                    .unwrap();
            }
            tx.commit().unwrap();
        }
        (mails.len(), meter.read())
    }

    fn mail(&mut self, seq: i64) -> Mail {
        let mut rows = Vec::new();
        for (table, text) in SHARED {
            for row in read(&self.source, text, seq) {
                if self.known.insert((table, key(&row))) {
                    rows.push((table, row));
                }
            }
        }
        for (table, text) in OF_A_MESSAGE {
            rows.extend(read(&self.source, text, seq).into_iter().map(|row| (table, row)));
        }
        rows.sort_by_key(|(table, _)| *table);
        let words = "SELECT rowid, words FROM said WHERE rowid = ?1";
        let of = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Mail { rows, words: self.source.prepare_cached(words).unwrap().query_row([seq], of).unwrap() }
    }
}

/// What names a row of the shared tables: its ids come first.
fn key(row: &[Value]) -> Vec<u8> {
    let blob = |value: &Value| if let Value::Blob(id) = value { id.clone() } else { Vec::new() };
    row.iter().take(2).flat_map(blob).collect()
}

fn read(source: &Connection, text: &str, seq: i64) -> Vec<Vec<Value>> {
    let mut asking = source.prepare_cached(text).unwrap();
    let columns = asking.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    asking.query_map([seq], row).unwrap().map(Result::unwrap).collect()
}

fn insert(source: &Connection, table: &str) -> String {
    let columns = source.prepare(&format!("SELECT * FROM {table}")).unwrap().column_count();
    let slots: Vec<String> = (1..=columns).map(|slot| format!("?{slot}")).collect();
    format!("INSERT INTO {table} VALUES ({})", slots.join(", "))
}

/// Tables, indexes, views and the few rows that all others refer to.
fn copy_schema(source: &Connection, target: &Connection) {
    let texts = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'said\\_%' ESCAPE '\\' ORDER BY rowid";
    let mut texts = source.prepare(texts).unwrap();
    for text in texts.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        target.execute_batch(&text.unwrap()).unwrap();
    }
    target.execute_batch("INSERT INTO said (said, rank) VALUES ('secure-delete', 1)").unwrap();
    for table in ["libraries", "branches", "desks", "staff", "channels"] {
        let insert = insert(source, table);
        let mut all = source.prepare(&format!("SELECT * FROM {table} WHERE ?1 = 0")).unwrap();
        let columns = all.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        let rows: Vec<Vec<Value>> = all.query_map([0], row).unwrap().map(Result::unwrap).collect();
        for row in rows {
            target.execute(&insert, params_from_iter(&row)).unwrap();
        }
    }
}
