//! After commit, tell everyone. Within the process by a channel that remembers the last few hundred; whoever falls
//! further behind, or comes back, reads the history by number instead, so nothing is missed and nothing doubled.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::model::event::Event;
use crate::store::Committed;

const REMEMBERED: usize = 1024;

/// Something everybody may want to know.
#[derive(Clone, Debug)]
pub enum News {
    /// A line was appended to the history.
    Event(Arc<Event>),
    /// A channel's health changed; read it again.
    Channel(Uuid),
}

/// Where news is told and heard. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    news: broadcast::Sender<News>,
    outbox: Arc<Notify>,
    streams: Arc<Notify>,
}

impl Bus {
    /// A bus that nobody listens to yet.
    pub fn new() -> Self {
        Self { news: broadcast::channel(REMEMBERED).0, outbox: Arc::default(), streams: Arc::default() }
    }

    /// Tells of what a transaction kept. Takes the commit's own proof: news of what was not kept cannot be told.
    pub fn publish(&self, committed: Committed) {
        for event in committed.into_events() {
            // Nobody listening is no failure.
            let _ = self.news.send(News::Event(Arc::new(event)));
        }
    }

    /// Tells of an event that another process kept.
    pub fn relay(&self, event: Event) {
        let _ = self.news.send(News::Event(Arc::new(event)));
    }

    /// Tells that a channel's health changed.
    pub fn channel_changed(&self, channel: Uuid) {
        let _ = self.news.send(News::Channel(channel));
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
