//! What we believe of a channel, and how we say it (promise 9: a silent channel is loud).

use connectors::contract::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::roster::{Parts, Roster};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::channel::{Channel, State, Stream};
use crate::store::subscriptions::Subscription;
use crate::store::{Conn, channels, people};

/// A platform that stumbles once when it is asked whether it still calls us is no news.
const LOOKS_BEFORE_A_WORD: i64 = 2;

/// A channel's card: how it is, and what a person can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// "Up to date, last message 10:22".
    pub health: String,
    /// What to do; none: nothing.
    pub todo: Option<String>,
    /// How it is shown: one that is read but may not be called is behind, although it works.
    pub state: State,
    /// Since when.
    pub since: Millis,
}

/// Notes that something with the channel failed.
///
/// # Errors
/// When the store cannot be written.
pub async fn record(roster: &Roster, channel: Uuid, failure: &Failure) -> Result<()> {
    let state = match failure {
        Failure::NeedsSignin { .. } => State::NeedsSignin,
        Failure::AccountBlocked { .. } => State::Blocked,
        Failure::RateLimited { .. }
        | Failure::Transient { .. }
        | Failure::CursorInvalid { .. }
        | Failure::Ambiguous { .. }
        | Failure::Malformed { .. } => State::Degraded,
        // About one answer, not about the account.
        Failure::Permanent { .. } => return Ok(()),
    };
    note(roster, channel, state, Some(&failure.to_string())).await
}

/// Notes that the channel works.
///
/// # Errors
/// When the store cannot be written.
pub async fn recovered(roster: &Roster, channel: Uuid) -> Result<()> {
    note(roster, channel, State::Active, None).await
}

async fn note(roster: &Roster, channel: Uuid, state: State, why: Option<&str>) -> Result<()> {
    let known = roster.get(channel);
    // What a person switched off stays off; what is known already costs no transaction.
    if known.is_some_and(|open| {
        open.row.state == State::Paused || (open.row.state == state && open.row.state_why.as_deref() == why)
    }) {
        return Ok(());
    }
    if keep(roster.parts(), channel, state, why).await? {
        roster.reload(channel).await?;
    }
    Ok(())
}

/// Notes that a channel could not even be opened: unknown platform, damaged settings, another key.
pub(super) async fn cannot_open(parts: &Parts, row: &Channel, error: &Error) -> Result<()> {
    let why = error.to_string();
    tracing::warn!(channel = %row.id, why, "a channel could not be opened");
    if keep(parts, row.id, State::Blocked, Some(&why)).await? {
        parts.bus.channel_changed(row.id);
    }
    Ok(())
}

async fn keep(parts: &Parts, channel: Uuid, state: State, why: Option<&str>) -> Result<bool> {
    let (now, why) = (parts.clock.now(), why.map(str::to_owned));
    let (changed, committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(channels::set_state(tx, channel, state, now, why.as_deref()).await?) })
        })
        .await?;
    parts.bus.publish(committed);
    Ok(changed)
}

/// The library's own time zone.
///
/// # Errors
/// When the store cannot be read.
pub async fn zone(conn: &mut Conn) -> Result<TimeZone> {
    let library = people::library(conn).await?;
    Ok(library.and_then(|library| TimeZone::get(&library.zone).ok()).unwrap_or(TimeZone::UTC))
}

/// The channel's card in words, times as the library's clock shows them. `called`: what is known of the platform's calls, for
/// a channel that is called.
pub fn card(
    channel: &Channel,
    streams: &[Stream],
    called: Option<&Subscription>,
    last_message_at: Option<Millis>,
    now: Millis,
    zone: &TimeZone,
) -> Card {
    let since = clock_words(channel.state_since, now, zone);
    let why = channel.state_why.clone();
    let (health, todo) = match channel.state {
        State::Active => {
            if let Some(doubt) = called.filter(|called| is_in_doubt(called.failures)) {
                return not_called(channel, doubt, now, zone);
            }
            (active_words(streams, last_message_at, now, zone), None)
        }
        State::Degraded => {
            (format!("Behind since {since}. Nothing is lost; it is tried again by itself"), why)
        }
        State::NeedsSignin => (
            format!("Signed out since {since}. Messages wait on the platform and answers wait here"),
            why.or_else(|| Some("Sign this channel in again.".to_owned())),
        ),
        State::Blocked => (
            format!("Shut out since {since}. Messages wait on the platform and answers wait here"),
            why.or_else(|| Some("Look at the account on the platform itself.".to_owned())),
        ),
        State::Paused => (
            format!("Switched off since {since}"),
            Some("Switch it on again to catch up from where it stopped.".to_owned()),
        ),
    };
    Card { health, todo, state: channel.state, since: channel.state_since }
}

/// Whether nobody knows if the platform still calls us, after it was asked in vain so often in a row.
pub const fn is_in_doubt(failures: i64) -> bool {
    failures >= LOOKS_BEFORE_A_WORD
}

