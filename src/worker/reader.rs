//! Reads the words of what was said before words were made as they are now. Ends when nothing is left; where other processes
//! may still be of the version before, it looks again from time to time.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::work::stumble;
use crate::app::App;
use crate::error::Result;
use crate::store::search;

/// So many messages share a transaction: everybody else's changes wait so long.
const AT_ONCE: i64 = 100;
/// Everybody else comes first.
const BREATH: Duration = Duration::from_millis(50);
/// What a process of the version before took in is found that much later.
const BETWEEN: Duration = Duration::from_secs(600);

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match turn(&app).await {
            Ok(0) if !app.db.is_shared() => return,
            Ok(0) => BETWEEN,
            Ok(_) => BREATH,
            Err(error) => {
                stumble("The reader of words", &error, &stop).await;
                continue;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Reads some; gives how many.
pub(super) async fn turn(app: &App) -> Result<usize> {
    Ok(search::read_some(&app.db, AT_ONCE).await?)
}
