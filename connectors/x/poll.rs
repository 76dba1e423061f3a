//! Reads mentions and direct messages. X gives the newest first; they are kept oldest first wherever one reading reaches
//! down to what is known. Where it does not (too many pages, or the door shut on the way), what was found is kept and the
//! way down goes on from its place in the cursor.

use reqwest::Method;
use serde_json::Value;

use super::channel::Handle;
use super::cursor::{Cursor, Gap};
use super::settings::{Import, Read};
use super::trouble::{self, Deed};
use super::wire::{self, Includes};
use super::{fields, ids, inbound};
use crate::contract::{self, Batch, BoxFuture, Budget, Cost, Envelope, Failure, Poll, Stream, StreamId};
use crate::web::Api;

/// In one reading, so that a long way down leaves the door open for others.
const PAGES: u32 = 5;
/// Direct messages cannot be asked for by number: the newest are asked for each time, and each costs.
const FIRST_DIRECTS: u32 = 10;
const FULL_PAGE: u32 = 100;
/// X gives no more mentions than these, however many there were.
const MENTIONS_GIVEN: usize = 800;
const DAY_MS: i64 = 86_400_000;

/// A place to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Mentions,
    Directs,
}

impl Place {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Directs => "direct messages",
        }
    }

    const fn stream(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Directs => "dm",
        }
    }

    const fn deed(self) -> Deed {
        match self {
            Self::Mentions => Deed::Mentions,
            Self::Directs => Deed::Directs,
        }
    }
}

/// One page as X gave it.
pub(super) struct Page {
    items: Vec<Value>,
    includes: Includes,
    next: Option<String>,
    /// When this door opens again, where this was the last time for now.
    shut_until: Option<i64>,
}

/// An item that has not been kept, and the page it stood on.
struct Found {
    id: Option<String>,
    envelope: Envelope,
    token: Option<String>,
}

