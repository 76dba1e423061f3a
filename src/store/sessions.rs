//! Who is signed in, and what else speaks for a member of staff. Secrets are kept only as hashes.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::session::{Session, Token};

pub(super) const ALL: &[&str] = &[
    INSERT,
    BY_TOKEN_HASH,
    OF_STAFF,
    TOUCH,
    REMOVE,
    REMOVE_EXPIRED,
    REMOVE_ALL_OF,
    INSERT_TOKEN,
    TOKEN_BY_HASH,
    TOKEN,
    EVERY_TOKEN,
    NOTE_USE,
    TOKENS_OF,
    REVOKE,
    REVOKE_ALL_OF,
    INSERT_LINK,
    SPEND_LINK,
    REMOVE_LINKS_OF,
    REMOVE_EXPIRED_LINKS,
];

const INSERT: &str = "INSERT INTO sessions
    (id, staff_id, token_hash, created_at, last_seen_at, expires_at, user_agent, address)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const BY_TOKEN_HASH: &str =
    "SELECT sessions.id, staff_id, sessions.created_at, last_seen_at, expires_at, user_agent, address
    FROM sessions JOIN staff ON staff.id = staff_id WHERE token_hash = $1 AND disabled_at IS NULL";
const OF_STAFF: &str = "SELECT id, staff_id, created_at, last_seen_at, expires_at, user_agent, address
    FROM sessions WHERE staff_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id";
const TOUCH: &str = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
const REMOVE: &str = "DELETE FROM sessions WHERE id = $1 AND staff_id = $2";
const REMOVE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const REMOVE_ALL_OF: &str = "DELETE FROM sessions WHERE staff_id = $1";
const INSERT_TOKEN: &str =
    "INSERT INTO access_tokens (id, staff_id, token_hash, name, created_at, revoked_at, scopes, last_used_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const TOKEN_BY_HASH: &str =
    "SELECT id, staff_id, name, created_at, revoked_at, scopes, last_used_at, expires_at FROM access_tokens
    WHERE token_hash = $1";
const TOKEN: &str =
    "SELECT id, staff_id, name, created_at, revoked_at, scopes, last_used_at, expires_at FROM access_tokens
    WHERE id = $1";
const EVERY_TOKEN: &str =
    "SELECT id, staff_id, name, created_at, revoked_at, scopes, last_used_at, expires_at FROM access_tokens
    ORDER BY created_at, id";
const NOTE_USE: &str = "UPDATE access_tokens SET last_used_at = $2
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
const TOKENS_OF: &str = "SELECT id, staff_id, name, created_at, revoked_at, scopes, last_used_at, expires_at
    FROM access_tokens
    WHERE staff_id = $1 ORDER BY created_at, id";
const REVOKE: &str = "UPDATE access_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
const REVOKE_ALL_OF: &str =
    "UPDATE access_tokens SET revoked_at = $2 WHERE staff_id = $1 AND revoked_at IS NULL";
const INSERT_LINK: &str =
    "INSERT INTO signin_links (token_hash, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
const SPEND_LINK: &str = "UPDATE signin_links SET spent_at = $2
    WHERE token_hash = $1 AND spent_at IS NULL AND expires_at > $2
    RETURNING staff_id";
const REMOVE_LINKS_OF: &str = "DELETE FROM signin_links WHERE staff_id = $1";
const REMOVE_EXPIRED_LINKS: &str = "DELETE FROM signin_links WHERE expires_at <= $1";

/// Signs a browser in.
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8]) -> Result<(), Error> {
    let Session { id, staff_id, created_at, last_seen_at, expires_at, user_agent, address } = session;
    execute!(
        &mut **tx,
        INSERT,
        id,
        staff_id,
        token_hash,
        created_at,
        last_seen_at,
        expires_at,
        user_agent,
        address
    )?;
    Ok(())
}

