//! What people are writing and have not sent, each for its writer alone, with the files that wait for it.

use sqlx::FromRow;
use uuid::Uuid;

use super::uploads::Upload;
use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::draft::{Draft, Kind};

const PUT: &str = "INSERT INTO drafts (staff_id, conversation_id, kind, text, caret, changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (staff_id, conversation_id, kind) DO UPDATE SET \
     text = excluded.text, caret = excluded.caret, changed_at = excluded.changed_at";
const REMOVE: &str = "DELETE FROM drafts WHERE staff_id = $1 AND conversation_id = $2 AND kind = $3";
const REMOVE_ALL_OF: &str = "DELETE FROM drafts WHERE staff_id = $1";
const OF: &str = "SELECT conversation_id, kind, text, caret, changed_at FROM drafts \
     WHERE staff_id = $1 AND conversation_id = $2 ORDER BY kind";
const ALL_OF: &str = "SELECT conversation_id, kind, text, caret, changed_at FROM drafts \
     WHERE staff_id = $1 ORDER BY conversation_id, kind";
const CHANGED: &str = "SELECT MAX(changed_at) FROM drafts WHERE staff_id = $1 AND conversation_id = $2";
const IN: &str = "SELECT staff_id, conversation_id, kind, text, caret, changed_at FROM drafts \
     WHERE conversation_id = $1";
const FILES_GO: &str =
    "UPDATE draft_files SET conversation_id = $3 WHERE staff_id = $1 AND conversation_id = $2";
const FORGET: &str = "DELETE FROM drafts WHERE staff_id = $1 AND conversation_id = $2 AND kind = $3";
const HOLD: &str = "INSERT INTO draft_files (upload_id, staff_id, conversation_id, position) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (upload_id) DO UPDATE SET conversation_id = excluded.conversation_id, position = excluded.position";
const LET_GO: &str = "DELETE FROM draft_files WHERE staff_id = $1 AND conversation_id = $2";
const LET_GO_ALL_OF: &str = "DELETE FROM draft_files WHERE staff_id = $1";
const FILES: &str = "SELECT u.id, u.staff_id, u.filename, u.content_type, u.size, u.blob, u.created_at \
     FROM draft_files f JOIN uploads u ON u.id = f.upload_id AND u.staff_id = f.staff_id \
     WHERE f.staff_id = $1 AND f.conversation_id = $2 AND u.size > 0 AND NOT u.thrown_away ORDER BY f.position";

pub(super) const ALL: &[&str] = &[
    IN,
    FILES_GO,
    FORGET,
    PUT,
    REMOVE,
    REMOVE_ALL_OF,
    OF,
    ALL_OF,
    CHANGED,
    HOLD,
    LET_GO,
    LET_GO_ALL_OF,
    FILES,
];

/// Keeps what was written, in place of what was kept before.
pub async fn put(tx: &mut Tx, staff: Uuid, draft: &Draft) -> Result<(), Error> {
    let Draft { conversation_id, kind, text, caret, changed_at } = draft;
    execute!(&mut **tx, PUT, staff, conversation_id, kind.as_str(), text, caret, changed_at)?;
    Ok(())
}

/// Forgets it, and lets its files go where it was an answer.
pub async fn remove(tx: &mut Tx, staff: Uuid, conversation: Uuid, kind: Kind) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE, staff, conversation, kind.as_str())?;
    if kind == Kind::Reply {
        execute!(&mut **tx, LET_GO, staff, conversation)?;
    }
    Ok(())
}

/// Forgets everything that somebody was writing.
pub async fn remove_all_of(tx: &mut Tx, staff: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE_ALL_OF, staff)?;
    execute!(&mut **tx, LET_GO_ALL_OF, staff)?;
    Ok(())
}

/// The answer holds these files and no others.
pub async fn hold(tx: &mut Tx, staff: Uuid, conversation: Uuid, files: &[Uuid]) -> Result<(), Error> {
    execute!(&mut **tx, LET_GO, staff, conversation)?;
    for (position, file) in (0_i64..).zip(files) {
        execute!(&mut **tx, HOLD, file, staff, conversation, position)?;
    }
    Ok(())
}

/// What somebody is writing in a conversation.
pub async fn of(conn: &mut Conn, staff: Uuid, conversation: Uuid) -> Result<Vec<Draft>, Error> {
    Ok(rows!(conn, Draft, OF, staff, conversation)?)
}

/// What somebody is writing anywhere.
pub async fn all_of(conn: &mut Conn, staff: Uuid) -> Result<Vec<Draft>, Error> {
    Ok(rows!(conn, Draft, ALL_OF, staff)?)
}

/// The files that wait for an answer, in their order.
pub async fn files(conn: &mut Conn, staff: Uuid, conversation: Uuid) -> Result<Vec<Upload>, Error> {
    Ok(rows!(conn, Upload, FILES, staff, conversation)?)
}

/// What anybody is writing in a conversation, each with its writer.
pub async fn all_in(conn: &mut Conn, conversation: Uuid) -> Result<Vec<(Uuid, Draft)>, Error> {
    #[derive(FromRow)]
    struct Theirs {
        staff_id: Uuid,
        #[sqlx(flatten)]
        draft: Draft,
    }
    let all = rows!(conn, Theirs, IN, conversation)?;
    Ok(all.into_iter().map(|one| (one.staff_id, one.draft)).collect())
}

/// Takes a draft along into another conversation, with its files; below what its writer has there already.
pub async fn take_along(tx: &mut Tx, staff: Uuid, draft: Draft, to: Uuid) -> Result<(), Error> {
    let from = draft.conversation_id;
    let there = of(tx, staff, to).await?.into_iter().find(|one| one.kind == draft.kind);
    let text = there.map_or_else(|| draft.text.clone(), |there| format!("{}\n\n{}", there.text, draft.text));
    execute!(&mut **tx, FORGET, staff, from, draft.kind.as_str())?;
    put(tx, staff, &Draft { conversation_id: to, text, ..draft.clone() }).await?;
    if draft.kind == Kind::Reply {
        execute!(&mut **tx, FILES_GO, staff, from, to)?;
    }
    Ok(())
}

/// When somebody last changed what they are writing there.
pub async fn changed_at(conn: &mut Conn, staff: Uuid, conversation: Uuid) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Option<i64>,), CHANGED, staff, conversation)?.and_then(|(at,)| at))
}
