//! The folder a session has open: what its client has been told, and what it must be told next.
//!
//! Sequence numbers are the client's: they change only when it is told so. The folder keeps a list of removals, and a
//! session remembers how far in that list it has come, so that nothing is copied when a folder is opened.

use std::io::Write;

use super::command::By;
use super::search::Seqs;
use super::set::Set;
use crate::simulator::mail::folder::Folder;

#[derive(Debug)]
pub(super) struct Selected {
    pub folder: String,
    pub read_only: bool,
    pub uid_validity: u32,
    /// How many mails the client thinks there are.
    exists: usize,
    /// How many removals it was told of.
    told: usize,
}

/// The folder was given new UIDs: this session cannot go on (RFC 9051 section 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renumbered;

impl Selected {
    pub fn open(name: String, read_only: bool, folder: &Folder) -> Self {
        Self {
            folder: name,
            read_only,
            uid_validity: folder.uid_validity,
            exists: folder.mails().len(),
            told: folder.gone().len(),
        }
    }

    /// Tells the client what has changed. Without `removals`, as during commands that speak of sequence numbers (RFC 9051
    /// section 7.5.1), it is told nothing while there are some.
    pub fn tell(&mut self, folder: &Folder, removals: bool, out: &mut Vec<u8>) -> Result<(), Renumbered> {
        if folder.uid_validity != self.uid_validity {
            return Err(Renumbered);
        }
        let new = &folder.gone()[self.told..];
        if !removals && !new.is_empty() {
            return Ok(());
        }
        // Writing to memory cannot fail.
        for gone in new {
            // What came and went without the client's knowledge is not in its numbers.
            if gone.seq <= self.exists {
                let _ = write!(out, "* {} EXPUNGE\r\n", gone.seq);
                self.exists -= 1;
            }
        }
        self.told = folder.gone().len();
        if folder.mails().len() != self.exists {
            self.exists = folder.mails().len();
            let _ = write!(out, "* {} EXISTS\r\n", self.exists);
        }
        Ok(())
    }

    /// The mails as the client numbers them.
    pub fn view<'a>(&self, folder: &'a Folder) -> View<'a> {
        let untold = &folder.gone()[self.told..];
        if untold.is_empty() {
            return View { folder, exists: self.exists, before: None };
        }
        let mut uids: Vec<u32> = folder.mails().iter().map(|mail| mail.uid).collect();
        for gone in untold.iter().rev() {
            uids.insert(gone.seq - 1, gone.uid);
        }
        uids.truncate(self.exists);
        View { folder, exists: self.exists, before: Some(uids) }
    }
}

/// A folder in the client's numbers.
pub(super) struct View<'a> {
    folder: &'a Folder,
    exists: usize,
    /// The UIDs by sequence number as they were, while removals are untold.
    before: Option<Vec<u32>>,
}

impl View<'_> {
    /// The mails of a set as (sequence number, UID), in order; `None` where a sequence number is higher than any.
    pub fn mails_of(&self, by: By, set: &Set) -> Option<Vec<(u32, u32)>> {
        let mut mails = Vec::new();
        match by {
            By::Seq => {
                for (from, to) in set.ranges(self.count()) {
                    if from == 0 || to > self.count() {
                        return None;
                    }
                    mails.extend((from..=to).filter_map(|seq| Some((seq, self.uid(seq)?))));
                }
            }
            By::Uid => {
                for (from, to) in set.ranges(self.last_uid()) {
                    let first = self.index_from(from);
                    let after = self.index_from(to.saturating_add(1)).max(first);
                    // The highest number there can be is a UID too.
                    let after = if to == u32::MAX { self.exists } else { after };
                    let seqs = (first..after).filter_map(|index| u32::try_from(index + 1).ok());
                    mails.extend(seqs.filter_map(|seq| Some((seq, self.uid(seq)?))));
                }
            }
        }
        Some(mails)
    }

    fn uid(&self, seq: u32) -> Option<u32> {
        let index = (seq as usize).checked_sub(1)?;
        match &self.before {
            Some(uids) => uids.get(index).copied(),
            None => self.folder.mails().get(index).map(|mail| mail.uid),
        }
    }

    fn last_uid(&self) -> u32 {
        self.uid(self.count()).unwrap_or(0)
    }

    fn index_from(&self, uid: u32) -> usize {
        let index = match &self.before {
            Some(uids) => uids.partition_point(|known| *known < uid),
            None => self.folder.index_from(uid),
        };
        index.min(self.exists)
    }
}

