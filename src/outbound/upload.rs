//! Files that are added to an answer while it is written: kept before it is sent, for a day at most, and only their own
//! person's.

use bytes::{Bytes, BytesMut};
use futures::{FutureExt, Stream, StreamExt};
use uuid::Uuid;

use crate::access::require;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::file::{self, LARGEST_IN_ROW, size_in_words};
use crate::model::people::{Role, Who};
use crate::store::blobs::Writing;
use crate::store::uploads::{self, Upload};

/// No platform takes a larger one.
pub const LARGEST_BYTES: u64 = 64 * 1024 * 1024;
/// Of one person at once.
const MOST_FILES: usize = 100;
/// Of one person at once, all together.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// So long a file waits for its answer.
pub const KEPT_MS: i64 = 24 * 3_600_000;
/// So long one waits for an answer that is being written, counted from when that was last changed.
pub const HELD_MS: i64 = 14 * 24 * 3_600_000;
/// So many bytes tell what a file is.
const HEAD: usize = 64;
const SWEPT_AT_ONCE: i64 = 100;

/// Where the bytes go: the first ones are held back until it is clear whether there are many.
enum Place {
    Row(BytesMut),
    Blob(Writing),
}

/// Takes a file in, piece by piece, and keeps it. `size`: as announced, where it was.
///
/// # Errors
/// A sentence: it is empty or too large, or too much waits already. Nothing of it is kept then.
pub async fn keep(
    app: &App,
    who: &Who,
    name: &str,
    declared: &str,
    size: Option<u64>,
    pieces: impl Stream<Item = Result<Bytes>>,
) -> Result<Upload> {
    require(who, Role::Staff)?;
    let name = file::name(name);
    if size.is_some_and(|size| size > LARGEST_BYTES) {
        return Err(too_large(&name));
    }
    refuse_hoarding(app, who, size.unwrap_or(0)).await?;
    let begun = Upload {
        id: app.clock.id(),
        staff_id: who.staff_id,
        filename: name,
        content_type: file::ANYTHING.to_owned(),
        size: 0,
        blob: None,
        created_at: app.clock.now(),
    };
    let mut taken = Taken { begun, place: Place::Row(BytesMut::new()), head: Bytes::new(), size: 0 };
    if let Err(error) = taken.fill(app, pieces).await {
        taken.give_up(app).await;
        return Err(error);
    }
    taken.finish(app, declared).await
}

struct Taken {
    /// Its row, as far as it is known. Kept before a byte goes elsewhere: whatever breaks off, it is thrown away with them.
    begun: Upload,
    place: Place,
    /// Its first bytes, by which its kind is told.
    head: Bytes,
    size: u64,
}

impl Taken {
    async fn fill(&mut self, app: &App, pieces: impl Stream<Item = Result<Bytes>>) -> Result<()> {
        let mut pieces = std::pin::pin!(pieces);
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            self.size += piece.len() as u64;
            if self.size > LARGEST_BYTES {
                return Err(too_large(&self.begun.filename));
            }
            match &mut self.place {
                Place::Blob(writing) => writing.push(piece).await?,
                Place::Row(bytes) => {
                    bytes.extend_from_slice(&piece);
                    if bytes.len() > LARGEST_IN_ROW {
                        let first = bytes.split().freeze();
                        self.head = first.slice(..HEAD);
                        self.begun.blob = Some(self.begun.id.to_string());
                        insert(app, self.begun.clone(), None).await?;
                        let mut writing = app.blobs.begin(self.begun.id).await?;
                        writing.push(first).await?;
                        self.place = Place::Blob(writing);
                    }
                }
            }
        }
        if let Place::Row(bytes) = &self.place {
            self.head = Bytes::copy_from_slice(bytes.get(..HEAD).unwrap_or(bytes));
        }
        if self.size == 0 {
            let name = &self.begun.filename;
            return Err(Error::Invalid(format!(
                "{name} is empty, so it was not added. Choose another file."
            )));
        }
        Ok(())
    }

    async fn finish(self, app: &App, declared: &str) -> Result<Upload> {
        let content_type = file::kind(declared, &self.head);
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let upload = Upload { content_type, size, ..self.begun };
        match self.place {
            Place::Row(bytes) => insert(app, upload.clone(), Some(bytes.freeze())).await?,
            Place::Blob(writing) => {
                writing.finish().await?;
                let (id, kind) = (upload.id, upload.content_type.clone());
                let (there, _) = app
                    .db
                    .write(move |tx| {
                        async move { Ok::<_, Error>(uploads::complete(tx, id, size, &kind).await?) }.boxed()
                    })
                    .await?;
                if !there {
                    return Err(Error::Invalid("The file took too long. Add it again.".to_owned()));
                }
            }
        }
        Ok(upload)
    }

    async fn give_up(self, app: &App) {
        let aborted = match self.place {
            Place::Row(_) => Ok(()),
            Place::Blob(writing) => writing.abort().await.map_err(Error::from),
        };
        let has_row = self.begun.blob.is_some();
        let cleared = if has_row { throw_away(app, self.begun).await } else { Ok(()) };
        if let Err(error) = aborted.and(cleared) {
            tracing::warn!(%error, "a file that was given up could not be cleared away; the sweeper does it");
        }
    }
}

