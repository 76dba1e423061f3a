//! Seals what a channel must keep secret, and derives what proves our own ids.
//!
//! One key of 32 bytes, in a file of its own beside the store and never in it: a stolen backup of the store opens nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::config::KeySource;
use crate::error::{Error, Result};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// The first byte of what is sealed, so that a later way of sealing can be told apart.
const VERSION: u8 = 1;

/// The key and what is done with it. Cheap to clone; `Debug` shows nothing.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    seal: XChaCha20Poly1305,
    root: [u8; KEY_BYTES],
}

/// Everything of a channel that is sealed.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The secret fields of its manifest.
    pub fields: BTreeMap<String, SecretString>,
    /// Its sign-in, where it has one.
    pub signin: Option<Pair>,
}

/// A sign-in: what opens the account now, and what gets the next one.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Opens the account.
    pub access: SecretString,
    /// Gets the next pair.
    pub refresh: Option<SecretString>,
    /// When `access` ends, epoch milliseconds.
    pub ends_at: Option<i64>,
}

impl Pair {
    /// What somebody has who was only given a refresh token.
    pub fn to_come(refresh: SecretString) -> Self {
        Self { access: "".into(), refresh: Some(refresh), ends_at: None }
    }
}

/// How [`Secrets`] lies under the seal.
#[derive(Serialize, Deserialize)]
struct Laid {
    fields: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signin: Option<LaidPair>,
}

#[derive(Serialize, Deserialize)]
struct LaidPair {
    access: String,
    refresh: Option<String>,
    ends_at: Option<i64>,
}

impl Vault {
    /// Takes the key from where it is; none when it is our own file and that does not exist yet.
    ///
    /// # Errors
    /// A sentence, when the key cannot be read or is none.
    pub fn find(source: &KeySource) -> Result<Option<Self>> {
        let text = match source {
            KeySource::Given(text) => text.expose_secret().to_owned(),
            KeySource::Own(path) if !path.exists() => return Ok(None),
            KeySource::Own(path) | KeySource::File(path) => {
                std::fs::read_to_string(path).map_err(|error| {
                    Error::File(format!("The key in {} cannot be read: {error}.", path.display()))
                })?
            }
        };
        let bytes = BASE64.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(|key| Some(Self::with_key(key))).ok_or_else(|| {
            Error::Invalid(
                "The secret key is not base64 of 32 bytes. Put the right one back from your backup; \
                 `head -c 32 /dev/urandom | base64` makes a new one for an empty store."
                    .to_owned(),
            )
        })
    }

    /// Makes a key and keeps it in a file that only its owner can read. Of two processes at once both get the same key.
    ///
    /// # Errors
    /// A sentence, when the file cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        write_key(path)
            .map_err(|error| Error::File(format!("The key {} cannot be kept: {error}.", path.display())))?;
        Self::find(&KeySource::File(path.to_owned()))?
            .ok_or_else(|| Error::File(format!("The key {} has gone again.", path.display())))
    }

    /// A vault with a given key.
    pub fn with_key(root: [u8; KEY_BYTES]) -> Self {
        let derived = derive(&root, b"deskbell settings v1", &[]);
        Self(Arc::new(Keys { seal: XChaCha20Poly1305::new(&derived.into()), root }))
    }

    /// Names the key without giving it away, so that a store can remember which one it was sealed with.
    pub fn fingerprint(&self) -> String {
        let tag = derive(&self.0.root, b"deskbell fingerprint v1", &[]);
        tag[..8].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// Seals a channel's secrets. They open for no other channel.
    ///
    /// # Errors
    /// A sentence, when the system gives no randomness.
    pub fn seal(&self, channel: Uuid, secrets: &Secrets) -> Result<Vec<u8>> {
        let open = |secret: &SecretString| secret.expose_secret().to_owned();
        let laid = Laid {
            fields: secrets.fields.iter().map(|(name, secret)| (name.clone(), open(secret))).collect(),
            signin: secrets.signin.as_ref().map(|pair| LaidPair {
                access: open(&pair.access),
                refresh: pair.refresh.as_ref().map(open),
                ends_at: pair.ends_at,
            }),
        };
        self.seal_text(channel, &serde_json::to_vec(&laid).expect("maps of texts are JSON"))
    }

    /// Seals anything for whoever has this id.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_text(&self, owner: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)
            .map_err(|error| Error::File(format!("The system gave no randomness: {error}.")))?;
        let payload = Payload { msg: plain, aad: owner.as_bytes() };
        let sealed = self
            .0
            .seal
            .encrypt(&XNonce::from(nonce), payload)
            .expect("what we seal is far below the cipher's limit");
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed for this channel.
    ///
    /// # Errors
    /// A sentence: it was sealed with another key, for another channel, or was changed.
    pub fn open(&self, channel: Uuid, sealed: &[u8]) -> Result<Secrets> {
        let plain = self.open_text(channel, sealed)?;
        let laid: Laid = serde_json::from_slice(&plain).map_err(|_| does_not_open())?;
        Ok(Secrets {
            fields: laid.fields.into_iter().map(|(name, text)| (name, text.into())).collect(),
            signin: laid.signin.map(|pair| Pair {
                access: pair.access.into(),
                refresh: pair.refresh.map(Into::into),
                ends_at: pair.ends_at,
            }),
        })
    }

    /// Opens what was sealed for whoever has this id.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_text(&self, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let refused = does_not_open;
        let rest = sealed.strip_prefix(&[VERSION]).ok_or_else(refused)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_BYTES).ok_or_else(refused)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| refused())?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.0.seal.decrypt(&XNonce::from(nonce), payload).map_err(|_| refused())
    }

    /// The key with which a channel proves that an id is its own.
    pub fn proof_key(&self, channel: Uuid) -> Arc<[u8]> {
        derive(&self.0.root, b"deskbell proof v1", channel.as_bytes()).into()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

fn does_not_open() -> Error {
    Error::Invalid(
        "The secrets of this channel do not open with this key. Put the key file back that belongs to this store, or \
         enter the channel's secrets again."
            .to_owned(),
    )
}

fn derive(root: &[u8; KEY_BYTES], label: &[u8], what: &[u8]) -> [u8; KEY_BYTES] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(root).expect("HMAC takes keys of any length");
    mac.update(label);
    mac.update(what);
    mac.finalize().into_bytes().into()
}

