//! The library, its branches and desks, and the staff who answer at them.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::people::{Branch, Desk, Library, Staff};

pub(super) const ALL: &[&str] = &[
    LIBRARY,
    INSERT_LIBRARY,
    BRANCHES,
    INSERT_BRANCH,
    DESKS,
    DESK,
    INSERT_DESK,
    SET_LIBRARY,
    ALL_STAFF,
    STAFF,
    STAFF_BY_EMAIL,
    INSERT_STAFF,
    SET_PASSWORD,
    DISABLE_STAFF,
    ADD_MEMBER,
    REMOVE_MEMBER,
    DESKS_OF,
];

const LIBRARY: &str = "SELECT id, name, zone, created_at FROM libraries ORDER BY created_at, id LIMIT 1";
const INSERT_LIBRARY: &str = "INSERT INTO libraries (id, name, zone, created_at) VALUES ($1, $2, $3, $4)";
const BRANCHES: &str = "SELECT id, name FROM branches ORDER BY position, id";
const INSERT_BRANCH: &str = "INSERT INTO branches (id, library_id, name, position)
    VALUES ($1, $2, $3, (SELECT COALESCE(MAX(position), 0) + 1 FROM branches))";
const DESKS: &str =
    "SELECT desks.id, desks.name, branch_id, branches.name AS branch_name, promise_ms, library
    FROM desks JOIN branches ON branches.id = branch_id ORDER BY branches.position, desks.position, desks.id";
const DESK: &str = "SELECT desks.id, desks.name, branch_id, branches.name AS branch_name, promise_ms, library
    FROM desks JOIN branches ON branches.id = branch_id WHERE desks.id = $1";
const INSERT_DESK: &str = "INSERT INTO desks (id, branch_id, name, promise_ms, library, position)
    VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(position), 0) + 1 FROM desks))";
const SET_LIBRARY: &str = "UPDATE desks SET library = $2 WHERE id = $1";
const ALL_STAFF: &str =
    "SELECT id, name, public_name, email, role, created_at, disabled_at FROM staff ORDER BY name, id";
const STAFF: &str =
    "SELECT id, name, public_name, email, role, created_at, disabled_at FROM staff WHERE id = $1";
const STAFF_BY_EMAIL: &str = "SELECT id, name, public_name, email, role, created_at, disabled_at, password
    FROM staff WHERE email = $1";
const INSERT_STAFF: &str =
    "INSERT INTO staff (id, name, public_name, email, role, password, created_at, disabled_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const SET_PASSWORD: &str = "UPDATE staff SET password = $2 WHERE id = $1";
const DISABLE_STAFF: &str = "UPDATE staff SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
const ADD_MEMBER: &str =
    "INSERT INTO desk_members (desk_id, staff_id) VALUES ($1, $2) ON CONFLICT (desk_id, staff_id) DO NOTHING";
const REMOVE_MEMBER: &str = "DELETE FROM desk_members WHERE desk_id = $1 AND staff_id = $2";
const DESKS_OF: &str = "SELECT desk_id FROM desk_members WHERE staff_id = $1 ORDER BY desk_id";

/// The library; none before it is set up.
pub async fn library(conn: &mut Conn) -> Result<Option<Library>, Error> {
    Ok(row!(conn, Library, LIBRARY)?)
}

/// Sets the library up.
pub async fn insert_library(tx: &mut Tx, library: &Library) -> Result<(), Error> {
    let Library { id, name, zone, created_at } = library;
    execute!(&mut **tx, INSERT_LIBRARY, id, name, zone, created_at)?;
    Ok(())
}

/// Every branch, in the library's own order.
pub async fn branches(conn: &mut Conn) -> Result<Vec<Branch>, Error> {
    Ok(rows!(conn, Branch, BRANCHES)?)
}

/// Adds a branch after the others. Its name must be free ([`Error::is_taken`]).
pub async fn insert_branch(tx: &mut Tx, library: Uuid, branch: &Branch) -> Result<(), Error> {
    execute!(&mut **tx, INSERT_BRANCH, branch.id, library, &branch.name)?;
    Ok(())
}

