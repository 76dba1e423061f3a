//! What people can, and what a conversation needs of whoever is given it as the next.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest skill, characters.
pub const LONGEST: usize = 40;
/// Skills and languages of one person at most, each.
pub const MOST: usize = 30;
/// Live conversations at once at most, where nothing else was decided.
pub const LIVE_AT_ONCE: i64 = 2;

/// What a person can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Abilities {
    /// Skills, such as `card accounts`: whoever has one is given what needs it.
    pub skills: Vec<String>,
    /// Languages, as codes of ISO 639 such as `es`, besides the house's own.
    pub languages: Vec<String>,
    /// How many live conversations they have at once before they are given no more.
    pub live_at_once: i64,
}

impl Default for Abilities {
    fn default() -> Self {
        Self { skills: Vec::new(), languages: Vec::new(), live_at_once: LIVE_AT_ONCE }
    }
}

/// What a conversation needs; empty: nothing particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needs {
    /// A skill.
    pub skill: String,
    /// A language.
    pub language: String,
}

impl Abilities {
    /// As they are kept: white space collapsed, lower case, each once, in their order.
    ///
    /// # Errors
    /// A sentence: something is no skill, no language or too much.
    pub fn read(self) -> Result<Self, String> {
        let skills = each(self.skills, |word| {
            let skill = folded(word);
            let fits = !skill.is_empty() && skill.chars().count() <= LONGEST && !skill.contains(',');
            if fits {
                return Ok(skill);
            }
            Err(format!("A skill is a word or a few, of {LONGEST} characters at most and without a comma."))
        })?;
        let languages = each(self.languages, |word| {
            let code = folded(word);
            if matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
                return Ok(code);
            }
            Err(format!("{word} is no code of a language. Write it as es, fr or zh."))
        })?;
        if !(0..=50).contains(&self.live_at_once) {
            return Err("Live conversations at once are 0 to 50.".to_owned());
        }
        Ok(Self { skills, languages, live_at_once: self.live_at_once })
    }

    /// What of the needs they lack; none: they have it all.
    pub fn lack(&self, needs: &Needs) -> Option<Needs> {
        let missing = |all: &[String], one: &String| match one.is_empty() || all.contains(one) {
            true => String::new(),
            false => one.clone(),
        };
        let lacks = Needs {
            skill: missing(&self.skills, &needs.skill),
            language: missing(&self.languages, &needs.language),
        };
        (lacks != Needs::default()).then_some(lacks)
    }
}

impl Needs {
    /// "someone with card accounts who speaks Spanish".
    pub fn in_words(&self) -> String {
        let mut words = "someone".to_owned();
        if !self.skill.is_empty() {
            words.push_str(&format!(" with {}", self.skill));
        }
        if !self.language.is_empty() {
            words.push_str(&format!(" who speaks {}", language_in_words(&self.language)));
        }
        words
    }
}

/// A word as it is compared: case and white space do not count.
pub fn folded(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn each(words: Vec<String>, read: impl Fn(&str) -> Result<String, String>) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for word in &words {
        let word = read(word)?;
        if !all.contains(&word) {
            all.push(word);
        }
    }
    if all.len() > MOST {
        return Err(format!("A person has {MOST} skills and {MOST} languages at most."));
    }
    Ok(all)
}

/// What people call a language; one that is not among these by its code.
pub fn language_in_words(code: &str) -> &str {
    const NAMES: &[(&str, &str)] = &[
        ("ar", "Arabic"),
        ("bn", "Bengali"),
        ("de", "German"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fa", "Persian"),
        ("fr", "French"),
        ("hi", "Hindi"),
        ("ht", "Haitian Creole"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ru", "Russian"),
        ("so", "Somali"),
        ("sw", "Swahili"),
        ("tl", "Tagalog"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("ur", "Urdu"),
        ("vi", "Vietnamese"),
        ("zh", "Chinese"),
    ];
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn needs(skill: &str, language: &str) -> Needs {
        Needs { skill: skill.to_owned(), language: language.to_owned() }
    }

    #[test]
    fn what_is_written_is_read_in_one_way() {
        let written = |skills: &[&str], languages: &[&str], live_at_once| {
            let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            Abilities { skills: own(skills), languages: own(languages), live_at_once }.read()
        };
        let read = written(&[" Card  accounts", "card accounts", "Maps"], &["ES", "es"], 3).unwrap();
        assert_eq!(read.skills, ["card accounts", "maps"]);
        assert_eq!((read.languages, read.live_at_once), (vec!["es".to_owned()], 3));
        assert!(written(&["a, b"], &[], 2).unwrap_err().contains("without a comma"));
        assert!(written(&[""], &[], 2).is_err());
        assert!(written(&[], &["Spanish"], 2).unwrap_err().contains("Write it as es"));
        assert!(written(&[], &[], 51).is_err() && written(&[], &[], -1).is_err());
        let many: Vec<String> = (0..=MOST).map(|n| format!("skill {n}")).collect();
        assert!(Abilities { skills: many, ..Abilities::default() }.read().is_err());
    }

    #[test]
    fn needs_are_said_as_people_say_them() {
        assert_eq!(needs("card accounts", "es").in_words(), "someone with card accounts who speaks Spanish");
        assert_eq!(needs("", "xx").in_words(), "someone who speaks xx");
        assert_eq!(needs("", "").in_words(), "someone");
    }

    proptest! {
        /// Nobody lacks anything whose abilities hold all that is needed, and what they lack is needed.
        #[test]
        fn what_is_lacking_is_what_is_needed_and_not_had(
            skills in prop::collection::vec("[a-c]", 0..3),
            languages in prop::collection::vec("[d-f]{2}", 0..3),
            skill in "[a-c]?",
            language in "([d-f]{2})?",
        ) {
            let needs = needs(&skill, &language);
            let has = Abilities { skills: skills.clone(), languages: languages.clone(), live_at_once: 2 };
            let lack = has.lack(&needs).unwrap_or_default();
            prop_assert_eq!(lack.skill.is_empty(), skill.is_empty() || skills.contains(&skill));
            prop_assert_eq!(lack.language.is_empty(), language.is_empty() || languages.contains(&language));
            prop_assert!(lack.skill.is_empty() || lack.skill == skill);
        }
    }
}
