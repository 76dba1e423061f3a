//! Secrets that stand for a person: 256 random bits, shown once, kept only as a hash. A fast hash is enough: nobody can
//! try 2^256 values.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const BYTES: usize = 32;
const LETTERS: usize = 43;

/// What is kept of a secret.
pub(super) type Hash = [u8; 32];

/// A fresh secret, in letters that survive a cookie and a link.
pub(super) fn fresh() -> Result<String> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::File(format!("The machine gave no random numbers ({error}). Nothing was changed."))
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of it; none for something that cannot be one of ours.
pub(super) fn hash(secret: &str) -> Option<Hash> {
    let plausible =
        secret.len() == LETTERS && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    plausible.then(|| Sha256::digest(secret.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_only_plausible_ones_are_looked_up() {
        let (one, other) = (fresh().expect("random numbers"), fresh().expect("random numbers"));
        assert_ne!(one, other);
        assert_ne!(hash(&one), hash(&other));
        assert!(hash(&one).is_some());
        for wrong in ["", "short", &one[1..], &format!("{}=", &one[1..]), &format!("{one}a"), &"é".repeat(22)]
        {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
    }
}
