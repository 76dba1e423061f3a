//! The platform's several ways of writing a time.

use serde_json::Value;

/// Epoch milliseconds from what stands in JSON: milliseconds, seconds, either as text, or `2026-06-02T09:11:05+0000`.
pub fn read(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)).map(of_number)
        }
        Value::String(text) => of_text(text),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(of_number(number));
    }
    // RFC 3339 first; the Graph API leaves the colon of the offset out.
    let at = text
        .parse::<jiff::Timestamp>()
        .or_else(|_| jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text));
    at.ok().map(jiff::Timestamp::as_millisecond)
}

/// Message events count milliseconds, the feed counts seconds: no message is older than 1973 in milliseconds, none newer
/// than the year 5138 in seconds.
fn of_number(number: i64) -> i64 {
    if number.unsigned_abs() < 100_000_000_000 { number.saturating_mul(1000) } else { number }
}

/// As the Graph API writes it.
pub fn write(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_seen_on_the_wire_is_the_same_moment() {
        let at = 1_780_391_465_000;
        for form in [
            json!(at),
            json!(at / 1000),
            json!("1780391465"),
            json!("2026-06-02T09:11:05+0000"),
            json!("2026-06-02T09:11:05Z"),
            json!("2026-06-02T09:11:05.000+00:00"),
            json!("2026-06-02T11:11:05+0200"),
        ] {
            assert_eq!(read(&form), Some(at), "{form}");
        }
        assert_eq!(write(at), "2026-06-02T09:11:05+0000");
        for nonsense in [json!(null), json!("yesterday"), json!(""), json!({}), json!(true)] {
            assert_eq!(read(&nonsense), None, "{nonsense}");
        }
    }
}