impl Handle {
    /// The places that the settings name.
    pub(super) fn wanted(&self) -> &'static [Place] {
        match self.config.read {
            Read::Both => &[Place::Mentions, Place::Directs],
            Read::Mentions => &[Place::Mentions],
            Read::Directs => &[Place::Directs],
        }
    }

    /// The newest id there, as cheaply as X allows.
    pub(super) async fn newest(&self, place: Place) -> Result<Option<String>, Failure> {
        let least = if place == Place::Mentions { 5 } else { 1 };
        let page = self.page(place, &Cursor::start(None), None, least).await?;
        Ok(page
            .items
            .iter()
            .filter_map(|item| wire::text(item, "id"))
            .max_by(|a, b| ids::order(a).cmp(&ids::order(b))))
    }

    async fn page(
        &self,
        place: Place,
        cursor: &Cursor,
        token: Option<&str>,
        size: u32,
    ) -> Result<Page, Failure> {
        let path = match place {
            Place::Mentions => format!("/2/users/{}/mentions", self.me().await?.id),
            Place::Directs => "/2/dm_events".to_owned(),
        };
        let mut query: Vec<(&str, String)> = vec![("max_results", size.to_string())];
        if place == Place::Mentions {
            query.extend(cursor.last.iter().map(|last| ("since_id", last.clone())));
            // X refuses both together.
            let from = cursor.from.filter(|_| cursor.last.is_none());
            query.extend(from.and_then(rfc3339).map(|from| ("start_time", from)));
        }
        query.extend(token.map(|token| ("pagination_token", token.to_owned())));
        let names = match place {
            Place::Mentions => fields::of_posts(self.config.older_names),
            Place::Directs => fields::of_directs(self.config.older_names),
        };
        let write = |api: &Api| api.request(Method::GET, &path).query(&query).query(names);
        let answer = self.as_account(place.deed(), &write).await?;
        let value: Value = answer.json()?;
        let items = wire::list(&value, "data").to_vec();
        // Nothing found is said by a count; neither is no page at all.
        if items.is_empty() && value.get("meta").is_none() {
            return Err(Failure::Malformed {
                raw: answer.body,
                why: format!("X gave no page when its {} were read. It is asked again.", place.name()),
            });
        }
        Ok(Page {
            items,
            includes: value.get("includes").map(Includes::read).unwrap_or_default(),
            next: value.get("meta").and_then(|meta| wire::text(meta, "next_token")),
            shut_until: trouble::shut_until(&answer),
        })
    }

    /// Decides what becomes of what is there when the channel is opened.
    async fn begin(&self, place: Place, budget: Budget) -> Result<Batch, Failure> {
        match self.config.import {
            Import::Everything => self.go_on(place, Cursor::start(None), budget).await,
            Import::Days(days) => {
                let from = self.account.outside.now().saturating_sub(i64::from(days).saturating_mul(DAY_MS));
                self.go_on(place, Cursor::start(Some(from)), budget).await
            }
            Import::New => {
                self.me().await?;
                let newest = self.newest(place).await?;
                let price = self.price(place);
                let micros =
                    self.paid.read(newest.iter().map(String::as_str), price, self.account.outside.now());
                let note = newest.is_some().then(|| {
                    format!(
                        "The {} that were there before stay on X; new ones are read from now on.",
                        place.name()
                    )
                });
                let cursor = Cursor::start(None).after(newest);
                let cost = Cost { requests: 1, micros };
                Ok(Batch { note, cost, ..batch(Vec::new(), &cursor) })
            }
        }
    }

    async fn go_on(&self, place: Place, cursor: Cursor, budget: Budget) -> Result<Batch, Failure> {
        // Both are told whose words are whose by our number.
        self.me().await?;
        let mut way = self.go_down(place, &cursor).await?;
        let most = budget.max_items.max(1);
        let (next, kept, more) = match (&cursor.gap, way.reached) {
            (None, true) => oldest_first(&cursor, way.found, most),
            _ => newest_first(&cursor, &way.rest, way.reached, way.found, most),
        };
        let given = kept.iter().filter_map(|found| found.id.as_deref()).count();
        if place == Place::Mentions && way.seen >= MENTIONS_GIVEN && cursor.last.is_some() && given > 0 {
            way.note = Some("There were more mentions than X gives (800). Older ones that were not read before can only be seen on X.".to_owned());
        }
        let envelopes = kept.into_iter().map(|found| found.envelope).collect();
        Ok(Batch {
            more: more && way.not_before.is_none(),
            not_before: way.not_before,
            note: way.note,
            cost: way.cost,
            ..batch(envelopes, &next)
        })
    }

    /// Walks down from the newest, or from where the last reading stopped, to what is known.
    async fn go_down(&self, place: Place, cursor: &Cursor) -> Result<Way, Failure> {
        let mut way = Way::default();
        let now = self.account.outside.now();
        let own = self.own();
        let gap = cursor.gap.as_ref();
        let mut token = gap.and_then(|gap| gap.token.clone());
        for number in 0..PAGES {
            let quick = place == Place::Directs && gap.is_none() && number == 0 && cursor.last.is_some();
            let size = if quick { FIRST_DIRECTS } else { FULL_PAGE };
            let page = match self.page(place, cursor, token.as_deref(), size).await {
                Ok(page) => page,
                Err(failure) => {
                    let failure = without_place(failure, cursor, token.is_some());
                    way.stop(failure)?;
                    break;
                }
            };
            way.cost.requests += 1;
            way.seen += page.items.len();
            let ids = page.items.iter().filter_map(|item| wire::text(item, "id")).collect::<Vec<_>>();
            way.cost.micros += self.paid.read(ids.iter().map(String::as_str), self.price(place), now);
            for item in &page.items {
                let id = wire::text(item, "id").filter(|id| ids::is_id(id));
                if let Some(id) = &id {
                    if cursor.leaves(id) {
                        way.reached = true;
                        continue;
                    }
                    if gap.is_some_and(|gap| !ids::is_newer(&gap.below, id)) {
                        continue;
                    }
                }
                let envelope = match place {
                    Place::Mentions => inbound::post(item, &page.includes, &own, now),
                    Place::Directs => inbound::direct(item, &page.includes, &own, now),
                };
                way.found.push(Found { id, envelope, token: token.clone() });
            }
            way.not_before = page.shut_until;
            way.reached |= page.next.is_none();
            token = page.next;
            if way.reached || way.not_before.is_some() {
                break;
            }
        }
        way.rest = token;
        Ok(way)
    }

    fn price(&self, place: Place) -> i64 {
        match place {
            Place::Mentions => self.config.prices.mention_read,
            Place::Directs => self.config.prices.dm_read,
        }
    }
}

/// What was found on the way down.
#[derive(Default)]
struct Way {
    /// As X gave it, newest first.
    found: Vec<Found>,
    /// It ended at what is known, or where X has nothing more.
    reached: bool,
    /// The page after the last one.
    rest: Option<String>,
    seen: usize,
    not_before: Option<i64>,
    note: Option<String>,
    cost: Cost,
}

