//! Keeps a batch one by one after the store refused it whole: what it will not take goes to held with its original, so
//! that one envelope never stops the stream it came by.

use std::sync::Arc;

use connectors::contract::{Event, Held, HeldReason};

use super::keep;
use super::ready::Ready;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::channel::{Channel, Intake};
use crate::store::streams::Place;

const REFUSED: &str = "This could be read but not filed: something in it is longer than the store takes. The original is kept here.";

pub(super) async fn accept(
    app: &App,
    channel: &Channel,
    prepared: Vec<Ready>,
    place: Option<Place>,
) -> Result<Intake> {
    let mut sum = Intake::default();
    for ready in prepared {
        let counts = match keep(app, channel, Arc::new(vec![ready.clone()]), None).await {
            Err(Error::Store(error)) if error.is_about_the_data() => {
                keep(app, channel, Arc::new(vec![hold(ready)]), None).await?
            }
            other => other?,
        };
        sum = sum + counts;
    }
    // The place comes last: a process that dies before it reads the same again and finds duplicates.
    keep(app, channel, Arc::default(), place).await?;
    Ok(sum)
}

fn hold(mut ready: Ready) -> Ready {
    let held = Held {
        reason: HeldReason::Unreadable,
        why: REFUSED.to_owned(),
        author: None,
        subject: None,
        receipt: None,
    };
    ready.envelope.held = Some(held.reason.as_str().to_owned());
    ready.envelope.held_why = Some(held.why.clone());
    ready.event = Event::Held(held);
    ready
}
