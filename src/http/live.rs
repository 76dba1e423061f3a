//! `/live`: everything that happens, as it happens (server-sent events). Who comes back with the last number they have
//! gets what came after it: nothing is missed, nothing comes twice.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use axum::response::sse::{self, Sse};
use futures::stream;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Http;
use super::channels;
use super::messages::Event;
use super::presence::Presence;
use super::problem::{Problem, Result};
use super::session::{SignedIn, signed_in};
use crate::bus::News;
use crate::error::Error;
use crate::model;
use crate::model::following::{Told, told};
use crate::store::{events, following, people};

/// Proxies close what is silent for longer; the session is looked at as often.
const PULSE: Duration = Duration::from_secs(15);
const REPLAYED_AT_ONCE: i64 = 500;
/// Who is further behind than this reads less by loading anew than by being told all of it.
const MOST_BEHIND: i64 = 10_000;
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Where to begin, and with what.
#[derive(Debug, Default, PartialEq, Eq, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The last number the caller has; the header `Last-Event-ID` goes before it. Left out: from now on.
    #[param(required = false)]
    after: Option<i64>,
    /// Only what happens at this desk, and to what the caller is asked to take; may be said several times. Left out: everything.
    #[param(required = false)]
    desk: Vec<Uuid>,
}

impl Asked {
    /// By hand: a desk may be said several times.
    fn read(query: &str) -> Result<Self> {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "after" => {
                    let number = value.parse().map_err(|_| Problem::unreadable("`after` is no number."))?;
                    asked.after = Some(number);
                }
                "desk" => {
                    let desk =
                        value.parse().map_err(|_| Problem::unreadable("`desk` is no id of a desk."))?;
                    asked.desk.push(desk);
                }
                other => {
                    return Err(Problem::unreadable(format!(
                        "`{other}` means nothing here: say `after` or `desk`. Nothing was changed."
                    )));
                }
            }
        }
        Ok(asked)
    }
}

/// A channel's health changed.
#[derive(Serialize, ToSchema)]
struct ChannelNews {
    channel_id: Uuid,
    state: model::channel::State,
    health: String,
    todo: Option<String>,
}

/// Everything that happens
///
/// `event: change` with `id: SEQ` and an Event as `data` for each line of the history; `event: channel` when a channel's
/// health changes; `event: presence` with a Presence when somebody comes, goes, looks at something else or begins to
/// reply. Ends when the session does. Who is more than 10,000 events behind is not told of them (422): load what you show
/// again, and follow from the number that came with it.
///
/// With `desk` only what happens to conversations at these desks is told, and to what the caller is asked to take. A line that
/// takes one of them elsewhere comes as `event: gone`, with the same data: it is at none of them any more. Now and then a
/// number comes without an event: nothing up to there was for the caller.
#[utoipa::path(get, path = "/live", operation_id = "follow", tag = "live", params(Asked),
    responses((status = 200, description = "Server-sent events", content_type = "text/event-stream", body = Event)))]
pub(super) async fn follow(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse> {
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    for desk in &asked.desk {
        people::desk(&mut http.app.db.read().await?, *desk).await?.ok_or(Error::Missing("desk"))?;
    }
    // Listening begins before reading: what happens in between is heard, and dropped again by its number.
    let (news, ended) = (http.app.bus.listen(), http.app.access.ended());
    let newest = events::newest(&mut http.app.db.read().await?).await?;
    let last = last_event_id(&headers)?.or(asked.after).unwrap_or(newest);
    if !(0..=newest).contains(&last) {
        return Err(Problem::invalid(format!(
            "The history ends at {newest}, so nothing can follow {last}. Load the page again."
        )));
    }
    if newest - last > MOST_BEHIND {
        return Err(Problem::invalid(format!(
            "{} events happened since {last}, too many to tell one by one. Load the page again; it then goes on from {newest}.",
            newest - last
        )));
    }
    let mut pulse = tokio::time::interval(PULSE);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pulse.reset();
    let follower = Follower {
        behind: last < newest,
        ready: VecDeque::new(),
        session: me.session,
        http,
        headers,
        news,
        ended,
        pulse,
        last,
        said: last,
        desks: asked.desk,
        staff: me.who.staff_id,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], Sse::new(events)))
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(id) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let number = id.to_str().ok().and_then(|id| id.parse().ok());
    number.map(Some).ok_or_else(|| Problem::unreadable("The header `Last-Event-ID` is no number."))
}

