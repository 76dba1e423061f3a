//! Which folders there are, and which of them holds sent mail.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

use super::{Imap, trouble, utf7};
use crate::contract::Failure;

/// One folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As people write it.
    pub name: String,
    /// Marked `\Sent` (RFC 6154).
    pub sent: bool,
    /// Marked `\All`: holds every mail, sent ones too.
    pub all: bool,
    /// Only a place for other folders.
    pub closed: bool,
}

/// What providers that mark nothing call it.
const SENT_NAMES: &[&str] = &[
    "Sent",
    "Sent Items",
    "Sent Messages",
    "Sent Mail",
    "INBOX.Sent",
    "INBOX/Sent",
    "INBOX.Sent Items",
    "INBOX.Sent Messages",
];

impl Imap {
    /// All folders.
    ///
    /// # Errors
    /// When the server does not tell, or the line broke.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Failure> {
        let mut folders = Vec::new();
        // RFC 6154 section 5: the marks need to be asked for; a server that offers them without LIST-EXTENDED gives them anyway.
        let asked = if self.can("SPECIAL-USE") && self.can("LIST-EXTENDED") {
            r#"LIST "" "*" RETURN (SPECIAL-USE)"#
        } else {
            r#"LIST "" "*""#
        };
        let ended = self
            .run(&[asked.to_owned()], |_, response| {
                if let Response::MailboxData(MailboxDatum::List(listed)) = response {
                    let has = |mark: NameAttribute<'static>| listed.name_attributes.contains(&mark);
                    folders.push(Folder {
                        name: utf7::decode(&listed.name),
                        sent: has(NameAttribute::Sent),
                        all: has(NameAttribute::All),
                        closed: has(NameAttribute::NoSelect),
                    });
                }
            })
            .await?
            .remove(0);
        if ended.ok {
            Ok(folders)
        } else {
            Err(trouble::refused(&self.server.host, "listing the folders", &ended))
        }
    }
}

/// Where sent mail lies, by its mark or else by its name.
pub fn sent(folders: &[Folder]) -> Option<&Folder> {
    let open = || folders.iter().filter(|folder| !folder.closed);
    open().find(|folder| folder.sent).or_else(|| {
        SENT_NAMES.iter().find_map(|name| open().find(|folder| folder.name.eq_ignore_ascii_case(name)))
    })
}
