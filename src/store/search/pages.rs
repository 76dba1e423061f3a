//! A page of the conversations in which a query holds, each once, where it holds at last: newest first.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::found::Question;
use super::messages::heard;
use super::rare::few;
use crate::model::conversation::Conversation;
use crate::model::conversation::View;
use crate::model::search::{Facts, Query};
use crate::store::lists::{self, Page, Position, Turn, shows};
use crate::store::{Conn, Error, drafts, watches};

/// How many messages are looked at for one page. What lies beyond comes with the next one.
const MOST_LOOKED_AT: usize = 4_000;
/// How many conversations are read through for one page.
const MOST_READ: usize = 500;

/// One page. It may hold fewer than asked for, or none, and yet have a next one: so far it was looked for.
pub(in crate::store) async fn page(
    conn: &mut Conn,
    asked: &lists::Query,
    query: &Query,
) -> Result<Page, Error> {
    if query.clauses.is_empty() {
        return Ok(Page::default());
    }
    let me = asked.staff;
    let drafts = if query.asks_for_drafts() { drafts::all_of(conn, me).await? } else { Vec::new() };
    let drafts = drafts.into_iter().map(|draft| draft.conversation_id).collect();
    let watched = if asked.view == View::Watching { watches::of(conn, me).await? } else { Vec::new() };
    let mut looking = Looking {
        asked,
        query,
        facts: Facts { me, now: asked.now, drafts },
        watched: watched.into_iter().collect(),
        with_spam: query.asks_for_spam(),
        after: asked.after.map_or(i64::MAX, |after| after.key),
        newest: HashMap::new(),
        page: Page::default(),
    };
    let written: Vec<Uuid> = looking.facts.drafts.iter().copied().collect();
    match few(conn, query, &written).await? {
        Some(candidates) => looking.among(conn, candidates).await?,
        None => looking.down(conn).await?,
    }
    Ok(looking.page)
}

struct Looking<'q> {
    asked: &'q lists::Query,
    query: &'q Query,
    facts: Facts,
    watched: HashSet<Uuid>,
    with_spam: bool,
    after: i64,
    /// Where the query holds at last, in each conversation that was read through.
    newest: HashMap<Uuid, Option<i64>>,
    page: Page,
}

impl Looking<'_> {
    fn may_show(&self, row: &Conversation) -> bool {
        shows(self.asked, &self.watched, row, self.with_spam) && !self.query.is_ruled_out(row, &self.facts)
    }

    /// Reads these conversations through.
    async fn read(&mut self, conn: &mut Conn, rows: &[Conversation]) -> Result<(), Error> {
        let by_id: HashMap<Uuid, &Conversation> = rows.iter().map(|row| (row.id, row)).collect();
        let ids: Vec<Uuid> = by_id.keys().copied().filter(|id| !self.newest.contains_key(id)).collect();
        let Self { newest, query, facts, .. } = self;
        heard(conn, &ids, query.needs_words(), |id, heard| {
            let at = by_id.get(&id).and_then(|row| query.newest(row, &heard, facts));
            newest.insert(id, at);
        })
        .await
    }

    /// Shows it, or finds that the page is full.
    fn show(&mut self, seq: i64, row: Conversation) -> bool {
        let full = self.page.items.len() == self.asked.limit;
        if !full {
            self.page.next = Some(Position { key: seq, id: row.id, turn: Turn::default() });
            self.page.items.push(row);
        }
        full
    }

    /// Every one of few.
    async fn among(&mut self, conn: &mut Conn, candidates: Vec<Conversation>) -> Result<(), Error> {
        let rows: Vec<Conversation> = candidates.into_iter().filter(|row| self.may_show(row)).collect();
        self.read(conn, &rows).await?;
        let mut placed: Vec<(i64, Conversation)> = rows
            .into_iter()
            .filter_map(|row| Some((self.newest.get(&row.id).copied().flatten()?, row)))
            .filter(|(seq, _)| *seq < self.after)
            .collect();
        placed.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        for (seq, row) in placed {
            if self.show(seq, row) {
                return Ok(());
            }
        }
        self.page.next = None;
        Ok(())
    }

    /// Message by message, from the newest down.
    async fn down(&mut self, conn: &mut Conn) -> Result<(), Error> {
        let question = Question::of(self.query, conn).await?;
        let every_one = self.query.needs_messages();
        let (mut seen, mut before, mut looked_at) = (HashSet::new(), self.after, 0);
        let mut window = (self.asked.limit * 2).clamp(100, 1_000);
        while looked_at < MOST_LOOKED_AT && self.newest.len() < MOST_READ {
            let found = question.ask(conn, before, window).await?;
            let exhausted = found.len() < window;
            looked_at += found.len();
            let mut candidates = Vec::with_capacity(found.len());
            for one in found {
                before = one.seq;
                let place = every_one || self.query.is_said_then(one.said_at);
                if place && !seen.contains(&one.conversation.id) && self.may_show(&one.conversation) {
                    candidates.push((one.seq, one.conversation));
                }
            }
            // What was said later than where the page before ended may have shown it there already.
            let uncertain = |row: &Conversation| every_one || row.seq >= self.after;
            let to_read: Vec<Conversation> =
                candidates.iter().filter(|(_, row)| uncertain(row)).map(|(_, row)| row.clone()).collect();
            self.read(conn, &to_read).await?;
            for (seq, row) in candidates {
                let here = self.newest.get(&row.id).is_none_or(|newest| *newest == Some(seq));
                if here && seen.insert(row.id) && self.show(seq, row) {
                    return Ok(());
                }
            }
            if exhausted {
                self.page.next = None;
                return Ok(());
            }
            window = (window * 2).min(1_000);
        }
        self.page.next = Some(Position { key: before, id: Uuid::nil(), turn: Turn::default() });
        Ok(())
    }
}
