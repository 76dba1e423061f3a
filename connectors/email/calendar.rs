//! Calendar invitations: one line for the reader; the file stays an attachment.

use super::mime::Part;
use super::names;

/// The part is an iCalendar object (RFC 5545).
pub fn is_calendar(part: &Part<'_>) -> bool {
    matches!(part.content_type.value.as_str(), "text/calendar" | "application/ics") && !part.is_container
}

/// `Calendar: Book club, 2026-05-03 14:00 (Europe/Berlin), Main library`, from the first event or task.
pub fn summary(text: &str) -> Option<String> {
    let mut found: [Option<String>; 3] = [None, None, None];
    let mut inside = false;
    let mut cancelled = false;
    for line in unfolded(text).take(2000) {
        let (name, value) = match line.split_once(':') {
            Some(pair) => pair,
            None => continue,
        };
        let (key, params) = name.split_once(';').unwrap_or((name, ""));
        match key.to_ascii_uppercase().as_str() {
            "METHOD" => cancelled = value.trim().eq_ignore_ascii_case("CANCEL"),
            "BEGIN" => inside = matches!(value.trim(), "VEVENT" | "VTODO") || inside,
            "END" if inside && matches!(value.trim(), "VEVENT" | "VTODO") => break,
            "SUMMARY" if inside => found[0] = Some(unescape(value)),
            "DTSTART" | "DUE" if inside && found[1].is_none() => found[1] = moment(value.trim(), params),
            "LOCATION" if inside => found[2] = Some(unescape(value)),
            _ => {}
        }
    }
    let said: Vec<String> = found.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    let label = if cancelled { "Calendar, cancelled" } else { "Calendar" };
    (!said.is_empty()).then(|| format!("{label}: {}", said.join(", ")))
}

/// Lines with their folds (a line end and one white space) undone.
fn unfolded(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.lines().peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.peek().and_then(|next| next.strip_prefix([' ', '\t'])) {
            if line.len() < 2000 {
                line.push_str(more);
            }
            lines.next();
        }
        Some(line)
    })
}

fn unescape(value: &str) -> String {
    names::harmless(
        &value
            .replace("\\n", " ")
            .replace("\\N", " ")
            .replace("\\,", ",")
            .replace("\\;", ";")
            .replace("\\\\", "\\"),
    )
}

/// `20260503T140000` with its zone.
fn moment(value: &str, params: &str) -> Option<String> {
    let digit =
        |range: std::ops::Range<usize>| value.get(range).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let day = format!("{}-{}-{}", digit(0..4)?, digit(4..6)?, digit(6..8)?);
    let (Some(hour), Some(minute)) = (digit(9..11), digit(11..13)) else {
        return Some(day);
    };
    let zone = params
        .split(';')
        .find_map(|param| param.strip_prefix("TZID="))
        .map(|zone| names::harmless(zone.trim_matches('"')));
    let zone = if value.ends_with('Z') { Some("UTC".to_owned()) } else { zone };
    Some(match zone {
        Some(zone) => format!("{day} {hour}:{minute} ({zone})"),
        None => format!("{day} {hour}:{minute}"),
    })
}
