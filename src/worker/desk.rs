//! Looks now and then for questions whose owner is not there while their patron's answer is due.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::work::stumble;
use crate::app::App;
use crate::conversation::idle;
use crate::error::Result;

/// A quarter of an hour is met well enough, and a program at rest sleeps.
const EVERY: Duration = Duration::from_secs(30);

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(error) = turn(&app).await {
            stumble("The look at who is not there", &error, &stop).await;
        }
    }
}

/// Puts back what must be now; gives how much that was.
pub(super) async fn turn(app: &App) -> Result<usize> {
    let mut returned = 0;
    for id in idle::due(app).await? {
        match idle::return_if_idle(app, id).await {
            Ok(done) => returned += usize::from(done),
            Err(error) => {
                tracing::warn!(conversation = %id, %error, "what somebody has who is not there could not be put back; it is tried again");
            }
        }
    }
    Ok(returned)
}
