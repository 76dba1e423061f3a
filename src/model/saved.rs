//! A search that somebody keeps under a name, for themselves or for everybody at a desk.

use serde::Deserialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Millis;
use super::people::{Role, Who};
use super::search::LONGEST;

/// The most that one person keeps, and the most that a desk has.
pub const MOST: i64 = 100;
const LONGEST_NAME: usize = 60;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Saved {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub staff_id: Uuid,
    /// What they call it.
    pub name: String,
    /// What is looked for, as it is typed.
    pub query: String,
    /// The desk at which everybody has it; none: it is one's own.
    pub desk_id: Option<Uuid>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub changed_at: Millis,
}

/// What somebody wants kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSavedSearch)]
pub struct Written {
    /// What it is to be called.
    pub name: String,
    /// What is looked for, as it is typed.
    pub query: String,
    /// The desk at which everybody is to have it; null: for oneself.
    pub desk_id: Option<Uuid>,
}

/// As it is kept: without white space around.
///
/// # Errors
/// Why it cannot be kept, in words.
pub fn read(written: &Written) -> Result<Written, String> {
    let (name, query) = (written.name.trim(), written.query.trim());
    if name.is_empty() {
        return Err("A saved search has a name. Nothing was changed.".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("A name may have {LONGEST_NAME} characters at most. Nothing was changed."));
    }
    if query.is_empty() {
        return Err("There is nothing to look for in this. Nothing was changed.".to_owned());
    }
    if query.chars().count() > LONGEST {
        return Err(format!("A search may have {LONGEST} characters at most. Nothing was changed."));
    }
    Ok(Written { name: name.to_owned(), query: query.to_owned(), desk_id: written.desk_id })
}

impl Saved {
    /// Whether this person, who answers at these desks, has it in their list.
    pub fn is_seen_by(&self, who: &Who, desks: &[Uuid]) -> bool {
        self.staff_id == who.staff_id || self.desk_id.is_some_and(|desk| desks.contains(&desk))
    }

    /// Whether this person may call it otherwise or take it away: whose it is, and of what a desk has also those who lead.
    pub fn is_kept_by(&self, who: &Who) -> bool {
        self.staff_id == who.staff_id || self.desk_id.is_some() && who.role.includes(Role::Lead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn who(id: u128, role: Role) -> Who {
        Who { staff_id: Uuid::from_u128(id), name: String::new(), public_name: String::new(), role }
    }

    fn written(name: &str, query: &str) -> Written {
        Written { name: name.to_owned(), query: query.to_owned(), desk_id: None }
    }

    #[test]
    fn ones_own_is_ones_own_and_a_desks_is_also_a_leads() {
        let mut saved = Saved {
            id: Uuid::nil(),
            staff_id: Uuid::from_u128(1),
            name: "Late".to_owned(),
            query: "is:late".to_owned(),
            desk_id: None,
            version: 1,
            created_at: 0,
            changed_at: 0,
        };
        let (own, other, lead) = (who(1, Role::Viewer), who(2, Role::Staff), who(3, Role::Lead));
        let may = |saved: &Saved| {
            [&own, &other, &lead]
                .map(|one| (saved.is_seen_by(one, &[Uuid::from_u128(9)]), saved.is_kept_by(one)))
        };
        assert_eq!(may(&saved), [(true, true), (false, false), (false, false)]);
        saved.desk_id = Some(Uuid::from_u128(9));
        assert_eq!(may(&saved), [(true, true), (true, false), (true, true)]);
        saved.desk_id = Some(Uuid::from_u128(8));
        assert_eq!(may(&saved), [(true, true), (false, false), (false, true)], "at another desk");
    }

    proptest! {
        #[test]
        fn what_is_kept_is_neither_empty_nor_too_long_and_is_read_the_same_again(name in ".{0,70}", query in ".{0,420}") {
            match read(&written(&name, &query)) {
                Ok(kept) => {
                    prop_assert!(!kept.name.is_empty() && kept.name.chars().count() <= LONGEST_NAME);
                    prop_assert!(!kept.query.is_empty() && kept.query.chars().count() <= LONGEST);
                    prop_assert_eq!(read(&kept), Ok(kept.clone()));
                }
                Err(why) => prop_assert!(why.ends_with("Nothing was changed.")),
            }
        }
    }
}
