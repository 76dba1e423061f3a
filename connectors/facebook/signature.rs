//! The proofs on both sides: that a call comes from Facebook, and that ours comes from the app.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::contract::RefusedRequest;

/// The header that carries the proof, in lower case.
pub const HEADER: &str = "x-hub-signature-256";

/// Checks `X-Hub-Signature-256` over the bytes as they came: text in them is escaped, so parsing and writing them again
/// would give other bytes. Takes as long for a wrong signature as for a right one.
///
/// # Errors
/// Without a signature, or with one that does not fit.
pub fn verify(app_secret: &str, header: Option<&str>, body: &[u8]) -> Result<(), RefusedRequest> {
    let header = header.filter(|header| !header.is_empty()).ok_or(RefusedRequest::Unsigned)?;
    let given = header.strip_prefix("sha256=").and_then(bytes).ok_or(RefusedRequest::Forged)?;
    let mut mac = keyed(app_secret.as_bytes());
    mac.update(body);
    mac.verify_slice(&given).map_err(|_| RefusedRequest::Forged)
}

/// The header's value for this body.
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex_mac(app_secret.as_bytes(), body))
}

/// `appsecret_proof`: that whoever holds the token also holds the app's secret.
pub fn app_proof(app_secret: &str, token: &str) -> String {
    hex_mac(app_secret.as_bytes(), token.as_bytes())
}

/// HMAC-SHA256 in small hexadecimal letters.
pub fn hex_mac(key: &[u8], message: &[u8]) -> String {
    let mut mac = keyed(key);
    mac.update(message);
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("strings take everything");
        text
    })
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
