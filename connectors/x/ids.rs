//! X's ids: decimal numbers that grow with time ("snowflakes"). They are compared as numbers and kept as text, because
//! some are longer than what other languages count with.

/// The first millisecond of X's own calendar (2010-11-04T01:42:54.657Z).
const EPOCH_MS: i64 = 1_288_834_974_657;
/// Older ids were counted, not timed.
const FIRST_TIMED: u64 = 30_000_000_000;

/// Whether this is an id as X writes it in paths and bodies.
pub fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What ids are ordered by.
pub fn order(id: &str) -> (usize, &str) {
    let digits = id.trim_start_matches('0');
    (digits.len(), digits)
}

/// Whether `one` was made after `other`.
pub fn is_newer(one: &str, other: &str) -> bool {
    order(one) > order(other)
}

/// When the id was made, epoch milliseconds.
pub fn made_at(id: &str) -> Option<i64> {
    let number: u64 = id.parse().ok().filter(|number| *number >= FIRST_TIMED)?;
    i64::try_from(number >> 22).ok()?.checked_add(EPOCH_MS)
}

/// The least id that can be made at this moment.
pub fn first_at(at_ms: i64) -> String {
    let since = u64::try_from(at_ms.saturating_sub(EPOCH_MS)).unwrap_or(0);
    (since.min(u64::MAX >> 22) << 22).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_numbers() {
        assert!(is_newer("1000", "999"));
        assert!(!is_newer("0999", "999") && !is_newer("999", "1000"));
        assert!(is_newer("9223372036854775807", "999999999999999999"));
    }

    #[test]
    fn an_id_tells_its_time() {
        // X's own documentation gives this id with 2021-01-06T18:40:40Z.
        assert_eq!(made_at("1346889436626259968"), Some(1_609_958_440_344));
        assert_eq!(made_at(&first_at(1_791_277_331_000)), Some(1_791_277_331_000));
        assert_eq!(made_at("20"), None);
        assert_eq!(made_at("not a number"), None);
    }
}
