//! The door by which a channel reads the files of its own answers, and the address at which a platform may fetch one.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use connectors::contract::{BoxFuture, Enclosure, Failure, Files, files};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::roster::{Parts, Roster};
use super::vault::Vault;
use crate::model::Millis;
use crate::store::{self, messages, uploads};

/// Where platforms fetch files, below our own address.
pub const FETCHED: &str = "/files";
/// Platforms fetch at once, or after a moment in a queue.
const OPEN_MS: i64 = 4 * 3_600_000;

/// One channel's door.
pub(super) struct Shelf {
    parts: Parts,
    channel: Uuid,
}

/// A channel's door, for an account that was opened elsewhere: how a test gives a platform of its own its files.
pub fn door(roster: &Roster, channel: Uuid) -> Arc<dyn Files> {
    Arc::new(Shelf::new(roster.parts(), channel))
}

impl Shelf {
    pub fn new(parts: &Parts, channel: Uuid) -> Self {
        Self { parts: parts.clone(), channel }
    }

    async fn look(&self, file: &Enclosure) -> Result<Option<Bytes>, store::Error> {
        let parts = &self.parts;
        let mut conn = parts.db.read().await?;
        let Some(kept) = uploads::enclosed(&mut conn, file.id, self.channel).await? else { return Ok(None) };
        drop(conn);
        messages::bytes_of(&parts.db, &parts.blobs, &kept).await
    }
}

impl Files for Shelf {
    fn read<'a>(&'a self, file: &'a Enclosure) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            match self.look(file).await {
                Ok(Some(bytes)) if bytes.len() as u64 == file.size => Ok(bytes),
                Ok(_) => Err(files::missing(file)),
                Err(error) => {
                    tracing::warn!(file = %file.id, %error, "a file of an answer could not be read");
                    let why =
                        format!("The file \"{}\" cannot be read just now. It is tried again.", file.filename);
                    Err(Failure::Transient { after_ms: None, why })
                }
            }
        })
    }

    fn link(&self, file: &Enclosure) -> Option<String> {
        let base = self.parts.public_url.as_deref()?;
        let until = self.parts.clock.now() + OPEN_MS;
        let proof = URL_SAFE_NO_PAD
            .encode(proof(&self.parts.vault, self.channel, file.id, until).finalize().into_bytes());
        Some(format!("{base}{FETCHED}/{}/{until}/{proof}", file.id))
    }
}

/// Whether this address was given out for a file of this channel, and still counts.
pub fn is_open(vault: &Vault, channel: Uuid, file: Uuid, until: Millis, given: &str, now: Millis) -> bool {
    let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
    now <= until && proof(vault, channel, file, until).verify_slice(&given).is_ok()
}

fn proof(vault: &Vault, channel: Uuid, file: Uuid, until: Millis) -> Hmac<Sha256> {
    let key = vault.proof_key(channel);
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(b"file link v1");
    mac.update(file.as_bytes());
    mac.update(&until.to_be_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_one_file_of_one_channel_until_its_time() {
        let vault = Vault::with_key([7; 32]);
        let [channel, file] = [1, 2].map(Uuid::from_u128);
        let given = URL_SAFE_NO_PAD.encode(proof(&vault, channel, file, 100).finalize().into_bytes());
        assert!(is_open(&vault, channel, file, 100, &given, 100));
        assert!(!is_open(&vault, channel, file, 100, &given, 101), "its time is over");
        assert!(!is_open(&vault, channel, file, 101, &given, 100), "another time");
        assert!(!is_open(&vault, file, file, 100, &given, 100), "another channel's");
        assert!(!is_open(&vault, channel, channel, 100, &given, 100), "another file");
        assert!(
            !is_open(&vault, channel, file, 100, "", 100) && !is_open(&vault, channel, file, 100, "?", 100)
        );
    }
}
