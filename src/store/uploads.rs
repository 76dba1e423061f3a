//! Files that somebody added to an answer they are writing, until they leave with it.

use sqlx::FromRow;
use uuid::Uuid;

use super::messages;
use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::message::Attachment;

const INSERT: &str = "INSERT INTO uploads (id, staff_id, filename, content_type, size, blob, bytes, created_at, \
     thrown_away) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE)";
const OF_STAFF: &str = "SELECT id, staff_id, filename, content_type, size, blob, created_at FROM uploads \
     WHERE staff_id = $1 AND size > 0 AND NOT thrown_away \
     AND NOT EXISTS (SELECT 1 FROM review_files r WHERE r.upload_id = uploads.id) ORDER BY created_at, id";
const ONE: &str = "SELECT id, staff_id, filename, content_type, size, blob, created_at FROM uploads \
     WHERE id = $1 AND staff_id = $2 AND size > 0 AND NOT thrown_away";
const COMPLETE: &str =
    "UPDATE uploads SET size = $2, content_type = $3 WHERE id = $1 AND size = 0 AND NOT thrown_away";
const BYTES: &str = "SELECT bytes FROM uploads WHERE id = $1";
const TAKE: &str = "DELETE FROM uploads WHERE id = $1 AND staff_id = $2 AND NOT thrown_away";
const OF_MESSAGE: &str = "SELECT id, filename, content_type, size, sha256, bytes FROM attachments \
     WHERE message_id = $1 AND state = 'kept' ORDER BY position";
const LEAVE_MESSAGE: &str = "DELETE FROM attachments WHERE message_id = $1";
/// Whether an answer waits for the file, to be looked through or still changed by its writer after this moment.
macro_rules! held_since {
    ($moment:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM review_files r WHERE r.upload_id = uploads.id) OR \
             EXISTS (SELECT 1 FROM draft_files f JOIN drafts d ON d.staff_id = f.staff_id \
             AND d.conversation_id = f.conversation_id AND d.kind = 'reply' \
             WHERE f.upload_id = uploads.id AND f.staff_id = uploads.staff_id AND d.changed_at > ",
            $moment,
            "))"
        )
    };
}
const OLD: &str = concat!(
    "SELECT id, staff_id, filename, content_type, size, blob, created_at FROM uploads \
     WHERE thrown_away OR (created_at <= $1 AND NOT ",
    held_since!("$3"),
    ") ORDER BY created_at, id LIMIT $2"
);
const OLDEST: &str = concat!(
    "SELECT MIN(CASE WHEN thrown_away THEN 0 ELSE created_at END) AS at FROM uploads WHERE thrown_away OR NOT ",
    held_since!("$1")
);
const THROW_AWAY: &str = concat!(
    "UPDATE uploads SET thrown_away = TRUE WHERE id = $1 AND created_at = $2 AND NOT ",
    held_since!("$3")
);
const DELETE: &str = "DELETE FROM uploads WHERE id = $1 AND thrown_away";
const ENCLOSED: &str = "SELECT a.id, a.message_id, a.position, a.filename, a.content_type, a.size, a.sha256, \
     a.content_id, a.inline_shown, a.reference, a.state, a.why FROM attachments a \
     JOIN messages m ON m.id = a.message_id \
     WHERE a.id = $1 AND m.channel_id = $2 AND m.direction = 'out' AND m.kind = 'reply'";
const CHANNEL_OF: &str = "SELECT m.channel_id AS id FROM attachments a JOIN messages m ON m.id = a.message_id \
     WHERE a.id = $1 AND m.channel_id IS NOT NULL AND m.direction = 'out' AND m.kind = 'reply'";

pub(super) const ALL: &[&str] = &[
    INSERT,
    OF_STAFF,
    ONE,
    COMPLETE,
    BYTES,
    TAKE,
    OF_MESSAGE,
    LEAVE_MESSAGE,
    OLD,
    OLDEST,
    THROW_AWAY,
    DELETE,
    ENCLOSED,
    CHANNEL_OF,
];

/// A file that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Upload {
    /// Its id; the attachment that it becomes keeps it.
    pub id: Uuid,
    /// Who added it, and alone may use it.
    pub staff_id: Uuid,
    /// As the recipient shall see it.
    pub filename: String,
    /// Sniffed.
    pub content_type: String,
    /// Bytes; 0 while they are still arriving, and nobody can use it.
    pub size: i64,
    /// Names its bytes in the blob store, and nothing else does; none: they lie in the row.
    pub blob: Option<String>,
    /// When it was added, or came back from an answer that was taken back.
    pub created_at: Millis,
}

#[derive(FromRow)]
struct Oldest {
    at: Option<Millis>,
}

