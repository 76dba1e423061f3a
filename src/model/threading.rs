//! Which conversation a message belongs to (promise 7: a stranger cannot join a thread).

use uuid::Uuid;

use sha2::{Digest, Sha256};

const LONGEST_REFERENCE: usize = 250;
/// How many references of one message are looked up: the nearest.
const REFERENCES_LOOKED_UP: usize = 12;

/// An id from a platform in the form in which it is stored and looked up: as it is, or its hash where its writer made it
/// longer than an index likes.
pub fn reference(id: &str) -> String {
    if id.len() <= LONGEST_REFERENCE {
        return id.to_owned();
    }
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// The nearest of a message's references, each as it is looked up.
pub fn references(ids: &[String]) -> Vec<String> {
    ids.iter().take(REFERENCES_LOOKED_UP).map(|id| reference(id)).collect()
}

/// A conversation that a message claims to belong to, and what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The conversation.
    pub conversation: Uuid,
    /// It is at this very channel.
    pub same_channel: bool,
    /// The reference carries our proof.
    pub proven: bool,
    /// The writer's address has written in it before.
    pub knows_writer: bool,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filing {
    /// Into this conversation. `unverified`: by proof alone, the writer's address is new in it.
    Join {
        /// Which.
        conversation: Uuid,
        /// The page marks it.
        unverified: bool,
    },
    /// Into one of its own, linked with the one it claimed, if any.
    Open {
        /// The one it claimed.
        claimed: Option<Uuid>,
    },
}

/// Decides by the references, nearest first. A claim without proof and from an address that never wrote there opens a
/// conversation of its own: never access, never a lost message.
pub fn file(candidates: &[Candidate]) -> Filing {
    let here = || candidates.iter().filter(|candidate| candidate.same_channel);
    if let Some(known) = here().find(|candidate| candidate.knows_writer) {
        return Filing::Join { conversation: known.conversation, unverified: false };
    }
    if let Some(proven) = here().find(|candidate| candidate.proven) {
        return Filing::Join { conversation: proven.conversation, unverified: true };
    }
    Filing::Open { claimed: candidates.first().map(|candidate| candidate.conversation) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(same_channel: bool, proven: bool, knows_writer: bool) -> Candidate {
        Candidate { conversation: Uuid::now_v7(), same_channel, proven, knows_writer }
    }

    #[test]
    fn a_stranger_with_a_guessed_reference_opens_their_own() {
        let claimed = candidate(true, false, false);
        assert_eq!(file(&[claimed]), Filing::Open { claimed: Some(claimed.conversation) });
    }

    #[test]
    fn the_right_token_joins_and_the_new_address_is_marked() {
        let proven = candidate(true, true, false);
        assert_eq!(file(&[proven]), Filing::Join { conversation: proven.conversation, unverified: true });
    }

    #[test]
    fn another_channels_thread_is_never_joined() {
        let elsewhere = candidate(false, true, true);
        assert_eq!(file(&[elsewhere]), Filing::Open { claimed: Some(elsewhere.conversation) });
    }

    proptest! {
        #[test]
        fn nobody_joins_without_proof_or_acquaintance(flags in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..8)) {
            let candidates: Vec<_> = flags.into_iter().map(|(a, b, c)| candidate(a, b, c)).collect();
            if let Filing::Join { conversation, unverified } = file(&candidates) {
                let joined = candidates.iter().find(|c| c.conversation == conversation).expect("one of them");
                prop_assert!(joined.same_channel && (joined.knows_writer || (joined.proven && unverified)));
            }
        }
    }
}
