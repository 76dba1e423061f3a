//! Many people at once: any number of questions, each made from its number alone, so that a large store can be made again,
//! gone on with, and measured.

use std::sync::Arc;

use bytes::Bytes;

use super::letter::Letter;
use crate::contract::Envelope;
use crate::email::inbound::{self, Own};
use crate::simulator::Random;

/// What the crowd may say: taken together by number.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Given names.
    pub given: Vec<String>,
    /// Family names.
    pub family: Vec<String>,
    /// What a letter is about, and what it says; `{thing}` stands for one of `things`.
    pub questions: Vec<(String, String)>,
    /// What is asked for.
    pub things: Vec<String>,
}

/// A source of letters that were never posted: they are handed over as envelopes.
#[derive(Clone)]
pub struct Crowd {
    said: Arc<Said>,
    seed: u64,
    own: Own,
    to: String,
}

impl Crowd {
    /// A crowd that writes to the account at this address.
    pub fn new(said: Arc<Said>, seed: u64, to: &str, proof_key: Arc<[u8]>) -> Self {
        let domain = to.rsplit_once('@').map_or(to, |(_, domain)| domain).to_owned();
        let own = Own { ours: vec![to.to_lowercase()], proof_key, domain, max_bytes: 1 << 20 };
        Self { said, seed, own, to: to.to_owned() }
    }

    /// The letter of this number as the connector would have read it, come at `at_ms`.
    pub fn envelope(&self, number: u64, at_ms: i64) -> Envelope {
        let raw = self.letter(number).write(at_ms).expect("every name in the crowd makes an address");
        let event = inbound::event(&raw, &self.own, false);
        Envelope {
            external_id: format!("crowd/{}/{number}", self.seed),
            fingerprint: None,
            renumbered: false,
            raw: Bytes::from(raw),
            content_type: "message/rfc822",
            at: at_ms,
            event,
        }
    }

    fn letter(&self, number: u64) -> Letter {
        let chance = Random::seeded(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let thing = chance.pick(&self.said.things);
        let (subject, text) = chance.pick(&self.said.questions);
        // Many have written before, and are called the same each time.
        let person = chance.below(usize::try_from(number / 2 + 1).unwrap_or(1));
        let parents = Random::seeded(person as u64);
        let (given, family) = (parents.pick(&self.said.given), parents.pick(&self.said.family));
        Letter {
            from: format!("patron{person}@crowd.example"),
            to: self.to.clone(),
            subject: subject.replace("{thing}", &thing),
            text: format!("{}\n\n{given} {family}\n", text.replace("{thing}", &thing)),
            name: format!("{given} {family}"),
            id: format!("{}-{number}", self.seed),
            ..Letter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Event;

    fn crowd() -> Crowd {
        let said = Said {
            given: vec!["Ada".into(), "Omar".into()],
            family: vec!["Price".into()],
            questions: vec![("About {thing}".into(), "Where is {thing}?".into())],
            things: vec!["the map room".into()],
        };
        Crowd::new(Arc::new(said), 7, "ask@library.example", Arc::from([1u8; 32]))
    }

    #[test]
    fn a_letter_is_made_from_its_number_alone() {
        let (one, again, other) =
            (crowd().envelope(5, 1_000), crowd().envelope(5, 1_000), crowd().envelope(6, 1_000));
        assert_eq!((&one.raw, &one.external_id), (&again.raw, &again.external_id));
        assert_ne!(one.external_id, other.external_id);
        let Event::Message(message) = one.event else { panic!("a person wrote it") };
        assert_eq!(message.subject.as_deref(), Some("About the map room"));
    }
}
