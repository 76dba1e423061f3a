//! What staff write down about a patron: the name, what they like to be called, how they asked to be answered, notes.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;

/// Longest name, characters.
pub const LONGEST_NAME: usize = 120;
/// Longest of what else is a word or two, characters.
pub const LONGEST_WORDS: usize = 60;
/// Longest note about a patron, characters.
pub const LONGEST_NOTE: usize = 2_000;

/// A note about a patron, for colleagues.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Note {
    /// Its id.
    pub id: Uuid,
    /// About whom.
    pub patron_id: Uuid,
    /// Who wrote it.
    pub staff_id: Uuid,
    /// Plain text.
    pub text: String,
    /// When.
    pub at: Millis,
    /// When its author last changed it.
    pub changed_at: Option<Millis>,
}

/// What can be written down about a patron.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// What everybody here calls them.
    pub name: String,
    /// What they like to be called.
    pub goes_by: Option<String>,
    /// "she/her".
    pub pronouns: Option<String>,
    /// The address at which they asked to be answered.
    pub answer_by: Option<Uuid>,
    /// When, in their words: "after 5 pm".
    pub answer_hours: Option<String>,
}

impl Profile {
    /// As it is kept: every line without what surrounds it, and nothing where nothing is said.
    ///
    /// # Errors
    /// A sentence, where there is no name or too much of something, or an address that is not one of `theirs`.
    pub fn tidy(&self, theirs: &[Uuid]) -> Result<Self, String> {
        let name = one_line(&self.name);
        if name.is_empty() {
            return Err(
                "The name is missing. Nothing was changed; what they are called must be said.".to_owned()
            );
        }
        fits("name", &name, LONGEST_NAME)?;
        let words = |what: &str, text: &Option<String>| {
            let text = text.as_deref().map(one_line).filter(|text| !text.is_empty());
            text.iter().try_for_each(|text| fits(what, text, LONGEST_WORDS)).map(|()| text)
        };
        if self.answer_by.is_some_and(|address| !theirs.contains(&address)) {
            return Err("That address is not this patron's. Nothing was changed.".to_owned());
        }
        Ok(Self {
            name,
            goes_by: words("name they go by", &self.goes_by)?,
            pronouns: words("word for pronouns", &self.pronouns)?,
            answer_by: self.answer_by,
            answer_hours: words("word on when to answer", &self.answer_hours)?,
        })
    }
}

/// A note as it is kept.
///
/// # Errors
/// A sentence, where there is nothing in it or too much.
pub fn note(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("The note is empty. Write something first.".to_owned());
    }
    fits("note", text, LONGEST_NOTE)?;
    Ok(text.to_owned())
}

pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn fits(what: &str, text: &str, most: usize) -> Result<(), String> {
    if text.chars().count() > most {
        return Err(format!("The {what} is longer than {most} characters. Nothing was kept; shorten it."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_without_a_name_or_answered_at_somebody_elses_address() {
        let theirs = [Uuid::from_u128(1)];
        let named = |name: &str| Profile { name: name.to_owned(), ..Profile::default() };
        assert_eq!(named("  Amara\n Osei ").tidy(&theirs).map(|one| one.name), Ok("Amara Osei".to_owned()));
        assert!(named(" \n ").tidy(&theirs).is_err());
        assert!(named(&"a".repeat(LONGEST_NAME + 1)).tidy(&theirs).is_err());
        let at = |address| Profile { answer_by: Some(Uuid::from_u128(address)), ..named("A") }.tidy(&theirs);
        assert!(at(1).is_ok() && at(2).is_err());
        assert!(note(" ").is_err() && note(&"é".repeat(LONGEST_NOTE)).is_ok());
    }

    proptest! {
        /// What is kept is kept as it is the next time, and is one line without an edge.
        #[test]
        fn tidy_is_tidy_for_good(name in "\\PC{0,20}[ \\n\\t]{0,2}\\PC{1,20}", words in prop::option::of("[a-z/ \\n]{0,30}")) {
            let told = Profile { name, goes_by: words.clone(), pronouns: words, ..Profile::default() };
            if let Ok(kept) = told.tidy(&[]) {
                prop_assert_eq!(kept.tidy(&[]), Ok(kept.clone()));
                let lines = [Some(&kept.name), kept.goes_by.as_ref(), kept.pronouns.as_ref()];
                for line in lines.into_iter().flatten() {
                    prop_assert!(!line.is_empty() && line.trim() == line && !line.contains('\n'));
                }
            } else {
                prop_assert!(one_line(&told.name).is_empty());
            }
        }
    }
}
