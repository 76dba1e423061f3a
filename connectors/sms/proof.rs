//! Whether a call comes from the platform: `X-Twilio-Signature`, base64 of HMAC-SHA1 over the address that was called and
//! the sorted parameters, keyed with the account's token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::contract::RefusedRequest;

/// Checks a call. `params` are those of a form body; a JSON body is covered by its hash in the address instead.
pub fn check(
    tokens: &[SecretString],
    signature: Option<&str>,
    url: &str,
    body: &[u8],
    params: &[(String, String)],
) -> Result<(), RefusedRequest> {
    let signature = signature.filter(|signature| !signature.is_empty()).ok_or(RefusedRequest::Unsigned)?;
    let signature = STANDARD.decode(signature).map_err(|_| RefusedRequest::Forged)?;
    let mut covered = String::new();
    match body_hash(url) {
        Some(hash) if hash.eq_ignore_ascii_case(&hex(&Sha256::digest(body))) => {}
        Some(_) => return Err(RefusedRequest::Forged),
        None => covered = concatenated(params),
    }
    let holds = |token: &SecretString, url: &str| {
        let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes())
            .expect("HMAC takes keys of every length");
        mac.update(url.as_bytes());
        mac.update(covered.as_bytes());
        // In constant time.
        mac.verify_slice(&signature).is_ok()
    };
    let addresses = spellings(url);
    // Every token with every spelling, so that which one held cannot be told from the time it took.
    let held = tokens
        .iter()
        .flat_map(|token| addresses.iter().map(move |address| (token, address)))
        .fold(false, |held, (token, address)| holds(token, address) | held);
    if held { Ok(()) } else { Err(RefusedRequest::Forged) }
}

/// Sorted by name, then by value; a pair that comes twice counts once.
fn concatenated(params: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = params.iter().collect();
    sorted.sort();
    sorted.dedup();
    sorted.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect()
}

fn body_hash(url: &str) -> Option<&str> {
    let query = url.split('#').next()?.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="))
}

/// The ways in which the platform may have spelt the address when it signed: with and without the port, with and without
/// the apostrophe escaped.
fn spellings(url: &str) -> Vec<String> {
    let url = url.split('#').next().unwrap_or_default();
    let mut spelt = vec![url.to_owned()];
    if let Some((scheme, rest)) = url.split_once("://") {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, host) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        let (name, port) = match host.rfind(':').filter(|at| !host[*at..].contains(']')) {
            Some(at) => (&host[..at], Some(&host[at + 1..])),
            None => (host, None),
        };
        let usual = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
        match port {
            Some(_) => spelt.push(format!("{scheme}://{user}{name}{path}")),
            None => spelt.push(format!("{scheme}://{user}{name}:{usual}{path}")),
        }
    }
    let escaped: Vec<String> = spelt
        .iter()
        .filter(|url| url.contains('\'') || url.contains("%27"))
        .flat_map(|url| [url.replace('\'', "%27"), url.replace("%27", "'")])
        .collect();
    spelt.extend(escaped);
    spelt
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
