//! The stories the demonstration tells, as they are written down in `stories/`.

use anyhow::{Context, bail};
use serde::Deserialize;

const LIBRARY: &str = include_str!("stories/library.toml");
const STORIES: [&str; 3] = [
    include_str!("stories/reference.toml"),
    include_str!("stories/lending.toml"),
    include_str!("stories/riverside.toml"),
];
const ARRIVALS: &str = include_str!("stories/arrivals.toml");

/// The library that does not exist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    pub name: String,
    pub zone: String,
    pub desks: Vec<Desk>,
    pub staff: Vec<Person>,
}

/// A desk with the account whose conversations land at it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    pub name: String,
    pub branch: String,
    pub promise_hours: i64,
    pub account: String,
    pub channel: String,
}

/// One of the staff.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub key: String,
    pub name: String,
    pub role: String,
}

/// A conversation from its first line on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub from: String,
    /// The desk's name.
    pub to: String,
    days_ago: Option<i64>,
    time: Option<String>,
    ago: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(default)]
    pub automatic: bool,
    /// Answers to this patron come back as undeliverable.
    #[serde(default)]
    pub gone: bool,
    /// What they say when somebody answers while the demonstration runs.
    pub thanks: Option<String>,
    #[serde(default, rename = "turn")]
    pub turns: Vec<Turn>,
}

/// What happens next in a conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Turn {
    after: String,
    pub who: Option<String>,
    pub does: Option<String>,
    pub reply: Option<String>,
    pub note: Option<String>,
    pub patron: Option<String>,
    pub done: bool,
}

/// What arrives while the demonstration runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub thanks: String,
}

/// Everything there is to tell.
#[derive(Debug)]
pub struct Tales {
    pub library: Library,
    pub stories: Vec<Story>,
    pub arrivals: Vec<Arrival>,
}

impl Tales {
    /// Reads them; a test holds that they can be read.
    pub fn read() -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Stories {
            story: Vec<Story>,
        }
        #[derive(Deserialize)]
        struct Arrivals {
            arrival: Vec<Arrival>,
        }
        let mut stories = Vec::new();
        for text in STORIES {
            stories.extend(toml::from_str::<Stories>(text).context("A story cannot be read")?.story);
        }
        let arrivals: Arrivals = toml::from_str(ARRIVALS).context("The arrivals cannot be read")?;
        let library = toml::from_str(LIBRARY).context("The library cannot be read")?;
        Ok(Self { library, stories, arrivals: arrivals.arrival })
    }
}

impl Tales {
    /// How many conversations the stories become: what a machine wrote becomes none.
    pub fn conversations(&self) -> u64 {
        self.stories.iter().filter(|story| !story.automatic).count() as u64
    }
}

impl Story {
    /// When it began, epoch milliseconds.
    pub fn began(&self, now: i64, zone: &jiff::tz::TimeZone) -> anyhow::Result<i64> {
        if let Some(ago) = &self.ago {
            return Ok(now - span_ms(ago)?);
        }
        let (Some(days), Some(time)) = (self.days_ago, &self.time) else {
            bail!("The story {} has no moment: write ago, or days_ago and time.", self.subject);
        };
        let time: jiff::civil::Time = time.parse().with_context(|| format!("{time} is no time of day"))?;
        let today = jiff::Timestamp::from_millisecond(now)?.to_zoned(zone.clone()).date();
        let day = today.checked_sub(jiff::Span::new().days(days))?;
        Ok(day.to_datetime(time).to_zoned(zone.clone())?.timestamp().as_millisecond())
    }
}

impl Turn {
    /// How long after the turn before it, milliseconds.
    pub fn after_ms(&self) -> anyhow::Result<i64> {
        span_ms(&self.after)
    }
}

/// `Name <address>`, apart.
pub fn name_and_address(from: &str) -> (String, String) {
    match from.split_once(" <") {
        Some((name, address)) => (name.to_owned(), address.trim_end_matches('>').to_owned()),
        None => (from.to_owned(), from.to_owned()),
    }
}

/// `2d 1h 30m`.
fn span_ms(text: &str) -> anyhow::Result<i64> {
    let mut sum = 0;
    for word in text.split_whitespace() {
        let unit = match word.chars().next_back() {
            Some('d') => 86_400_000,
            Some('h') => 3_600_000,
            Some('m') => 60_000,
            _ => bail!("{text} is no length of time: write 2d 1h 30m."),
        };
        let number: i64 =
            word[..word.len() - 1].parse().with_context(|| format!("{text} is no length of time"))?;
        sum += number * unit;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tale_can_be_told() {
        let tales = Tales::read().unwrap();
        let zone = jiff::tz::TimeZone::get(&tales.library.zone).unwrap();
        let now = 1_791_277_331_000;
        assert!(tales.stories.len() >= 40, "{}", tales.stories.len());
        assert!(tales.library.desks.len() >= 3 && tales.library.staff.len() >= 5);
        for story in &tales.stories {
            let mut at = story.began(now, &zone).unwrap();
            assert!(tales.library.desks.iter().any(|desk| desk.name == story.to), "{}", story.to);
            assert!(name_and_address(&story.from).1.contains('@'), "{}", story.from);
            for turn in &story.turns {
                at += turn.after_ms().unwrap();
                let acts = [&turn.does, &turn.reply, &turn.note, &turn.patron];
                assert_eq!(acts.iter().filter(|act| act.is_some()).count(), 1, "{}", story.subject);
                if let Some(who) = &turn.who {
                    assert!(tales.library.staff.iter().any(|person| person.key == *who), "{who}");
                }
            }
            assert!(at < now, "{} ends in the future", story.subject);
        }
    }

    #[test]
    fn lengths_of_time_add_up() {
        assert_eq!(span_ms("1d 2h 3m").unwrap(), 86_400_000 + 2 * 3_600_000 + 180_000);
        assert!(span_ms("soon").is_err());
    }
}