fn not_called(channel: &Channel, doubt: &Subscription, now: Millis, zone: &TimeZone) -> Card {
    let since = doubt.checked_at.unwrap_or(channel.created_at);
    let health = format!(
        "It may not call us since {}. Messages are read all the same, some minutes later, and nothing is lost",
        clock_words(since, now, zone)
    );
    Card { health, todo: doubt.last_error.clone(), state: State::Degraded, since }
}

fn active_words(streams: &[Stream], last_message_at: Option<Millis>, now: Millis, zone: &TimeZone) -> String {
    let backlog: i64 = streams.iter().filter_map(|stream| stream.backlog).sum();
    let read = streams.iter().any(|stream| stream.last_success_at.is_some());
    let last = last_message_at.map(|at| clock_words(at, now, zone));
    match (backlog, last) {
        (1.., _) => format!("Catching up, {backlog} still to come"),
        (_, Some(last)) => format!("Up to date, last message {last}"),
        _ if read => "Up to date, no message yet".to_owned(),
        _ => "Connected, not read yet".to_owned(),
    }
}

/// "10:22" today, "Mon 10:22" within a week, else "3 March".
pub(super) fn clock_words(at: Millis, now: Millis, zone: &TimeZone) -> String {
    let local = |ms| Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
    let (then, today) = (local(at), local(now));
    let format = match now - at {
        _ if then.date() == today.date() => "%H:%M",
        0..518_400_000 => "%a %H:%M",
        _ if then.year() == today.year() => "%-d %B",
        _ => "%-d %B %Y",
    };
    then.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn channel(state: State, why: Option<&str>) -> Channel {
        Channel {
            id: Uuid::nil(),
            name: "Ask".into(),
            kind: "k".into(),
            desk_id: Uuid::nil(),
            address: "ask@fernhill.example".into(),
            ours: String::new(),
            open_settings: "{}".into(),
            sealed_settings: Vec::new(),
            schedule: None,
            undo_hold_ms: None,
            budget_micros: None,
            state,
            state_since: at("2026-10-06T14:22:00Z"),
            state_why: why.map(str::to_owned),
            signin_ends_at: None,
            created_at: 0,
            removed_at: None,
        }
    }

    #[test]
    fn times_are_the_librarys_own_and_as_short_as_they_can_be() {
        let now = at("2026-10-06T20:00:00Z");
        let said = |then| clock_words(at(then), now, &zone());
        assert_eq!(said("2026-10-06T14:22:00Z"), "10:22");
        assert_eq!(said("2026-10-06T03:30:00Z"), "Mon 23:30");
        assert_eq!(said("2026-03-03T15:00:00Z"), "3 March");
        assert_eq!(said("2025-12-31T15:00:00Z"), "31 December 2025");
    }

    #[test]
    fn a_channel_in_order_says_when_it_last_brought_something() {
        let now = at("2026-10-06T20:00:00Z");
        let card = |last| card(&channel(State::Active, None), &[], None, last, now, &zone());
        assert_eq!(card(Some(at("2026-10-06T14:22:00Z"))).health, "Up to date, last message 10:22");
        let fresh = card(None);
        assert_eq!(
            (fresh.health.as_str(), fresh.todo, fresh.state),
            ("Connected, not read yet", None, State::Active)
        );
    }

    #[test]
    fn a_channel_that_may_not_be_called_is_behind_unless_something_worse_is_known() {
        let now = at("2026-10-06T20:00:00Z");
        let called = |failures| Subscription {
            channel_id: Uuid::nil(),
            next_check_at: now,
            failures,
            checked_at: Some(at("2026-10-06T14:22:00Z")),
            renewed_at: None,
            last_error: Some("The app may not subscribe.".into()),
        };
        let card =
            |state, failures| card(&channel(state, None), &[], Some(&called(failures)), None, now, &zone());
        assert_eq!(card(State::Active, 1).state, State::Active, "a platform that stumbles once is no news");
        let shown = card(State::Active, 2);
        assert!(shown.health.starts_with("It may not call us since 10:22. "), "{}", shown.health);
        assert_eq!(
            (shown.state, shown.todo.as_deref()),
            (State::Degraded, Some("The app may not subscribe."))
        );
        assert_eq!(card(State::Blocked, 9).state, State::Blocked);
        assert_eq!(card(State::Paused, 9).state, State::Paused);
    }

    #[test]
    fn a_channel_in_trouble_says_what_waits_where_and_what_to_do() {
        let now = at("2026-10-06T20:00:00Z");
        let shown = card(
            &channel(State::NeedsSignin, Some("Enter the new password.")),
            &[],
            None,
            None,
            now,
            &zone(),
        );
        assert_eq!(
            shown.health,
            "Signed out since 10:22. Messages wait on the platform and answers wait here"
        );
        assert_eq!(shown.todo.as_deref(), Some("Enter the new password."));
    }
}
