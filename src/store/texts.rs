//! Every SQL text of the house, gathered so that one test can prepare each of them on both engines.

/// The texts of every file, with the file's name.
pub const ALL: &[(&str, &[&str])] = &[
    ("channels", super::channels::ALL),
    ("people", super::people::ALL),
    ("sessions", super::sessions::ALL),
    ("settings", super::settings::ALL),
];

/// Which engines (file, server) a text is for: both, but for the few that speak a dialect.
pub fn engines(text: &str) -> (bool, bool) {
    let _ = text;
    (true, true)
}
