//! Being signed in: a browser's session, a program's token.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

/// One browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id; the secret itself is kept only as a hash.
    pub id: Uuid,
    /// Who.
    pub staff_id: Uuid,
    /// When they signed in.
    pub created_at: Millis,
    /// When it was last used.
    pub last_seen_at: Millis,
    /// When it ends by itself.
    pub expires_at: Millis,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where from.
    pub address: String,
}

words! {
    /// What a token lets its program do, each for itself and none of it more than its person may.
    Scope {
        /// Look.
        Read = "read",
        /// Claim, answer, write notes and whatever else one does with a conversation.
        Answer = "answer",
        /// Channels, webhooks, sign-ins, sessions and tokens.
        Manage = "manage",
    }
}

/// Some of the scopes, in their own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    const EACH: [Scope; 3] = [Scope::Read, Scope::Answer, Scope::Manage];

    /// All of them: what a person at a browser has, and a token that was not limited.
    pub fn all() -> Self {
        Self(Self::EACH.to_vec())
    }

    /// These, each once.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(Self::EACH.into_iter().filter(|scope| scopes.contains(scope)).collect())
    }

    /// Whether this one is among them.
    pub fn include(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them.
    pub fn each(&self) -> &[Scope] {
        &self.0
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "))
    }
}

impl TryFrom<String> for Scopes {
    type Error = String;
    /// A word that this version does not know is refused: what it would allow is not known either.
    fn try_from(words: String) -> Result<Self, String> {
        Ok(Self::of(&words.split_whitespace().map(str::parse).collect::<Result<Vec<Scope>, _>>()?))
    }
}

/// How exact a token's last use is.
pub const USED_EACH_MS: i64 = 3_600_000;

/// One program that may act for a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Token {
    /// Its id; the secret itself is kept only as a hash.
    pub id: Uuid,
    /// For whom.
    pub staff_id: Uuid,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Millis,
    /// Since when it no longer counts.
    pub revoked_at: Option<Millis>,
    /// What it lets its program do.
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Millis>,
    /// When it ends by itself.
    pub expires_at: Option<Millis>,
}

impl Token {
    /// Whether it counts.
    pub fn counts(&self, now: Millis) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether this use is to be written down: at most one an hour is.
    pub fn use_is_news(&self, now: Millis) -> bool {
        self.last_used_at.is_none_or(|last| now - last >= USED_EACH_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn scopes_are_what_they_were_written_as(read: bool, answer: bool, manage: bool) {
            let given: Vec<Scope> = Scopes::EACH
                .into_iter()
                .zip([read, answer, manage])
                .filter_map(|(scope, wanted)| wanted.then_some(scope))
                .collect();
            let scopes = Scopes::of(&given);
            prop_assert_eq!(Scopes::try_from(scopes.to_string()), Ok(scopes.clone()));
            for scope in Scopes::EACH {
                prop_assert_eq!(scopes.include(scope), given.contains(&scope));
            }
        }

        #[test]
        fn uses_however_many_are_written_down_once_an_hour(gaps in prop::collection::vec(0_i64..2_000_000, 1..60)) {
            let mut token = Token {
                id: Uuid::nil(),
                staff_id: Uuid::nil(),
                name: String::new(),
                created_at: 0,
                revoked_at: None,
                scopes: Scopes::all(),
                last_used_at: None,
                expires_at: None,
            };
            let (mut now, mut writes) = (0, 0);
            for gap in gaps {
                now += gap;
                if token.use_is_news(now) {
                    token.last_used_at = Some(now);
                    writes += 1;
                }
            }
            prop_assert!(writes <= now / USED_EACH_MS + 1);
        }
    }

    #[test]
    fn an_unknown_scope_is_refused_and_not_passed_over() {
        assert!(Scopes::try_from("read everything".to_owned()).is_err());
        assert_eq!(Scopes::try_from(String::new()), Ok(Scopes::of(&[])));
    }
}