impl Seqs for View<'_> {
    fn count(&self) -> u32 {
        u32::try_from(self.exists).unwrap_or(u32::MAX)
    }

    fn of(&self, uid: u32) -> Option<u32> {
        let seq = u32::try_from(self.index_from(uid) + 1).ok()?;
        (self.uid(seq) == Some(uid)).then_some(seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::mail::folder::Flags;
    use crate::simulator::mail::imap::parse::Tokens;

    fn folder(count: u32) -> Folder {
        let mut folder = Folder::new(None, 7);
        for _ in 0..count {
            folder.add(Flags::default(), 0, "x".into());
        }
        folder
    }

    fn told(selected: &mut Selected, folder: &Folder, removals: bool) -> String {
        let mut out = Vec::new();
        selected.tell(folder, removals, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn mails_of(view: &View<'_>, by: By, set: &str) -> Option<Vec<(u32, u32)>> {
        view.mails_of(by, &Set::parse(&mut Tokens::new(set.as_bytes())).unwrap())
    }

    #[test]
    fn numbers_stay_the_clients_until_it_is_told() {
        let mut folder = folder(4);
        let mut selected = Selected::open("INBOX".into(), false, &folder);
        folder.remove(|mail| mail.uid == 2);
        folder.add(Flags::default(), 0, "new".into());

        assert_eq!(told(&mut selected, &folder, false), "");
        let view = selected.view(&folder);
        assert_eq!(mails_of(&view, By::Seq, "2:*"), Some(vec![(2, 2), (3, 3), (4, 4)]));
        assert_eq!((view.of(4), view.of(5)), (Some(4), None));

        assert_eq!(told(&mut selected, &folder, true), "* 2 EXPUNGE\r\n* 4 EXISTS\r\n");
        let view = selected.view(&folder);
        assert_eq!(mails_of(&view, By::Seq, "2:*"), Some(vec![(2, 3), (3, 4), (4, 5)]));
        assert_eq!(mails_of(&view, By::Seq, "5"), None);
        assert_eq!(told(&mut selected, &folder, true), "");
    }

    #[test]
    fn many_untold_removals_are_undone_in_the_right_order() {
        let mut folder = folder(6);
        let mut selected = Selected::open("INBOX".into(), false, &folder);
        folder.remove(|mail| matches!(mail.uid, 2 | 3));
        folder.remove(|mail| mail.uid == 5);
        folder.remove(|mail| mail.uid == 1);
        let view = selected.view(&folder);
        let all: Vec<_> = (1..=6).map(|number| (number, number)).collect();
        assert_eq!(mails_of(&view, By::Seq, "1:*"), Some(all));
        let told = told(&mut selected, &folder, true);
        assert_eq!(told, "* 2 EXPUNGE\r\n* 2 EXPUNGE\r\n* 3 EXPUNGE\r\n* 1 EXPUNGE\r\n");
    }

    #[test]
    fn what_came_and_went_unseen_is_not_mentioned() {
        let mut folder = folder(1);
        let mut selected = Selected::open("INBOX".into(), false, &folder);
        folder.add(Flags::default(), 0, "new".into());
        folder.remove(|mail| mail.uid == 2);
        assert_eq!(told(&mut selected, &folder, true), "");
        folder.renumber(8);
        assert_eq!(selected.tell(&folder, true, &mut Vec::new()), Err(Renumbered));
    }

    #[test]
    fn a_uid_range_past_the_end_gives_the_last_mail() {
        let folder = folder(3);
        let selected = Selected::open("INBOX".into(), false, &folder);
        let view = selected.view(&folder);
        assert_eq!(mails_of(&view, By::Uid, "4:*"), Some(vec![(3, 3)]));
        assert_eq!(mails_of(&view, By::Uid, "4:9"), Some(vec![]));
        assert_eq!(mails_of(&view, By::Uid, "3:4294967295"), Some(vec![(3, 3)]));
        let empty = Folder::new(None, 1);
        let view = Selected::open("INBOX".into(), false, &empty).view(&empty);
        assert_eq!(mails_of(&view, By::Uid, "1:*"), Some(vec![]));
    }
}
