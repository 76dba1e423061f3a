//! One folder of a mailbox: its mails in the order of their UIDs, and what a session must know to follow it.

use std::collections::HashMap;
use std::fmt;

use bytes::Bytes;

use super::text;

/// The flags of one mail (RFC 9051 section 2.3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Flags {
    system: u8,
    keywords: Vec<String>,
}

/// The system flags in the order of their bits.
const SYSTEM: [&str; 5] = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"];

impl Flags {
    pub fn of(names: &[&str]) -> Self {
        let mut flags = Self::default();
        for name in names {
            flags.set(name, true);
        }
        flags
    }

    pub fn seen() -> Self {
        Self::of(&["\\Seen"])
    }

    /// Sets or clears one flag; unknown system flags (`\Recent` among them, which no client may set) are left alone.
    pub fn set(&mut self, name: &str, on: bool) {
        if let Some(bit) = bit(name) {
            self.system = if on { self.system | bit } else { self.system & !bit };
        } else if !name.starts_with('\\') {
            self.keywords.retain(|kept| !kept.eq_ignore_ascii_case(name));
            if on {
                self.keywords.push(name.to_owned());
            }
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match bit(name) {
            Some(bit) => self.system & bit != 0,
            None => self.keywords.iter().any(|kept| kept.eq_ignore_ascii_case(name)),
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        let system = SYSTEM.into_iter().filter(|name| self.has(name));
        system.chain(self.keywords.iter().map(String::as_str))
    }
}

fn bit(name: &str) -> Option<u8> {
    let at = SYSTEM.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    Some(1 << at)
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.names().enumerate() {
            write!(f, "{}{name}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// One mail in a folder. Cheap to clone but for its keywords.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    pub uid: u32,
    pub flags: Flags,
    /// INTERNALDATE, milliseconds since 1970 in UTC.
    pub at_ms: i64,
    pub raw: Bytes,
}

/// A mail that was removed: which, and what its sequence number was at that moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone {
    pub uid: u32,
    pub seq: usize,
}

#[derive(Debug)]
pub(super) struct Folder {
    /// RFC 6154, such as `\Sent`.
    pub special: Option<&'static str>,
    pub uid_validity: u32,
    pub uid_next: u32,
    mails: Vec<Mail>,
    /// Grows only; a session remembers how far it has told its client.
    gone: Vec<Gone>,
    unseen: usize,
    by_message_id: HashMap<String, Vec<u32>>,
}

impl Folder {
    pub fn new(special: Option<&'static str>, uid_validity: u32) -> Self {
        Self {
            special,
            uid_validity,
            uid_next: 1,
            mails: Vec::new(),
            gone: Vec::new(),
            unseen: 0,
            by_message_id: HashMap::new(),
        }
    }

    /// Files a mail and returns its UID.
    pub fn add(&mut self, flags: Flags, at_ms: i64, raw: Bytes) -> u32 {
        let uid = self.uid_next;
        self.uid_next += 1;
        self.unseen += usize::from(!flags.has("\\Seen"));
        if let Some(id) = text::message_id(&raw) {
            self.by_message_id.entry(id).or_default().push(uid);
        }
        self.mails.push(Mail { uid, flags, at_ms, raw });
        uid
    }

    pub fn mails(&self) -> &[Mail] {
        &self.mails
    }

    pub fn gone(&self) -> &[Gone] {
        &self.gone
    }

    pub fn unseen(&self) -> usize {
        self.unseen
    }

    pub fn last_uid(&self) -> u32 {
        self.mails.last().map_or(0, |mail| mail.uid)
    }

    /// Where the mails from `uid` on begin.
    pub fn index_from(&self, uid: u32) -> usize {
        self.mails.partition_point(|mail| mail.uid < uid)
    }

    pub fn find(&self, uid: u32) -> Option<&Mail> {
        self.mails.get(self.index_from(uid)).filter(|mail| mail.uid == uid)
    }

    /// The UIDs of the mails with exactly this Message-ID, angle brackets included.
    pub fn with_message_id(&self, id: &str) -> &[u32] {
        self.by_message_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Changes the flags of one mail and returns them as they now are.
    pub fn reflag(&mut self, uid: u32, change: impl FnOnce(&mut Flags)) -> Option<Flags> {
        let at = self.index_from(uid);
        let mail = self.mails.get_mut(at).filter(|mail| mail.uid == uid)?;
        let was_unseen = !mail.flags.has("\\Seen");
        change(&mut mail.flags);
        self.unseen -= usize::from(was_unseen);
        self.unseen += usize::from(!mail.flags.has("\\Seen"));
        Some(mail.flags.clone())
    }

    /// Removes the mails that `which` names and returns them.
    pub fn remove(&mut self, mut which: impl FnMut(&Mail) -> bool) -> Vec<Mail> {
        let mut removed = Vec::new();
        let mut kept = Vec::with_capacity(self.mails.len());
        for mail in std::mem::take(&mut self.mails) {
            if which(&mail) {
                self.gone.push(Gone { uid: mail.uid, seq: kept.len() + 1 });
                self.unseen -= usize::from(!mail.flags.has("\\Seen"));
                self.forget_id(&mail);
                removed.push(mail);
            } else {
                kept.push(mail);
            }
        }
        self.mails = kept;
        removed
    }

    /// Gives every mail a new UID, from 1, under a new UIDVALIDITY.
    pub fn renumber(&mut self, uid_validity: u32) {
        self.uid_validity = uid_validity;
        self.uid_next = 1;
        self.unseen = 0;
        self.gone.clear();
        self.by_message_id.clear();
        for mail in std::mem::take(&mut self.mails) {
            self.add(mail.flags, mail.at_ms, mail.raw);
        }
    }

    fn forget_id(&mut self, mail: &Mail) {
        let Some(id) = text::message_id(&mail.raw) else {
            return;
        };
        if let Some(uids) = self.by_message_id.get_mut(&id) {
            uids.retain(|uid| *uid != mail.uid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: u32) -> Folder {
        let mut folder = Folder::new(None, 7);
        for n in 1..=count {
            let raw = format!("Message-ID: <{n}@case>\r\n\r\n");
            folder.add(Flags::default(), 0, raw.into());
        }
        folder
    }

    #[test]
    fn removing_keeps_counts_ids_and_the_numbers_others_must_be_told() {
        let mut folder = filled(5);
        folder.reflag(4, |flags| flags.set("\\Seen", true));
        let removed = folder.remove(|mail| matches!(mail.uid, 2 | 4));
        assert_eq!(removed.len(), 2);
        // After the second mail went, the fourth was the third.
        let told: Vec<_> = folder.gone().iter().map(|gone| (gone.uid, gone.seq)).collect();
        assert_eq!(told, [(2, 2), (4, 3)]);
        assert_eq!(folder.unseen(), 3);
        assert!(folder.find(2).is_none());
        assert!(folder.with_message_id("<2@case>").is_empty());
        assert_eq!(folder.with_message_id("<5@case>"), [5]);
        assert_eq!(folder.uid_next, 6);
    }

    #[test]
    fn renumbering_closes_the_gaps_and_keeps_flags() {
        let mut folder = filled(3);
        folder.reflag(3, |flags| flags.set("$Forwarded", true));
        folder.remove(|mail| mail.uid == 1);
        folder.renumber(8);
        assert_eq!((folder.uid_validity, folder.uid_next), (8, 3));
        assert_eq!(folder.with_message_id("<3@case>"), [2]);
        assert!(folder.find(2).is_some_and(|mail| mail.flags.has("$forwarded")));
        assert_eq!(folder.unseen(), 2);
    }
}
