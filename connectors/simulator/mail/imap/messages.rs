//! Commands about the mails in the open folder: FETCH, STORE, SEARCH, COPY, MOVE, EXPUNGE.

use std::io;

use super::command::{By, Change, Command};
use super::fetch::{self, Item};
use super::search::{self, Key};
use super::session::{Reply, Session};
use super::set::{self, Set};
use crate::simulator::mail::entry::{Entry, Given};
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::folder::{Flags, Folder, Mail};
use crate::simulator::mail::store::Account;

/// So much is gathered before it is sent.
const GATHERED: usize = 64 * 1024;

impl Session {
    pub async fn obey_selected(&mut self, account: &Account, command: Command) -> io::Result<Reply> {
        // While a command speaks of sequence numbers, they must not change under it.
        let keeps_numbers = matches!(
            &command,
            Command::Fetch { by: By::Seq, .. }
                | Command::Store { by: By::Seq, .. }
                | Command::Search { by: By::Seq, .. }
        );
        let speaks_numbers = keeps_numbers || matches!(&command, Command::Copy { by: By::Seq, .. });
        self.tell(account, !speaks_numbers)?;
        let reply = match command {
            Command::Fetch { by, set, items } => self.fetch(account, by, &set, items).await?,
            Command::Store { by, set, change, silent, flags } => {
                self.store(account, by, &set, change, silent, &flags)?
            }
            Command::Search { known_charset: false, .. } => {
                Reply::No("[BADCHARSET (UTF-8 US-ASCII)] This charset is not known here".to_owned())
            }
            Command::Search { by, keys, .. } => self.search(account, by, &keys)?,
            Command::Copy { by, set, folder, moved } => self.copy(account, by, &set, &folder, moved)?,
            Command::Expunge { only } => self.expunge(account, only.as_ref())?,
            Command::Close { expunge } => {
                if expunge && !self.is_read_only() {
                    self.expunge(account, None)?;
                }
                // Nobody is told of what was removed on closing.
                self.selected = None;
                return Reply::ok("Closed");
            }
            // CHECK, and nothing else is left.
            _ => Reply::Ok("Checked".to_owned()),
        };
        self.tell(account, !keeps_numbers)?;
        Ok(reply)
    }

    async fn fetch(
        &mut self,
        account: &Account,
        by: By,
        set: &Set,
        mut items: Vec<Item>,
    ) -> io::Result<Reply> {
        if items.contains(&Item::Beyond) {
            return Reply::no("[CANNOT] This server does not take mails apart");
        }
        if by == By::Uid && !items.contains(&Item::Uid) {
            items.insert(0, Item::Uid);
        }
        let Some(mails) = self.mails_of(account, by, set) else {
            return Reply::bad("There is no message of this number");
        };
        let sets_seen = !self.is_read_only() && items.iter().any(Item::sets_seen);
        let gives_body = items.iter().any(Item::gives_body);
        let mut missing = false;
        for (seq, uid) in mails {
            let found = if sets_seen {
                self.change_folder(account, |folder| look_at(folder, uid))
            } else {
                self.read_folder(account, |folder| folder.find(uid).cloned()).map(|mail| (mail, false))
            };
            let Some((mail, newly_seen)) = found else {
                missing = true;
                continue;
            };
            if newly_seen && !items.contains(&Item::Flags) {
                items.push(Item::Flags);
                self.give(account, seq, &mail, &items, gives_body).await?;
                items.pop();
            } else {
                self.give(account, seq, &mail, &items, gives_body).await?;
            }
            if self.out.len() > GATHERED {
                self.flush().await?;
            }
        }
        match missing {
            true => Reply::no("[EXPUNGEISSUED] Some of these messages no longer exist"),
            false => Reply::ok("That is all"),
        }
    }

    /// Gives one mail, or as much of it as the faults let through.
    async fn give(
        &mut self,
        account: &Account,
        seq: u32,
        mail: &Mail,
        items: &[Item],
        gives_body: bool,
    ) -> io::Result<()> {
        if !gives_body {
            fetch::write(&mut self.out, seq, mail, items, false);
            return Ok(());
        }
        self.flush().await?;
        let office = self.office.clone();
        let strikes = |fault| office.faults.strikes(fault, "imap", Some(&account.address));
        let truncated = strikes(MailFault::TruncatedBody);
        let written = fetch::write(&mut self.out, seq, mail, items, truncated);
        let body = written.body.unwrap_or_default();
        if strikes(MailFault::DropMidFetch) {
            self.out.truncate(body.start + office.stage.random.below(body.len()));
            self.flush().await?;
            return Err(self.wire.cut().await);
        }
        if strikes(MailFault::HalfAnswer) {
            self.out.truncate(body.start + body.len() / 2);
            self.flush().await?;
            self.wire.hang().await?;
        }
        self.flush().await?;
        if let (Some((first, bytes)), Some(selected)) = (written.given, &self.selected) {
            let mail = account.placed(&selected.folder, selected.uid_validity, mail.uid, &mail.raw);
            office.ledger.write(Entry::Given(Given { mail, first, bytes }));
        }
        Ok(())
    }

