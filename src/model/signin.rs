//! An account that somebody is signing in on its platform's own page.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// How far it has come.
    Stage {
        /// The person is on the platform's page.
        Away = "away",
        /// They have come back, and the account is being opened.
        Back = "back",
        /// The sign-in opened several accounts: they choose one.
        Choosing = "choosing",
        /// The channel is connected.
        Connected = "connected",
        /// It came to nothing; why is said.
        Failed = "failed",
    }
}

/// One such sign-in.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Signin {
    /// Its id.
    pub id: Uuid,
    /// Nobody else can end it: the session that began it.
    pub session_id: Uuid,
    /// Who began it.
    pub staff_id: Uuid,
    /// The channel that is signed in again, or that came of it; none: it is to become a new one.
    pub channel_id: Option<Uuid>,
    /// How far it has come.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// What it was begun with, sealed; empty once it has ended.
    pub sealed: Vec<u8>,
    /// Why it came to nothing.
    pub why: Option<String>,
    /// It counts until then.
    pub ends_at: Millis,
}
