//! The patrons: what each says when the library answers, in the stories and afterwards.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use connectors::simulator::town::{Resident, Town};

use super::story::{Tales, name_and_address};

/// Within so many milliseconds somebody reads what they got and writes back, while the demonstration runs.
pub const PONDERS_MS: i64 = 30_000;
const THANKS: &str = "Thank you, that is a great help!";

#[derive(Default)]
struct Mind {
    /// Laid ready by the story that is being told.
    next: VecDeque<(i64, String)>,
    /// Said once, while the demonstration runs.
    thanks: Option<String>,
}

type Minds = Arc<Mutex<BTreeMap<String, Mind>>>;

/// Every patron of the town.
#[derive(Clone, Default)]
pub struct Residents {
    minds: Minds,
    ponder_ms: Arc<AtomicI64>,
}

impl Residents {
    /// Lets everybody of the tales move in.
    pub fn settle(town: &Town, tales: &Tales) -> anyhow::Result<Self> {
        let residents = Self::default();
        let of_stories = tales.stories.iter().filter(|story| !story.automatic).map(|story| &story.from);
        let everybody = of_stories.chain(tales.arrivals.iter().map(|arrival| &arrival.from));
        for (habit, from) in everybody.enumerate() {
            let (name, address) = name_and_address(from);
            let (minds, own) = (residents.minds.clone(), address.clone());
            let ponder_ms = residents.ponder_ms.clone();
            let react = move |_: &str| {
                let mut minds = minds.lock().unwrap_or_else(PoisonError::into_inner);
                let mind = minds.entry(own.clone()).or_default();
                // Some are faster than others, each always as fast.
                let share = 40 + own.bytes().map(i64::from).sum::<i64>() % 61;
                let ponders = ponder_ms.load(Ordering::Relaxed) * share / 100;
                mind.next.pop_front().or_else(|| mind.thanks.take().map(|thanks| (ponders, thanks)))
            };
            town.resident(&Resident { name, address, habit }, Box::new(react))?;
        }
        Ok(residents)
    }

    /// Lays ready what somebody says to the next answer, so many milliseconds after it.
    pub fn answers_next(&self, address: &str, answer: (i64, String)) {
        self.with(address, |mind| mind.next.push_back(answer));
    }

    /// From now on everybody thanks for an answer, once, after so many milliseconds at most.
    pub fn wake(&self, tales: &Tales, ponder_ms: i64) {
        self.ponder_ms.store(ponder_ms, Ordering::Relaxed);
        for story in tales.stories.iter().filter(|story| !story.gone) {
            let thanks = story.thanks.clone().unwrap_or_else(|| THANKS.to_owned());
            self.with(&name_and_address(&story.from).1, |mind| mind.thanks = Some(thanks));
        }
        for arrival in &tales.arrivals {
            self.thanks_again(&arrival.from, &arrival.thanks);
        }
    }

    /// Somebody who asks again will thank again.
    pub fn thanks_again(&self, from: &str, thanks: &str) {
        self.with(&name_and_address(from).1, |mind| mind.thanks = Some(thanks.to_owned()));
    }

    fn with(&self, address: &str, change: impl FnOnce(&mut Mind)) {
        let mut minds = self.minds.lock().unwrap_or_else(PoisonError::into_inner);
        change(minds.entry(address.to_lowercase()).or_default());
    }
}
