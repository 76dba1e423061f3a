//! Tokens by which a program acts for a member of staff (RFC 6750): shown once, kept as a hash, taken back at any time.

use uuid::Uuid;

use super::session::{SignedIn, hash_of};
use super::{Access, Who, secret, who};

use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::people::Role;
use crate::model::session::{Scopes, Token, USED_EACH_MS};
use crate::store::{people, sessions};

/// A fresh token for `staff` with every scope, named after what it is for. This is the only time its secret is seen.
pub async fn make(access: &Access, staff: Uuid, name: &str) -> Result<(Token, String)> {
    make_limited(access, staff, name, Scopes::all(), None).await
}

/// The same with some of the scopes, and until a moment.
pub async fn make_limited(
    access: &Access,
    staff: Uuid,
    name: &str,
    scopes: Scopes,
    expires_at: Option<Millis>,
) -> Result<(Token, String)> {
    let secret = secret::fresh()?;
    let hash = hash_of(&secret)?;
    let token = Token {
        id: access.0.clock.id(),
        staff_id: staff,
        name: name.to_owned(),
        created_at: access.0.clock.now(),
        revoked_at: None,
        scopes,
        last_used_at: None,
        expires_at,
    };
    let row = token.clone();
    let ((), _) = access
        .0
        .db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(sessions::insert_token(tx, &row, &hash).await?) })
        })
        .await?;
    Ok((token, secret))
}

/// Takes a token back; it stops counting with this call.
///
/// # Errors
/// [`Error::Missing`] when there is none, or it was taken back before.
pub async fn revoke(access: &Access, id: Uuid) -> Result<()> {
    let now = access.0.clock.now();
    let (found, _) = access
        .0
        .db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(sessions::revoke(tx, id, now).await?) }))
        .await?;
    if found { Ok(()) } else { Err(Error::Missing("token")) }
}

/// Takes one of somebody's own tokens back, or anybody's for an admin.
///
/// # Errors
/// [`Error::Missing`] when there is none that is theirs to take back.
pub async fn revoke_as(access: &Access, by: &Who, id: Uuid) -> Result<()> {
    let token = sessions::token(&mut access.0.db.read().await?, id).await?;
    let theirs = |token: &Token| token.staff_id == by.staff_id || by.role.includes(Role::Admin);
    token.filter(theirs).ok_or(Error::Missing("token"))?;
    revoke(access, id).await
}

/// For whom a token speaks. Asked of the store each time, so that taking it back counts everywhere at once.
///
/// # Errors
/// [`Error::SignedOut`] when it is nobody's, was taken back or has ended.
pub async fn of_secret(access: &Access, secret: &str) -> Result<SignedIn> {
    let hash = secret::hash(secret).ok_or(Error::SignedOut)?;
    let now = access.0.clock.now();
    let mut conn = access.0.db.read().await?;
    let token = sessions::token_by_hash(&mut conn, &hash).await?;
    let token = token.filter(|token| token.counts(now)).ok_or(Error::SignedOut)?;
    let staff = people::staff(&mut conn, token.staff_id).await?;
    let staff = staff.filter(|staff| staff.disabled_at.is_none()).ok_or(Error::SignedOut)?;
    drop(conn);
    if token.use_is_news(now) {
        note_use(access, token.id, now);
    }
    Ok(SignedIn { who: who(&staff), session: None, scopes: token.scopes })
}

/// In the background: nobody waits for it, and losing one costs an hour of "last used".
fn note_use(access: &Access, id: Uuid, now: Millis) {
    let db = access.0.db.clone();
    tokio::spawn(async move {
        let noted = db.write(move |tx| {
            Box::pin(async move { sessions::note_token_use(tx, id, now, now - USED_EACH_MS).await })
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the use of a token was not noted");
        }
    });
}
