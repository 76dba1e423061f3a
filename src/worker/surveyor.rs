//! Asks each platform now and then which places there are to read: a folder may have been made, or a channel connected
//! while its platform was away.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::channel::connect;

const EVERY: Duration = Duration::from_secs(300);

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = look_around(&app) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// All at once: one platform that does not answer keeps no other's news.
async fn look_around(app: &App) {
    let mut asked: FuturesUnordered<_> = app
        .roster
        .all()
        .into_iter()
        .map(|open| async move { (open.row.id, connect::learn_streams(&app.roster, open.row.id).await) })
        .collect();
    while let Some((channel, learnt)) = asked.next().await {
        if let Err(error) = learnt {
            tracing::warn!(%channel, %error, "which places there are to read could not be kept; it is asked again");
        }
    }
}
