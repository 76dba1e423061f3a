//! One-time sign-in links: made on the command line, given to a person, spent once.

use uuid::Uuid;

use super::session::hash_of;
use super::{Access, secret};

use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::people::Staff;
use crate::store::{people, sessions};

/// How long a link may wait to be used.
pub const COUNTS_FOR_MS: i64 = 24 * 3_600_000;

/// A fresh link's secret, and until when it counts. This is the only time it is seen.
pub async fn make(access: &Access, staff: Uuid) -> Result<(String, Millis)> {
    let secret = secret::fresh()?;
    let hash = hash_of(&secret)?;
    let now = access.0.clock.now();
    let until = now + COUNTS_FOR_MS;
    let ((), _) = access
        .0
        .db
        .write(move |tx| {
            Box::pin(async move {
                people::staff(tx, staff).await?.ok_or(Error::Missing("member of staff"))?;
                sessions::insert_link(tx, &hash, staff, now, until).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok((secret, until))
}

/// Uses a link up: of any number who try at once, one gets in.
pub(super) async fn spend(access: &Access, secret: &str) -> Result<Staff> {
    let hash = secret::hash(secret).ok_or(Error::LinkSpent)?;
    let now = access.0.clock.now();
    let (staff, _) = access
        .0
        .db
        .write(move |tx| {
            Box::pin(async move {
                let staff = sessions::spend_link(tx, &hash, now).await?.ok_or(Error::LinkSpent)?;
                let staff = people::staff(tx, staff).await?;
                staff.filter(|staff| staff.disabled_at.is_none()).ok_or(Error::LinkSpent)
            })
        })
        .await?;
    Ok(staff)
}
