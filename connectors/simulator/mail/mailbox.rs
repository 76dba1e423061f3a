//! A mailbox of the library on the simulated platform, from behind: no sign-in, no protocol.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::entry::{Entry, Placed};
use super::folder::Flags;
use super::office::Office;
use super::store::Account;
use crate::simulator::lock;

/// What a mailbox is to be like.
#[derive(Debug, Clone)]
pub struct MailboxOptions {
    /// Its address, which is also the name to sign in with.
    pub address: String,
    /// For LOGIN and PLAIN.
    pub password: String,
    /// The access token for XOAUTH2; `None`: no token is good.
    pub token: Option<String>,
    /// Its folders besides INBOX, in modified UTF-7 as on the wire. Well-known names get their special use (RFC 6154).
    pub folders: Vec<String>,
    /// The folder into which the platform files by itself what is sent, as Gmail and Exchange do.
    pub files_sent: Option<String>,
}

impl MailboxOptions {
    /// A mailbox with INBOX and Sent, and no token.
    pub fn new(address: &str, password: &str) -> Self {
        Self {
            address: address.to_owned(),
            password: password.to_owned(),
            token: None,
            folders: vec!["Sent".to_owned()],
            files_sent: None,
        }
    }
}

/// A mail as it lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// RFC 9051 section 2.3.1.1.
    pub uid: u32,
    /// Such as `\Seen`.
    pub flags: Vec<String>,
    /// INTERNALDATE, milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// The whole mail.
    pub raw: Bytes,
}

/// A mailbox on a running platform.
#[derive(Clone)]
pub struct Mailbox {
    pub(super) account: Arc<Account>,
    pub(super) office: Arc<Office>,
}

impl Mailbox {
    /// Its address, in small letters.
    pub fn address(&self) -> &str {
        &self.account.address
    }

    /// Lets a mail arrive in the INBOX, byte for byte as given. Returns where it lies.
    ///
    /// The caller sees to CRLF line ends; real servers would.
    pub fn deliver(&self, raw: impl Into<Bytes>) -> Placed {
        self.office
            .deliver(&self.account, &raw.into())
            .expect("every mailbox has an INBOX that cannot be removed")
    }

    /// Lets `count` mails arrive at once; `raw` makes each from its number, from 0. Tells waiting clients, writes the ledger.
    pub fn fill(&self, count: usize, mut raw: impl FnMut(usize) -> Bytes) {
        let now_ms = self.office.stage.clock.now_ms();
        let raws: Vec<Bytes> = (0..count).map(&mut raw).collect();
        let placed = self.account.change("INBOX", |inbox| {
            let mut place = |raw: &Bytes| {
                let uid = inbox.add(Flags::default(), now_ms, raw.clone());
                self.account.placed("INBOX", inbox.uid_validity, uid, raw)
            };
            raws.iter().map(&mut place).collect::<Vec<_>>()
        });
        for placed in placed.unwrap_or_default() {
            self.office.ledger.write(Entry::Arrived(placed));
        }
    }

    /// Puts a mail into a folder without a client, as when somebody moved it there. `None` where there is no such folder.
    pub fn file(&self, folder: &str, flags: &[&str], raw: impl Into<Bytes>) -> Option<Placed> {
        let now_ms = self.office.stage.clock.now_ms();
        let placed = self.account.file(folder, Flags::of(flags), now_ms, &raw.into())?;
        self.office.ledger.write(Entry::Filed(placed.clone()));
        Some(placed)
    }

    /// The mails in a folder in order; none where there is no such folder.
    pub fn mails(&self, folder: &str) -> Vec<Kept> {
        let kept = self.account.read(folder, |folder| {
            let mails = folder.mails().iter();
            mails
                .map(|mail| Kept {
                    uid: mail.uid,
                    flags: mail.flags.names().map(str::to_owned).collect(),
                    at_ms: mail.at_ms,
                    raw: mail.raw.clone(),
                })
                .collect()
        });
        kept.unwrap_or_default()
    }

    /// Removes a mail, as when somebody deleted it in another program. False where it was not there.
    pub fn remove(&self, folder: &str, uid: u32) -> bool {
        let removed = self.account.change(folder, |folder| folder.remove(|mail| mail.uid == uid));
        removed.is_some_and(|removed| !removed.is_empty())
    }

    /// A folder's UIDVALIDITY.
    pub fn uid_validity(&self, folder: &str) -> Option<u32> {
        self.account.read(folder, |folder| folder.uid_validity)
    }

    /// Gives all mails of a folder new UIDs under a new UIDVALIDITY, which it returns. Sessions that have it open are ended.
    pub fn renumber(&self, folder: &str) -> Option<u32> {
        self.account.change(folder, |folder| {
            let uid_validity = folder.uid_validity.wrapping_add(1).max(1);
            folder.renumber(uid_validity);
            uid_validity
        })
    }

    /// From now on this is the password.
    pub fn set_password(&self, password: &str) {
        lock(&self.account.secrets).password = password.to_owned();
    }

    /// From now on this is the access token; `None`: no token is good.
    pub fn set_token(&self, token: Option<&str>) {
        lock(&self.account.secrets).token = token.map(str::to_owned);
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mailbox").field(&self.address()).finish()
    }
}
