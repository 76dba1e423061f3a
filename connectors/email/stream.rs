//! Folders as streams: `folder:INBOX` is read for questions, `sent:Sent Items` for answers given elsewhere.

use crate::contract::{Stream, StreamId};

const READING: &str = "folder:";
const ECHOING: &str = "sent:";

/// A folder in which patrons' mail arrives.
pub fn reading(folder: &str) -> Stream {
    let name = if folder.eq_ignore_ascii_case("INBOX") { "Inbox" } else { folder };
    Stream { id: StreamId(format!("{READING}{folder}")), name: name.to_owned(), echoes: false }
}

/// The folder of sent mail.
pub fn echoing(folder: &str) -> Stream {
    Stream { id: StreamId(format!("{ECHOING}{folder}")), name: folder.to_owned(), echoes: true }
}

/// The folder, and whether it holds sent mail. Needs no look at the server: streams outlive the program.
pub fn parse(stream: &StreamId) -> Option<(&str, bool)> {
    let reading = stream.0.strip_prefix(READING).map(|folder| (folder, false));
    reading.or_else(|| stream.0.strip_prefix(ECHOING).map(|folder| (folder, true)))
}
