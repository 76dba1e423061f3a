//! Where a part is let out: with one stroke it is seen whose it is and written down that it may have left. Who was stopped on
//! the way and wakes up finds it shut.

use std::sync::atomic::{AtomicBool, Ordering};

use connectors::contract::{BoxFuture, Failure, Fence};
use futures::FutureExt;
use uuid::Uuid;

use super::lease::Lease;
use crate::app::App;
use crate::error::Error;
use crate::failpoint::{self, At};
use crate::model::delivery::Delivery;
use crate::store::deliveries;

/// For one try at one part.
pub(super) struct Exit<'a> {
    app: &'a App,
    delivery: Uuid,
    token: Uuid,
    /// This one counted.
    tries: i64,
    lease: &'a Lease,
    passed: AtomicBool,
}

impl<'a> Exit<'a> {
    /// Shut until it is asked. `delivery` counts this try already.
    pub(super) fn new(app: &'a App, delivery: &Delivery, token: Uuid, lease: &'a Lease) -> Self {
        let passed = AtomicBool::new(false);
        Self { app, delivery: delivery.id, token, tries: delivery.tries, lease, passed }
    }

    /// Whether the part may have left: otherwise it surely has not.
    pub(super) fn was_passed(&self) -> bool {
        self.passed.load(Ordering::Relaxed)
    }

    async fn is_ours(&self) -> Result<bool, Error> {
        let (id, token, tries) = (self.delivery, self.token, self.tries);
        let begin = self.app.db.write(move |tx| {
            async move { Ok::<_, Error>(deliveries::begin(tx, id, token, tries).await?) }.boxed()
        });
        let (begun, _) = begin.await?;
        if begun {
            failpoint::pass(At::SendingMarked);
        }
        // The clock is asked last: whoever slept since the mark was made has lost it meanwhile.
        Ok(begun && self.lease.holds().await)
    }

    async fn undo(&self) -> Result<bool, Error> {
        let (id, token) = (self.delivery, self.token);
        let undo = self.app.db.write(move |tx| {
            async move { Ok::<_, Error>(deliveries::undo_begin(tx, id, token).await?) }.boxed()
        });
        Ok(undo.await?.0)
    }
}

impl Fence for Exit<'_> {
    fn pass(&self) -> BoxFuture<'_, Result<(), Failure>> {
        async {
            let ours = self.is_ours().await;
            #[cfg(feature = "wrong-lease-without-fence")]
            let ours = if crate::wrong::is("lease-without-fence") { Ok(true) } else { ours };
            self.passed.store(matches!(ours, Ok(true)), Ordering::Relaxed);
            said(ours)
        }
        .boxed()
    }

    fn back(&self) -> BoxFuture<'_, Result<(), Failure>> {
        async {
            let ours = self.undo().await;
            self.passed.store(false, Ordering::Relaxed);
            said(ours)
        }
        .boxed()
    }
}

fn said(ours: Result<bool, Error>) -> Result<(), Failure> {
    let why = match ours {
        Ok(true) => return Ok(()),
        Ok(false) => {
            "It was taken back, or another process has taken it over; nothing left from here.".to_owned()
        }
        Err(error) => format!("That it leaves could not be written down, so it did not leave ({error})."),
    };
    Err(Failure::Transient { after_ms: None, why })
}
