//! What a simulated platform gave and what it took, line by line, out of reach of the program under test.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Clock, lock};

/// One thing that happened between the platform and the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line<What> {
    /// From 1, without gaps, in the order in which things happened.
    pub seq: u64,
    /// By the platform's clock, milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// What happened.
    pub what: What,
}

/// The lines of one platform, and how often each kind of request came.
///
/// Kept in memory; with a file, each line is also appended there as JSON before anything else happens, so that another
/// process can read what this one saw, even if this one was killed.
#[derive(Debug)]
pub struct Ledger<What> {
    clock: Arc<dyn Clock>,
    book: Mutex<Book<What>>,
    written: watch::Sender<u64>,
}

#[derive(Debug)]
struct Book<What> {
    lines: Vec<Line<What>>,
    counts: BTreeMap<String, u64>,
    file: Option<File>,
}

impl<What: Clone + Serialize> Ledger<What> {
    /// A ledger that appends to `file` too, if one is given.
    ///
    /// # Errors
    /// When the file cannot be opened for writing.
    pub(super) fn open(clock: Arc<dyn Clock>, file: Option<&Path>) -> io::Result<Self> {
        let file = file.map(|path| File::options().create(true).append(true).open(path)).transpose()?;
        Ok(Self {
            clock,
            book: Mutex::new(Book { lines: Vec::new(), counts: BTreeMap::new(), file }),
            written: watch::Sender::new(0),
        })
    }

    /// Writes a line.
    pub(super) fn write(&self, what: What) {
        let mut book = lock(&self.book);
        let line = Line { seq: book.lines.len() as u64 + 1, at_ms: self.clock.now_ms(), what };
        if let Some(file) = &mut book.file
            && let Err(error) = append(file, &line)
        {
            tracing::error!(%error, "the simulator's ledger file could not be written and is incomplete");
        }
        book.lines.push(line);
        drop(book);
        self.tell();
    }

    /// Counts a request by its kind, such as `imap SELECT`.
    pub(super) fn tally(&self, kind: &str) {
        let mut book = lock(&self.book);
        match book.counts.get_mut(kind) {
            Some(count) => *count += 1,
            None => {
                book.counts.insert(kind.to_owned(), 1);
            }
        }
        drop(book);
        self.tell();
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<Line<What>> {
        lock(&self.book).lines.clone()
    }

    /// What `pick` makes of each line it wants, in order.
    pub fn pick<T>(&self, pick: impl FnMut(&Line<What>) -> Option<T>) -> Vec<T> {
        self.pick_after(0, pick)
    }

    /// The same of the lines after this number only.
    pub fn pick_after<T>(&self, seq: u64, pick: impl FnMut(&Line<What>) -> Option<T>) -> Vec<T> {
        let from = usize::try_from(seq).unwrap_or(usize::MAX);
        lock(&self.book).lines.iter().skip(from).filter_map(pick).collect()
    }

    /// How many lines there are.
    pub fn len(&self) -> u64 {
        lock(&self.book).lines.len() as u64
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How often that kind of request came.
    pub fn count(&self, kind: &str) -> u64 {
        lock(&self.book).counts.get(kind).copied().unwrap_or(0)
    }

    /// All counts by kind of request.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        lock(&self.book).counts.clone()
    }

    /// Waits until `holds` says yes. Asks again after each line and each count, and never gives up: a test puts a deadline
    /// around it.
    pub async fn until(&self, mut holds: impl FnMut(&Self) -> bool) {
        let mut written = self.written.subscribe();
        while !holds(self) {
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    fn tell(&self) {
        self.written.send_modify(|written| *written += 1);
    }
}

impl<What: DeserializeOwned> Ledger<What> {
    /// Reads a ledger's file. A last line that was cut off by a kill is left out.
    ///
    /// # Errors
    /// When the file cannot be read or a whole line is not of this platform.
    pub fn read(file: &Path) -> io::Result<Vec<Line<What>>> {
        let mut lines = Vec::new();
        let mut reader = BufReader::new(File::open(file)?);
        let mut text = Vec::new();
        while reader.read_until(b'\n', &mut text)? > 0 && text.ends_with(b"\n") {
            lines.push(serde_json::from_slice(&text)?);
            text.clear();
        }
        Ok(lines)
    }
}

fn append<What: Serialize>(file: &mut File, line: &Line<What>) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}
