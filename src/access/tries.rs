//! How often somebody may try to sign in: per account and per place, counted before anything is looked up, so that an
//! address nobody has is answered the same.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as Ticking, Reference};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use sha2::{Digest, Sha256};

use super::Caller;
use crate::clock::Clock;
use crate::error::{Error, Result};

/// For one account: this many at once, then one each so often.
const PER_ACCOUNT: (u32, Duration) = (10, Duration::from_secs(30));
/// For one place, behind which a whole branch may sit.
const PER_PLACE: (u32, Duration) = (60, Duration::from_secs(2));
/// When so many keys are remembered, those that are full again are forgotten.
const REMEMBERED: usize = 10_000;

/// The house's clock as the limiter wants it.
#[derive(Clone)]
struct Ticks(Clock);

impl Ticking for Ticks {
    type Instant = Duration;
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.now().max(0).unsigned_abs())
    }
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Duration>>;

/// The two limits.
pub(super) struct Tries {
    accounts: Limiter<[u8; 32]>,
    places: Limiter<IpAddr>,
}

impl Tries {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { accounts: limiter(PER_ACCOUNT, clock), places: limiter(PER_PLACE, clock) }
    }

    /// Counts a try by password.
    pub(super) fn password(&self, caller: &Caller, address: &str) -> Result<()> {
        self.link(caller)?;
        // Hashed, so that what is remembered has one size whatever was typed.
        let key = Sha256::digest(address.trim().to_lowercase().as_bytes()).into();
        check(&self.accounts, &key)
    }

    /// Counts a try by link: there is no account to count it for, and nobody guesses 256 bits.
    pub(super) fn link(&self, caller: &Caller) -> Result<()> {
        caller.address.map_or(Ok(()), |address| check(&self.places, &network(address)))
    }
}

/// Who has one IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 => v4,
    }
}

fn limiter<K: std::hash::Hash + Eq + Clone>((at_once, each): (u32, Duration), clock: &Clock) -> Limiter<K> {
    let burst = NonZeroU32::new(at_once).expect("written above");
    let quota = Quota::with_period(each).expect("written above").allow_burst(burst);
    RateLimiter::new(quota, HashMapStateStore::default(), Ticks(clock.clone()))
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<()> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| {
        let wait = until.earliest_possible().duration_since(limiter.clock().now());
        let wait = Duration::from_nanos(wait.as_u64());
        Error::TooManyTries {
            retry_after_s: wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(address: &str) -> Caller {
        Caller { address: Some(address.parse().expect("an address")), ..Caller::default() }
    }

    #[test]
    fn an_account_is_limited_from_wherever_it_is_tried() {
        let clock = Clock::frozen(1_700_000_000_000);
        let tries = Tries::new(&clock);
        for n in 0..PER_ACCOUNT.0 {
            tries.password(&caller(&format!("192.0.2.{n}")), "Ana@Example.org ").expect("within the burst");
        }
        let refused = tries.password(&caller("192.0.2.99"), "ana@example.org").expect_err("one too many");
        assert!(matches!(refused, Error::TooManyTries { retry_after_s: 30 }), "{refused:?}");
        tries.password(&caller("192.0.2.99"), "june@example.org").expect("another account");
        clock.advance(30_000);
        tries.password(&caller("192.0.2.99"), "ana@example.org").expect("half a minute later");
    }

    #[test]
    fn a_place_is_limited_whatever_it_tries() {
        let tries = Tries::new(&Clock::frozen(1_700_000_000_000));
        for n in 0..PER_PLACE.0 {
            tries.password(&caller("2001:db8::1"), &format!("{n}@example.org")).expect("within the burst");
        }
        assert!(tries.link(&caller("2001:db8::2")).is_err(), "the same network");
        assert!(tries.link(&caller("2001:db8:0:1::1")).is_ok(), "another one");
        assert!(tries.link(&caller("::ffff:192.0.2.1")).is_ok());
    }
}
