//! What waits can be reckoned from, and what is kept of them: some conversations at a time, in the order of their ids.

use std::collections::{BTreeSet, HashMap};

use sqlx::FromRow;
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, merges, row, rows, splits, tell};
use crate::model::Millis;
use crate::model::history::{Family, History, Joined, Kept, Line, Parted, Reckoned};

const CONVERSATIONS: &str = "SELECT c.id, c.number, c.channel_id, COALESCE((SELECT d.from_desk_id FROM moves d \
     WHERE d.conversation_id = c.id ORDER BY d.seq LIMIT 1), c.desk_id) AS desk_id, c.waiting_since \
     FROM conversations c WHERE c.id > $1 ORDER BY c.id LIMIT $2";
const LINES: &str = "SELECT e.conversation_id, e.seq, e.at, e.kind, e.staff_id, e.detail, e.message_id, \
     m.seq AS said_seq, m.at AS said_at, m.automatic, m.staff_id AS author_id, d.to_desk_id, \
     COALESCE(m.home_id, m.conversation_id) AS home_id, m.channel_id FROM events e \
     LEFT JOIN messages m ON m.id = e.message_id \
     LEFT JOIN moves d ON d.conversation_id = e.conversation_id AND d.seq = e.seq \
     WHERE (e.conversation_id, e.seq) > ($1, $2) AND e.conversation_id <= $3 \
     AND (e.kind IN ('opened', 'message', 'sent', 'echo', 'failed', 'unknown', 'withdrawn', 'closed', 'reopened', 'spam', \
     'not_spam', 'merged', 'split') OR d.seq IS NOT NULL) \
     ORDER BY e.conversation_id, e.seq LIMIT $4";
const KEPT: &str = "SELECT id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, closed_at, \
     outcome, closed_by, staff_id FROM waits WHERE conversation_id > $1 AND conversation_id <= $2 \
     ORDER BY conversation_id";
const ANSWER_ON_ITS_WAY: &str = "SELECT EXISTS (SELECT 1 FROM deliveries d JOIN messages m ON m.id = d.message_id \
     WHERE d.conversation_id = $1 AND d.settled_at IS NULL AND NOT m.automatic)";
const ANSWER_LEAVES: &str = "SELECT EXISTS (SELECT 1 FROM deliveries d JOIN messages m ON m.id = d.message_id \
     WHERE d.conversation_id = $1 AND d.settled_at IS NULL AND NOT m.automatic AND d.state <> 'unknown')";
const FORGET: &str = "DELETE FROM waits WHERE conversation_id = $1";
const KEEP: &str = "INSERT INTO waits (id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, \
     closed_at, outcome, closed_by, staff_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const MERGES: &str =
    "SELECT from_id, into_id, seq, at, undone_at FROM merges WHERE from_id = $1 OR into_id = $1";
const MERGED_BETWEEN: &str = "SELECT from_id, into_id FROM merges \
     WHERE (from_id > $1 AND from_id <= $2) OR (into_id > $1 AND into_id <= $2)";
const SPLITS: &str = "SELECT s.seq, s.from_id, s.into_id, m.message_id, m.home_id FROM splits s \
     JOIN split_messages m ON m.split_id = s.id WHERE s.from_id = $1 OR s.into_id = $1 \
     OR s.id IN (SELECT h.split_id FROM split_messages h WHERE h.home_id = $1) ORDER BY s.seq";
const SPLIT_BETWEEN: &str = "SELECT from_id, into_id FROM splits \
     WHERE (from_id > $1 AND from_id <= $2) OR (into_id > $1 AND into_id <= $2)";

pub(super) const ALL: &[&str] = &[
    MERGES,
    MERGED_BETWEEN,
    SPLITS,
    SPLIT_BETWEEN,
    CONVERSATIONS,
    LINES,
    KEPT,
    ANSWER_ON_ITS_WAY,
    ANSWER_LEAVES,
    FORGET,
    KEEP,
];

/// A conversation whose waits are reckoned.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub number: i64,
    /// By which it came.
    pub channel_id: Uuid,
    /// The desk it began at.
    pub desk_id: Uuid,
    /// Since when its row says that the patron waits.
    pub waiting_since: Option<Millis>,
}

/// The next conversations after this id, `most` at most.
pub async fn next(conn: &mut Conn, after: Uuid, most: i64) -> Result<Vec<Told>, Error> {
    Ok(rows!(conn, Told, CONVERSATIONS, after, most)?)
}

/// The next lines after a place (a conversation and a number) of the conversations up to `last`, in their order.
pub async fn lines(conn: &mut Conn, after: (Uuid, i64), last: Uuid, most: i64) -> Result<Vec<Line>, Error> {
    Ok(rows!(conn, Line, LINES, after.0, after.1, last, most)?)
}

/// The waits that are kept of the conversations after one id up to another.
pub async fn kept(conn: &mut Conn, after: Uuid, last: Uuid) -> Result<Vec<Kept>, Error> {
    Ok(rows!(conn, Kept, KEPT, after, last)?)
}

/// Whether something was answered of which nobody knows yet whether it left.
pub async fn answer_on_its_way(conn: &mut Conn, conversation: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), ANSWER_ON_ITS_WAY, conversation)?.is_some_and(|(any,)| any))
}

