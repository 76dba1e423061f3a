//! The words by which a patron says that we must stop writing, and that we may go on.

/// What a text means for the platform's own list of who has stopped us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// We must not write any more.
    Stop,
    /// We may write again.
    Start,
    /// We may write again, if we must not; else it is an answer like any other ("Yes").
    PerhapsStart,
    /// The platform itself answers with whom to ask; for us a question like any other.
    Help,
}

/// Obeyed by default, English and (for Canada) French, according to the platform's pages on opt-out keywords.
const STOP: &[&str] = &[
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "arret",
    "arrêt",
    "arrete",
    "arrête",
    "arrett",
];
const START: &[&str] = &["start", "unstop"];
const PERHAPS_START: &[&str] = &["yes"];
const HELP: &[&str] = &["help", "info"];

/// A library's own words, where it has set some with the platform, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Beside those that are always obeyed.
    pub stop: Vec<String>,
    /// Beside those that are always obeyed.
    pub start: Vec<String>,
}

impl Words {
    /// What the whole text means. Only a word alone counts: "please stop" is a sentence.
    pub fn wish(&self, text: &str) -> Option<Wish> {
        let word = text.trim().to_lowercase();
        let is_one = |known: &[&str], own: &[String]| known.contains(&word.as_str()) || own.contains(&word);
        if is_one(STOP, &self.stop) {
            Some(Wish::Stop)
        } else if is_one(START, &self.start) {
            Some(Wish::Start)
        } else if is_one(PERHAPS_START, &[]) {
            Some(Wish::PerhapsStart)
        } else if is_one(HELP, &[]) {
            Some(Wish::Help)
        } else {
            None
        }
    }
}

/// What the platform itself says that it understood (`OptOutType`), in whatever language its words are set.
pub fn told(kind: &str) -> Option<Wish> {
    match kind.to_ascii_uppercase().as_str() {
        "STOP" => Some(Wish::Stop),
        "START" => Some(Wish::Start),
        "HELP" => Some(Wish::Help),
        _ => None,
    }
}
