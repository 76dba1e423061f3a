//! Two patrons are one person: how that may be known, which of the two stays, and what is taken over. Never by a name: only
//! because both have an address for which both platforms vouch, or because one of us has checked and says how.
//!
//! Addresses, notes and conversations go to the one who stays; for a time all of it can be taken back exactly, and what has
//! come since goes where its address belongs.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::patron::{fits, one_line};
use super::people::Patron;

/// So long it can be undone.
pub const UNDONE_WITHIN_MS: i64 = super::merge::UNDONE_WITHIN_MS;
/// Longest word on how it was checked, characters.
pub const LONGEST_CHECKED: usize = 200;

/// That two patrons are one person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Union {
    /// Its id.
    pub id: Uuid,
    /// Who went.
    pub from_id: Uuid,
    /// Who stays.
    pub into_id: Uuid,
    /// Since when.
    pub at: Millis,
    /// Who said so.
    pub staff_id: Uuid,
    /// Both had the same address, and both platforms vouched for it.
    pub same_address: bool,
    /// How it was checked, in the words of who did; may be empty where the address is the same.
    pub checked: String,
    /// Who stays took this over, having had none.
    pub took_goes_by: bool,
    /// This too.
    pub took_pronouns: bool,
    /// And where and when to answer.
    pub took_answer_by: bool,
    /// When it was undone.
    pub undone_at: Option<Millis>,
}

/// An address as far as it can tell who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The connector's name.
    pub kind: &'a str,
    /// What such addresses are outside of their platform; none: they mean something there only.
    pub reach: Option<&'a str>,
    /// Folded.
    pub address: &'a str,
    /// Whether its platform vouches for it, or it has proven itself.
    pub verified: bool,
}

/// Whether two addresses are the same one, proven on both sides.
pub fn same(one: &Known<'_>, other: &Known<'_>) -> bool {
    one.verified
        && other.verified
        && one.reach.is_some()
        && one.reach == other.reach
        && one.kind != other.kind
        && one.address == other.address
}

/// What is kept of how it is known.
///
/// # Errors
/// A sentence, where nobody could say that it is known.
pub fn checked(same_address: bool, told: &str) -> Result<String, String> {
    let told = one_line(told);
    fits("word on how you know", &told, LONGEST_CHECKED)?;
    if !same_address && told.is_empty() {
        return Err(
            "Nothing was changed: say how you know that this is one person, such as \"card number seen\". \
                    A name alone tells nobody apart."
                .to_owned(),
        );
    }
    Ok(told)
}

/// Who goes and who stays: whoever has a name stays, rather than a number or a handle (`bare`); of two alike whoever was
/// met first.
pub fn stays<'a>(one: (&'a Patron, bool), other: (&'a Patron, bool)) -> (&'a Patron, &'a Patron) {
    let rank = |(patron, bare): (&Patron, bool)| (bare, patron.created_at, patron.id);
    if rank(one) <= rank(other) { (other.0, one.0) } else { (one.0, other.0) }
}

/// Who stays, with what they had none of and the other had.
pub fn join(into: &Patron, from: &Patron) -> Patron {
    let plans = |of: &Patron| of.answer_by.is_some() || of.answer_hours.is_some();
    let plan = if plans(into) { into } else { from };
    Patron {
        goes_by: into.goes_by.clone().or_else(|| from.goes_by.clone()),
        pronouns: into.pronouns.clone().or_else(|| from.pronouns.clone()),
        answer_by: plan.answer_by,
        answer_hours: plan.answer_hours.clone(),
        ..into.clone()
    }
}

