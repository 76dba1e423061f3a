//! The unclaimed in the order in which they are taken: who waits at their screen, what is late, what is urgent, everything
//! else. The index knows only until when each is due; the first and the third are few, and are looked up apart.

use uuid::Uuid;

use super::{LIVE, Page, Position, Query, Turn, UNCLAIMED, URGENT, filtered};
use crate::model::conversation::Conversation;
use crate::model::queue::{Rank, rank};
use crate::store::{Conn, Error};

/// One page of them.
pub(super) async fn unclaimed(conn: &mut Conn, query: &Query) -> Result<Page, Error> {
    let as_of = query.after.map_or(query.now, |after| after.turn.as_of);
    let begin = Position { key: i64::MIN, id: Uuid::nil(), turn: Turn { rank: Rank::Live, as_of } };
    let after = query.after.unwrap_or(begin);
    let mut found = Found { rows: Vec::new(), wanted: query.limit + 1, as_of };
    for turn in [Rank::Live, Rank::Late, Rank::Urgent, Rank::InTurn] {
        if turn < after.turn.rank || found.is_enough() {
            continue;
        }
        // What comes after everything that is late.
        let past_late = Position { key: as_of, id: Uuid::max(), ..after };
        let from = match turn {
            _ if turn == after.turn.rank => after,
            Rank::Late => begin,
            _ => past_late,
        };
        found.read(conn, query, turn, from).await?;
    }
    let Found { rows: mut items, .. } = found;
    let more = items.len() > query.limit;
    items.truncate(query.limit);
    let next = items.last().filter(|_| more).map(|last| Position {
        key: last.due_at,
        id: last.id,
        turn: Turn { rank: rank(last, as_of), as_of },
    });
    Ok(Page { items, next })
}

struct Found {
    rows: Vec<Conversation>,
    wanted: usize,
    as_of: i64,
}

impl Found {
    fn is_enough(&self) -> bool {
        self.rows.len() >= self.wanted
    }

    /// Those of one rank after a place, as many as are still wanted.
    async fn read(
        &mut self,
        conn: &mut Conn,
        query: &Query,
        turn: Rank,
        mut from: Position,
    ) -> Result<(), Error> {
        let texts = match turn {
            Rank::Live => LIVE,
            Rank::Urgent => URGENT,
            Rank::Late | Rank::InTurn => UNCLAIMED,
        };
        while !self.is_enough() {
            let limit = self.wanted - self.rows.len();
            let read = filtered(conn, texts, query, from, i64::try_from(limit).unwrap_or(i64::MAX)).await?;
            let exhausted = read.len() < limit;
            for row in read {
                from = Position { key: row.due_at, id: row.id, ..from };
                // Ordered by when they are due, those that are late come first.
                if turn == Rank::Late && row.due_at > self.as_of {
                    return Ok(());
                }
                if rank(&row, self.as_of) == turn {
                    self.rows.push(row);
                }
            }
            if exhausted {
                break;
            }
        }
        Ok(())
    }
}