/// A second process that starts at the same moment must find a whole key or none, and never replace one.
fn write_key(path: &Path) -> std::io::Result<()> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(std::io::Error::other)?;
    let half_done = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half_done)?;
    writeln!(file, "{}", BASE64.encode(key))?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&half_done, path);
    std::fs::remove_file(&half_done)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secrets(password: &str) -> Secrets {
        let fields = [("password".to_owned(), SecretString::from(password))].into();
        let pair = Pair { access: "now".into(), refresh: Some("next".into()), ends_at: Some(7) };
        Secrets { fields, signin: Some(pair) }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_for_its_channel_alone(password in ".*", key: [u8; 32], other: [u8; 32]) {
            let (vault, channel) = (Vault::with_key(key), Uuid::from_u128(7));
            let sealed = vault.seal(channel, &secrets(&password)).unwrap();
            let opened = vault.open(channel, &sealed).unwrap();
            prop_assert_eq!(opened.fields["password"].expose_secret(), &password);
            prop_assert_eq!(opened.signin.unwrap().ends_at, Some(7));
            prop_assert!(vault.open(Uuid::from_u128(8), &sealed).is_err());
            if key != other {
                prop_assert!(Vault::with_key(other).open(channel, &sealed).is_err());
            }
        }

        #[test]
        fn no_changed_byte_opens(at in 0usize..200, flip in 1u8..) {
            let (vault, channel) = (Vault::with_key([1; 32]), Uuid::from_u128(7));
            let mut sealed = vault.seal(channel, &secrets("correct horse")).unwrap();
            let at = at % sealed.len();
            sealed[at] ^= flip;
            prop_assert!(vault.open(channel, &sealed).is_err());
        }

        #[test]
        fn rubbish_is_refused_and_breaks_nothing(rubbish: Vec<u8>) {
            prop_assert!(Vault::with_key([1; 32]).open(Uuid::nil(), &rubbish).is_err());
        }
    }

    #[test]
    fn the_key_file_is_its_owners_alone_and_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        assert!(Vault::find(&KeySource::Own(path.clone())).unwrap().is_none());
        let first = Vault::create(&path).unwrap();
        let second = Vault::create(&path).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(first.proof_key(Uuid::nil()), second.proof_key(Uuid::nil()));
        assert_ne!(first.proof_key(Uuid::nil()), first.proof_key(Uuid::from_u128(1)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half done is left");
        std::fs::write(&path, "not a key").unwrap();
        assert!(Vault::find(&KeySource::Own(path)).is_err(), "a damaged key is not replaced in silence");
    }

    #[test]
    fn nothing_secret_is_shown() {
        let all = format!("{:?} {:?}", Vault::with_key([1; 32]), secrets("hunter2"));
        assert!(!all.contains("hunter2") && !all.contains("next"), "{all}");
    }
}
