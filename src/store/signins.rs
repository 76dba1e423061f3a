//! Accounts being signed in on their platform's page. The secret that goes there and back is kept only as a hash.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row};
use crate::model::Millis;
use crate::model::signin::{Signin, Stage};

macro_rules! columns {
    () => {
        "id, session_id, staff_id, channel_id, stage, sealed, why, ends_at"
    };
}

const INSERT: &str =
    "INSERT INTO signins (id, state_hash, session_id, staff_id, channel_id, stage, sealed, why, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const COME_BACK: &str = concat!(
    "UPDATE signins SET stage = 'back' WHERE state_hash = $1 AND session_id = $2 AND stage = 'away' AND ends_at > $3 \
     RETURNING ",
    columns!()
);
const CHOSEN: &str = concat!(
    "UPDATE signins SET stage = 'back' WHERE id = $1 AND session_id = $2 AND stage = 'choosing' AND ends_at > $3 \
     RETURNING ",
    columns!()
);
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM signins WHERE id = $1 AND session_id = $2");
const SETTLE: &str =
    "UPDATE signins SET stage = $2, channel_id = COALESCE($3, channel_id), sealed = $4, why = $5, ends_at = $6
    WHERE id = $1";
const FORGET: &str = "DELETE FROM signins WHERE ends_at <= $1";

pub(super) const ALL: &[&str] = &[INSERT, COME_BACK, CHOSEN, BY_ID, SETTLE, FORGET];

/// Notes that somebody leaves for the platform's page.
pub async fn insert(tx: &mut Tx, new: &Signin, state_hash: &[u8]) -> Result<(), Error> {
    execute!(
        &mut **tx,
        INSERT,
        new.id,
        state_hash,
        new.session_id,
        new.staff_id,
        new.channel_id,
        new.stage.as_str(),
        &new.sealed,
        &new.why,
        new.ends_at
    )?;
    Ok(())
}

/// Somebody came back with this secret: of any number who do, one gets the sign-in, only in the session that began it, and
/// only while it counts.
pub async fn come_back(
    tx: &mut Tx,
    state_hash: &[u8],
    session: Uuid,
    now: Millis,
) -> Result<Option<Signin>, Error> {
    Ok(row!(&mut **tx, Signin, COME_BACK, state_hash, session, now)?)
}

/// The account was chosen: of any number who choose, one gets the sign-in.
pub async fn chosen(tx: &mut Tx, id: Uuid, session: Uuid, now: Millis) -> Result<Option<Signin>, Error> {
    Ok(row!(&mut **tx, Signin, CHOSEN, id, session, now)?)
}

/// The sign-in, for the session that began it.
pub async fn by_id(conn: &mut Conn, id: Uuid, session: Uuid) -> Result<Option<Signin>, Error> {
    Ok(row!(conn, Signin, BY_ID, id, session)?)
}

/// Keeps how far it has come: stage, channel, what is sealed, why and until when.
pub async fn settle(tx: &mut Tx, of: &Signin) -> Result<(), Error> {
    let stage: Stage = of.stage;
    execute!(&mut **tx, SETTLE, of.id, stage.as_str(), of.channel_id, &of.sealed, &of.why, of.ends_at)?;
    Ok(())
}

/// Takes out those that ended before `then`; gives how many.
pub async fn forget(tx: &mut Tx, then: Millis) -> Result<u64, Error> {
    Ok(execute!(&mut **tx, FORGET, then)?)
}