/// The session a secret belongs to, unless its owner is shut out. Whether it has expired is for whoever has a clock.
pub async fn by_token_hash(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Session>, Error> {
    Ok(row!(conn, Session, BY_TOKEN_HASH, token_hash)?)
}

/// Where somebody is signed in now, the last used first.
pub async fn of_staff(conn: &mut Conn, staff: Uuid, now: Millis) -> Result<Vec<Session>, Error> {
    Ok(rows!(conn, Session, OF_STAFF, staff, now)?)
}

/// Notes that a session is in use.
pub async fn touch(tx: &mut Tx, id: Uuid, now: Millis) -> Result<(), Error> {
    execute!(&mut **tx, TOUCH, id, now)?;
    Ok(())
}

/// Signs one browser of `staff` out. `false`: they have no such session.
pub async fn remove(tx: &mut Tx, id: Uuid, staff: Uuid) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, REMOVE, id, staff)? == 1)
}

/// Clears away sessions and sign-in links that have run out; gives how many.
pub async fn remove_expired(tx: &mut Tx, now: Millis) -> Result<u64, Error> {
    let sessions = execute!(&mut **tx, REMOVE_EXPIRED, now)?;
    let links = execute!(&mut **tx, REMOVE_EXPIRED_LINKS, now)?;
    Ok(sessions + links)
}

/// Ends everything that speaks for somebody: sessions, links and tokens.
pub async fn end_all_of(tx: &mut Tx, staff: Uuid, now: Millis) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE_ALL_OF, staff)?;
    execute!(&mut **tx, REMOVE_LINKS_OF, staff)?;
    execute!(&mut **tx, REVOKE_ALL_OF, staff, now)?;
    Ok(())
}

/// Lets a program act for somebody.
pub async fn insert_token(tx: &mut Tx, token: &Token, token_hash: &[u8]) -> Result<(), Error> {
    let Token { id, staff_id, name, created_at, revoked_at, scopes, last_used_at, expires_at } = token;
    execute!(
        &mut **tx,
        INSERT_TOKEN,
        id,
        staff_id,
        token_hash,
        name,
        created_at,
        revoked_at,
        scopes.to_string(),
        last_used_at,
        expires_at
    )?;
    Ok(())
}

/// The token a secret belongs to. Whether it counts is for whoever has a clock.
pub async fn token_by_hash(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Token>, Error> {
    Ok(row!(conn, Token, TOKEN_BY_HASH, token_hash)?)
}

/// One token.
pub async fn token(conn: &mut Conn, id: Uuid) -> Result<Option<Token>, Error> {
    Ok(row!(conn, Token, TOKEN, id)?)
}

/// Everybody's tokens, the revoked ones too, oldest first.
pub async fn every_token(conn: &mut Conn) -> Result<Vec<Token>, Error> {
    Ok(rows!(conn, Token, EVERY_TOKEN)?)
}

/// Notes that a token is in use, unless that was noted after `but_after`.
pub async fn note_token_use(tx: &mut Tx, id: Uuid, now: Millis, but_after: Millis) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, NOTE_USE, id, now, but_after)? == 1)
}

/// Somebody's tokens, the revoked ones too, oldest first.
pub async fn tokens_of(conn: &mut Conn, staff: Uuid) -> Result<Vec<Token>, Error> {
    Ok(rows!(conn, Token, TOKENS_OF, staff)?)
}

/// Takes a token back. `false`: there is none, or it already was.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, REVOKE, id, now)? == 1)
}

/// Keeps a one-time sign-in link.
pub async fn insert_link(
    tx: &mut Tx,
    token_hash: &[u8],
    staff: Uuid,
    now: Millis,
    expires_at: Millis,
) -> Result<(), Error> {
    execute!(&mut **tx, INSERT_LINK, token_hash, staff, now, expires_at)?;
    Ok(())
}

/// Uses a link up: of any number who try at once, one gets the person, and only while it counts.
pub async fn spend_link(tx: &mut Tx, token_hash: &[u8], now: Millis) -> Result<Option<Uuid>, Error> {
    let spent = row!(&mut **tx, (Uuid,), SPEND_LINK, token_hash, now)?;
    Ok(spent.map(|(staff,)| staff))
}