/// Who stayed, without what was taken over and is still so; `left` are the addresses they have then.
pub fn part(now: &Patron, union: &Union, from: &Patron, left: &[Uuid]) -> Patron {
    let mut after = now.clone();
    if union.took_goes_by && now.goes_by == from.goes_by {
        after.goes_by = None;
    }
    if union.took_pronouns && now.pronouns == from.pronouns {
        after.pronouns = None;
    }
    let same_plan = (now.answer_by, &now.answer_hours) == (from.answer_by, &from.answer_hours);
    let elsewhere = now.answer_by.is_some_and(|address| !left.contains(&address));
    if union.took_answer_by && same_plan || elsewhere {
        (after.answer_by, after.answer_hours) = (None, None);
    }
    after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn patron(id: u128) -> Patron {
        Patron::met(Uuid::from_u128(id), format!("Patron {id}"), 0)
    }

    fn known<'a>(kind: &'a str, reach: Option<&'a str>, address: &'a str, verified: bool) -> Known<'a> {
        Known { kind, reach, address, verified }
    }

    #[test]
    fn only_the_same_proven_address_on_two_platforms_is_the_same() {
        let text = known("text", Some("phone"), "+14065550193", true);
        let call = known("call", Some("phone"), "+14065550193", true);
        assert!(same(&text, &call));
        for other in [
            Known { verified: false, ..call.clone() },
            Known { address: "+14065550194", ..call.clone() },
            Known { reach: Some("mail"), ..call.clone() },
            Known { reach: None, ..call.clone() },
            Known { kind: "text", ..call },
        ] {
            assert!(!same(&text, &other) && !same(&other, &text), "{other:?}");
        }
        let bare = known("owl", None, "77", true);
        assert!(
            !same(&bare, &known("crow", None, "77", true)),
            "a number of one platform is another's of another"
        );
    }

    #[test]
    fn somebody_must_say_how_they_know() {
        assert!(checked(false, " \n").is_err());
        assert_eq!(checked(true, ""), Ok(String::new()));
        assert_eq!(checked(false, " card number\nseen "), Ok("card number seen".to_owned()));
        assert!(checked(true, &"x".repeat(LONGEST_CHECKED + 1)).is_err());
    }

    fn words() -> impl Strategy<Value = Option<String>> {
        prop::option::of("[ab]{1,2}")
    }

    prop_compose! {
        fn people()(id in 1_u128..3, at in 0_i64..3, goes_by in words(), pronouns in words(), hours in words(), by in prop::option::of(0_u128..3)) -> Patron {
            Patron { created_at: at, goes_by, pronouns, answer_hours: hours, answer_by: by.map(Uuid::from_u128), ..patron(id) }
        }
    }

    proptest! {
        /// It does not matter who is named first, a name stays rather than a number, and nobody is both.
        #[test]
        fn one_goes_and_the_other_stays(one in people(), other in people(), bare in any::<(bool, bool)>()) {
            prop_assume!(one.id != other.id);
            let (from, into) = stays((&one, bare.0), (&other, bare.1));
            prop_assert_eq!((from, into), stays((&other, bare.1), (&one, bare.0)));
            prop_assert_ne!(from.id, into.id);
            let bare_of = |patron: &Patron| if patron.id == one.id { bare.0 } else { bare.1 };
            prop_assert!(!bare_of(into) || bare_of(from));
            prop_assert!(bare_of(into) != bare_of(from) || into.created_at <= from.created_at);
        }

        /// Nothing of who stays is lost, and what nobody touched since is undone exactly.
        #[test]
        fn what_was_taken_over_goes_back(into in people(), from in people()) {
            let joined = join(&into, &from);
            for (was, is) in [(&into.goes_by, &joined.goes_by), (&into.pronouns, &joined.pronouns)] {
                prop_assert!(was.is_none() || was == is);
            }
            let union = Union {
                id: Uuid::nil(),
                from_id: from.id,
                into_id: into.id,
                at: 0,
                staff_id: Uuid::nil(),
                same_address: false,
                checked: String::new(),
                took_goes_by: joined.goes_by != into.goes_by,
                took_pronouns: joined.pronouns != into.pronouns,
                took_answer_by: (joined.answer_by, &joined.answer_hours) != (into.answer_by, &into.answer_hours),
                undone_at: None,
            };
            let left: Vec<Uuid> = into.answer_by.into_iter().collect();
            prop_assert_eq!(part(&joined, &union, &from, &left), into);
        }
    }
}