#[derive(FromRow)]
struct Kept {
    id: Uuid,
    filename: Option<String>,
    content_type: String,
    size: i64,
    sha256: Option<String>,
    bytes: Option<Vec<u8>>,
}

/// Keeps a file; `bytes` where they are few and not in the blob store.
pub async fn insert(tx: &mut Tx, new: &Upload, bytes: Option<&[u8]>) -> Result<(), Error> {
    execute!(
        &mut tx.conn,
        INSERT,
        new.id,
        new.staff_id,
        &new.filename,
        &new.content_type,
        new.size,
        &new.blob,
        bytes,
        new.created_at
    )?;
    Ok(())
}

/// All bytes of a file have arrived. False: it was thrown away meanwhile.
pub async fn complete(tx: &mut Tx, id: Uuid, size: i64, content_type: &str) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, COMPLETE, id, size, content_type)? == 1)
}

/// What somebody added and has not sent, oldest first.
pub async fn of_staff(conn: &mut Conn, staff: Uuid) -> Result<Vec<Upload>, Error> {
    Ok(rows!(conn, Upload, OF_STAFF, staff)?)
}

/// One file of somebody's.
pub async fn one(conn: &mut Conn, id: Uuid, staff: Uuid) -> Result<Option<Upload>, Error> {
    Ok(row!(conn, Upload, ONE, id, staff)?)
}

/// The file leaves with this message. False: it is not there (any more), or not this person's.
pub async fn leave_with(
    tx: &mut Tx,
    id: Uuid,
    staff: Uuid,
    message: Uuid,
    position: i64,
) -> Result<bool, Error> {
    let Some(upload) = one(tx, id, staff).await? else { return Ok(false) };
    let bytes = row!(&mut tx.conn, (Option<Vec<u8>>,), BYTES, id)?.and_then(|(bytes,)| bytes);
    if execute!(&mut tx.conn, TAKE, id, staff)? != 1 {
        return Ok(false);
    }
    let attachment = Attachment {
        id,
        message_id: message,
        position,
        filename: Some(upload.filename),
        content_type: upload.content_type,
        size: upload.size,
        sha256: upload.blob,
        content_id: None,
        inline_shown: false,
        reference: None,
        state: "kept".to_owned(),
        why: None,
    };
    messages::insert_attachment(tx, &attachment, bytes.as_deref()).await?;
    Ok(true)
}

/// A message's files come back to whoever wrote it; gives them in their order.
pub async fn come_back(tx: &mut Tx, message: Uuid, staff: Uuid, now: Millis) -> Result<Vec<Upload>, Error> {
    let kept = rows!(&mut tx.conn, Kept, OF_MESSAGE, message)?;
    execute!(&mut tx.conn, LEAVE_MESSAGE, message)?;
    let mut back = Vec::with_capacity(kept.len());
    for file in kept {
        let upload = Upload {
            id: file.id,
            staff_id: staff,
            filename: file.filename.unwrap_or_default(),
            content_type: file.content_type,
            size: file.size,
            blob: file.sha256,
            created_at: now,
        };
        insert(tx, &upload, file.bytes.as_deref()).await?;
        back.push(upload);
    }
    Ok(back)
}

/// Nobody can use the file from now on, unless a draft holds it that was changed after `held_since`. Its bytes may be removed, and then its row. False: it left with an answer, and may
/// even have come back since.
pub async fn throw_away(
    tx: &mut Tx,
    id: Uuid,
    created_at: Millis,
    held_since: Millis,
) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, THROW_AWAY, id, created_at, held_since)? == 1)
}

/// Forgets a file that was thrown away.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    execute!(&mut tx.conn, DELETE, id)?;
    Ok(())
}

/// Files that were added no later than `until` and that no draft holds which was changed after `held_since`, and those whose throwing away was interrupted.
pub async fn old(
    conn: &mut Conn,
    until: Millis,
    held_since: Millis,
    limit: i64,
) -> Result<Vec<Upload>, Error> {
    Ok(rows!(conn, Upload, OLD, until, limit, held_since)?)
}

/// When the oldest was added that no draft holds which was changed after `held_since`.
pub async fn oldest(conn: &mut Conn, held_since: Millis) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, Oldest, OLDEST, held_since)?.and_then(|oldest| oldest.at))
}

/// A file that an answer by this channel encloses.
pub async fn enclosed(conn: &mut Conn, id: Uuid, channel: Uuid) -> Result<Option<Attachment>, Error> {
    Ok(row!(conn, Attachment, ENCLOSED, id, channel)?)
}

/// The channel by which the answer goes that encloses this file.
pub async fn channel_of(conn: &mut Conn, id: Uuid) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), CHANNEL_OF, id)?.map(|(id,)| id))
}
