//! Times as the API writes them: `2026-10-06T09:02:11.120Z` (RFC 3339, UTC, milliseconds).

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::model::Millis;

const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-10-06T09:02:11.120Z")]
pub(super) struct Time(pub Millis);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A platform may claim any time; one beyond the calendar is shown as its end.
        let at = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX);
        serializer.serialize_str(&PRINTER.timestamp_to_string(&at))
    }
}

/// A point in time as somebody writes it to us: RFC 3339, any offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-10-06T09:00:00+02:00")]
pub(super) struct Moment(pub Millis);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Cow::<str>::deserialize(deserializer)?;
        let at: Timestamp = written.parse().map_err(|_| {
            de::Error::custom(format!("{written:?} is no time; write one like 2026-10-06T09:00:00Z"))
        })?;
        Ok(Self(at.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_always_have_milliseconds() {
        let written = |at| serde_json::to_string(&Time(at)).expect("a string");
        assert_eq!(written(1_791_277_331_120), "\"2026-10-06T09:02:11.120Z\"");
        assert_eq!(written(0), "\"1970-01-01T00:00:00.000Z\"");
        assert_eq!(written(i64::MAX), "\"9999-12-30T22:00:00.999Z\"");
    }
}
