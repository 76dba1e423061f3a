//! Tags: what a conversation is about, in the house's own words.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;

/// Longest name, characters.
pub const LONGEST: usize = 40;
/// Tags on one conversation at most.
pub const MOST: usize = 20;

/// One of the house's list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Tag {
    /// Its id.
    pub id: Uuid,
    /// As people write it.
    pub name: String,
    /// When it was put on the list.
    pub created_at: Millis,
    /// When it was taken off: what bears it still does, nothing new may.
    pub removed_at: Option<Millis>,
}

/// A name as it is kept: white space collapsed.
pub fn name(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as it is compared: two that differ in case alone are one.
pub fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// The ids that a conversation's row carries, in the order in which they were added.
pub fn ids(row: &str) -> impl Iterator<Item = Uuid> + '_ {
    row.split(' ').filter_map(|id| id.parse().ok())
}

/// The row with one more; nothing where it is there already.
pub fn with(row: &str, tag: Uuid) -> Option<String> {
    if ids(row).any(|id| id == tag) {
        return None;
    }
    Some(if row.is_empty() { tag.to_string() } else { format!("{row} {tag}") })
}

/// The row without it; nothing where it is not there.
pub fn without(row: &str, tag: Uuid) -> Option<String> {
    ids(row)
        .any(|id| id == tag)
        .then(|| ids(row).filter(|id| *id != tag).map(|id| id.to_string()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_carries_each_tag_once_in_the_order_in_which_they_came(
            acts in prop::collection::vec((0_u128..6, any::<bool>()), 0..40),
        ) {
            let (mut row, mut expected) = (String::new(), Vec::new());
            for (tag, add) in acts {
                let tag = Uuid::from_u128(tag + 1);
                let changed = if add { with(&row, tag) } else { without(&row, tag) };
                prop_assert_eq!(changed.is_some(), expected.contains(&tag) != add);
                if add && !expected.contains(&tag) {
                    expected.push(tag);
                }
                if !add {
                    expected.retain(|one| *one != tag);
                }
                row = changed.unwrap_or(row);
                prop_assert_eq!(ids(&row).collect::<Vec<_>>(), expected.clone());
            }
        }
    }
}
