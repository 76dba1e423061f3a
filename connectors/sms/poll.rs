//! Asks the platform for texts, and for what became of ours.

use bytes::Bytes;
use reqwest::Method;
use url::form_urlencoded::Serializer;

use super::channel::Number;
use super::cursor::Place;
use super::inbound::{self, Happening, Own};
use super::settings::Import;
use super::wire::{self, Page, Resource};
use super::{API, trouble};
use crate::contract::{
    Batch, BoxFuture, Budget, Cost, Cursor, Envelope, Failure, Poll, ReceiptState, Stream, StreamId,
};

const RECEIVED: &str = "received";
const SENT: &str = "sent";
const DAY_MS: i64 = 86_400_000;
/// What was there before the channel is looked for so far back: further than any clock is wrong.
const BEFORE_US_DAYS: i64 = 7;
/// Word of a text is left for later until its sending must have been answered and noted.
const SETTLED_AFTER_MS: i64 = 120_000;
/// About what one text weighs in the list.
const BYTES_EACH: usize = 4096;

impl Poll for Number {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let stream = |id: &str, name: &str| Stream {
            id: StreamId(id.to_owned()),
            name: name.to_owned(),
            echoes: false,
        };
        let streams = vec![stream(RECEIVED, "Text messages"), stream(SENT, "Word of delivery")];
        Box::pin(async move { Ok(streams) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(self.read(stream.0 == SENT, cursor, budget))
    }
}

impl Number {
    async fn read(&self, ours: bool, cursor: Option<&Cursor>, budget: Budget) -> Result<Batch, Failure> {
        let now = self.account.outside.now();
        let mut place = match cursor {
            None => self.beginning(ours, now),
            Some(cursor) => Place::read(cursor).ok_or_else(|| Failure::CursorInvalid {
                reset: None,
                why: "The place in the list of texts cannot be read; it is read from the beginning."
                    .to_owned(),
            })?,
        };
        let path = place.walk.clone().unwrap_or_else(|| self.first_page(ours, &place, budget));
        let answer = self.ask(Method::GET, &path).await?;
        if !answer.is_success() {
            if place.walk.is_some() && matches!(answer.status, 400 | 404 | 410) {
                place.walk = None;
                return Err(Failure::CursorInvalid {
                    reset: Some(place.cursor()),
                    why: "Twilio does not know this page of the list any more; the list is begun again."
                        .to_owned(),
                });
            }
            return Err(trouble::asking(&answer, now));
        }
        let page: Page = answer.json()?;
        let mut envelopes = Vec::new();
        // Newest first, and to be kept oldest first.
        for value in page.messages.iter().rev() {
            envelopes.extend(self.given(ours, value, &mut place, now));
        }
        let mut note = None;
        match page.next_page_uri {
            Some(next) => place.walk = Some(self.within_the_list(&next)?),
            None => {
                if place.before_us && !ours {
                    note = Some(
                        "Texts that came before this channel was connected stay with Twilio.".to_owned(),
                    );
                }
                place.end(now);
            }
        }
        Ok(Batch {
            envelopes,
            more: place.walk.is_some(),
            next: place.cursor(),
            not_before: None,
            backlog: None,
            note,
            cost: Cost { requests: 1, micros: 0 },
        })
    }

    fn beginning(&self, ours: bool, now: i64) -> Place {
        let days_ago = |days: i64| Some(wire::day(now.saturating_sub(days.saturating_mul(DAY_MS))));
        match self.config.import {
            // Word of what was sent before we came settles nothing.
            _ if ours => Place::start(days_ago(1), true),
            Import::New => Place::start(days_ago(BEFORE_US_DAYS), true),
            Import::Everything => Place::start(None, false),
            Import::Days(days) => Place::start(days_ago(i64::from(days)), false),
        }
    }

    fn first_page(&self, ours: bool, place: &Place, budget: Budget) -> String {
        let size = budget.max_items.min(budget.max_bytes / BYTES_EACH).clamp(1, 1000);
        let mut query = Serializer::new(String::new());
        query.append_pair(if ours { "From" } else { "To" }, &self.config.number);
        if let Some(since) = &place.since {
            query.append_pair("DateSent>", since);
        }
        query.append_pair("PageSize", &size.to_string());
        format!("{API}/Accounts/{}/Messages.json?{}", self.config.account, query.finish())
    }

    /// Only where the list itself is: what a page says must not lead us elsewhere.
    pub(super) fn within_the_list(&self, next: &str) -> Result<String, Failure> {
        let path = match next.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => next,
        };
        let list = format!("{API}/Accounts/{}/Messages.json?", self.config.account);
        if path.starts_with(&list) {
            Ok(path.to_owned())
        } else {
            Err(Failure::Malformed {
                raw: next.as_bytes().to_vec(),
                why: "Twilio says that the list goes on at an address that is not the list's.".to_owned(),
            })
        }
    }

    /// What one item of the list brings that was not brought before.
    fn given(&self, ours: bool, value: &serde_json::Value, place: &mut Place, now: i64) -> Vec<Envelope> {
        let raw = Bytes::from(value.to_string());
        let envelopes = |happenings: Vec<Happening>| -> Vec<Envelope> {
            happenings.into_iter().map(|one| one.envelope(raw.clone(), "application/json", now)).collect()
        };
        let resource = serde_json::from_value::<Resource>(value.clone()).ok().filter(|one| one.sid.is_some());
        let Some(resource) = resource else {
            let held = inbound::unreadable(&raw);
            let is_new = place.mark(&wire::day(now), &held.external_id);
            return if is_new { envelopes(vec![held]) } else { Vec::new() };
        };
        let sid = resource.sid.as_deref().unwrap_or_default();
        let name = sid.char_indices().rev().nth(15).map_or(sid, |(at, _)| &sid[at..]);
        let day = wire::day(resource.at().unwrap_or(now));
        if !ours {
            if !resource.is_inbound() || !place.mark(&day, name) || place.before_us {
                return Vec::new();
            }
            let own = Own { number: Some(&self.config.number), words: &self.config.words };
            return envelopes(inbound::of_resource(&resource, &own));
        }
        let status = resource.status.as_deref().unwrap_or_default();
        let settled = inbound::state_of(status).is_some_and(|state| state > ReceiptState::Delayed);
        let young = resource.created_at().is_some_and(|at| at > now.saturating_sub(SETTLED_AFTER_MS));
        if resource.is_inbound() || !settled || young {
            return Vec::new();
        }
        if !place.mark(&day, &format!("{name}{status}")) || place.before_us {
            return Vec::new();
        }
        envelopes(inbound::receipt_of(&resource).into_iter().collect())
    }
}
