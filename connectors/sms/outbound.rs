//! From a draft to the texts that leave: pure.

use serde::{Deserialize, Serialize};

use super::segments::{self, segments};
use super::settings::{self, Config};
use super::{files, gsm, split};
use crate::contract::{Draft, Enclosure, Measure, Part, Reason, Refusal};

/// Longer texts are not cut for a preview.
const MOST_MEASURED_BYTES: usize = 64 << 10;

/// A text as it waits for its turn: everything that sending and finding it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    v: u8,
    /// E.164.
    pub to: String,
    /// As the patron will read it.
    pub body: String,
    /// What is paid for.
    pub segments: u32,
    /// Epoch milliseconds: nothing that the platform had before can be this text.
    pub composed_at: i64,
    /// Go along with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Enclosure>,
}

impl Outgoing {
    /// As stored.
    pub fn read(part: &Part) -> Option<Self> {
        serde_json::from_value(part.body.clone()).ok().filter(|outgoing: &Self| outgoing.v == 1)
    }
}

pub(super) fn refuse<T>(reason: Reason, why: String) -> Result<T, Refusal> {
    Err(Refusal { reason, why })
}

/// See [`crate::contract::Deliver::compose`]. `reachable`: whether the platform can fetch files from us.
pub fn compose(config: &Config, reachable: bool, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
    let id = &draft.to.address.id;
    let Some(to) = settings::number(id) else {
        return refuse(
            Reason::RecipientUnavailable,
            format!("“{id}” is a sender's name and not a number, so it cannot be answered."),
        );
    };
    files::check(reachable, &draft.enclosures, &to)?;
    let text = prepared(config, &draft.text);
    if text.is_empty() && draft.enclosures.is_empty() {
        return refuse(Reason::ContentRefused, "There is nothing to send yet.".to_owned());
    }
    let too_long = |used: u32| {
        let most = config.max_segments;
        refuse(
            Reason::TooLong,
            format!(
                "This takes {used} segments, and the channel sends at most {most}. Shorten it, or put the rest behind a link."
            ),
        )
    };
    // Cutting is not worth the while for what cannot go anyway.
    let whole = segments(&text);
    if whole > config.max_segments {
        return too_long(whole);
    }
    let texts = if text.is_empty() { vec![String::new()] } else { split::split(&text) };
    let used: u32 = texts.iter().map(|text| segments(text)).sum();
    if used > config.max_segments {
        return too_long(used);
    }
    let part = |(place, text): (usize, String)| Part {
        body: serde_json::json!(Outgoing {
            v: 1,
            to: to.clone(),
            segments: segments(&text).max(1),
            body: text.clone(),
            composed_at: now,
            files: if place == 0 { draft.enclosures.clone() } else { Vec::new() },
        }),
        text,
    };
    Ok(texts.into_iter().enumerate().map(part).collect())
}

/// See [`crate::contract::Deliver::measure`].
pub fn measure(config: &Config, text: &str) -> Measure {
    let text = prepared(config, text);
    let count = segments::count(&text);
    let mut notes: Vec<String> = count.words().into_iter().collect();
    let (used, parts) = if text.len() > MOST_MEASURED_BYTES {
        (count.segments, count.segments.div_ceil(split::MOST_SEGMENTS))
    } else {
        let texts = if text.is_empty() { Vec::new() } else { split::split(&text) };
        (texts.iter().map(|text| segments(text)).sum(), u32::try_from(texts.len()).unwrap_or(u32::MAX))
    };
    if parts > 1 {
        notes.push(format!("It leaves as {parts} texts, numbered in order."));
    }
    if used > config.max_segments {
        notes.push(format!("The channel sends at most {} segments.", config.max_segments));
    }
    Measure { used, parts, notes }
}

fn prepared(config: &Config, text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if config.plain { gsm::plain(&text) } else { text }
}
