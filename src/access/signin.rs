//! Signing in: by password or by a one-time link. What is wrong is never said, and takes as long as what is right.

use super::{Access, Caller, link, password, session};

use crate::error::{Error, Result};
use crate::model::people::Staff;
use crate::model::session::Session;
use crate::store::people;

/// A fresh sign-in.
pub struct Entered {
    /// Who.
    pub staff: Staff,
    /// Their new session.
    pub session: Session,
    /// For the browser alone; this is the only time it is seen.
    pub secret: String,
}

/// Signs in by address and password.
///
/// # Errors
/// [`Error::WrongSignIn`] for a wrong password, an unknown address, an account without password or a disabled one alike;
/// [`Error::TooManyTries`].
pub async fn with_password(
    access: &Access,
    address: &str,
    password: String,
    caller: &Caller,
) -> Result<Entered> {
    access.0.tries.password(caller, address)?;
    let found = {
        let mut conn = access.0.db.read().await?;
        people::staff_by_email(&mut conn, address).await?
    };
    let (staff, hash) = match found {
        Some((staff, hash)) if staff.disabled_at.is_none() => (Some(staff), hash),
        _ => (None, None),
    };
    let right = password::check(access, password, hash).await;
    let staff = staff.filter(|_| right).ok_or(Error::WrongSignIn)?;
    enter(access, staff, caller).await
}

/// Signs in by a one-time link.
///
/// # Errors
/// [`Error::LinkSpent`] when it was used, is too old or never was; [`Error::TooManyTries`].
pub async fn with_link(access: &Access, secret: &str, caller: &Caller) -> Result<Entered> {
    access.0.tries.link(caller)?;
    let staff = link::spend(access, secret).await?;
    enter(access, staff, caller).await
}

async fn enter(access: &Access, staff: Staff, caller: &Caller) -> Result<Entered> {
    let (session, secret) = session::open(access, &staff, caller).await?;
    tracing::info!(staff = %staff.id, session = %session.id, "signed in");
    Ok(Entered { staff, session, secret })
}
