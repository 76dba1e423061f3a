//! What is asked of a mailbox: is there something new, what is it, give it, is this one there, put this one there.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode, StatusAttribute};
use bytes::Bytes;

use super::{Ended, Imap, quoted, trouble, utf7};
use crate::contract::Failure;

/// A folder, opened for reading or just asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The era of its UIDs.
    pub uid_validity: u32,
    /// The UID that the next mail gets, where the server says.
    pub uid_next: Option<u32>,
    /// How many mails it holds; 0 from [`Imap::status`].
    pub exists: u32,
}

/// One mail in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its UID.
    pub uid: u32,
    /// Its place in the folder, from 1.
    pub place: u32,
    /// INTERNALDATE, epoch milliseconds.
    pub at: Option<i64>,
    /// RFC822.SIZE.
    pub size: u64,
}

/// What to give of some mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// All of it.
    Whole,
    /// The header block.
    Head,
}

/// Mails asked for in one command: what a server spoils with a NO is then never more than these.
const TOGETHER: usize = 16;

impl Imap {
    /// One round trip that tells whether there is anything new. `UIDNEXT` must change whenever mail is added and must not
    /// change otherwise (RFC 3501 section 2.3.1.1), so that an unchanged pair loses nothing.
    pub async fn status(&mut self, folder: &str) -> Result<Opened, Failure> {
        let mut seen = Opened::default();
        let mut commands = Vec::new();
        if std::mem::take(&mut self.selected) {
            // RFC 3501 section 6.3.10: STATUS is for folders that are not open. Opened by EXAMINE, so that CLOSE, where
            // UNSELECT (RFC 3691) is unknown, expunges nothing.
            commands.push(if self.can("UNSELECT") { "UNSELECT" } else { "CLOSE" }.to_owned());
        }
        commands.push(format!("STATUS {} (UIDVALIDITY UIDNEXT)", on_the_wire(folder)));
        let ended = self
            .run(&commands, |_, response| {
                if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
                    for attribute in status {
                        match attribute {
                            StatusAttribute::UidValidity(value) => seen.uid_validity = *value,
                            StatusAttribute::UidNext(value) => seen.uid_next = Some(*value),
                            _ => {}
                        }
                    }
                }
            })
            .await?;
        for ended in &ended {
            self.check(ended, folder)?;
        }
        Ok(seen)
    }

    /// Opens a folder without changing anything in it (EXAMINE), and in the same breath lists the mails with these UIDs.
    pub async fn examine(
        &mut self,
        folder: &str,
        uids: Option<(u32, u32)>,
    ) -> Result<(Opened, Vec<Listed>), Failure> {
        let mut commands = vec![format!("EXAMINE {}", on_the_wire(folder))];
        commands.extend(uids.map(|(from, to)| listing(from, to)));
        self.selected = true;
        let mut opened = Opened::default();
        let mut listed = Vec::new();
        let ended = self
            .run(&commands, |_, response| match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => opened.exists = *count,
                Response::Data { outcome, .. } => match outcome.code {
                    Some(ResponseCode::UidValidity(value)) => opened.uid_validity = value,
                    Some(ResponseCode::UidNext(value)) => opened.uid_next = Some(value),
                    _ => {}
                },
                Response::Fetch(place, attributes) => listed.extend(one(*place, attributes)),
                _ => {}
            })
            .await?;
        for ended in &ended {
            self.check(ended, folder)?;
        }
        if opened.uid_validity == 0 {
            return Err(Failure::AccountBlocked {
                until: None,
                why: format!(
                    "{} gives the mails of {folder} no lasting numbers (UIDVALIDITY), so that none could be told from another.",
                    self.server.host
                ),
            });
        }
        Ok((opened, sorted(listed, uids)))
    }

    /// Lists further mails of the open folder.
    pub async fn list(&mut self, folder: &str, from: u32, to: u32) -> Result<Vec<Listed>, Failure> {
        self.listed(folder, listing(from, to), Some((from, to))).await
    }

    /// The highest-numbered mails of the open folder, at most `count`.
    pub async fn newest(&mut self, folder: &str, opened: Opened, count: u32) -> Result<Vec<Listed>, Failure> {
        if opened.exists == 0 {
            return Ok(Vec::new());
        }
        let first = opened.exists.saturating_sub(count) + 1;
        self.listed(folder, format!("FETCH {first}:* (UID INTERNALDATE RFC822.SIZE)"), None).await
    }

    /// Which of these are still there.
    pub async fn still_there(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<u32>, Failure> {
        let listed = self.listed(folder, format!("UID FETCH {} (UID RFC822.SIZE)", set(uids)), None).await?;
        Ok(listed.into_iter().map(|mail| mail.uid).filter(|uid| uids.contains(uid)).collect())
    }

    async fn listed(
        &mut self,
        folder: &str,
        command: String,
        within: Option<(u32, u32)>,
    ) -> Result<Vec<Listed>, Failure> {
        let mut listed = Vec::new();
        let ended = self
            .run(&[command], |_, response| {
                if let Response::Fetch(place, attributes) = response {
                    listed.extend(one(*place, attributes));
                }
            })
            .await?
            .remove(0);
        self.check(&ended, folder)?;
        Ok(sorted(listed, within))
    }

    /// Gets these mails of the open folder, in few commands sent at once. What came before the line broke stands in `got`; the
    /// answer says how each command ended.
    pub async fn fetch(
        &mut self,
        wanted: &[(Piece, Vec<u32>)],
        bytes: u64,
        got: &mut BTreeMap<u32, Bytes>,
    ) -> Result<Vec<Ended>, Failure> {
        let mut commands = Vec::new();
        for (piece, uids) in wanted {
            let section = if *piece == Piece::Whole { "BODY.PEEK[]" } else { "BODY.PEEK[HEADER]" };
            commands
                .extend(uids.chunks(TOGETHER).map(|uids| format!("UID FETCH {} (UID {section})", set(uids))));
        }
        self.run_expecting(&commands, bytes, |_, response| {
            if let Response::Fetch(_, attributes) = response {
                let mut uid = None;
                let mut bytes = None;
                for attribute in attributes {
                    match attribute {
                        AttributeValue::Uid(value) => uid = Some(*value),
                        AttributeValue::BodySection { data: Some(data), .. } => {
                            bytes = Some(Bytes::copy_from_slice(data));
                        }
                        _ => {}
                    }
                }
                if let (Some(uid), Some(bytes)) = (uid, bytes) {
                    got.insert(uid, bytes);
                }
            }
        })
        .await
    }

    /// Whether the folder holds a mail with this Message-ID, angle brackets included.
    pub async fn holds(&mut self, folder: &str, message_id: &str) -> Result<bool, Failure> {
        let commands = [
            format!("EXAMINE {}", on_the_wire(folder)),
            format!("UID SEARCH HEADER Message-ID {}", quoted(message_id)),
        ];
        self.selected = true;
        let mut found = false;
        let ended = self
            .run(&commands, |_, response| {
                if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                    found |= !uids.is_empty();
                }
            })
            .await?;
        for ended in &ended {
            self.check(ended, folder)?;
        }
        Ok(found)
    }

    /// Puts a mail into a folder, marked as read.
    pub async fn append(&mut self, folder: &str, mail: &[u8]) -> Result<(), Failure> {
        let tag = self.next_tag();
        let head = format!("{tag} APPEND {} (\\Seen) {{{}}}\r\n", on_the_wire(folder), mail.len());
        self.send(head.as_bytes()).await?;
        let ended = match self.until_asked(&tag).await? {
            Some(ended) => ended,
            None => {
                self.send(mail).await?;
                self.send(b"\r\n").await?;
                loop {
                    if let Some(ended) = self.until_asked(&tag).await? {
                        break ended;
                    }
                }
            }
        };
        self.check(&ended, folder)
    }

    fn check(&self, ended: &Ended, folder: &str) -> Result<(), Failure> {
        if ended.ok { Ok(()) } else { Err(trouble::refused(&self.server.host, folder, ended)) }
    }
}

