//! Passwords: Argon2id with the crate's recommended cost, never on the threads that answer requests, a few at once.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::Access;
use crate::error::{Error, Result};

/// How many are checked at once: each takes 19 MiB and a core.
pub(super) const AT_ONCE: usize = 2;
/// Nobody types more, and more would only cost us time.
const LONGEST: usize = 1024;
/// Shortest password that is taken (NIST SP 800-63B asks for 8 at least).
pub const SHORTEST: usize = 8;

/// Somebody's hash, of the cost that [`hash`] gives, for addresses that nobody has: they must take as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZWJvZHkgZWxzZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is kept of a password. Takes a core for tens of milliseconds.
///
/// # Errors
/// A sentence, when the password is too short or too long.
pub fn hash(password: &str) -> Result<String> {
    if password.chars().count() < SHORTEST {
        return Err(Error::Invalid(format!(
            "A password needs at least {SHORTEST} characters. Nothing was changed."
        )));
    }
    if password.len() > LONGEST {
        return Err(Error::Invalid(format!(
            "A password may have {LONGEST} bytes at most. Nothing was changed."
        )));
    }
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| {
        Error::File(format!("The password could not be kept ({error}). Nothing was changed."))
    })
}

/// Whether the password is the one that was kept. Without a hash it takes as long and is wrong.
pub(super) async fn check(access: &Access, password: String, hash: Option<String>) -> bool {
    let Ok(_turn) = access.0.hashing.clone().acquire_owned().await else { return false };
    tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await.unwrap_or(false)
}

fn verify(password: &str, hash: Option<&str>) -> bool {
    let Ok(kept) = PasswordHash::new(hash.unwrap_or(NOBODYS)) else { return false };
    let password = if password.len() > LONGEST { "" } else { password };
    let right = Argon2::default().verify_password(password.as_bytes(), &kept).is_ok();
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_fits() {
        let kept = hash("correct horse").expect("long enough");
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("correct hors", Some(&kept)));
        assert!(!verify("correct horse", None));
        assert!(!verify(&"x".repeat(LONGEST + 1), Some(&kept)));
        assert_ne!(kept, hash("correct horse").expect("long enough"), "the salt is random");
    }

    #[test]
    fn nobodys_hash_costs_what_everybodys_does() {
        let real = hash("correct horse").expect("long enough");
        let cost = |phc: &str| {
            let hash = PasswordHash::new(phc).expect("well formed");
            (hash.algorithm.to_string(), hash.version, hash.params.to_string(), hash.hash.map(|h| h.len()))
        };
        assert_eq!(cost(NOBODYS), cost(&real));
    }

    #[test]
    fn short_passwords_are_refused() {
        assert!(matches!(hash("1234567"), Err(Error::Invalid(_))));
        assert!(matches!(hash(&"x".repeat(LONGEST + 1)), Err(Error::Invalid(_))));
    }
}