async fn insert(app: &App, upload: Upload, bytes: Option<Bytes>) -> Result<()> {
    let write = app.db.write(move |tx| {
        async move { Ok::<_, Error>(uploads::insert(tx, &upload, bytes.as_deref()).await?) }.boxed()
    });
    write.await?;
    Ok(())
}

fn too_large(name: &str) -> Error {
    let most = size_in_words(LARGEST_BYTES);
    Error::TooLarge(format!("{name} is larger than the {most} that Deskbell takes, so it was not added."))
}

async fn refuse_hoarding(app: &App, who: &Who, more: u64) -> Result<()> {
    let waiting = uploads::of_staff(&mut app.db.read().await?, who.staff_id).await?;
    let bytes: u64 = waiting.iter().map(|one| one.size.unsigned_abs()).sum();
    if waiting.len() < MOST_FILES && bytes + more <= MOST_BYTES {
        return Ok(());
    }
    Err(Error::TooLarge(format!(
        "{} files of yours ({}) wait to be sent already. Send or remove some, then add this one.",
        waiting.len(),
        size_in_words(bytes)
    )))
}

/// What the person added and has not sent.
///
/// # Errors
/// When the store cannot be read.
pub async fn waiting(app: &App, who: &Who) -> Result<Vec<Upload>> {
    require(who, Role::Staff)?;
    Ok(uploads::of_staff(&mut app.db.read().await?, who.staff_id).await?)
}

/// Takes a file out of an answer that is not sent. One that is not there is out already.
///
/// # Errors
/// When the store cannot be written.
pub async fn drop(app: &App, who: &Who, id: Uuid) -> Result<()> {
    require(who, Role::Staff)?;
    let Some(upload) = uploads::one(&mut app.db.read().await?, id, who.staff_id).await? else {
        return Ok(());
    };
    throw_away(app, upload).await
}

/// Whose day is over.
///
/// # Errors
/// When the store cannot be read.
pub async fn overdue(app: &App) -> Result<Vec<Upload>> {
    let now = app.clock.now();
    Ok(uploads::old(&mut app.db.read().await?, now - KEPT_MS, now - HELD_MS, SWEPT_AT_ONCE).await?)
}

/// First nobody can use it any more, then its bytes go, then its row: whatever is interrupted is taken up again.
///
/// # Errors
/// When the store or the place of files does not answer; the file is thrown away all the same, later.
pub async fn throw_away(app: &App, upload: Upload) -> Result<()> {
    end(app, upload, Millis::MAX).await
}

/// The same unless an answer waits for it by now.
///
/// # Errors
/// As [`throw_away`].
pub async fn sweep(app: &App, upload: Upload) -> Result<()> {
    end(app, upload, app.clock.now() - HELD_MS).await
}

async fn end(app: &App, upload: Upload, held_since: Millis) -> Result<()> {
    let (id, created_at) = (upload.id, upload.created_at);
    let (thrown, _) = app
        .db
        .write(move |tx| {
            async move { Ok::<_, Error>(uploads::throw_away(tx, id, created_at, held_since).await?) }.boxed()
        })
        .await?;
    // It left with its answer a moment ago: its bytes are needed.
    if !thrown {
        return Ok(());
    }
    if let Some(blob) = &upload.blob {
        app.blobs.remove(blob).await?;
    }
    app.db.write(move |tx| async move { Ok::<_, Error>(uploads::delete(tx, id).await?) }.boxed()).await?;
    Ok(())
}
