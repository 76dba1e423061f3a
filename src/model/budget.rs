//! Money: how a day's budget is spread over the day's reads, and what is kept back for answers.

use super::Millis;

/// A day, milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// Of ten parts of a budget, reading leaves one: a patron who was read should also be answered.
const PARTS: i64 = 10;

/// The first millisecond of the day, UTC: what platforms count by.
pub const fn day_of(now: Millis) -> Millis {
    now - now.rem_euclid(DAY_MS)
}

/// How a channel stands with its budget now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The most for this day, in millionths.
    pub budget_micros: i64,
    /// Used up today.
    pub spent_micros: i64,
    /// Of it for reading.
    pub read_micros: i64,
    /// How many reads that was.
    pub reads: i64,
}

/// Whether it may be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As its schedule says.
    Free,
    /// Not before, so that the day's budget lasts the day.
    NotBefore(Millis),
    /// Not today.
    Spent,
}

impl Standing {
    /// What is left today, in millionths.
    pub fn left_micros(&self) -> i64 {
        left_micros(self.budget_micros, self.spent_micros)
    }

    /// When the next read may be, had the last one just been.
    pub fn reading(&self, now: Millis) -> Reading {
        let for_reading = self.left_micros() - self.budget_micros / PARTS;
        if for_reading <= 0 {
            return Reading::Spent;
        }
        if self.reads <= 0 || self.read_micros <= 0 {
            return Reading::Free;
        }
        let time_left = day_of(now) + DAY_MS - now;
        let each = i128::from(self.read_micros) / i128::from(self.reads);
        let apart = i128::from(time_left) * each / i128::from(for_reading);
        match i64::try_from(apart).unwrap_or(DAY_MS) {
            0 => Reading::Free,
            apart => Reading::NotBefore(now + apart.min(time_left)),
        }
    }

    /// Whether anything at all may still be sent today.
    pub fn may_send(&self) -> bool {
        self.left_micros() > 0
    }
}

/// What is left of a budget of which so much is used up, in millionths; never less than nothing.
pub fn left_micros(budget_micros: i64, spent_micros: i64) -> i64 {
    budget_micros.saturating_sub(spent_micros).max(0)
}

/// Reads an amount as people write it, `5`, `4.98` or `0.005`, into millionths.
///
/// # Errors
/// A sentence, for anything else.
pub fn from_words(text: &str) -> Result<i64, String> {
    let wrong = || format!("\"{text}\" is no amount of money. Write it as 5 or 4.98, without the currency.");
    let (whole, parts) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || parts.len() > 6 || !digits(whole) || !digits(parts) {
        return Err(wrong());
    }
    let micros: i64 = format!("{parts:0<6}").parse().map_err(|_| wrong())?;
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000_000).and_then(|whole| whole.checked_add(micros)).ok_or_else(wrong)
}

/// An amount as people write it: `4.98 USD`; cents are enough but for amounts below one.
pub fn in_words(micros: i64, currency: &str) -> String {
    let (whole, rest) = (micros / 1_000_000, (micros % 1_000_000).abs());
    match rest / 10_000 {
        0 if rest > 0 && whole == 0 => format!("0.{rest:06} {currency}").replace("000 ", " "),
        cents => format!("{whole}.{cents:02} {currency}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Midnight.
    const DAY: Millis = 20_000 * DAY_MS;

    fn standing(read_micros: i64, reads: i64) -> Standing {
        Standing { budget_micros: 1_000_000, spent_micros: read_micros, read_micros, reads }
    }

    #[test]
    fn a_channel_that_has_used_nothing_is_read_as_its_schedule_says() {
        assert_eq!(standing(0, 0).reading(DAY), Reading::Free);
        assert_eq!(standing(0, 500).reading(DAY), Reading::Free, "reads that bring nothing cost nothing");
    }

    #[test]
    fn what_is_left_is_spread_over_what_is_left_of_the_day() {
        // 400,000 used by 40 reads at noon: 500,000 left for reading is 50 reads in 12 hours.
        let noon = DAY + DAY_MS / 2;
        assert_eq!(standing(400_000, 40).reading(noon), Reading::NotBefore(noon + DAY_MS / 2 / 50));
    }

    #[test]
    fn the_last_tenth_is_for_answers() {
        let standing = standing(900_000, 90);
        assert_eq!(standing.reading(DAY), Reading::Spent);
        assert!(standing.may_send());
        assert!(!Standing { spent_micros: 1_000_000, ..standing }.may_send());
    }

    #[test]
    fn amounts_are_read_as_people_write_them_and_nothing_else_is() {
        for (text, micros) in [("5", 5_000_000), ("5.00", 5_000_000), ("0.005", 5_000), ("12.5", 12_500_000)]
        {
            assert_eq!(from_words(text), Ok(micros), "{text}");
        }
        for text in ["", ".", ".5", "-1", "+1", "5,00", "5 USD", "1e3", "0.0000001", "9223372036854775808"] {
            assert!(from_words(text).is_err_and(|why| why.ends_with('.')), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_on_a_bill() {
        assert_eq!(in_words(4_980_000, "USD"), "4.98 USD");
        assert_eq!(in_words(5_000_000, "USD"), "5.00 USD");
        assert_eq!(in_words(5_000, "USD"), "0.005 USD");
        assert_eq!(in_words(0, "EUR"), "0.00 EUR");
    }

    proptest! {
        /// Reads that each cost the same never overspend, however the day goes.
        #[test]
        fn a_day_of_reads_at_a_steady_price_keeps_the_budget(price in 1_000i64..60_000, interval in 5_000i64..900_000) {
            let (mut now, mut spent, mut reads) = (DAY, 0, 0);
            while now < DAY + DAY_MS {
                let standing = standing(spent, reads);
                match standing.reading(now) {
                    Reading::Spent => break,
                    Reading::NotBefore(at) if reads > 0 => now = at.max(now + interval),
                    _ => now += interval,
                }
                if now < DAY + DAY_MS {
                    spent += price;
                    reads += 1;
                }
            }
            prop_assert!(spent <= 900_000 + price, "{spent} by {reads} reads");
        }
    }
}