/// One open connection.
struct Follower {
    http: Http,
    /// As it was opened: asked again whether they still count.
    headers: HeaderMap,
    session: Option<Uuid>,
    news: Receiver<News>,
    ended: Receiver<Uuid>,
    pulse: Interval,
    /// The last number that was told, or was not for this one.
    last: i64,
    /// The last number that the caller has.
    said: i64,
    /// Only these are followed; empty: everything.
    desks: Vec<Uuid>,
    staff: Uuid,
    /// The store has more than was told.
    behind: bool,
    ready: VecDeque<sse::Event>,
}

impl Follower {
    /// What to tell next; nothing when this is over.
    async fn next(&mut self) -> Option<sse::Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.behind {
                // Where the store cannot be read, or there is too much in it, the caller comes back with its last number.
                self.catch_up().await.ok()?;
                continue;
            }
            tokio::select! {
                biased;
                () = self.http.stop.cancelled() => return None,
                ended = self.ended.recv() => match ended {
                    Ok(session) if Some(session) == self.session => return None,
                    Ok(_) => {}
                    Err(_) => self.check().await?,
                },
                _ = self.pulse.tick() => {
                    self.check().await?;
                    let pulse = sse::Event::default().comment("here");
                    if self.said == self.last {
                        return Some(pulse);
                    }
                    // Who comes back has all of this behind them, however little of it was theirs.
                    self.said = self.last;
                    return Some(pulse.id(self.last.to_string()));
                }
                news = self.news.recv() => self.hear(news).await?,
            }
        }
    }

    async fn hear(&mut self, news: std::result::Result<News, RecvError>) -> Option<()> {
        match news {
            Ok(News::Event(event)) if event.seq <= self.last => {}
            Ok(News::Event(event)) if event.seq == self.last + 1 => self.tell(&event).await.ok()?,
            // News may overtake each other on their way here; the store has them in order.
            Ok(News::Event(_)) | Err(RecvError::Lagged(_)) => self.behind = true,
            Ok(News::Channel(id)) => self.tell_channel(id).await,
            Ok(News::Presence(everybody)) => {
                let shown = Presence::of(&everybody, self.http.app.clock.now());
                if let Ok(told) = sse::Event::default().event("presence").json_data(&shown) {
                    self.ready.push_back(told);
                }
            }
            Err(RecvError::Closed) => return None,
        }
        Some(())
    }

    async fn catch_up(&mut self) -> Result<()> {
        let mut conn = self.http.app.db.read().await?;
        if events::newest(&mut conn).await? - self.last > MOST_BEHIND {
            return Err(Problem::invalid("Too much happened meanwhile."));
        }
        let missed = events::after(&mut conn, self.last, REPLAYED_AT_ONCE).await?;
        drop(conn);
        self.behind = i64::try_from(missed.len()).is_ok_and(|length| length == REPLAYED_AT_ONCE);
        for event in missed {
            self.tell(&event).await?;
        }
        Ok(())
    }

    async fn tell(&mut self, event: &model::event::Event) -> Result<()> {
        let name = match self.told(event).await? {
            Told::Whole => Some("change"),
            Told::Gone => Some("gone"),
            Told::Nothing => None,
        };
        self.last = event.seq;
        let Some(name) = name else { return Ok(()) };
        self.said = event.seq;
        let told = sse::Event::default().event(name).id(event.seq.to_string());
        if let Ok(told) = told.json_data(Event::from(event)) {
            self.ready.push_back(told);
        }
        Ok(())
    }

    async fn told(&self, event: &model::event::Event) -> Result<Told> {
        if self.desks.is_empty() {
            return Ok(Told::Whole);
        }
        let mut conn = self.http.app.db.read().await?;
        let place = following::place(&mut conn, event, self.staff).await?;
        Ok(place.map_or(Told::Nothing, |place| told(&self.desks, &place)))
    }

    async fn tell_channel(&mut self, id: Uuid) {
        // One that was taken away is no longer in the list; the page reads the list again.
        let Ok(Some(shown)) = channels::one(&self.http.app, id).await else { return };
        let news = ChannelNews { channel_id: id, state: shown.state, health: shown.health, todo: shown.todo };
        if let Ok(told) = sse::Event::default().event("channel").json_data(&news) {
            self.ready.push_back(told);
        }
    }

    /// Goes on only while whoever opened this is still signed in.
    async fn check(&self) -> Option<()> {
        signed_in(&self.http, &self.headers).await.ok().map(|_| ())
    }
}
