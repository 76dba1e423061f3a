//! Being signed in. The browser holds a random secret, the store its hash; who it belongs to is remembered for a few
//! seconds, because every request asks.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use super::secret::{self, Hash};
use super::{Access, Caller, Who, who};

use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::people::Staff;
use crate::model::session::{Scopes, Session};
use crate::store::{people, sessions, standings};

/// A session not used for so long has ended.
pub const IDLE_MS: i64 = 14 * 86_400_000;
/// A session ends after so long however much it is used.
pub const LONGEST_MS: i64 = 90 * 86_400_000;
/// How long another process may not notice that a session was ended; in this one it is noticed at once.
const REMEMBERED_MS: i64 = 3_000;
/// How exact "last seen" is.
const SEEN_EACH_MS: i64 = 60_000;
const MOST_REMEMBERED: usize = 10_000;
const LONGEST_USER_AGENT: usize = 300;

/// Somebody who has proved who they are.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub who: Who,
    /// The session by which they proved it; none for a program with a token.
    pub session: Option<Uuid>,
    /// What they may do of what their role allows: all of it but for a limited token.
    pub scopes: Scopes,
}

/// Who was asked for lately.
#[derive(Default)]
pub(super) struct Known {
    lately: Mutex<HashMap<Hash, Seen>>,
    /// Moves whenever a session ends: what was read before that must not be remembered after it.
    ends: AtomicU64,
}

#[derive(Clone)]
struct Seen {
    signed_in: SignedIn,
    session: Session,
    read_at: Millis,
}

impl Seen {
    fn counts(&self, now: Millis) -> bool {
        now < self.session.expires_at && now - self.session.last_seen_at < IDLE_MS
    }
}

/// Signs `staff` in. Gives the session and the secret that only the browser keeps from now on; a secret is never taken
/// from the browser, so that nobody can be signed in to a session somebody else knows.
pub(super) async fn open(access: &Access, staff: &Staff, caller: &Caller) -> Result<(Session, String)> {
    let secret = secret::fresh()?;
    let hash = hash_of(&secret)?;
    let now = access.0.clock.now();
    let session = Session {
        id: access.0.clock.id(),
        staff_id: staff.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now + LONGEST_MS,
        user_agent: caller.user_agent.chars().take(LONGEST_USER_AGENT).collect(),
        address: caller.address.map(|address| address.to_canonical().to_string()).unwrap_or_default(),
    };
    let row = session.clone();
    let ((), _) = access
        .0
        .db
        .write(move |tx| {
            Box::pin(async move {
                sessions::insert(tx, &row, &hash).await?;
                standings::arrive(tx, row.staff_id, now).await?;
                sessions::remove_expired(tx, now).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok((session, secret))
}

/// Whose secret this is.
///
/// # Errors
/// [`Error::SignedOut`] when it is nobody's, ran out or was ended.
pub async fn of_secret(access: &Access, secret: &str) -> Result<SignedIn> {
    let hash = secret::hash(secret).ok_or(Error::SignedOut)?;
    let known = &access.0.known;
    let now = access.0.clock.now();
    if let Some(seen) = known.recall(&hash, now) {
        return if seen.counts(now) { Ok(seen.signed_in) } else { Err(Error::SignedOut) };
    }
    let ends = known.ends.load(Ordering::Acquire);
    let seen = read(access, &hash, now).await?;
    known.remember(hash, &seen, ends);
    if now - seen.session.last_seen_at >= SEEN_EACH_MS {
        note_use(access, seen.session.id, now);
    }
    Ok(seen.signed_in)
}

async fn read(access: &Access, hash: &Hash, now: Millis) -> Result<Seen> {
    let mut conn = access.0.db.read().await?;
    let session = sessions::by_token_hash(&mut conn, hash).await?.ok_or(Error::SignedOut)?;
    let staff = people::staff(&mut conn, session.staff_id).await?;
    let staff = staff.filter(|staff| staff.disabled_at.is_none()).ok_or(Error::SignedOut)?;
    let signed_in = SignedIn { who: who(&staff), session: Some(session.id), scopes: Scopes::all() };
    let seen = Seen { signed_in, session, read_at: now };
    if seen.counts(now) { Ok(seen) } else { Err(Error::SignedOut) }
}

/// In the background: nobody waits for it, and losing one costs a minute of "last seen".
fn note_use(access: &Access, session: Uuid, now: Millis) {
    let db = access.0.db.clone();
    tokio::spawn(async move {
        let noted =
            db.write(move |tx| Box::pin(async move { sessions::touch(tx, session, now).await })).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    });
}

/// Where somebody is signed in.
pub async fn list(access: &Access, staff: Uuid) -> Result<Vec<Session>> {
    let now = access.0.clock.now();
    let mut conn = access.0.db.read().await?;
    let mut list = sessions::of_staff(&mut conn, staff, now).await?;
    list.retain(|session| now - session.last_seen_at < IDLE_MS);
    Ok(list)
}

/// Ends one of somebody's own sessions, at once in this process and within seconds in any other.
///
/// # Errors
/// [`Error::Missing`] when they have no such session.
pub async fn end(access: &Access, staff: Uuid, session: Uuid) -> Result<()> {
    let (found, _) = access
        .0
        .db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(sessions::remove(tx, session, staff).await?) }))
        .await?;
    access.0.known.forget(|seen| seen.session.id == session);
    // Nobody holding anything open is no failure.
    let _ = access.0.ended.send(session);
    if found { Ok(()) } else { Err(Error::Missing("session")) }
}

/// Ends everything that speaks for somebody: sessions, links and tokens.
pub async fn end_all_of(access: &Access, staff: Uuid) -> Result<()> {
    let now = access.0.clock.now();
    let open = list(access, staff).await?;
    let ((), _) = access
        .0
        .db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(sessions::end_all_of(tx, staff, now).await?) }))
        .await?;
    access.0.known.forget(|seen| seen.session.staff_id == staff);
    for session in open {
        let _ = access.0.ended.send(session.id);
    }
    Ok(())
}

/// Whether a session still counts, asked of the store itself: for whatever stays open for long.
pub async fn still_counts(access: &Access, staff: Uuid, session: Uuid) -> Result<bool> {
    Ok(list(access, staff).await?.iter().any(|open| open.id == session))
}

pub(super) fn hash_of(secret: &str) -> Result<Hash> {
    secret::hash(secret)
        .ok_or_else(|| Error::File("A secret was not well formed. Nothing was changed.".to_owned()))
}

impl Known {
    fn recall(&self, hash: &Hash, now: Millis) -> Option<Seen> {
        let lately = self.lately.lock().ok()?;
        lately.get(hash).filter(|seen| (0..REMEMBERED_MS).contains(&(now - seen.read_at))).cloned()
    }

    fn remember(&self, hash: Hash, seen: &Seen, ends: u64) {
        let Ok(mut lately) = self.lately.lock() else { return };
        if self.ends.load(Ordering::Acquire) != ends {
            return;
        }
        if lately.len() >= MOST_REMEMBERED {
            lately.clear();
        }
        lately.insert(hash, seen.clone());
    }

    fn forget(&self, which: impl Fn(&Seen) -> bool) {
        if let Ok(mut lately) = self.lately.lock() {
            self.ends.fetch_add(1, Ordering::AcqRel);
            lately.retain(|_, seen| !which(seen));
        }
    }
}
