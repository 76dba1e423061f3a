//! Connected accounts.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::channel::{Channel, State};

pub(super) const ALL: &[&str] = &[
    INSERT,
    INSERT_INTAKE,
    EVERY,
    BY_ID,
    BY_NAME,
    SET_STATE,
    SET_SETTINGS,
    SET_LEARNT,
    SET_IDENTITY,
    SET_SIGNIN_END,
    SET_SCHEDULE,
    SET_BUDGET,
    DESCRIBE,
    REMOVE,
];

const INSERT: &str =
    "INSERT INTO channels (id, name, kind, desk_id, address, ours, open_settings, sealed_settings, schedule,
    undo_hold_ms, state, state_since, state_why, signin_ends_at, created_at, removed_at, budget_micros)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const INSERT_INTAKE: &str = "INSERT INTO intake (channel_id, received, messages, held, duplicates)
    VALUES ($1, 0, 0, 0, 0) ON CONFLICT (channel_id) DO NOTHING";
const EVERY: &str =
    "SELECT id, name, kind, desk_id, address, ours, open_settings, sealed_settings, schedule, undo_hold_ms,
    state, state_since, state_why, signin_ends_at, created_at, removed_at, budget_micros
    FROM channels WHERE removed_at IS NULL ORDER BY name, id";
const BY_ID: &str =
    "SELECT id, name, kind, desk_id, address, ours, open_settings, sealed_settings, schedule, undo_hold_ms,
    state, state_since, state_why, signin_ends_at, created_at, removed_at, budget_micros
    FROM channels WHERE id = $1";
const BY_NAME: &str =
    "SELECT id, name, kind, desk_id, address, ours, open_settings, sealed_settings, schedule, undo_hold_ms,
    state, state_since, state_why, signin_ends_at, created_at, removed_at, budget_micros
    FROM channels WHERE name = $1 AND removed_at IS NULL";
const SET_STATE: &str = "UPDATE channels
    SET state_since = CASE WHEN state = $2 THEN state_since ELSE $3 END, state = $2, state_why = $4
    WHERE id = $1 AND removed_at IS NULL AND (state <> $2 OR state_why IS DISTINCT FROM $4)";
const SET_SETTINGS: &str = "UPDATE channels SET open_settings = $2, sealed_settings = $3
    WHERE id = $1 AND removed_at IS NULL";
const SET_LEARNT: &str = "UPDATE channels SET open_settings = $3
    WHERE id = $1 AND open_settings = $2 AND open_settings <> $3 AND removed_at IS NULL";
const SET_IDENTITY: &str = "UPDATE channels SET address = $2, ours = $3 WHERE id = $1 AND removed_at IS NULL";
const SET_SIGNIN_END: &str = "UPDATE channels SET signin_ends_at = $2 WHERE id = $1 AND removed_at IS NULL";
const SET_SCHEDULE: &str =
    "UPDATE channels SET schedule = $2, undo_hold_ms = $3 WHERE id = $1 AND removed_at IS NULL";
const SET_BUDGET: &str = "UPDATE channels SET budget_micros = $2 WHERE id = $1 AND removed_at IS NULL";
const DESCRIBE: &str = "UPDATE channels SET name = $2, desk_id = $3 WHERE id = $1 AND removed_at IS NULL";
const REMOVE: &str = "UPDATE channels SET removed_at = $2, sealed_settings = $3, signin_ends_at = NULL
    WHERE id = $1 AND removed_at IS NULL";

/// Connects an account, with nothing taken in yet. Its name must be free ([`Error::is_taken`]).
pub async fn insert(tx: &mut Tx, channel: &Channel) -> Result<(), Error> {
    execute!(
        &mut **tx,
        INSERT,
        channel.id,
        &channel.name,
        &channel.kind,
        channel.desk_id,
        &channel.address,
        &channel.ours,
        &channel.open_settings,
        &channel.sealed_settings,
        &channel.schedule,
        channel.undo_hold_ms,
        channel.state.as_str(),
        channel.state_since,
        &channel.state_why,
        channel.signin_ends_at,
        channel.created_at,
        channel.removed_at,
        channel.budget_micros
    )?;
    execute!(&mut **tx, INSERT_INTAKE, channel.id)?;
    Ok(())
}

/// Every channel that was not taken away, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Channel>, Error> {
    Ok(rows!(conn, Channel, EVERY)?)
}

/// One channel, also one that was taken away: what came by it still names it.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Channel>, Error> {
    Ok(row!(conn, Channel, BY_ID, id)?)
}

/// The channel that staff call this.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Channel>, Error> {
    Ok(row!(conn, Channel, BY_NAME, name)?)
}

/// Notes what we believe of a channel. `state_since` moves only when the state does. `false`: nothing changed.
pub async fn set_state(
    tx: &mut Tx,
    id: Uuid,
    state: State,
    since: Millis,
    why: Option<&str>,
) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_STATE, id, state.as_str(), since, why)? == 1)
}

/// Keeps settings: those that may be shown as JSON, those that may not sealed. `false`: there is no such channel.
pub async fn set_settings(tx: &mut Tx, id: Uuid, open: &str, sealed: &[u8]) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_SETTINGS, id, open, sealed)? == 1)
}

/// Keeps open settings in place of those that were read before, and touches nothing that is sealed. `false`: there is nothing
/// new, or somebody changed them meanwhile.
pub async fn set_learnt(tx: &mut Tx, id: Uuid, before: &str, after: &str) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_LEARNT, id, before, after)? == 1)
}

/// Keeps how patrons see the channel, and every address that means "us" (separated by spaces).
pub async fn set_identity(tx: &mut Tx, id: Uuid, address: &str, ours: &str) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_IDENTITY, id, address, ours)? == 1)
}

/// Keeps when the sign-in ends.
pub async fn set_signin_end(tx: &mut Tx, id: Uuid, ends_at: Option<Millis>) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_SIGNIN_END, id, ends_at)? == 1)
}

/// Keeps how often it is read and how long an answer can be taken back; none: as the platform suggests.
pub async fn set_schedule(
    tx: &mut Tx,
    id: Uuid,
    schedule: Option<&str>,
    undo_hold_ms: Option<i64>,
) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_SCHEDULE, id, schedule, undo_hold_ms)? == 1)
}

/// Keeps the most it may use up in a day, in millionths of its currency; none: no limit.
pub async fn set_budget(tx: &mut Tx, id: Uuid, micros: Option<i64>) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_BUDGET, id, micros)? == 1)
}

/// Keeps how staff call it and where its conversations land. The name must be free ([`Error::is_taken`]).
pub async fn describe(tx: &mut Tx, id: Uuid, name: &str, desk_id: Uuid) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, DESCRIBE, id, name, desk_id)? == 1)
}

/// Takes a channel away: its secrets are gone, its conversations stay, its name is free. `false`: it already was.
pub async fn remove(tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool, Error> {
    let nothing: &[u8] = &[];
    Ok(execute!(&mut **tx, REMOVE, id, now, nothing)? == 1)
}
