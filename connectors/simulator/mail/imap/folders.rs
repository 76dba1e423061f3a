//! Commands about folders as wholes: LIST, SELECT, STATUS, CREATE, DELETE, APPEND.

use std::io;

use super::parse::quote;
use super::selected::Selected;
use super::session::{Reply, Session};
use crate::simulator::mail::entry::Entry;
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::folder::Flags;
use crate::simulator::mail::store::{Account, canonical};

const FLAGS: &str = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

impl Session {
    pub fn list(
        &mut self,
        account: &Account,
        reference: &str,
        patterns: &[String],
        special_only: bool,
        word: &str,
    ) -> io::Result<Reply> {
        if patterns.iter().all(String::is_empty) {
            // Asks for the separator only (RFC 9051 section 6.3.9).
            self.say(format!("* {word} (\\Noselect) \"/\" \"\""));
        }
        let patterns: Vec<String> = patterns.iter().map(|pattern| format!("{reference}{pattern}")).collect();
        let folders = account.folders();
        for (name, special) in &folders {
            let meant = patterns.iter().any(|pattern| is_meant(pattern, name));
            if !meant || special_only && special.is_none() {
                continue;
            }
            let inside = format!("{name}/");
            let has_children = folders.iter().any(|(other, _)| other.starts_with(&inside));
            let children = if has_children { "\\HasChildren" } else { "\\HasNoChildren" };
            let special = special.map(|special| format!(" {special}")).unwrap_or_default();
            self.say(format!("* {word} ({children}{special}) \"/\" {}", quote(name)));
        }
        Reply::ok("That is all")
    }

    pub fn select(&mut self, account: &Account, name: &str, read_only: bool) -> io::Result<Reply> {
        self.selected = None;
        let struck = self.office.faults.strikes(MailFault::UidValidityChange, "imap", Some(&account.address));
        if struck {
            let uid_validity = self.office.new_uid_validity();
            account.change(name, |folder| folder.renumber(uid_validity));
        }
        let opened = account.read(name, |folder| {
            let lines = [
                format!("* FLAGS ({FLAGS})"),
                match read_only {
                    true => "* OK [PERMANENTFLAGS ()] Nothing can be changed".to_owned(),
                    false => format!("* OK [PERMANENTFLAGS ({FLAGS} \\*)] Yours to change"),
                },
                format!("* {} EXISTS", folder.mails().len()),
                "* 0 RECENT".to_owned(),
                format!("* OK [UIDVALIDITY {}] Valid", folder.uid_validity),
                format!("* OK [UIDNEXT {}] Predicted", folder.uid_next),
            ];
            (lines, Selected::open(canonical(name), read_only, folder))
        });
        let Some((lines, selected)) = opened else {
            return Reply::no("[NONEXISTENT] There is no such folder");
        };
        for line in lines {
            self.say(line);
        }
        self.selected = Some(selected);
        Reply::ok(if read_only { "[READ-ONLY] Opened" } else { "[READ-WRITE] Opened" })
    }

    pub fn status(&mut self, account: &Account, name: &str, items: &[String]) -> io::Result<Reply> {
        let values = account.read(name, |folder| {
            let value = |item: &String| {
                let value = match item.as_str() {
                    "MESSAGES" => folder.mails().len(),
                    "RECENT" => 0,
                    "UIDNEXT" => folder.uid_next as usize,
                    "UIDVALIDITY" => folder.uid_validity as usize,
                    "UNSEEN" => folder.unseen(),
                    _ => return None,
                };
                Some(format!("{item} {value}"))
            };
            items.iter().map(value).collect::<Option<Vec<_>>>()
        });
        match values {
            None => Reply::no("[NONEXISTENT] There is no such folder"),
            Some(None) => Reply::bad("this STATUS item is not known here"),
            Some(Some(values)) => {
                let line = format!("* STATUS {} ({})", quote(name), values.join(" "));
                self.say(line);
                Reply::ok("That is all")
            }
        }
    }

    pub fn create(&mut self, account: &Account, name: &str) -> io::Result<Reply> {
        let name = name.trim_end_matches('/');
        let odd = |letter: char| !letter.is_ascii() || letter.is_control();
        if name.is_empty() || name.contains(odd) {
            return Reply::no("[CANNOT] No folder can have this name");
        }
        if account.add_folder(name, self.office.new_uid_validity()) {
            Reply::ok("Created")
        } else {
            Reply::no("[ALREADYEXISTS] There is such a folder")
        }
    }

    pub fn delete(&mut self, account: &Account, name: &str) -> io::Result<Reply> {
        let open = self.selected.as_ref().map(|selected| selected.folder.as_str());
        if open == Some(&canonical(name)) {
            self.selected = None;
        }
        if account.remove_folder(name) {
            Reply::ok("Deleted")
        } else {
            Reply::no("[NONEXISTENT] There is no such folder, or it is the INBOX")
        }
    }

    pub fn append(
        &mut self,
        account: &Account,
        name: &str,
        flags: &[String],
        at_ms: Option<i64>,
        raw: Vec<u8>,
    ) -> io::Result<Reply> {
        if raw.is_empty() || raw.len() > self.office.max_mail_bytes {
            return Reply::no("[TOOBIG] An empty mail, or one that is too large, is not kept");
        }
        let at_ms = at_ms.unwrap_or_else(|| self.office.stage.clock.now_ms());
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let Some(placed) = account.file(name, Flags::of(&flags), at_ms, &raw.into()) else {
            return Reply::no("[TRYCREATE] There is no such folder");
        };
        let code = format!("APPENDUID {} {}", placed.uid_validity, placed.uid);
        self.office.ledger.write(Entry::Filed(placed));
        self.tell(account, true)?;
        Ok(Reply::Ok(format!("[{code}] Kept")))
    }
}

/// LIST's wildcards: `*` stands for anything, `%` for anything within one level.
fn is_meant(pattern: &str, name: &str) -> bool {
    // INBOX is the same in any letters.
    let pattern = if pattern.eq_ignore_ascii_case("INBOX") { "INBOX" } else { pattern };
    fits(pattern.as_bytes(), name.as_bytes())
}

fn fits(pattern: &[u8], name: &[u8]) -> bool {
    // The usual two fingers: on a mismatch, the last wildcard takes one letter more.
    let (mut at, mut in_name) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), name.get(in_name)) {
            (Some(b'*' | b'%'), _) => {
                last = Some((at, in_name));
                at += 1;
            }
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((wildcard, taken)) = last else {
                    return false;
                };
                match name.get(taken) {
                    None => return false,
                    Some(b'/') if pattern[wildcard] == b'%' => return false,
                    Some(_) => {}
                }
                last = Some((wildcard, taken + 1));
                (at, in_name) = (wildcard + 1, taken + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_what_they_should() {
        for (pattern, name) in [
            ("*", "Archive/2026"),
            ("%", "Sent"),
            ("inbox", "INBOX"),
            ("Arch*6", "Archive/2026"),
            ("Archive/%", "Archive/2026"),
            ("%/%", "Archive/2026"),
        ] {
            assert!(is_meant(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("%", "Archive/2026"), ("", "Sent"), ("Sen", "Sent"), ("*x", "Sent")] {
            assert!(!is_meant(pattern, name), "{pattern} {name}");
        }
    }
}
