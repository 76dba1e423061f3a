//! Real servers for tests, each started on a free port or socket in a temporary directory and gone with the test.
//!
//! Where a server is not installed the test that needs it says so and passes; where `CI` is set it fails instead, so
//! that a green run there means that everything ran.

pub mod app;
pub mod catcher;
pub mod dovecot;
pub mod http;
pub mod imap;
pub mod leash;
pub mod lighthouse;
pub mod postfix;
pub mod postgres;
pub mod program;
pub mod sink;
pub mod smtp;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Says aloud that a test is skipped for want of `what`; fails the test where `CI` is set.
pub fn skipped(what: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{what} is missing, and where CI is set nothing is skipped: run `make tools`"
    );
    eprintln!("skipped: {what} is missing; `make tools` installs it");
}

/// The first of `paths` that exists.
pub fn installed(paths: &[&str]) -> Option<PathBuf> {
    paths.iter().map(PathBuf::from).find(|path| path.exists())
}

/// What no test may need: longer than the longest lease and than what a silent server is waited for. It is no measurement;
/// it only keeps a broken test from hanging.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// Asks again until `question` has an answer.
pub fn eventually<T>(what: &str, mut question: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = question() {
            return answer;
        }
        assert!(Instant::now() < deadline, "still waiting after five minutes: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a server wrote to its log, for the message of a failing test.
pub fn log_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| format!("(no log: {error})"))
}

/// The same for a question that itself must wait.
pub async fn until<F: Future<Output = bool>>(what: &str, mut question: impl FnMut() -> F) {
    let deadline = Instant::now() + PATIENCE;
    while !question().await {
        assert!(Instant::now() < deadline, "still waiting after five minutes: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
