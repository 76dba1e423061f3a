//! What arrives while the demonstration runs: a question every half minute or so.

use std::sync::Arc;
use std::time::Duration;

use connectors::simulator::Random;
use connectors::simulator::town::{Letter, Town};
use tokio_util::sync::CancellationToken;

use super::residents::Residents;
use super::story::{Arrival, Tales, name_and_address};
use crate::clock::Clock;

const LEAST_MS: u64 = 20_000;
const SPREAD_MS: usize = 20_000;
const AT_ONCE: u64 = 6;

/// Posts one arrival after the other until `stop`.
pub async fn run(
    town: Arc<Town>,
    residents: Residents,
    tales: Arc<Tales>,
    clock: Clock,
    seed: u64,
    stop: CancellationToken,
) {
    let chance = Random::seeded(seed);
    let mut number = chance.below(tales.arrivals.len());
    // Nobody should have to wait to see somebody write on the further platforms.
    (0..AT_ONCE).for_each(|number| town.talk(number));
    let mut talks = AT_ONCE;
    loop {
        let pause = LEAST_MS + chance.below(SPREAD_MS) as u64;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_millis(pause)) => {}
        }
        town.talk(talks);
        talks += 1;
        let arrival = &tales.arrivals[number % tales.arrivals.len()];
        residents.thanks_again(&arrival.from, &arrival.thanks);
        if let Err(error) = town.post(&letter(&tales, arrival, clock.now())) {
            tracing::warn!(%error, "nobody could write to the library just now");
        }
        number += 1;
    }
}

fn letter(tales: &Tales, arrival: &Arrival, now: i64) -> Letter {
    let (name, from) = name_and_address(&arrival.from);
    let desk = tales.library.desks.iter().find(|desk| desk.name == arrival.to);
    Letter {
        name,
        from,
        to: desk.map(|desk| desk.account.clone()).unwrap_or_default(),
        subject: arrival.subject.clone(),
        text: arrival.text.clone(),
        id: format!("arrival-{now}"),
        ..Letter::default()
    }
}
