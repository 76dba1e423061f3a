//! Tokens by which a program acts for a member of staff (RFC 6750): shown once, kept as a hash, taken back at any time.

use uuid::Uuid;

use super::session::{SignedIn, hash_of};
use super::{Access, secret, who};

use crate::error::{Error, Result};
use crate::model::session::Token;
use crate::store::sessions;

/// A fresh token for `staff`, named after what it is for. This is the only time its secret is seen.
pub async fn make(access: &Access, staff: Uuid, name: &str) -> Result<(Token, String)> {
    let secret = secret::fresh()?;
    let hash = hash_of(&secret)?;
    let token = Token {
        id: access.0.clock.id(),
        staff_id: staff,
        name: name.to_owned(),
        created_at: access.0.clock.now(),
        revoked_at: None,
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

/// For whom a token speaks. Asked of the store each time, so that taking it back counts everywhere at once.
///
/// # Errors
/// [`Error::SignedOut`] when it is nobody's or was taken back.
pub async fn of_secret(access: &Access, secret: &str) -> Result<SignedIn> {
    let hash = secret::hash(secret).ok_or(Error::SignedOut)?;
    let mut conn = access.0.db.read().await?;
    let staff = sessions::staff_by_token_hash(&mut conn, &hash).await?.ok_or(Error::SignedOut)?;
    Ok(SignedIn { who: who(&staff), session: None })
}
