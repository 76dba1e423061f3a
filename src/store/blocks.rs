//! Who is kept out, and what was held because of it.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows, tell};
use crate::model::Millis;
use crate::model::block::Block;

macro_rules! block {
    ($from:literal) => {
        concat!(
            "SELECT b.id, b.key, b.shown, b.reason, b.conversation_id, b.blocked_at, b.blocked_by, b.blocked_name, b.until, \
             b.lifted_at, b.lifted_name, b.held FROM ",
            $from
        )
    };
}

/// Of those who write, whoever is blocked; `key` gives the keys.
pub(super) const MET_IN_A_FILE: &str =
    block!("json_each($1) AS key CROSS JOIN blocks b WHERE b.key = key.value AND b.lifted_at IS NULL");
pub(super) const MET_ON_A_SERVER: &str = block!(
    "json_array_elements_text(CAST($1 AS json)) AS key CROSS JOIN blocks b WHERE b.key = key.value AND b.lifted_at IS NULL"
);
const BY_ID: &str = block!("blocks b WHERE b.id = $1");
const BY_KEY: &str = block!("blocks b WHERE b.key = $1 AND b.lifted_at IS NULL");
const LIST: &str =
    block!("blocks b WHERE (b.blocked_at, b.id) < ($1, $2) ORDER BY b.blocked_at DESC, b.id DESC LIMIT $3");
const INSERT: &str = "INSERT INTO blocks (id, key, shown, reason, conversation_id, blocked_at, blocked_by, blocked_name, \
     until, lifted_at, lifted_name, held) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const LIFT: &str = "UPDATE blocks SET lifted_at = $2, lifted_name = $3 WHERE id = $1 AND lifted_at IS NULL";
const HELD: &str = "INSERT INTO blocked (envelope_id, block_id) VALUES ($1, $2)";
const COUNT: &str = "UPDATE blocks SET held = held + $2 WHERE id = $1";
const OF_ENVELOPE: &str =
    block!("blocked h CROSS JOIN blocks b WHERE h.envelope_id = $1 AND b.id = h.block_id");
const FORGET: &str = "DELETE FROM blocked WHERE envelope_id = $1";
const HELD_BY: &str =
    "SELECT envelope_id FROM blocked WHERE block_id = $1 AND envelope_id > $2 ORDER BY envelope_id LIMIT $3";

pub(super) const ALL: &[&str] =
    &[BY_ID, BY_KEY, LIST, INSERT, LIFT, HELD, COUNT, OF_ENVELOPE, FORGET, HELD_BY];

/// The block of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Block>, Error> {
    Ok(row!(conn, Block, BY_ID, id)?)
}

/// The block of this key that nobody has lifted; it may have ended by itself.
pub async fn by_key(conn: &mut Conn, key: &str) -> Result<Option<Block>, Error> {
    Ok(row!(conn, Block, BY_KEY, key)?)
}

/// The first of these keys that keeps somebody out at this moment.
pub async fn standing(conn: &mut Conn, keys: &[String], now: Millis) -> Result<Option<Block>, Error> {
    for key in keys {
        if let Some(block) = by_key(conn, key).await?.filter(|block| block.stands(now)) {
            return Ok(Some(block));
        }
    }
    Ok(None)
}

/// Every block there ever was, the latest first; `after` is the last one seen.
pub async fn list(conn: &mut Conn, limit: i64, after: Option<(Millis, Uuid)>) -> Result<Vec<Block>, Error> {
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    Ok(rows!(conn, Block, LIST, at, id, limit)?)
}

/// Keeps a new one. No other of its key may stand.
pub async fn insert(tx: &mut Tx, new: &Block) -> Result<(), Error> {
    execute!(
        &mut **tx,
        INSERT,
        new.id,
        &new.key,
        &new.shown,
        &new.reason,
        new.conversation_id,
        new.blocked_at,
        new.blocked_by,
        &new.blocked_name,
        new.until,
        new.lifted_at,
        &new.lifted_name,
        new.held
    )?;
    Ok(())
}

/// It keeps nobody out any more. False: somebody was faster.
pub async fn lift(tx: &mut Tx, id: Uuid, at: Millis, name: &str) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, LIFT, id, at, name)? == 1)
}

/// This lies in held because of it.
pub async fn hold(tx: &mut Tx, block: Uuid, envelope: Uuid) -> Result<(), Error> {
    tell!(&mut tx.conn, HELD, envelope, block)?;
    Ok(tell!(&mut tx.conn, COUNT, block, 1_i64)?)
}

/// This was let in.
pub async fn let_in(tx: &mut Tx, envelope: Uuid) -> Result<Option<Block>, Error> {
    let Some(block) = row!(&mut **tx, Block, OF_ENVELOPE, envelope)? else { return Ok(None) };
    execute!(&mut **tx, FORGET, envelope)?;
    execute!(&mut **tx, COUNT, block.id, -1_i64)?;
    Ok(Some(block))
}

/// What lies in held because of it, the oldest first, after this one.
pub async fn held_by(conn: &mut Conn, block: Uuid, after: Uuid, limit: i64) -> Result<Vec<Uuid>, Error> {
    #[derive(FromRow)]
    struct Held {
        envelope_id: Uuid,
    }
    let rows = rows!(conn, Held, HELD_BY, block, after, limit)?;
    Ok(rows.into_iter().map(|held| held.envelope_id).collect())
}
