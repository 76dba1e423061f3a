//! Who refreshes a channel's sign-in: one process at a time, also where several share a store.

use uuid::Uuid;

use super::{Error, Tx, execute};
use crate::model::Millis;

const TAKE: &str = "INSERT INTO refreshes (channel_id, holder, until) VALUES ($1, $2, $3)
    ON CONFLICT (channel_id) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE refreshes.until <= $4 OR refreshes.holder = excluded.holder";
const GIVE_BACK: &str = "DELETE FROM refreshes WHERE channel_id = $1 AND holder = $2";

pub(super) const ALL: &[&str] = &[TAKE, GIVE_BACK];

/// Takes the channel's turn until `until`. `false`: somebody else has it.
pub async fn take(
    tx: &mut Tx,
    channel: Uuid,
    holder: Uuid,
    until: Millis,
    now: Millis,
) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, TAKE, channel, holder, until, now)? == 1)
}

/// Gives the turn to whoever comes next.
pub async fn give_back(tx: &mut Tx, channel: Uuid, holder: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, GIVE_BACK, channel, holder)?;
    Ok(())
}