fn on_the_wire(folder: &str) -> String {
    quoted(&utf7::encode(folder))
}

fn listing(from: u32, to: u32) -> String {
    format!("UID FETCH {from}:{to} (UID INTERNALDATE RFC822.SIZE)")
}

fn one(place: u32, attributes: &[AttributeValue<'_>]) -> Option<Listed> {
    let mut listed = Listed { uid: 0, place, at: None, size: 0 };
    let mut sized = false;
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(uid) => listed.uid = *uid,
            AttributeValue::InternalDate(date) => listed.at = internal_date(date),
            AttributeValue::Rfc822Size(size) => {
                listed.size = u64::from(*size);
                sized = true;
            }
            _ => {}
        }
    }
    // A FETCH without a size is news of flags, sent unasked.
    (listed.uid > 0 && sized).then_some(listed)
}

/// In order, each once, and none from outside the range: a server that is asked for 9:12 where 7 is the last gives 7 if one
/// end was a star, and some do so without.
fn sorted(mut listed: Vec<Listed>, within: Option<(u32, u32)>) -> Vec<Listed> {
    listed.retain(|mail| within.is_none_or(|(from, to)| (from..=to).contains(&mail.uid)));
    listed.sort_by_key(|mail| mail.uid);
    listed.dedup_by_key(|mail| mail.uid);
    listed
}

/// `1,3:5,9`.
fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut rest = uids;
    while let Some(first) = rest.first() {
        let run = rest
            .iter()
            .zip(0..)
            .take_while(|(uid, beyond)| first.checked_add(*beyond) == Some(**uid))
            .count();
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(&first.to_string());
        if run > 1 {
            out.push_str(&format!(":{}", rest[run - 1]));
        }
        rest = &rest[run..];
    }
    out
}

/// `"17-Jul-1996 02:44:25 -0700"`, the day padded with a space (RFC 3501 section 9, date-time).
fn internal_date(text: &str) -> Option<i64> {
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    Some(parsed.to_timestamp().ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_named_shortly() {
        assert_eq!(set(&[1, 3, 4, 5, 9]), "1,3:5,9");
        assert_eq!(set(&[7]), "7");
        assert_eq!(set(&[u32::MAX - 1, u32::MAX]), "4294967294:4294967295");
    }

    #[test]
    fn dates_of_servers_are_read() {
        assert_eq!(internal_date("17-Jul-1996 02:44:25 -0700"), Some(837_596_665_000));
        assert_eq!(internal_date(" 7-Feb-1994 21:52:25 +0000"), Some(760_657_945_000));
        assert_eq!(internal_date("yesterday"), None);
    }
}