/// Every desk, in the order of the branches and then its own.
pub async fn desks(conn: &mut Conn) -> Result<Vec<Desk>, Error> {
    Ok(rows!(conn, Desk, DESKS)?)
}

/// One desk.
pub async fn desk(conn: &mut Conn, id: Uuid) -> Result<Option<Desk>, Error> {
    Ok(row!(conn, Desk, DESK, id)?)
}

/// Adds a desk after the others; `branch_name` is read, not written. Its name must be free ([`Error::is_taken`]).
pub async fn insert_desk(tx: &mut Tx, desk: &Desk) -> Result<(), Error> {
    execute!(&mut **tx, INSERT_DESK, desk.id, desk.branch_id, &desk.name, desk.promise_ms, &desk.library)?;
    Ok(())
}

/// Says whose a desk is; none: the house's own.
pub async fn set_library(tx: &mut Tx, desk: Uuid, library: Option<&str>) -> Result<(), Error> {
    execute!(&mut **tx, SET_LIBRARY, desk, library)?;
    Ok(())
}

/// Everybody by name, those who may no longer sign in too.
pub async fn all_staff(conn: &mut Conn) -> Result<Vec<Staff>, Error> {
    Ok(rows!(conn, Staff, ALL_STAFF)?)
}

/// One of us.
pub async fn staff(conn: &mut Conn, id: Uuid) -> Result<Option<Staff>, Error> {
    Ok(row!(conn, Staff, STAFF, id)?)
}

/// Who signs in with this address (its case does not matter), and the hash of their password if they have one.
/// Whoever is disabled is found too: look at `disabled_at`.
pub async fn staff_by_email(
    conn: &mut Conn,
    address: &str,
) -> Result<Option<(Staff, Option<String>)>, Error> {
    #[derive(sqlx::FromRow)]
    struct Found {
        #[sqlx(flatten)]
        staff: Staff,
        password: Option<String>,
    }
    let found = row!(conn, Found, STAFF_BY_EMAIL, address.trim().to_lowercase())?;
    Ok(found.map(|found| (found.staff, found.password)))
}

/// Adds one of us. The address must be free ([`Error::is_taken`]) and is kept in lower case.
pub async fn insert_staff(tx: &mut Tx, staff: &Staff, password_hash: Option<&str>) -> Result<(), Error> {
    let address = staff.email.trim().to_lowercase();
    let Staff { id, name, public_name, role, created_at, disabled_at, .. } = staff;
    execute!(
        &mut **tx,
        INSERT_STAFF,
        id,
        name,
        public_name,
        address,
        role.as_str(),
        password_hash,
        created_at,
        disabled_at
    )?;
    Ok(())
}

/// Keeps a new password's hash. `false`: there is no such person.
pub async fn set_password(tx: &mut Tx, id: Uuid, hash: &str) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SET_PASSWORD, id, hash)? == 1)
}

/// Shuts somebody out: they cannot sign in, and their sessions and tokens no longer count,
/// and what they were writing is forgotten. `false`: they already were.
pub async fn disable_staff(tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool, Error> {
    super::sessions::end_all_of(tx, id, now).await?;
    super::drafts::remove_all_of(tx, id).await?;
    Ok(execute!(&mut **tx, DISABLE_STAFF, id, now)? == 1)
}

/// Lets somebody answer at a desk; nothing changes if they already do.
pub async fn add_member(tx: &mut Tx, desk: Uuid, staff: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, ADD_MEMBER, desk, staff)?;
    Ok(())
}

/// Ends that.
pub async fn remove_member(tx: &mut Tx, desk: Uuid, staff: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE_MEMBER, desk, staff)?;
    Ok(())
}

/// The desks somebody answers at.
pub async fn desks_of(conn: &mut Conn, staff: Uuid) -> Result<Vec<Uuid>, Error> {
    let found = rows!(conn, (Uuid,), DESKS_OF, staff)?;
    Ok(found.into_iter().map(|(desk,)| desk).collect())
}
