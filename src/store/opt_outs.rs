//! Who said stop: the latest word of each address at each channel.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row};
use crate::model::Millis;

/// Word may come out of order: only a later one counts.
const PUT: &str = "INSERT INTO opt_outs (channel_id, address, stopped, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (channel_id, address) DO UPDATE SET stopped = excluded.stopped, at = excluded.at \
     WHERE excluded.at >= opt_outs.at";
const STOPPED: &str = "SELECT at FROM opt_outs WHERE channel_id = $1 AND address = $2 AND stopped";

pub(super) const ALL: &[&str] = &[PUT, STOPPED];

#[derive(FromRow)]
struct Stopped {
    at: Millis,
}

/// Keeps an address's word. False: we have a later one.
pub async fn put(
    tx: &mut Tx,
    channel: Uuid,
    address: &str,
    stopped: bool,
    at: Millis,
) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, PUT, channel, address, stopped, at)? == 1)
}

/// Since when this address wants nothing from this channel; none: we may write.
pub async fn since(conn: &mut Conn, channel: Uuid, address: &str) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, Stopped, STOPPED, channel, address)?.map(|stopped| stopped.at))
}
