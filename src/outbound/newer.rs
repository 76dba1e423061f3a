//! What somebody who answers must read first.

use super::reply::Reply;
use crate::error::{Error, Result};
use crate::model::conversation::Conversation;
use crate::model::event::{Event, Kind as Happened};
use crate::model::message::{Direction, Message};
use crate::model::people::Who;
use crate::store::{Tx, events, merges, messages};

/// Promise 5: what a patron or a colleague has said since the writer last looked holds the answer back.
pub(super) async fn refuse(who: &Who, thread: &Conversation, reply: &Reply, tx: &mut Tx) -> Result<()> {
    if reply.anyway || thread.seq <= reply.seen {
        return Ok(());
    }
    let mut newer = Vec::new();
    // What joined since is news to whoever did not see it join, however old it is.
    for merge in merges::into(tx, thread.id).await?.iter().filter(|merge| merge.seq > reply.seen) {
        for home in merges::leading_to(tx, merge.from_id).await? {
            newer.extend(messages::of_thread(tx, thread.id, home, reply.seen).await?);
        }
    }
    newer.sort_by_key(|message| message.seq);
    newer.extend(messages::after(tx, thread.id, reply.seen).await?);
    let matters = |message: &Message| match message.direction {
        Direction::In => true,
        Direction::Out => !message.automatic && message.staff_id != Some(who.staff_id),
        Direction::Inside => false,
    };
    newer.retain(matters);
    let mut lines = events::of_conversation(tx, thread.id, None, 50).await?;
    lines.retain(|line| line.seq > reply.seen);
    // Whoever answers what is not here any more must know.
    let went = |line: &Event| line.kind == Happened::Split && line.staff_id != Some(who.staff_id);
    if newer.is_empty() && !lines.iter().any(went) {
        return Ok(());
    }
    Err(Error::Newer { messages: newer, events: lines, seen: thread.seq })
}
