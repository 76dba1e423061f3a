//! Chance that repeats itself from the same seed.

use std::sync::Mutex;

use super::lock;

/// A seeded source of numbers (SplitMix64, Steele, Lea and Flood 2014). Not for secrets.
#[derive(Debug)]
pub struct Random {
    state: Mutex<u64>,
}

impl Random {
    /// The same seed gives the same numbers in the same order.
    pub fn seeded(seed: u64) -> Self {
        Self { state: Mutex::new(seed) }
    }

    /// The next number.
    pub fn number(&self) -> u64 {
        let mut state = lock(&self.state);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `limit`; 0 where `limit` is 0.
    pub fn below(&self, limit: usize) -> usize {
        let limit = limit.max(1) as u64;
        usize::try_from(self.number() % limit).unwrap_or_default()
    }

    /// One of these; nothing in particular where there are none.
    pub fn pick<T: Clone + Default>(&self, from: &[T]) -> T {
        from.get(self.below(from.len())).cloned().unwrap_or_default()
    }

    /// A word of sixteen hexadecimal digits, for ids and boundaries.
    pub fn word(&self) -> String {
        format!("{:016x}", self.number())
    }
}