    fn store(
        &mut self,
        account: &Account,
        by: By,
        set: &Set,
        change: Change,
        silent: bool,
        names: &[String],
    ) -> io::Result<Reply> {
        if self.is_read_only() {
            return Reply::no("[READ-ONLY] The folder is open for reading only");
        }
        let Some(mails) = self.mails_of(account, by, set) else {
            return Reply::bad("There is no message of this number");
        };
        let changed = self.change_folder(account, |folder| {
            let reflag = |&(seq, uid): &(u32, u32)| {
                let flags = folder.reflag(uid, |flags| change.apply(flags, names))?;
                Some((seq, uid, flags))
            };
            Some(mails.iter().map(reflag).collect::<Vec<_>>())
        });
        let mut missing = false;
        for changed in changed.unwrap_or_default() {
            match changed {
                None => missing = true,
                Some(_) if silent => {}
                Some((seq, uid, flags)) if by == By::Uid => {
                    self.say(format!("* {seq} FETCH (UID {uid} FLAGS ({flags}))"));
                }
                Some((seq, _, flags)) => self.say(format!("* {seq} FETCH (FLAGS ({flags}))")),
            }
        }
        match missing {
            true => Reply::no("[EXPUNGEISSUED] Some of these messages no longer exist"),
            false => Reply::ok("Done"),
        }
    }

    fn search(&mut self, account: &Account, by: By, keys: &[Key]) -> io::Result<Reply> {
        let selected = self.selected.as_ref();
        let found =
            self.read_folder(account, |folder| Some(search::run(keys, folder, &selected?.view(folder))));
        let mut line = String::from("* SEARCH");
        for (seq, uid) in found.unwrap_or_default() {
            line.push(' ');
            line.push_str(&if by == By::Uid { uid } else { seq }.to_string());
        }
        self.say(line);
        Reply::ok("That is all")
    }

    fn copy(&mut self, account: &Account, by: By, set: &Set, to: &str, moved: bool) -> io::Result<Reply> {
        if moved && self.is_read_only() {
            return Reply::no("[READ-ONLY] The folder is open for reading only");
        }
        let Some(mails) = self.mails_of(account, by, set) else {
            return Reply::bad("There is no message of this number");
        };
        let mut from = Vec::new();
        let mut into = Vec::new();
        for (_, uid) in mails {
            let mail = self.read_folder(account, |folder| folder.find(uid).cloned());
            let Some(mail) = mail else {
                continue;
            };
            let Some(placed) = account.file(to, mail.flags, mail.at_ms, &mail.raw) else {
                return Reply::no("[TRYCREATE] There is no such folder");
            };
            from.push(uid);
            into.push(placed.uid);
            self.office.ledger.write(Entry::Filed(placed));
        }
        let uid_validity = account.read(to, |folder| folder.uid_validity);
        let code = match uid_validity {
            None => return Reply::no("[TRYCREATE] There is no such folder"),
            Some(_) if from.is_empty() => return Reply::ok("There was nothing to copy"),
            Some(validity) => {
                format!("[COPYUID {validity} {} {}]", set::written(&from), set::written(&into))
            }
        };
        if !moved {
            return Ok(Reply::Ok(format!("{code} Copied")));
        }
        // The code comes before the removals it explains (RFC 6851 section 4.3).
        self.say(format!("* OK {code} Moved"));
        self.change_folder(account, |folder| {
            Some(folder.remove(|mail| from.binary_search(&mail.uid).is_ok()))
        });
        Reply::ok("Done")
    }

    fn expunge(&mut self, account: &Account, only: Option<&Set>) -> io::Result<Reply> {
        if self.is_read_only() {
            return Reply::no("[READ-ONLY] The folder is open for reading only");
        }
        self.change_folder(account, |folder| {
            let ranges = only.map(|set| set.ranges(folder.last_uid()));
            let is_named = |uid| match &ranges {
                Some(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&uid)),
                None => true,
            };
            Some(folder.remove(|mail| mail.flags.has("\\Deleted") && is_named(mail.uid)))
        });
        Reply::ok("Done")
    }

    fn is_read_only(&self) -> bool {
        self.selected.as_ref().is_some_and(|selected| selected.read_only)
    }

    fn mails_of(&self, account: &Account, by: By, set: &Set) -> Option<Vec<(u32, u32)>> {
        let selected = self.selected.as_ref()?;
        account.read(&selected.folder, |folder| selected.view(folder).mails_of(by, set))?
    }

    fn read_folder<T>(&self, account: &Account, read: impl FnOnce(&Folder) -> Option<T>) -> Option<T> {
        account.read(&self.selected.as_ref()?.folder, read)?
    }

    fn change_folder<T>(
        &self,
        account: &Account,
        change: impl FnOnce(&mut Folder) -> Option<T>,
    ) -> Option<T> {
        account.change(&self.selected.as_ref()?.folder, change)?
    }
}

impl Change {
    fn apply(self, flags: &mut Flags, names: &[String]) {
        if self == Self::Replace {
            *flags = Flags::default();
        }
        for name in names {
            flags.set(name, self != Self::Remove);
        }
    }
}

/// Makes a mail seen. Returns it as it then is, and whether that is new.
fn look_at(folder: &mut Folder, uid: u32) -> Option<(Mail, bool)> {
    let newly_seen = !folder.find(uid)?.flags.has("\\Seen");
    if newly_seen {
        folder.reflag(uid, |flags| flags.set("\\Seen", true));
    }
    Some((folder.find(uid)?.clone(), newly_seen))
}
