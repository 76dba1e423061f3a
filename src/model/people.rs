//! People: patrons with their addresses, staff, the desks they answer at.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// What a member of staff may do; each includes the ones before.
    Role {
        /// Read.
        Viewer = "viewer",
        /// Answer.
        Staff = "staff",
        /// Hand off for others.
        Lead = "lead",
        /// Reports, hours, answers.
        Manager = "manager",
        /// Channels, privacy, people.
        Admin = "admin",
    }
}

impl Role {
    /// Whether this role includes another.
    pub fn includes(self, other: Self) -> bool {
        self as u8 >= other as u8
    }
}

/// Who the patron thinks they are talking to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Library {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its time zone, an IANA name.
    pub zone: String,
    /// When it was set up.
    pub created_at: Millis,
}

/// One of its places.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Branch {
    /// Its id.
    pub id: Uuid,
    /// "Central".
    pub name: String,
}

/// One of us.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Staff {
    /// Their id.
    pub id: Uuid,
    /// Their full name, for colleagues.
    pub name: String,
    /// The name patrons see.
    pub public_name: String,
    /// Where they sign in, lower case.
    pub email: String,
    /// What they may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// When they were added.
    pub created_at: Millis,
    /// Since when they may no longer sign in.
    pub disabled_at: Option<Millis>,
}

/// Up to two letters for an avatar.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = [words.first(), words.last().filter(|_| words.len() > 1)];
    letters
        .into_iter()
        .flatten()
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

/// People who answer together and what waits for them.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Desk {
    /// Its id.
    pub id: Uuid,
    /// "Reference".
    pub name: String,
    /// The branch it is at.
    pub branch_id: Uuid,
    /// "Central".
    pub branch_name: String,
    /// Answer within, milliseconds.
    pub promise_ms: i64,
    /// The library whose it is; none: the house's own.
    pub library: Option<String>,
}

impl Desk {
    /// As colleagues read it: with the library, where it is another one's.
    pub fn in_words(&self) -> String {
        match &self.library {
            Some(library) => format!("{} of {library}", self.name),
            None => self.name.clone(),
        }
    }
}

/// A person who asks.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Patron {
    /// Their id.
    pub id: Uuid,
    /// As they call themselves, or as one of us wrote it down.
    pub name: String,
    /// When they first wrote.
    pub created_at: Millis,
    /// What they like to be called.
    pub goes_by: Option<String>,
    /// "she/her".
    pub pronouns: Option<String>,
    /// Whether one of us chose the name.
    pub named: bool,
    /// The address at which they asked to be answered.
    pub answer_by: Option<Uuid>,
    /// When they asked to be answered, in their words.
    pub answer_hours: Option<String>,
    /// The patron that this one turned out to be: everything of theirs is there.
    pub one_with: Option<Uuid>,
}

impl Patron {
    /// Somebody who writes for the first time.
    pub fn met(id: Uuid, name: String, created_at: Millis) -> Self {
        Self {
            id,
            name,
            created_at,
            goes_by: None,
            pronouns: None,
            named: false,
            answer_by: None,
            answer_hours: None,
            one_with: None,
        }
    }
}

/// One way to reach a person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Address {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub patron_id: Uuid,
    /// The connector's name.
    pub kind: String,
    /// Folded: unique on the platform.
    pub address: String,
    /// As people write it.
    pub shown: String,
    /// Since when it is known that whoever writes from it reads what is sent there; none: that is not known, or the platform
    /// vouches for all its addresses.
    pub verified_at: Option<Millis>,
}

/// Who is asking: the signed-in member of staff, as every verb is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Their id.
    pub staff_id: Uuid,
    /// Their full name, for colleagues.
    pub name: String,
    /// The name patrons see.
    pub public_name: String,
    /// What they may do.
    pub role: Role,
}
