//! How much of Meta's allowance is used: told with each answer, obeyed by what it is about.
//!
//! `X-App-Usage` is about the app and all its Pages; `X-Business-Use-Case-Usage` about one Page, apart for what it does.
//! Both count per cent. At 100 Meta refuses, and every further call makes it last longer; so reading waits earlier, and
//! leaves the rest to answers.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::trouble::MESSENGER;
use crate::contract::{Failure, Scope};

/// How long reading waits at a time while too much is used.
const EASE_MS: i64 = 5 * 60_000;
/// How long everything waits at 100 where Meta does not say how long.
const SHUT_MS: i64 = 15 * 60_000;
const MINUTE_MS: i64 = 60_000;

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The whole app.
    App,
    /// The Page, its posts and comments.
    Page,
    /// The Page's conversations.
    Messenger,
}

impl Lane {
    /// What must wait too when this lane is shut.
    pub fn scope(self) -> Scope {
        match self {
            Self::App => Scope::App,
            Self::Page => Scope::Account,
            Self::Messenger => Scope::Endpoint(MESSENGER.to_owned()),
        }
    }

    /// The lanes whose state a call in this one must look at: limits of the app and of the Page stop Messenger too.
    fn above(self) -> &'static [Self] {
        match self {
            Self::App => &[Self::App],
            Self::Page => &[Self::Page, Self::App],
            Self::Messenger => &[Self::Messenger, Self::Page, Self::App],
        }
    }
}

/// One reading of a gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The highest of the counts.
    pub percent: u32,
    /// Minutes until Meta listens again; 0: it does.
    pub regain_minutes: i64,
}

/// What is known of one channel's use.
#[derive(Debug, Default)]
pub struct Gauge(Mutex<BTreeMap<Lane, State>>);

#[derive(Clone, Copy, Debug)]
struct State {
    percent: u32,
    at: i64,
    shut_until: i64,
}

/// What the two headers say; what cannot be read says nothing.
pub fn read(app: Option<&str>, business: Option<&str>) -> Vec<(Lane, Reading)> {
    let json = |header: Option<&str>| serde_json::from_str::<Value>(header?).ok();
    let mut readings: Vec<(Lane, Reading)> =
        json(app).iter().map(|usage| (Lane::App, reading(usage))).collect();
    let business = json(business).unwrap_or_default();
    for usage in
        business.as_object().into_iter().flatten().flat_map(|(_, uses)| uses.as_array().into_iter().flatten())
    {
        let lane = match usage.get("type").and_then(Value::as_str) {
            Some("messenger") => Lane::Messenger,
            _ => Lane::Page,
        };
        readings.push((lane, reading(usage)));
    }
    readings
}

fn reading(usage: &Value) -> Reading {
    let number = |name| usage.get(name).and_then(Value::as_f64).unwrap_or(0.0).max(0.0);
    let counts = ["call_count", "total_time", "total_cputime"].map(number);
    let highest = counts.into_iter().fold(0.0, f64::max);
    Reading {
        percent: highest as u32,
        regain_minutes: number("estimated_time_to_regain_access").ceil() as i64,
    }
}

impl Gauge {
    /// Takes note of an answer's headers.
    pub fn note(&self, readings: &[(Lane, Reading)], now: i64) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (lane, Reading { percent, regain_minutes }) in readings.iter().copied() {
            let shut_until = match (percent, regain_minutes) {
                (_, minutes @ 1..) => now.saturating_add(minutes.saturating_mul(MINUTE_MS)),
                (100.., _) => now + SHUT_MS,
                _ => 0,
            };
            states.insert(lane, State { percent, at: now, shut_until });
        }
    }

    /// When Meta listens again to calls of this lane; none: now.
    pub fn shut_until(&self, lane: Lane, now: i64) -> Option<(i64, Lane)> {
        let states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shut = lane.above().iter().filter_map(|lane| Some((states.get(lane)?.shut_until, *lane)));
        shut.filter(|(until, _)| *until > now).max_by_key(|(until, _)| *until)
    }

    /// Refuses a call that would only make it worse.
    ///
    /// # Errors
    /// [`Failure::RateLimited`] until Meta listens again.
    pub fn check(&self, lane: Lane, now: i64) -> Result<(), Failure> {
        match self.shut_until(lane, now) {
            None => Ok(()),
            Some((until, shut)) => Err(Failure::RateLimited {
                until: Some(until),
                scope: shut.scope(),
                why: "Meta's allowance is used up; calls wait until it listens again.".to_owned(),
            }),
        }
    }

    /// Until when reading should wait although it may go on; none: no need.
    pub fn ease(&self, lane: Lane, ceiling: u32, now: i64) -> Option<i64> {
        let states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = lane.above().iter().filter_map(|lane| states.get(lane));
        full.filter(|state| state.percent >= ceiling)
            .map(|state| state.at + EASE_MS)
            .max()
            .filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_791_277_331_000;

    #[test]
    fn a_full_messenger_stops_messenger_and_not_the_comments() {
        let gauge = Gauge::default();
        let header = r#"{"111":[{"type":"messenger","call_count":100,"total_cputime":3,"total_time":3,"estimated_time_to_regain_access":19}]}"#;
        gauge.note(&read(None, Some(header)), NOW);
        let Err(Failure::RateLimited { until, scope, .. }) = gauge.check(Lane::Messenger, NOW) else {
            panic!("it must wait")
        };
        assert_eq!((until, scope), (Some(NOW + 19 * 60_000), Scope::Endpoint("messenger".into())));
        assert!(gauge.check(Lane::Page, NOW).is_ok());
        assert!(gauge.check(Lane::Messenger, NOW + 19 * 60_000).is_ok());
    }

    #[test]
    fn a_full_app_stops_everything() {
        let gauge = Gauge::default();
        gauge.note(&read(Some(r#"{"call_count":28,"total_time":101,"total_cputime":25}"#), None), NOW);
        assert!(matches!(
            gauge.check(Lane::Messenger, NOW),
            Err(Failure::RateLimited { scope: Scope::App, until: Some(_), .. })
        ));
        assert!(gauge.check(Lane::Page, NOW).is_err());
    }

    #[test]
    fn reading_waits_above_the_ceiling_and_answers_may_leave() {
        let gauge = Gauge::default();
        gauge.note(&read(None, Some(r#"{"111":[{"type":"pages","call_count":85}]}"#)), NOW);
        assert!(gauge.ease(Lane::Page, 80, NOW).is_some_and(|until| until > NOW));
        assert!(gauge.check(Lane::Page, NOW).is_ok());
        assert_eq!(gauge.ease(Lane::Page, 90, NOW), None);
        gauge.note(&read(None, Some(r#"{"111":[{"type":"pages","call_count":20}]}"#)), NOW);
        assert_eq!(gauge.ease(Lane::Page, 80, NOW), None);
    }

    #[test]
    fn nonsense_in_a_header_says_nothing() {
        for header in ["", "[]", "{", r#"{"1":7}"#, r#"{"1":[null]}"#] {
            let readings = read(Some(header), Some(header));
            assert!(readings.iter().all(|(_, reading)| reading.percent == 0), "{header}: {readings:?}");
        }
    }
}
