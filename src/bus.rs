//! After commit, tell everyone. Within the process by a channel that remembers the last few hundred; whoever falls
//! further behind, or comes back, reads the history by number instead, so nothing is missed and nothing doubled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::model::event::Event;
use crate::model::viewing::Everybody;
use crate::store::Committed;

const REMEMBERED: usize = 1024;

/// Something everybody may want to know.
#[derive(Clone, Debug)]
pub enum News {
    /// A line was appended to the history.
    Event(Arc<Event>),
    /// A channel's health changed; read it again.
    Channel(Uuid),
    /// Who is where.
    Presence(Arc<Everybody>),
}

/// Where news is told and heard. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    news: broadcast::Sender<News>,
    outbox: Arc<Notify>,
    streams: Arc<Notify>,
    files: Arc<Notify>,
    webhooks: Arc<Notify>,
    told: Arc<Mutex<Told>>,
    there: Arc<Mutex<Arc<Everybody>>>,
}

/// Two who commit one after the other may come to tell in any order, and one of them may never come: numbers have no
/// gaps, so whatever came early waits here for those before it.
#[derive(Default)]
struct Told {
    /// The number to be told next; none: nobody follows the history, and everything is told as it comes.
    next: Option<i64>,
    early: BTreeMap<i64, Event>,
}

impl Bus {
    /// A bus that nobody listens to yet.
    pub fn new() -> Self {
        Self {
            news: broadcast::channel(REMEMBERED).0,
            outbox: Arc::default(),
            streams: Arc::default(),
            files: Arc::default(),
            webhooks: Arc::default(),
            told: Arc::default(),
            there: Arc::default(),
        }
    }

    /// Tells of what a transaction kept. Takes the commit's own proof: news of what was not kept cannot be told.
    pub fn publish(&self, committed: Committed) {
        committed.into_events().into_iter().for_each(|event| self.relay(event));
    }

    /// From now on tells every event after `seq` once and in the order of the numbers. Whoever calls this relays the
    /// history from there (`store::wake::follow`), so that no gap stays open.
    pub fn tell_in_order_after(&self, seq: i64) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.next = Some(seq + 1);
    }

    /// Tells of an event read in the history; one that was told is not told again.
    pub fn relay(&self, event: Event) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut next) = told.next else { return self.send(event) };
        if event.seq >= next {
            told.early.insert(event.seq, event);
        }
        while let Some(event) = told.early.remove(&next) {
            self.send(event);
            next += 1;
        }
        told.next = Some(next);
    }

    fn send(&self, event: Event) {
        // Nobody listening is no failure.
        let _ = self.news.send(News::Event(Arc::new(event)));
    }

    /// Tells that a channel's health changed.
    pub fn channel_changed(&self, channel: Uuid) {
        let _ = self.news.send(News::Channel(channel));
    }

    /// Tells who is where, unless everybody was told the same last time.
    pub fn presence(&self, now: &Arc<Everybody>) {
        let mut there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two who read one after the other, the later one knows better.
        if now.at < there.at {
            return;
        }
        let same = there.shows_like(now);
        *there = Arc::clone(now);
        if !same {
            let _ = self.news.send(News::Presence(Arc::clone(now)));
        }
    }

    /// Hears everything from now on.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Tells the sender that something is due.
    pub fn wake_sender(&self) {
        self.outbox.notify_one();
    }

    /// Tells the poller that something is new somewhere.
    pub fn wake_poller(&self) {
        self.streams.notify_one();
    }

    /// Tells the fetcher that a file is to be fetched.
    pub fn wake_fetcher(&self) {
        self.files.notify_one();
    }

    /// Tells the herald that there is another address to call.
    pub fn wake_herald(&self) {
        self.webhooks.notify_one();
    }

    /// Resolves when there is another address to call since last asked.
    pub async fn herald_woken(&self) {
        self.webhooks.notified().await;
    }

    /// Resolves when a file is to be fetched since last asked.
    pub async fn fetcher_woken(&self) {
        self.files.notified().await;
    }

    /// Resolves when something became new since last asked.
    pub async fn poller_woken(&self) {
        self.streams.notified().await;
    }

    /// Resolves when something became due since last asked.
    pub async fn sender_woken(&self) {
        self.outbox.notified().await;
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Kind;

    fn event(seq: i64) -> Event {
        Event {
            seq,
            at: 0,
            kind: Kind::Note,
            conversation_id: Uuid::nil(),
            message_id: None,
            staff_id: None,
            actor_name: "Ana".to_owned(),
            detail: None,
        }
    }

    #[test]
    fn whoever_is_late_is_waited_for_and_nobody_is_told_twice() {
        let bus = Bus::new();
        let mut heard = bus.listen();
        bus.tell_in_order_after(6);
        for seq in [8, 9, 7, 7, 8, 6, 11, 9, 10] {
            bus.relay(event(seq));
        }
        let mut order = Vec::new();
        while let Ok(News::Event(event)) = heard.try_recv() {
            order.push(event.seq);
        }
        assert_eq!(order, [7, 8, 9, 10, 11]);
    }
}