/// Whether it is still to come out whether an answer leaves. One of which nobody knows keeps nobody waiting.
pub async fn answer_leaves(conn: &mut Conn, conversation: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), ANSWER_LEAVES, conversation)?.is_some_and(|(any,)| any))
}

/// Whether only the histories of several conversations together say what an answer ends here.
pub async fn told_together(conn: &mut Conn, id: Uuid) -> Result<bool, Error> {
    Ok(merges::any_into(conn, id).await? || splits::any(conn, id).await?)
}

/// Keeps these waits of a conversation and no others, under these ids.
pub async fn replace(tx: &mut Tx, conversation: Uuid, waits: &[(Uuid, Reckoned)]) -> Result<(), Error> {
    tell!(&mut tx.conn, FORGET, conversation)?;
    Ok(tell_all!(
        &mut tx.conn,
        KEEP,
        waits,
        (id, wait) => id,
        conversation,
        wait.channel_id,
        wait.desk_id,
        wait.is_first,
        wait.opened_at,
        wait.opened_by,
        wait.end.map(|end| end.at),
        wait.end.map(|end| end.outcome.as_str()),
        wait.end.and_then(|end| end.by),
        wait.end.and_then(|end| end.staff_id)
    )?)
}

const LINES_AT_ONCE: i64 = 4_000;

/// Those of the conversations after one id up to another of which one was, or became, part of another at some time: only the
/// whole family can be reckoned.
pub async fn in_families(conn: &mut Conn, after: Uuid, last: Uuid) -> Result<BTreeSet<Uuid>, Error> {
    let mut pairs = rows!(conn, (Uuid, Uuid), MERGED_BETWEEN, after, last)?;
    pairs.extend(rows!(conn, (Uuid, Uuid), SPLIT_BETWEEN, after, last)?);
    let both = pairs.into_iter().flat_map(|(from, into)| [from, into]);
    Ok(both.filter(|id| (after..=last).contains(id) && *id != after).collect())
}

/// The waits of a conversation and of every other one of its family, by their histories; a shell has none.
pub async fn family(conn: &mut Conn, of: Uuid) -> Result<HashMap<Uuid, Vec<Reckoned>>, Error> {
    let (mut members, mut joined, mut asked) = (Vec::new(), Vec::new(), BTreeSet::new());
    let (mut lines, mut open) = (Vec::new(), vec![of]);
    let mut parted: Vec<Parted> = Vec::new();
    while let Some(id) = open.pop() {
        if !asked.insert(id) {
            continue;
        }
        for (from, into, seq, at, undone_at) in
            rows!(conn, (Uuid, Uuid, i64, Millis, Option<Millis>), MERGES, id)?
        {
            open.extend([from, into]);
            let one = Joined { seq, at, from, into };
            if undone_at.is_none() && !joined.contains(&one) {
                joined.push(one);
            }
        }
        for (seq, from, into, message, home) in rows!(conn, (i64, Uuid, Uuid, Uuid, Uuid), SPLITS, id)? {
            open.extend([from, into, home]);
            let known = parted.iter().position(|one| one.seq == seq).unwrap_or_else(|| {
                parted.push(Parted { seq, into, homes: HashMap::new() });
                parted.len() - 1
            });
            parted[known].homes.insert(message, home);
        }
        let just_before = Uuid::from_u128(id.as_u128() - 1);
        for Told { id, desk_id, .. } in next(conn, just_before, 1).await? {
            members.push((id, History::begun_at(desk_id)));
        }
        // The first conversation after the one before: none has the greatest number of all.
        let mut place = (just_before, i64::MAX);
        loop {
            let some = self::lines(conn, place, id, LINES_AT_ONCE).await?;
            let Some(newest) = some.last() else { break };
            place = (newest.conversation_id, newest.seq);
            lines.extend(some);
        }
    }
    lines.sort_by_key(|line| line.seq);
    let mut family = Family::of(members, joined, parted);
    lines.iter().for_each(|line| family.then(line));
    Ok(family.waits())
}

/// Keeps what the history says of a conversation's waits; one that stays keeps its id, others get the ids in `spare` and
/// then new ones. Gives since when the patron waits.
pub async fn keep(
    tx: &mut Tx,
    conversation: Uuid,
    waits: Vec<Reckoned>,
    mut spare: impl FnMut() -> Uuid,
) -> Result<Option<Millis>, Error> {
    let just_before = Uuid::from_u128(conversation.as_u128() - 1);
    let mut were = kept(tx, just_before, conversation).await?;
    let open = waits.iter().find(|wait| wait.end.is_none()).map(|wait| wait.opened_at);
    let named = waits.into_iter().map(|wait| {
        let same = were.iter().position(|one| one.opened_by == wait.opened_by);
        (same.map_or_else(&mut spare, |at| were.swap_remove(at).id), wait)
    });
    replace(tx, conversation, &named.collect::<Vec<_>>()).await?;
    Ok(open)
}

/// The same of a conversation and of every other one of its family; gives since when the patron waits in each.
pub async fn keep_all(
    tx: &mut Tx,
    of: Uuid,
    mut spare: impl FnMut() -> Uuid,
) -> Result<HashMap<Uuid, Option<Millis>>, Error> {
    let mut since = HashMap::new();
    for (id, waits) in family(tx, of).await? {
        since.insert(id, keep(tx, id, waits, &mut spare).await?);
    }
    Ok(since)
}
