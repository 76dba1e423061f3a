//! Being signed in: a browser's session, a program's token.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;

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
}
