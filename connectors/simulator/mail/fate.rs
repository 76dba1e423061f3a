//! What becomes of mail to recipients outside the library.

use std::sync::Mutex;

use super::faults::MailFault;
use crate::simulator::lock;

/// What becomes of a message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// RCPT is answered with this code and text, such as 550 and `5.1.1 No such person here`; 4xx: for now, 5xx: for good.
    Refused {
        /// The reply code; anything outside 400 to 599 is sent as 550.
        code: u16,
        /// The enhanced status code (RFC 3463) and the words, in one line.
        text: String,
    },
    /// Accepted; later a delivery report says that it failed (RFC 3464, `Action: failed`).
    Bounced {
        /// How long it takes, by the platform's clock.
        after_ms: i64,
        /// The enhanced status code, such as `5.1.1`, or `4.4.1` where somebody gave up trying.
        status: String,
        /// What the other server said, such as `550 5.1.1 No such person here`.
        diagnostic: String,
    },
    /// Accepted; later a delivery report says that it is still being tried (RFC 3464, `Action: delayed`). It does not arrive.
    Delayed {
        /// How long it takes, by the platform's clock.
        after_ms: i64,
        /// The enhanced status code, such as `4.4.1`.
        status: String,
        /// What keeps it, such as `connection timed out`.
        diagnostic: String,
    },
}

/// The fates by recipient.
#[derive(Debug, Default)]
pub(super) struct Fates {
    rules: Mutex<Vec<(String, Fate)>>,
}

impl Fates {
    /// `whom` is an address, `@domain`, or `local-part@`. Later rules stand beside earlier ones.
    pub fn set(&self, whom: &str, fate: Fate) {
        lock(&self.rules).push((whom.to_lowercase(), fate));
    }

    pub fn clear(&self, whom: &str) {
        let whom = whom.to_lowercase();
        lock(&self.rules).retain(|(ruled, _)| *ruled != whom);
    }

    /// All that is in store for a message to this address, in the order in which it was set.
    pub fn of(&self, address: &str) -> Vec<Fate> {
        let address = address.to_lowercase();
        let rules = lock(&self.rules);
        let meant = rules.iter().filter(|(whom, _)| is_meant(whom, &address));
        meant.map(|(_, fate)| fate.clone()).collect()
    }
}

fn is_meant(whom: &str, address: &str) -> bool {
    if whom.starts_with('@') {
        address.ends_with(whom)
    } else if whom.ends_with('@') {
        address.starts_with(whom)
    } else {
        address == whom
    }
}

/// The answers to a whole message that the faults ask for.
pub(super) fn refusal(fault: MailFault) -> Option<&'static str> {
    match fault {
        MailFault::Smtp4xx => Some("451 4.3.0 Not now, try again later"),
        MailFault::Smtp5xx => Some("554 5.7.1 This message is not wanted here"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_a_person_a_domain_or_a_local_part() {
        let fates = Fates::default();
        for whom in ["Full@b.example", "@gone.example", "nobody@"] {
            let text = whom.to_owned();
            fates.set(whom, Fate::Refused { code: 550, text });
        }
        let count = |address| fates.of(address).len();
        assert_eq!(count("full@B.example"), 1);
        assert_eq!(count("x@gone.example"), 1);
        assert_eq!(count("nobody@gone.example"), 2);
        assert_eq!(count("somebody@b.example"), 0);
        fates.clear("NOBODY@");
        assert_eq!(count("nobody@b.example"), 0);
    }
}
