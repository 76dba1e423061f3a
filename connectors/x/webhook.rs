//! X calls us: its challenge is answered, its signature checked over the raw bytes, its news decoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::Sha256;

use super::channel::Handle;
use super::inbound;
use super::pushed::{self, Found};
use crate::contract::{
    BoxFuture, Cost, Envelope, Failure, Received, Receiving, RefusedRequest, Reply, Subscription, Webhook,
};

const SIGNATURE: &str = "x-twitter-webhooks-signature";
/// X's own challenges are shorter.
const LONGEST_CHALLENGE: usize = 512;

impl Webhook for Handle {
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest> {
        let secret = self.config.consumer_secret.as_ref().ok_or(RefusedRequest::Forged)?.expose_secret();
        if request.method == "GET" {
            let challenge = challenge(request.url).ok_or(RefusedRequest::WrongToken)?;
            let body = json!({"response_token": proof(secret, challenge.as_bytes())}).to_string();
            let reply = Reply { content_type: "application/json", body: Bytes::from(body) };
            return Ok(Received { reply: Some(reply), ..Received::default() });
        }
        let signature =
            request.headers.iter().find(|(name, _)| name == SIGNATURE).map(|(_, value)| value.as_str());
        verify(secret, request.body, signature)?;
        let found = pushed::found(request.body, &self.own(), request.now);
        let cost = self.charged(&found, request.now);
        Ok(Received { reply: None, envelopes: self.for_us(found, request.now), cost })
    }

    fn ensure_subscribed<'a>(&'a self, public_url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>> {
        Box::pin(self.see_to_webhook(public_url))
    }
}

impl Handle {
    /// What X charges for having told us of these: nothing for the same thing on the same day (UTC).
    pub(super) fn charged(&self, found: &[Found], now: i64) -> Cost {
        let told: Vec<String> = found
            .iter()
            .filter(|found| found.is_charged)
            .map(|found| format!("told/{}", found.envelope.external_id))
            .collect();
        let micros = self.paid.read(told.iter().map(String::as_str), self.config.prices.pushed, now);
        Cost { requests: 0, micros }
    }

    /// What happened to this account; what happened to another account of the same app is kept, and answered by nobody.
    pub(super) fn for_us(&self, found: Vec<Found>, now: i64) -> Vec<Envelope> {
        let own = self.own().id;
        let one = |found: Found| {
            let is_ours = own.is_none() || found.account.is_none() || found.account == own;
            if is_ours {
                return found.envelope;
            }
            let why = "X told of something that happened to another account of the same app. It belongs to that account's own channel.";
            let raw = found.envelope.raw.clone();
            inbound::envelope(raw, inbound::ignored(why, None), now)
        };
        found.into_iter().map(one).collect()
    }
}

/// The challenge in the address. A challenge that could be the body of a call is none: our answer would be the signature
/// that makes anybody's words into X's.
fn challenge(url: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    let (_, token) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "crc_token")?;
    let harmless =
        !token.is_empty() && token.len() <= LONGEST_CHALLENGE && !token.contains(['{', '[', '\u{fffd}']);
    harmless.then(|| token.into_owned())
}

/// `sha256=` and the base64 of the HMAC.
pub fn proof(secret: &str, bytes: &[u8]) -> String {
    format!("sha256={}", STANDARD.encode(mac(secret, bytes).finalize().into_bytes()))
}

/// In constant time.
///
/// # Errors
/// When there is no signature, or another.
pub fn verify(secret: &str, body: &[u8], signature: Option<&str>) -> Result<(), RefusedRequest> {
    let signature = signature.filter(|text| !text.is_empty()).ok_or(RefusedRequest::Unsigned)?;
    let coded = signature.strip_prefix("sha256=").ok_or(RefusedRequest::Forged)?;
    let given = STANDARD.decode(coded).map_err(|_| RefusedRequest::Forged)?;
    mac(secret, body).verify_slice(&given).map_err(|_| RefusedRequest::Forged)
}

fn mac(secret: &str, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(bytes);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_found_whatever_stands_around_it() {
        assert_eq!(
            challenge("https://a.example/h?nonce=1&crc_token=a%20b%2Bc%2F%3D%26%C3%BC").as_deref(),
            Some("a b+c/=&ü")
        );
        assert_eq!(challenge("https://a.example/h"), None);
        assert_eq!(challenge("https://a.example/h?crc_token="), None);
    }

    #[test]
    fn a_challenge_that_is_a_message_is_not_signed() {
        let forged = "{\"for_user_id\":\"1\",\"direct_message_events\":[]}";
        let coded: String = url::form_urlencoded::byte_serialize(forged.as_bytes()).collect();
        assert_eq!(challenge(&format!("https://a.example/h?crc_token={coded}")), None);
    }

    #[test]
    fn only_the_very_bytes_fit_their_signature() {
        let signature = proof("secret", b"{}");
        assert_eq!(verify("secret", b"{}", Some(&signature)), Ok(()));
        assert_eq!(verify("secret", b"{} ", Some(&signature)), Err(RefusedRequest::Forged));
        assert_eq!(verify("other", b"{}", Some(&signature)), Err(RefusedRequest::Forged));
        assert_eq!(verify("secret", b"{}", None), Err(RefusedRequest::Unsigned));
        // Meta's way of writing the same thing.
        let hex: String =
            STANDARD.decode(&signature[7..]).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(verify("secret", b"{}", Some(&format!("sha256={hex}"))), Err(RefusedRequest::Forged));
    }
}
