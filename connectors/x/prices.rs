//! What X charges, and for what it has charged already: the same thing read again on the same day (UTC) costs nothing.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::contract::CostTable;

const DAY_MS: i64 = 86_400_000;
/// More than anybody reads in a day at these prices; beyond it things are counted twice rather than not at all.
const REMEMBERED: usize = 100_000;

/// In millionths of a dollar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// A mention that was read.
    pub mention_read: i64,
    /// A direct message that was read.
    pub dm_read: i64,
    /// A direct message that was sent.
    pub dm_sent: i64,
    /// A public answer.
    pub post_sent: i64,
    /// A public answer with a link in it.
    pub link_sent: i64,
    /// A direct message that X told of by itself.
    pub pushed: i64,
}

impl Prices {
    /// Reads `name=dollars, …`; what is not named costs nothing.
    ///
    /// # Errors
    /// A sentence, with the words that are none.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut prices = Self::default();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let wrong = || format!("\"{entry}\" is no price; one looks like dm_read=0.010.");
            let (name, dollars) = entry.split_once('=').ok_or_else(wrong)?;
            let price = match name.trim() {
                "mention_read" => &mut prices.mention_read,
                "dm_read" => &mut prices.dm_read,
                "dm_sent" => &mut prices.dm_sent,
                "post_sent" => &mut prices.post_sent,
                "link_sent" => &mut prices.link_sent,
                "pushed" => &mut prices.pushed,
                _ => return Err(wrong()),
            };
            *price = micros(dollars.trim()).ok_or_else(wrong)?;
        }
        Ok(prices)
    }

    /// The dearest of each kind but links, for which each part says its own price.
    pub fn table(&self) -> CostTable {
        CostTable {
            currency: "USD".to_owned(),
            read_micros: self.mention_read.max(self.dm_read),
            sent_micros: self.dm_sent.max(self.post_sent),
        }
    }
}

/// A price such as `0.015`, without the errors of binary fractions.
fn micros(dollars: &str) -> Option<i64> {
    let (whole, part) = dollars.split_once('.').unwrap_or((dollars, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > 6
        || whole.len() > 6
        || (whole.is_empty() && part.is_empty())
        || !is_digits(whole)
        || !is_digits(part)
    {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + part)
}

/// What was paid for today.
#[derive(Debug, Default)]
pub struct Paid(Mutex<(i64, HashSet<String>)>);

impl Paid {
    /// What reading these costs now, at `price` each.
    pub fn read<'a>(&self, ids: impl Iterator<Item = &'a str>, price: i64, now: i64) -> i64 {
        let today = now.div_euclid(DAY_MS);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != today {
            *known = (today, HashSet::new());
        }
        let mut fresh = 0;
        for id in ids {
            if known.1.contains(id) {
                continue;
            }
            fresh += 1;
            if known.1.len() < REMEMBERED {
                known.1.insert(id.to_owned());
            }
        }
        price.saturating_mul(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x::manifest::PRICES;

    #[test]
    fn prices_are_read_to_the_millionth() {
        let prices = Prices::read(PRICES).unwrap();
        assert_eq!((prices.mention_read, prices.dm_read, prices.link_sent), (5_000, 10_000, 200_000));
        assert_eq!(prices.table().sent_micros, 15_000);
        assert_eq!(Prices::read("dm_read=1").unwrap().dm_read, 1_000_000);
        for wrong in ["dm_read", "dm_read=", "dm_read=-1", "dm_read=a", "dm_read=0.0000001", "beer=1"] {
            assert!(Prices::read(wrong).unwrap_err().ends_with('.'), "{wrong}");
        }
    }

    #[test]
    fn the_same_thing_is_paid_once_a_day() {
        let paid = Paid::default();
        let noon = 1_791_244_800_000 + DAY_MS / 2;
        assert_eq!(paid.read(["a", "b"].into_iter(), 10, noon), 20);
        assert_eq!(paid.read(["a", "c"].into_iter(), 10, noon + 1), 10);
        assert_eq!(paid.read(["a", "c"].into_iter(), 10, noon + DAY_MS), 20);
    }
}
