//! Message-IDs and loop marks that only we can have made.
//!
//! A stranger who guesses, increments or replays pieces gets nothing: without the channel's key a token does not verify,
//! and what does not verify counts as absent. There is one format and no older one.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Header of our own outgoing mail, by which a mail that came back to us is known.
pub const LOOP_HEADER: &str = "X-Deskbell-Channel";

/// Bytes of the MAC kept: 128 bits.
const TAG: usize = 16;

/// The Message-ID of a delivery, in brackets: `<{delivery}.{mac}@{domain}>`, both in 32 hexadecimal digits.
///
/// `key` belongs to the channel. The same delivery always gets the same id, so that a second try is known for one.
pub fn mint(key: &[u8], delivery: Uuid, domain: &str) -> String {
    let tag = mac(key, "message-id", delivery, domain).finalize().into_bytes();
    format!("<{}.{}@{domain}>", delivery.simple(), hex(&tag[..TAG]))
}

/// The delivery a Message-ID names, if it carries our proof. Brackets may be there or not. Compares in constant time.
pub fn verify(key: &[u8], message_id: &str) -> Option<Uuid> {
    let id = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, domain) = id.split_once('@')?;
    proven(key, "message-id", local, domain)
}

/// Value of [`LOOP_HEADER`] for mail of this channel.
pub fn loop_mark(key: &[u8], channel: Uuid) -> String {
    let tag = mac(key, "loop", channel, "").finalize().into_bytes();
    format!("{}.{}", channel.simple(), hex(&tag[..TAG]))
}

/// The value was made by [`loop_mark`] with this key: the mail is our own, come back. Compares in constant time.
pub fn is_loop_mark(key: &[u8], value: &str) -> bool {
    proven(key, "loop", value.trim(), "").is_some()
}

fn proven(key: &[u8], purpose: &str, token: &str, domain: &str) -> Option<Uuid> {
    let (id, tag) = token.split_once('.')?;
    if id.len() != 32 || tag.len() != TAG * 2 || !tag.is_ascii() {
        return None;
    }
    let id = Uuid::try_parse(id).ok()?;
    let mut bytes = [0; TAG];
    for (byte, digits) in bytes.iter_mut().zip(tag.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    mac(key, purpose, id, domain).verify_truncated_left(&bytes).ok()?;
    Some(id)
}

fn mac(key: &[u8], purpose: &str, id: Uuid, domain: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(id.as_bytes());
    mac.update(domain.to_ascii_lowercase().as_bytes());
    mac
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
