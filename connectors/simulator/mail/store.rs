//! The mailboxes of the platform, in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::sync::watch;

use super::entry::Placed;
use super::folder::{Flags, Folder};
use super::text;
use crate::simulator::lock;

/// One mailbox: somebody who may sign in, and the folders they then see.
#[derive(Debug)]
pub(super) struct Account {
    pub address: String,
    pub secrets: Mutex<Secrets>,
    /// The folder into which the platform itself files what was sent.
    pub files_sent: Option<String>,
    folders: Mutex<BTreeMap<String, Folder>>,
    changed: watch::Sender<u64>,
}

/// What a client has to know.
#[derive(Debug)]
pub(super) struct Secrets {
    pub password: String,
    /// The access token XOAUTH2 must show; `None`: no token is good.
    pub token: Option<String>,
}

impl Account {
    pub fn new(address: &str, secrets: Secrets, files_sent: Option<String>) -> Self {
        Self {
            address: address.to_lowercase(),
            secrets: Mutex::new(secrets),
            files_sent,
            folders: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    /// Adds a folder; false where there is one of that name.
    pub fn add_folder(&self, name: &str, uid_validity: u32) -> bool {
        let name = canonical(name);
        let mut folders = lock(&self.folders);
        if folders.contains_key(&name) {
            return false;
        }
        let folder = Folder::new(special_use(&name), uid_validity);
        folders.insert(name, folder);
        true
    }

    /// Removes a folder with all that is in it; false where there is none or it is the INBOX.
    pub fn remove_folder(&self, name: &str) -> bool {
        let name = canonical(name);
        name != "INBOX" && lock(&self.folders).remove(&name).is_some()
    }

    /// Reads a folder.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(&Folder) -> T) -> Option<T> {
        lock(&self.folders).get(&canonical(name)).map(read)
    }

    /// Changes a folder and tells those who wait for it.
    pub fn change<T>(&self, name: &str, change: impl FnOnce(&mut Folder) -> T) -> Option<T> {
        let changed = lock(&self.folders).get_mut(&canonical(name)).map(change);
        if changed.is_some() {
            self.changed.send_modify(|times| *times += 1);
        }
        changed
    }

    /// Files a mail; `None` where there is no such folder.
    pub fn file(&self, folder: &str, flags: Flags, at_ms: i64, raw: &Bytes) -> Option<Placed> {
        let (uid_validity, uid) = self.change(folder, |folder| {
            let uid = folder.add(flags, at_ms, raw.clone());
            (folder.uid_validity, uid)
        })?;
        Some(self.placed(folder, uid_validity, uid, raw))
    }

    pub fn placed(&self, folder: &str, uid_validity: u32, uid: u32, raw: &[u8]) -> Placed {
        Placed {
            account: self.address.clone(),
            folder: canonical(folder),
            uid_validity,
            uid,
            message_id: text::message_id(raw),
            size: raw.len(),
        }
    }

    /// The names of all folders with their special use.
    pub fn folders(&self) -> Vec<(String, Option<&'static str>)> {
        lock(&self.folders).iter().map(|(name, folder)| (name.clone(), folder.special)).collect()
    }

    /// Changes whenever a folder does.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// All mailboxes by their address.
#[derive(Debug, Default)]
pub(super) struct Store {
    accounts: Mutex<HashMap<String, Arc<Account>>>,
}

impl Store {
    pub fn add(&self, account: Account) -> Arc<Account> {
        let account = Arc::new(account);
        lock(&self.accounts).insert(account.address.clone(), Arc::clone(&account));
        account
    }

    pub fn find(&self, address: &str) -> Option<Arc<Account>> {
        lock(&self.accounts).get(&address.to_lowercase()).cloned()
    }
}

/// INBOX is the one name that is the same in small letters (RFC 9051 section 5.1).
pub(super) fn canonical(folder: &str) -> String {
    if folder.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { folder.to_owned() }
}

/// RFC 6154, by the English names most servers use.
fn special_use(name: &str) -> Option<&'static str> {
    let last = name.rsplit('/').next().unwrap_or(name);
    match last {
        "Sent" | "Sent Items" | "Sent Mail" => Some("\\Sent"),
        "Drafts" => Some("\\Drafts"),
        "Trash" | "Deleted Items" => Some("\\Trash"),
        "Junk" | "Spam" => Some("\\Junk"),
        "Archive" => Some("\\Archive"),
        _ => None,
    }
}
