//! Until when an answer is promised, and what is said while nobody answers: each desk's promise, hours and words, read once a
//! minute and not once a message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::{Conn, Error, away, conversations, hours};
use crate::model::Millis;
use crate::model::away::Text;
use crate::model::hours::{Hours, due};

/// Another process may have changed them: what was read is believed for so long.
const BELIEVED_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// What is known of the desks. Cheap to clone; all clones know the same.
#[derive(Clone, Default)]
pub struct Calendars {
    desks: Arc<Mutex<HashMap<Uuid, Desk>>>,
}

#[derive(Clone)]
struct Desk {
    read_at: Millis,
    promise_ms: i64,
    hours: Option<Arc<Hours>>,
    away: Option<Arc<Text>>,
}

impl Calendars {
    /// When a patron who has been waiting at a desk since `since` is to have an answer: the desk's promise, in its open
    /// hours. By the clock on the wall where the desk is always open, or does not open for so long any more.
    pub async fn due(
        &self,
        conn: &mut Conn,
        desk: Uuid,
        since: Millis,
        now: Millis,
    ) -> Result<Millis, Error> {
        let desk = self.desk(conn, desk, now).await?;
        Ok(due(desk.hours.as_deref(), since, desk.promise_ms))
    }

    /// One open day of that desk from now: by when it sees to what it was asked to. Twenty-four hours where it has no hours,
    /// or does not open for so long any more.
    pub async fn after_one_day(&self, conn: &mut Conn, desk: Uuid, now: Millis) -> Result<Millis, Error> {
        let desk = self.desk(conn, desk, now).await?;
        let in_hours = desk.hours.and_then(|hours| hours.after_one_day(now));
        Ok(in_hours.unwrap_or_else(|| now.saturating_add(DAY_MS)))
    }

    /// Open time of a desk from now until `due_at`, milliseconds; less than 0 when that has passed.
    pub async fn left(&self, conn: &mut Conn, desk: Uuid, due_at: Millis, now: Millis) -> Result<i64, Error> {
        let hours = self.desk(conn, desk, now).await?.hours.filter(|_| due_at > now);
        Ok(hours.map_or(due_at - now, |hours| hours.open_ms(now, due_at)))
    }

    /// When a desk is open; none where that is day and night.
    pub async fn hours(&self, conn: &mut Conn, desk: Uuid, now: Millis) -> Result<Option<Arc<Hours>>, Error> {
        Ok(self.desk(conn, desk, now).await?.hours)
    }

    /// What a desk says by itself while it is closed, and when that is; none: it says nothing, or never closes.
    pub async fn away(
        &self,
        conn: &mut Conn,
        desk: Uuid,
        now: Millis,
    ) -> Result<Option<(Arc<Text>, Arc<Hours>)>, Error> {
        let desk = self.desk(conn, desk, now).await?;
        Ok(desk.away.zip(desk.hours))
    }

    /// Forgets what was read, so that a change counts at once in this process.
    pub fn forget(&self) {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn desk(&self, conn: &mut Conn, id: Uuid, now: Millis) -> Result<Desk, Error> {
        let known = self.desks.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(desk) = known.filter(|desk| (desk.read_at..desk.read_at + BELIEVED_MS).contains(&now)) {
            return Ok(desk);
        }
        let promise_ms = conversations::promise_of_desk(conn, id).await?;
        let hours = hours::of_desk(conn, id).await?.map(Arc::new);
        let away = away::text(conn, id).await?.map(Arc::new);
        let desk = Desk { read_at: now, promise_ms, hours, away };
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).insert(id, desk.clone());
        Ok(desk)
    }
}
