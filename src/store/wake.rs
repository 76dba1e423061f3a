//! What every process must hear of: events, in the order of their numbers, each once, whoever kept them.
//!
//! A server carries the newest number from one process to the others by its own announcements; the lines themselves are
//! read from the history. A slow look is the net under it, for announcements that were lost and, in this process, for a
//! caller who went away between the commit and the telling.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use super::{Db, Error, events};
use crate::model::event::Event;

const ANNOUNCED: &str = "deskbell_events";
const NET: Duration = Duration::from_secs(2);
const AT_ONCE: i64 = 500;

/// The statement that announces a number with the commit it stands before.
pub(super) fn announce(seq: i64) -> String {
    format!("SELECT pg_notify('{ANNOUNCED}', '{seq}')")
}

/// Tells of every event after `from`, in order, until `stop`. Other processes' events arrive by it, and those of this
/// process that were not told; of those that were it tells again, so `tell` must know what it has told.
pub async fn follow(db: &Db, from: i64, mut tell: impl FnMut(Event) + Send, stop: &CancellationToken) {
    let mut last = from;
    let mut ear = Ear { server: db.server().cloned(), listener: None };
    loop {
        // Listening comes before reading: what is kept in between is announced.
        ear.open().await;
        if let Err(error) = read_on(db, &mut last, &mut tell).await {
            tracing::warn!(%error, "the history could not be read on; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(NET) => {}
            () = ear.hears() => {}
        }
    }
}

async fn read_on(db: &Db, last: &mut i64, tell: &mut (impl FnMut(Event) + Send)) -> Result<(), Error> {
    loop {
        // The connection is given back before anybody is told.
        let events = events::after(&mut db.read().await?, *last, AT_ONCE).await?;
        let Some(newest) = events.last().map(|event| event.seq) else { return Ok(()) };
        events.into_iter().for_each(&mut *tell);
        *last = newest;
    }
}

struct Ear {
    server: Option<PgPool>,
    listener: Option<PgListener>,
}

impl Ear {
    async fn open(&mut self) {
        let Some(server) = self.server.as_ref().filter(|_| self.listener.is_none()) else { return };
        let opened = async {
            let mut listener = PgListener::connect_with(server).await?;
            // Otherwise a closing store would wait for it.
            listener.ignore_pool_close_event(false);
            listener.listen(ANNOUNCED).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        match opened.await {
            Ok(listener) => self.listener = Some(listener),
            Err(error) => tracing::warn!(%error, "other processes cannot be heard; it is tried again"),
        }
    }

    /// Resolves with the next announcement; several at once are one.
    async fn hears(&mut self) {
        let Some(listener) = &mut self.listener else { return std::future::pending().await };
        match listener.try_recv().await {
            Ok(Some(_)) => while listener.next_buffered().is_some() {},
            // The connection was lost, and announcements with it: a new one begins with a look.
            Ok(None) | Err(_) => self.listener = None,
        }
    }
}
