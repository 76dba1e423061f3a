//! How far a long command is, for the person who waits. Says nothing where nobody looks.

use indicatif::{ProgressBar, ProgressStyle};

/// A line that says what is being done, where nobody knows how much of it there is.
pub fn line() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// A bar of so many `things`.
pub fn bar(total: u64, things: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let style =
        ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} {msg}, {per_sec}, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(things.to_owned())
}
