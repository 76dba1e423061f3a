//! The two ways in which mail writes a time.

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// RFC 9051 `date-time`: `06-Oct-2026 09:02:11 +0000`.
pub(super) fn internal(at_ms: i64) -> String {
    format(at_ms, "%d-%b-%Y %H:%M:%S +0000")
}

/// RFC 5322 `date-time`: `Tue, 06 Oct 2026 09:02:11 +0000`.
pub(super) fn header(at_ms: i64) -> String {
    format(at_ms, "%a, %d %b %Y %H:%M:%S +0000")
}

/// In words of the caller's choosing, as `strftime` has them, in UTC.
pub(super) fn format(at_ms: i64, how: &str) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    strtime::format(how, &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// Reads what [`internal`] writes, in any offset, with a space or a nought before a small day.
pub(super) fn parse_internal(text: &str) -> Option<i64> {
    let parsed = strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim_start()).ok()?;
    Some(parsed.to_timestamp().ok()?.as_millisecond())
}

/// Reads the `date` of a SEARCH, `6-Oct-2026`, as its first moment in UTC.
pub(super) fn parse_day(text: &str) -> Option<i64> {
    let day = strtime::parse("%d-%b-%Y", text).ok()?.to_date().ok()?;
    let start = day.to_zoned(TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_out_and_come_back() {
        let at_ms = 1_791_277_331_000;
        assert_eq!(internal(at_ms), "06-Oct-2026 09:02:11 +0000");
        assert_eq!(header(at_ms), "Tue, 06 Oct 2026 09:02:11 +0000");
        assert_eq!(parse_internal(&internal(at_ms)), Some(at_ms));
        assert_eq!(parse_internal(" 6-Oct-2026 11:02:11 +0200"), Some(at_ms));
        assert_eq!(parse_internal("yesterday"), None);
        assert_eq!(parse_day("6-Oct-2026"), Some(at_ms - 32_531_000));
        assert_eq!(parse_day("32-Oct-2026"), None);
    }
}
