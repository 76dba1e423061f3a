//! What a desk says by itself while it is closed: to whom, when, and in which words.

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::Millis;
use super::hours::Hours;

/// Nobody is told twice within this time, whatever they write and to which desk.
pub const APART_MS: i64 = 12 * 3_600_000;
/// Who wrote so shortly before now is told, although the desk may still have been open then: mail takes its time.
const LATELY_MS: i64 = 3_600_000;
/// Platforms say when to the second or the minute, and no two clocks agree.
const CLOCKS_APART_MS: i64 = 60_000;
/// Of a text, and of the short one.
const LONGEST: (usize, usize) = (2_000, 300);
/// What is said where little fits and the desk has no short text. It fits into one text message.
pub const SHORTEST: &str =
    "We are closed now and open again {opening}. We have your message and will answer it then.";

/// What a desk says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// With `{opening}`, `{desk}` and `{library}` in it.
    pub text: String,
    /// The same for where the first does not fit.
    pub short: Option<String>,
    /// Since when it says so: what was said before is not answered with it.
    pub changed_at: Millis,
}

impl Text {
    /// What may be said, the best first.
    pub fn variants(&self) -> impl Iterator<Item = &str> {
        [Some(self.text.as_str()), self.short.as_deref(), Some(SHORTEST)].into_iter().flatten()
    }
}

/// What decides whether a patron's message is answered so. The message itself is a person's, private and not spam.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// When the desk is open.
    pub hours: &'a Hours,
    /// Now.
    pub now: Millis,
    /// When the message was said.
    pub said_at: Millis,
    /// Nothing that was said before is answered: since then the desk says this, and the channel is connected.
    pub since: Millis,
    /// When this patron was last told, anywhere.
    pub told_patron_at: Option<Millis>,
    /// When it was last said in this conversation.
    pub told_here_at: Option<Millis>,
    /// When one of us last said something in this conversation.
    pub answered_at: Option<Millis>,
}

/// When the desk opens again, if the patron is to be told so.
pub fn decide(facts: &Facts<'_>) -> Option<Millis> {
    let &Facts { hours, now, .. } = facts;
    let opens_at = hours.next_open(now).filter(|opens_at| *opens_at > now)?;
    let in_this_closure = |at: Millis| hours.next_open(at.min(now)) == Some(opens_at);
    let is_recent = facts.said_at.saturating_add(CLOCKS_APART_MS) >= facts.since;
    let is_news = is_recent && in_this_closure(facts.said_at.saturating_add(LATELY_MS));
    let told_lately = facts.told_patron_at.is_some_and(|told_at| now < told_at.saturating_add(APART_MS));
    let known_here = facts.told_here_at.max(facts.answered_at).is_some_and(in_this_closure);
    (is_news && !told_lately && !known_here).then_some(opens_at)
}

/// A text as it leaves.
pub fn render(text: &str, opening: &str, desk: &str, library: &str) -> String {
    text.replace("{desk}", desk).replace("{library}", library).replace("{opening}", opening)
}

/// When that is, as a person says it to another at this moment: "today at 1 pm", "on Monday 4 January at 9:30 am".
pub fn opening_in_words(hours: &Hours, opens_at: Millis, now: Millis) -> String {
    let shown =
        |at| Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(hours.zone().clone());
    let (opens, today) = (shown(opens_at), shown(now).date());
    format!("{} at {}", day_in_words(opens.date(), today), time_in_words(&opens))
}

fn day_in_words(day: Date, today: Date) -> String {
    match today.until(day).map_or(i32::MAX, |span| span.get_days()) {
        0 => "today".to_owned(),
        1 => format!("tomorrow, {},", day.strftime("%A")),
        2..7 => format!("on {}", day.strftime("%A")),
        _ => format!("on {}", day.strftime("%A %-d %B")),
    }
}

fn time_in_words(at: &Zoned) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (_, 0) => at.strftime("%-I %P").to_string(),
        _ => at.strftime("%-I:%M %P").to_string(),
    }
}

/// Reads what somebody wrote for a desk.
///
/// # Errors
/// A sentence: there is nothing in it, it is too long, or it names something that nobody knows.
pub fn read(text: &str, short: Option<&str>) -> Result<(String, Option<String>), String> {
    let short = short.map(str::trim).filter(|short| !short.is_empty());
    let text = text.trim();
    if text.is_empty() {
        return Err("There is nothing in the text. To say nothing, take it away.".to_owned());
    }
    for (what, text, longest) in [("text", Some(text), LONGEST.0), ("short text", short, LONGEST.1)] {
        let text = text.unwrap_or_default();
        if text.chars().count() > longest {
            return Err(format!("The {what} is longer than {longest} characters."));
        }
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            if !["opening", "desk", "library"].contains(&name) {
                return Err(format!(
                    "“{{{name}}}” in the {what} names nothing. There are {{opening}}, {{desk}} and {{library}}."
                ));
            }
            rest = after;
        }
    }
    Ok((text.to_owned(), short.map(str::to_owned)))
}

#[cfg(test)]
mod tests;
