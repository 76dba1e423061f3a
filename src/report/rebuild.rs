//! Can the numbers be defended? Every wait is reckoned anew from the history and compared with what is kept.

use std::collections::HashMap;

use futures::FutureExt;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, number_in_words};
use crate::model::history::{History, Kept, Reckoned, differences, moment};
use crate::store::histories::{self, Told};
use crate::store::{Conn, Tx, conversations};

/// So many conversations are looked at together; more are never in memory.
const CONVERSATIONS_AT_ONCE: i64 = 200;
const LINES_AT_ONCE: i64 = 4_000;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Conversations.
    pub conversations: u64,
    /// Lines of their histories that matter to waits.
    pub lines: u64,
    /// Waits that they come to.
    pub waits: u64,
    /// Sentences about what differs.
    pub differences: u64,
}

/// What is told on the way.
#[derive(Clone, Copy, Debug)]
pub enum News<'a> {
    /// So much was read.
    Read(Read),
    /// The waits of this conversation differ, in words.
    Differs(&'a str),
}

/// Compares every conversation's waits with its history, and keeps what the history says where `mend` is set. What is
/// written meanwhile does no harm: each conversation is read at one moment, and mended while nobody else changes it.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn rebuild(app: &App, mend: bool, tell: &mut (dyn FnMut(News<'_>) + Send)) -> Result<Read> {
    let mut read = Read::default();
    let mut after = Uuid::nil();
    loop {
        let found = {
            let mut conn = app.db.snapshot().await?;
            let told = histories::next(&mut conn, after, CONVERSATIONS_AT_ONCE).await?;
            let Some(last) = told.last().map(|one| one.id) else { return Ok(read) };
            let found = look(&mut conn, after, told, &mut read).await?;
            after = last;
            found
        };
        for (conversation, differences) in found {
            for one in &differences {
                read.differences += 1;
                tell(News::Differs(&format!("{}: {one}", number_in_words(conversation.number))));
            }
            if mend {
                mended(app, conversation.id).await?;
            }
        }
        tell(News::Read(read));
    }
}

/// Those of these conversations that differ, and in what.
async fn look(
    conn: &mut Conn,
    after: Uuid,
    told: Vec<Told>,
    read: &mut Read,
) -> Result<Vec<(Told, Vec<String>)>> {
    let Some(last) = told.last().map(|one| one.id) else { return Ok(Vec::new()) };
    let mut kept: HashMap<Uuid, Vec<Kept>> = HashMap::new();
    for wait in histories::kept(conn, after, last).await? {
        kept.entry(wait.conversation_id).or_default().push(wait);
    }
    let mut reckoned = reckon(conn, after, &told, &mut read.lines).await?;
    for id in histories::in_families(conn, after, last).await? {
        let waits = histories::family(conn, id).await?.remove(&id);
        reckoned.insert(id, waits.unwrap_or_default());
    }
    let mut found = Vec::new();
    for one in told {
        let kept = kept.remove(&one.id).unwrap_or_default();
        let waits = reckoned.remove(&one.id).unwrap_or_default();
        read.conversations += 1;
        read.waits += waits.len() as u64;
        let mut differs = differences(&kept, &waits);
        differs.extend(row_differs(conn, &one, &waits).await?);
        if !differs.is_empty() {
            found.push((one, differs));
        }
    }
    Ok(found)
}

/// The waits of these conversations by their histories.
async fn reckon(
    conn: &mut Conn,
    after: Uuid,
    told: &[Told],
    lines: &mut u64,
) -> Result<HashMap<Uuid, Vec<Reckoned>>> {
    let mut histories: HashMap<Uuid, History> =
        told.iter().map(|one| (one.id, History::begun_at(one.desk_id))).collect();
    // The first conversation after `after`: none has the greatest number of all.
    let (mut place, last) = ((after, i64::MAX), told.last().map_or(after, |one| one.id));
    loop {
        let some = histories::lines(conn, place, last, LINES_AT_ONCE).await?;
        let Some(newest) = some.last() else { break };
        place = (newest.conversation_id, newest.seq);
        *lines += some.len() as u64;
        for line in &some {
            if let Some(history) = histories.get_mut(&line.conversation_id) {
                history.then(line);
            }
        }
    }
    Ok(histories.into_iter().map(|(id, history)| (id, history.waits())).collect())
}

/// Lists read since when a patron waits from the conversation's row: it must say what the open wait says, but while an
/// answer is on its way.
async fn row_differs(conn: &mut Conn, row: &Told, waits: &[Reckoned]) -> Result<Option<String>> {
    let open = waits.iter().find(|wait| wait.end.is_none()).map(|wait| wait.opened_at);
    let agrees = match (row.waiting_since, open) {
        (None, Some(_)) => histories::answer_on_its_way(conn, row.id).await?,
        (said, open) => said == open,
    };
    let since = |at: Option<Millis>| {
        at.map_or_else(|| "nobody waits".to_owned(), |at| format!("since {}", moment(at)))
    };
    Ok((!agrees).then(|| {
        format!(
            "Its row says of the patron's wait: {}. The history says: {}.",
            since(row.waiting_since),
            since(open)
        )
    }))
}

async fn mended(app: &App, conversation: Uuid) -> Result<()> {
    let owned = app.clone();
    app.db.write(move |tx| async move { mend_now(&owned, conversation, tx).await }.boxed()).await?;
    Ok(())
}

/// Once more, now that nobody else changes it; a wait that stays keeps its id.
async fn mend_now(app: &App, id: Uuid, tx: &mut Tx) -> Result<()> {
    let before = conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation"))?;
    // Alone it is a family of one.
    let waits = histories::family(tx, id).await?.remove(&id).unwrap_or_default();
    let open = histories::keep(tx, id, waits, || app.clock.id()).await?;
    let mut after = Conversation { waiting_since: open, ..before.clone() };
    match open {
        Some(_) if histories::answer_on_its_way(tx, id).await? => {
            after.waiting_since = before.waiting_since.and(open)
        }
        Some(since) => after.due_at = app.calendars.due(tx, before.desk_id, since, app.clock.now()).await?,
        None => {}
    }
    Ok(conversations::update(tx, &before, &after).await?)
}
