//! What we write into a message's `metadata`, which comes back in its echo: the delivery's key, and a proof that it is ours.

use uuid::Uuid;

use super::signature::hex_mac;
use crate::contract::Key;

const MARK: &str = "deskbell:";
/// Of the proof's 64 digits.
const TAG: usize = 32;

/// The metadata of a delivery; the same on every try.
pub fn mint(proof_key: &[u8], key: &Key) -> String {
    format!("{MARK}{}.{}", key.0.simple(), tag(proof_key, key))
}

/// The delivery that this metadata names, if it carries our proof.
pub fn verify(proof_key: &[u8], metadata: &str) -> Option<Key> {
    let (id, given) = metadata.strip_prefix(MARK)?.split_once('.')?;
    let key = Key(Uuid::try_parse(id).ok()?);
    let right = tag(proof_key, &key);
    // In constant time: another app on the Page may write metadata too.
    let differences = right.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    (right.len() == given.len() && differences == 0).then_some(key)
}

fn tag(proof_key: &[u8], key: &Key) -> String {
    let mut tag = hex_mac(proof_key, format!("facebook metadata {}", key.0.simple()).as_bytes());
    tag.truncate(TAG);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_minted_names_a_delivery() {
        let key = Key(Uuid::from_u128(7));
        let minted = mint(&[1; 32], &key);
        assert_eq!(verify(&[1; 32], &minted), Some(key));
        assert!(minted.len() <= 1000, "Meta takes no more");
        let mut changed = minted.clone();
        changed.replace_range(9..10, "f");
        for forged in [&changed, &minted[..minted.len() - 1], "", "deskbell:", "deskbell:7.", "ref_42"] {
            assert_eq!(verify(&[1; 32], forged), None, "{forged}");
        }
        assert_eq!(verify(&[2; 32], &minted), None, "another channel's key");
    }
}
