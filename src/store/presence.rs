//! Who works on this store. What a process that died held is free at once when the next one starts, where it can be known
//! that nobody else works: a file is used on one machine, and the kernel lets go of a lock when its process ends, however
//! it ends. On a server the leases run out by themselves.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;

use futures::FutureExt;

use super::{Db, Error, deliveries, media, streams, subscriptions};
use crate::model::Millis;

/// That a process works on the store, for as long as this lives.
#[derive(Debug)]
pub struct Presence {
    _lock: Option<File>,
}

/// Enters before any work is taken. Whoever finds nobody else there frees what those before left in hand; a part that was
/// being sent is looked for from `look_at` on, since the platform may still be busy with it.
///
/// # Errors
/// When the store cannot be written. Without locks on its file system the leases run out by themselves, as they would have.
pub async fn enter(db: &Db, look_at: Millis) -> Result<Presence, Error> {
    let Some(path) = db.engine.file() else { return Ok(Presence { _lock: None }) };
    match lock(path).await {
        Ok((lock, alone)) => {
            if alone {
                free(db, look_at).await?;
            }
            Ok(Presence { _lock: Some(share(lock).await?) })
        }
        Err(error) => {
            tracing::warn!(%error, "it cannot be told whether another process works on this store; what one left in hand is taken up when its lease runs out");
            Ok(Presence { _lock: None })
        }
    }
}

async fn free(db: &Db, look_at: Millis) -> Result<(), Error> {
    let write = db.write::<_, Error, _>(move |tx| {
        async move {
            let parts = deliveries::free(tx, look_at).await?;
            let others = subscriptions::free(tx).await?;
            Ok((streams::free(tx).await? + others, parts, media::free(tx).await?))
        }
        .boxed()
    });
    let ((streams, parts, files), _) = write.await?;
    if streams + parts + files > 0 {
        tracing::info!(
            streams,
            parts,
            files,
            "taken over from a process that ended in the middle of its work"
        );
    }
    Ok(())
}

/// Opens the file beside the store; true when nobody else has it.
async fn lock(path: PathBuf) -> io::Result<(File, bool)> {
    let path = path.with_extension("lock");
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok((file, true)),
        Err(TryLockError::WouldBlock) => Ok((file, false)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Lets others in beside us. Between the two calls another may think itself alone; by then we hold nothing that it could
/// free.
async fn share(file: File) -> Result<File, Error> {
    let shared = tokio::task::spawn_blocking(move || {
        file.unlock()?;
        file.lock_shared().map(|()| file)
    });
    let failed = |error: io::Error| Error::Engine(sqlx::Error::Io(error));
    shared.await.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Options;

    async fn store(dir: &tempfile::TempDir) -> Db {
        let address = format!("sqlite:{}", dir.path().join("deskbell.db").display());
        Db::open(&address, Options::default()).await.unwrap()
    }

    #[tokio::test]
    async fn only_the_first_of_several_is_alone() {
        let dir = tempfile::tempdir().unwrap();
        let db = store(&dir).await;
        let path = || db.engine.file().unwrap();
        let first = enter(&db, 0).await.unwrap();
        assert!(first._lock.is_some());
        assert!(!lock(path()).await.unwrap().1, "somebody is there");
        let second = enter(&db, 0).await.unwrap();
        drop(first);
        assert!(!lock(path()).await.unwrap().1, "the second one is");
        drop(second);
        assert!(lock(path()).await.unwrap().1, "nobody is");
    }
}
