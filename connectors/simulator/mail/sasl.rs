//! What a client says about itself, in the mechanisms both servers know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Who a client says it is and what it shows for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub user: String,
    pub proof: Proof,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proof {
    Password(String),
    Token(String),
}

/// Why a claim was turned down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Denied {
    /// Whether the mechanism first tells the client why and waits for an empty line, as XOAUTH2 does at Google.
    pub challenge: bool,
}

/// What XOAUTH2 says before it refuses: base64 of a JSON object, as Google's servers and Dovecot do.
pub(super) fn xoauth2_refusal() -> String {
    STANDARD.encode(br#"{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}"#)
}

impl Claim {
    pub fn password(user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), proof: Proof::Password(password.to_owned()) }
    }

    /// Reads a PLAIN message (RFC 4616), base64 undone: `[authzid] NUL user NUL password`.
    pub fn plain(message: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(message).ok()?;
        let mut pieces = text.split('\0');
        let (_, user, password) = (pieces.next()?, pieces.next()?, pieces.next()?);
        (pieces.next().is_none() && !user.is_empty()).then(|| Self::password(user, password))
    }

    /// Reads an XOAUTH2 message, base64 undone: `user=U ^A auth=Bearer T ^A ^A`.
    pub fn xoauth2(message: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(message).ok()?;
        let mut pieces = text.strip_suffix("\x01\x01")?.split('\x01');
        let user = pieces.next()?.strip_prefix("user=")?;
        let (scheme, token) = pieces.next()?.strip_prefix("auth=")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("Bearer")
            .then(|| Self { user: user.to_owned(), proof: Proof::Token(token.to_owned()) })
    }
}

/// Base64 as both protocols carry it: one line, padded. A lone `=` stands for nothing (RFC 4954, RFC 4959).
pub(super) fn decode(line: &[u8]) -> Option<Vec<u8>> {
    if line == b"=" {
        return Some(Vec::new());
    }
    STANDARD.decode(line.trim_ascii()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_clients_send_and_nothing_else() {
        assert_eq!(
            Claim::plain(b"\0ask@l.example\0s3cret"),
            Some(Claim::password("ask@l.example", "s3cret"))
        );
        for wrong in [b"".as_slice(), b"\0\0x", b"a\0b", b"a\0b\0c\0d", b"\0\xff\0x"] {
            assert_eq!(Claim::plain(wrong), None);
        }
        let claim = Claim::xoauth2(b"user=ask@l.example\x01auth=Bearer tok\x01\x01");
        assert_eq!(claim.map(|claim| claim.proof), Some(Proof::Token("tok".into())));
        for wrong in [
            b"user=a\x01auth=Bearer t".as_slice(),
            b"user=a\x01auth=Basic t\x01\x01",
            b"auth=Bearer t\x01\x01",
            b"user=a\x01\x01",
        ] {
            assert_eq!(Claim::xoauth2(wrong), None);
        }
        assert_eq!(decode(b"="), Some(Vec::new()));
        assert_eq!(decode(b"?"), None);
    }
}
