//! Patrons and the addresses that reach them.

use std::slice;

use sqlx::{query, query_as};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, on, row, tell};
use crate::model::Millis;
use crate::model::people::{Address, Patron};

const BY_ID: &str = "SELECT id, name, created_at, goes_by, pronouns, named, answer_by, answer_hours, one_with \
     FROM patrons WHERE id = $1";
const INSERT: &str = "INSERT INTO patrons (id, name, created_at) VALUES ($1, $2, $3)";
const ADDRESS: &str =
    "SELECT id, patron_id, kind, address, shown, verified_at FROM addresses WHERE kind = $1 AND address = $2";
const ADDRESS_BY_ID: &str =
    "SELECT id, patron_id, kind, address, shown, verified_at FROM addresses WHERE id = $1";
const ADDRESSES_OF: &str = "SELECT id, patron_id, kind, address, shown, verified_at FROM addresses WHERE patron_id = $1 ORDER BY created_at, id";
const INSERT_ADDRESS: &str = "INSERT INTO addresses (id, patron_id, kind, address, shown, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";
const ADDRESSES_IN: &str = "SELECT a.id, a.patron_id, a.kind, a.address, a.shown, a.verified_at FROM conversation_addresses ca \
     JOIN addresses a ON a.id = ca.address_id WHERE ca.conversation_id = $1 ORDER BY a.created_at, a.id";

const RENAME: &str = "UPDATE patrons SET name = $3 WHERE id = $1 AND name = $2";
const UPDATE: &str = "UPDATE patrons SET name = $2, goes_by = $3, pronouns = $4, named = $5, answer_by = $6, \
     answer_hours = $7, one_with = $8 WHERE id = $1";
const VERIFY: &str = "UPDATE addresses SET verified_at = $2 WHERE id = $1 AND verified_at IS NULL";

const ASKED_FOR: &str = "SELECT a.id FROM patrons p JOIN addresses a ON a.id = p.answer_by \
     WHERE p.id = $1 AND a.patron_id = p.id AND a.kind = $2";

pub(super) const ALL: &[&str] = &[
    BY_ID,
    INSERT,
    ADDRESS,
    ADDRESS_BY_ID,
    ADDRESSES_OF,
    INSERT_ADDRESS,
    ADDRESSES_IN,
    RENAME,
    UPDATE,
    ASKED_FOR,
    VERIFY,
];

/// The patron of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Patron>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// Keeps a new patron.
pub async fn insert(tx: &mut Tx, patron: &Patron) -> Result<(), Error> {
    insert_all(tx, slice::from_ref(patron)).await
}

/// Keeps new patrons.
pub async fn insert_all(tx: &mut Tx, new: &[Patron]) -> Result<(), Error> {
    Ok(tell_all!(&mut tx.conn, INSERT, new, patron => patron.id, &patron.name, patron.created_at)?)
}

/// Whose address this is, if anybody's. `kind` is the connector's name, `address` folded.
pub async fn address(conn: &mut Conn, kind: &str, address: &str) -> Result<Option<Address>, Error> {
    Ok(row!(conn, Address, ADDRESS, kind, address)?)
}

/// The address of this id.
pub async fn address_by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Address>, Error> {
    Ok(on!(conn, c => query_as(ADDRESS_BY_ID).bind(id).fetch_optional(c).await)?)
}

/// Calls a patron otherwise, unless they are not called `before` any more: false.
pub async fn rename(tx: &mut Tx, id: Uuid, before: &str, after: &str) -> Result<bool, Error> {
    let rows = on!(&mut tx.conn, c => query(RENAME).bind(id).bind(before).bind(after).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Keeps what is written down about a patron now.
pub async fn update(tx: &mut Tx, patron: &Patron) -> Result<(), Error> {
    let Patron { id, name, goes_by, pronouns, named, answer_by, answer_hours, one_with, .. } = patron;
    Ok(tell!(
        &mut tx.conn,
        UPDATE,
        *id,
        name,
        goes_by,
        pronouns,
        *named,
        *answer_by,
        answer_hours,
        *one_with
    )?)
}

/// The address of this kind at which a patron asked to be answered.
pub async fn asked_for(conn: &mut Conn, patron: Uuid, kind: &str) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), ASKED_FOR, patron, kind)?.map(|(id,)| id))
}

/// From now on it is known that whoever writes from this address reads what is sent there.
pub async fn verify(tx: &mut Tx, address: Uuid, now: Millis) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, VERIFY, address, now)?)
}

/// Every address of a patron, oldest first.
pub async fn addresses_of(conn: &mut Conn, patron: Uuid) -> Result<Vec<Address>, Error> {
    Ok(on!(conn, c => query_as(ADDRESSES_OF).bind(patron).fetch_all(c).await)?)
}

/// Every address that has written in a conversation, oldest first.
pub async fn addresses_in(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Address>, Error> {
    Ok(on!(conn, c => query_as(ADDRESSES_IN).bind(conversation).fetch_all(c).await)?)
}

/// Keeps a new address.
pub async fn insert_address(tx: &mut Tx, address: &Address, created_at: i64) -> Result<(), Error> {
    insert_addresses(tx, slice::from_ref(address), created_at).await
}

/// Keeps new addresses.
pub async fn insert_addresses(tx: &mut Tx, new: &[Address], created_at: i64) -> Result<(), Error> {
    Ok(tell_all!(
        &mut tx.conn,
        INSERT_ADDRESS,
        new,
        address => address.id,
        address.patron_id,
        &address.kind,
        &address.address,
        &address.shown,
        created_at
    )?)
}
