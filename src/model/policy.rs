//! What the library wants of somebody who answers in a conversation that a colleague has.

use uuid::Uuid;

use super::words;

words! {
    /// The library's word on it.
    Policy {
        /// Asked first: leave a note, help, or take over.
        Ask = "ask",
        /// Anybody may help unasked.
        Allow = "allow",
        /// Only whoever has it answers.
        Block = "block",
    }
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes out. The conversation stays whose it is.
    Send,
    /// Its writer is asked what they want; to help is one of the ways.
    Ask,
    /// It cannot go; taking over is for leads.
    Refuse,
}

impl Policy {
    /// What becomes of an answer by `writer` where `owner` has the conversation; `helps`: they were asked, and want to help.
    pub fn judge(self, owner: Option<Uuid>, writer: Uuid, helps: bool) -> Verdict {
        match self {
            _ if owner.is_none_or(|owner| owner == writer) => Verdict::Send,
            Self::Allow => Verdict::Send,
            Self::Ask if helps => Verdict::Send,
            Self::Ask => Verdict::Ask,
            Self::Block => Verdict::Refuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_owner_always_may_and_a_colleague_as_the_library_wants(
            policy in prop_oneof![Just(Policy::Ask), Just(Policy::Allow), Just(Policy::Block)],
            owner in proptest::option::of(0..3_u128),
            writer in 0..3_u128,
            helps: bool,
        ) {
            let verdict = policy.judge(owner.map(Uuid::from_u128), Uuid::from_u128(writer), helps);
            let theirs = owner.is_none_or(|owner| owner == writer);
            prop_assert_eq!(verdict == Verdict::Refuse, !theirs && policy == Policy::Block);
            prop_assert_eq!(verdict == Verdict::Ask, !theirs && policy == Policy::Ask && !helps);
        }
    }
}