impl Way {
    /// What was found before a failure is kept, if the failure is one that passes.
    fn stop(&mut self, failure: Failure) -> Result<(), Failure> {
        match failure {
            Failure::RateLimited { until: Some(until), .. } if !self.found.is_empty() => {
                self.not_before = Some(until);
                Ok(())
            }
            failure => Err(failure),
        }
    }
}

/// X forgets its page marks after a while; then the way down begins again, from where everything is kept.
fn without_place(failure: Failure, cursor: &Cursor, on_a_page: bool) -> Failure {
    match failure {
        Failure::AccountBlocked { why, .. } if on_a_page && cursor.gap.is_some() => Failure::CursorInvalid {
            reset: Some(cursor.after(None).write()),
            why: format!(
                "{why} Reading begins again at the newest; what is here already is not shown twice."
            ),
        },
        failure => failure,
    }
}

/// Everything up to what is known is in hand.
fn oldest_first(cursor: &Cursor, mut found: Vec<Found>, most: usize) -> (Cursor, Vec<Found>, bool) {
    found.reverse();
    // What has no number is not in the way of what has; it is given again until all the rest is kept, under the same name.
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    let more = found.len() > most;
    found.truncate(most);
    let last = found.iter().rev().find_map(|found| found.id.clone());
    (cursor.after(last), found, more)
}

/// There is more below: the newest are kept first, and the cursor remembers where.
fn newest_first(
    cursor: &Cursor,
    rest: &Option<String>,
    reached: bool,
    mut found: Vec<Found>,
    most: usize,
) -> (Cursor, Vec<Found>, bool) {
    let newest =
        found.iter().filter_map(|found| found.id.as_deref()).max_by(|a, b| ids::order(a).cmp(&ids::order(b)));
    let top = cursor.gap.as_ref().map(|gap| gap.top.clone()).or_else(|| newest.map(str::to_owned));
    let left = found.split_off(most.min(found.len()));
    let lowest =
        found.iter().filter_map(|found| found.id.as_deref()).min_by(|a, b| ids::order(a).cmp(&ids::order(b)));
    let below = lowest.map(str::to_owned).or_else(|| cursor.gap.as_ref().map(|gap| gap.below.clone()));
    let token = left.first().map_or_else(|| rest.clone(), |found| found.token.clone());
    let next = match (top, below) {
        (Some(top), _) if reached && left.is_empty() => cursor.after(Some(top)),
        (Some(top), Some(below)) => cursor.within(Gap { top, below, token }),
        _ => cursor.clone(),
    };
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    // While somebody walked down, others wrote: look at the newest again at once.
    let more = next != *cursor;
    (next, found, more)
}

fn order(found: &Found) -> (usize, &str) {
    found.id.as_deref().map_or((0, ""), ids::order)
}

fn batch(envelopes: Vec<Envelope>, next: &Cursor) -> Batch {
    Batch {
        envelopes,
        next: next.write(),
        more: false,
        not_before: None,
        backlog: None,
        note: None,
        cost: Cost::default(),
    }
}

fn rfc3339(ms: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(ms).ok()?;
    // Whole seconds are what every version of the API takes.
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

impl Poll for Handle {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let stream = |place: &Place| Stream {
            id: StreamId(place.stream().to_owned()),
            name: match place {
                Place::Mentions => "Mentions".to_owned(),
                Place::Directs => "Direct messages".to_owned(),
            },
            echoes: false,
        };
        Box::pin(async move { Ok(self.wanted().iter().map(stream).collect()) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a contract::Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(async move {
            let known =
                [Place::Mentions, Place::Directs].into_iter().find(|place| place.stream() == stream.0);
            let place = known.ok_or_else(|| Failure::AccountBlocked {
                until: None,
                why: format!("\"{stream}\" is no place to read on X."),
            })?;
            match cursor {
                None => self.begin(place, budget).await,
                Some(kept) => {
                    let cursor = Cursor::read(kept).ok_or_else(|| Failure::CursorInvalid {
                        // From the very beginning, whatever was to stay unread: what lies between is not known any more.
                        reset: Some(Cursor::start(None).write()),
                        why: format!("The place where reading {} was to go on cannot be read.", place.name()),
                    })?;
                    self.go_on(place, cursor, budget).await
                }
            }
        })
    }
}
