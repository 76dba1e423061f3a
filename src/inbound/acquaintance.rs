//! Who of those who are there just now knows a patron, so that they are given what the patron asks before others are.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::event::length_in_words;
use crate::model::helper;
use crate::model::next::{Rung, Stack, Taker};
use crate::model::presence::Presence;
use crate::store::{Tx, helpers, next, standings};

/// Read once for a run of messages.
pub(super) struct Acquaintance {
    head_start_ms: i64,
    /// Who is at the desk, what they are called, what they can be given.
    there: HashMap<Uuid, (String, Taker)>,
}

/// That a question is kept for somebody.
pub(super) struct Kept {
    pub(super) for_whom: Uuid,
    pub(super) until: Millis,
    /// In words.
    pub(super) why: String,
}

impl Acquaintance {
    pub(super) async fn read(now: Millis, tx: &mut Tx) -> Result<Self> {
        let head_start_ms = helpers::head_start(tx).await?;
        let mut there = HashMap::new();
        if head_start_ms > 0 {
            for signs in standings::everybody(tx, now).await? {
                if signs.shown(now) == Presence::AtDesk {
                    let taker = next::taker(tx, signs.staff_id).await?;
                    there.insert(signs.staff_id, (signs.public_name, taker));
                }
            }
        }
        Ok(Self { head_start_ms, there })
    }

    /// For whom this new question is kept, and until when; none where its desk is closed or nobody who is there knows the
    /// patron and could take it.
    pub(super) async fn keep(
        &self,
        app: &App,
        row: &Conversation,
        now: Millis,
        tx: &mut Tx,
    ) -> Result<Option<Kept>> {
        if self.there.is_empty() {
            return Ok(None);
        }
        let until = match app.calendars.hours(tx, row.desk_id, now).await? {
            None => Some(now + self.head_start_ms),
            Some(hours) if hours.is_open(now) => hours.after_open(now, self.head_start_ms),
            Some(_) => None,
        };
        let Some(until) = until else { return Ok(None) };
        let last = helpers::last_owner(tx, row.patron_id, row.id).await?;
        let usual = helper::usual(&helpers::answers(tx, row.patron_id, row.id, now).await?);
        let stack = alone(row);
        let given =
            |staff: Uuid| self.there.get(&staff).is_some_and(|(_, taker)| taker.lack(&stack).is_none());
        Ok(helper::first(last, usual, given).map(|(for_whom, knows)| {
            let name = self.there.get(&for_whom).map_or("a colleague", |(name, _)| name);
            let length = length_in_words(self.head_start_ms);
            Kept { for_whom, until, why: format!("for {name} for {length}: {}", knows.in_words(name)) }
        }))
    }
}

/// A stack of this one.
fn alone(row: &Conversation) -> Stack {
    Stack {
        desk_id: row.desk_id,
        channel_id: row.channel_id,
        rung: Rung::of(row),
        skill: row.skill.clone(),
        language: row.language.clone(),
        offered: row.offered.clone(),
        conversations: 1,
        top: Some(row.id),
        due_at: Some(row.due_at),
    }
}
