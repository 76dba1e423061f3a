//! The program is killed in the middle of its work, again and again, beside real mail servers; then everything is counted.
//! `make test-crash` runs this folder. `DESKBELL_SEED` repeats a run's moments (what falls into them stays the machine's
//! affair).

mod answers;
mod audience;
mod follower;
mod kept;
mod kills;
mod pair;
mod post;

use connectors::simulator::Random;

/// Chance, and the number that brings it back.
pub fn chance() -> Random {
    let told = std::env::var("DESKBELL_SEED").ok();
    let seed = told.map_or_else(any, |seed| seed.parse().expect("DESKBELL_SEED is a number"));
    eprintln!("DESKBELL_SEED={seed}");
    Random::seeded(seed)
}

fn any() -> u64 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    u64::from(u32::from_le_bytes(bytes))
}
