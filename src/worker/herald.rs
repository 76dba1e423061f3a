//! Tells other programs what happened. While no address is registered it sleeps: nothing but news wakes it, and not often.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::sync::broadcast::Receiver;

use super::work::Work;
use crate::app::App;
use crate::bus::News;
use crate::error::Result;
use crate::store::webhooks;
use crate::webhook::{self, Taken};

/// How long news waits for more where nobody is to be told: an address registered by another process is called so late.
const GATHERED: Duration = Duration::from_secs(5);

/// Events that addresses have not been told.
#[derive(Clone)]
pub(super) struct Herald {
    app: App,
    news: Arc<Mutex<Receiver<News>>>,
    /// Whether any address was registered when last looked.
    called_for: Arc<AtomicBool>,
}

impl Herald {
    pub(super) fn of(app: &App) -> Self {
        Self { app: app.clone(), news: Arc::new(Mutex::new(app.bus.listen())), called_for: Arc::default() }
    }
}

impl Work for Herald {
    type Piece = Taken;
    const NAME: &'static str = "The herald";
    const AT_ONCE: usize = 4;
    /// What is due has its moment, and what becomes due is news.
    const LONGEST_NAP: Duration = Duration::from_secs(24 * 3600);

    fn app(&self) -> &App {
        &self.app
    }

    async fn take(&self, most: usize) -> Result<Vec<Taken>> {
        let any = webhooks::any(&mut self.app.db.read().await?).await?;
        self.called_for.store(any, Ordering::Relaxed);
        if any { webhook::take(&self.app, most).await } else { Ok(Vec::new()) }
    }

    async fn carry_out(&self, taken: Taken) {
        let id = taken.webhook.id;
        if let Err(error) = webhook::tell(&self.app, taken).await {
            tracing::warn!(webhook = %id, %error, "a webhook's call could not be written down; it is called again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        webhooks::next_due(&mut self.app.db.read().await.ok()?).await.ok().flatten()
    }

    async fn woken(&self) {
        let mut news = self.news.lock().await;
        tokio::select! {
            () = self.app.bus.herald_woken() => {}
            () = an_event(&mut news) => {
                if !self.called_for.load(Ordering::Relaxed) {
                    tokio::select! {
                        () = self.app.bus.herald_woken() => {}
                        () = tokio::time::sleep(GATHERED) => {}
                    }
                }
            }
        }
        while news.try_recv().is_ok() {}
    }
}

/// Who fell behind has something to look at, too.
async fn an_event(news: &mut Receiver<News>) {
    while !matches!(news.recv().await, Ok(News::Event(_)) | Err(_)) {}
}
