//! Reads what the account is told and what it posted itself, onwards from the oldest that is not kept.

use reqwest::Method;
use serde_json::Value;

use super::channel::Handle;
use super::cursor::{Cursor, TAIL, UNNUMBERED};
use super::inbound;
use super::settings::Import;
use super::trouble::{self, Deed};
use super::wire::is_id;
use crate::contract::{self, Batch, BoxFuture, Budget, Cost, Envelope, Failure, Poll, Stream, StreamId};
use crate::web::Api;

const DAY_MS: i64 = 86_400_000;

/// A place to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Mentions,
    Own,
}

impl Place {
    const fn stream(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Own => "own",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Mentions => "Mentions and direct posts",
            Self::Own => "Our own posts",
        }
    }

    const fn deed(self) -> Deed {
        match self {
            Self::Mentions => Deed::Mentions,
            Self::Own => Deed::Own,
        }
    }

    /// The most that an instance gives at once.
    const fn page(self) -> usize {
        match self {
            Self::Mentions => 80,
            Self::Own => 40,
        }
    }
}

/// One page, oldest first.
struct Page {
    items: Vec<Value>,
    ids: Vec<String>,
    /// When the instance listens again, where this was the last time for now.
    shut_until: Option<i64>,
}

impl Handle {
    /// Asks for what follows `after`, or for the newest.
    async fn page(&self, place: Place, after: Option<&str>, limit: usize) -> Result<Page, Failure> {
        let path = match place {
            Place::Mentions => "/api/v1/notifications".to_owned(),
            Place::Own => format!("/api/v1/accounts/{}/statuses", self.me().await?.own.id),
        };
        let mut query = vec![("limit", limit.to_string())];
        query.extend(after.map(|after| ("min_id", after.to_owned())));
        match place {
            Place::Mentions => query.extend([
                ("types[]", "mention".to_owned()),
                // What the account's own filters keep from its owner, private questions of strangers first of all.
                ("include_filtered", "true".to_owned()),
            ]),
            Place::Own => query.push(("exclude_reblogs", "true".to_owned())),
        }
        let write = |api: &Api| api.request(Method::GET, &path).query(&query);
        let answer = self.as_account(place.deed(), &write).await?;
        let mut items: Vec<Value> = answer.json()?;
        items.reverse();
        let id = |item: &Value| {
            let number = item.get("id").and_then(Value::as_str).filter(|id| is_id(id)).map(str::to_owned);
            number.unwrap_or_else(|| format!("{UNNUMBERED}{}", inbound::hash(item.to_string().as_bytes())))
        };
        let ids = items.iter().map(id).collect();
        Ok(Page { ids, items, shut_until: trouble::shut_until(&answer) })
    }

    /// Whether the stream can be read at all.
    pub(super) async fn try_reading(&self, place: Place) -> Result<(), Failure> {
        self.page(place, None, 1).await.map(|_| ())
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
                let page = self.page(place, None, TAIL + 1).await?;
                let note = (!page.ids.is_empty() && place == Place::Mentions).then(|| {
                    "What was said before stays at the instance; new mentions and direct posts are read from now on."
                        .to_owned()
                });
                let cursor = Cursor::after_all(page.ids);
                Ok(Batch { note, not_before: page.shut_until, ..batch(Vec::new(), &cursor) })
            }
        }
    }

    async fn go_on(&self, place: Place, mut cursor: Cursor, budget: Budget) -> Result<Batch, Failure> {
        let own = &self.me().await?.own;
        let now = self.account.outside.now();
        let most = budget.max_items.max(1);
        let limit = cursor.seen.len().saturating_add(most).clamp(1, place.page());
        let page = self.page(place, Some(&cursor.after), limit).await?;
        let given = cursor.take(&page.ids, most);
        let left = page.ids.iter().zip(&given).any(|(id, given)| !given && !cursor.seen.contains(id));
        let fresh = page.items.iter().zip(&given).filter(|(_, given)| **given);
        let envelopes: Vec<Envelope> = fresh
            .map(|(item, _)| match place {
                Place::Mentions => inbound::notification(item, own, now),
                Place::Own => inbound::own_post(item, own, now),
            })
            .filter(|envelope| cursor.from.is_none_or(|from| envelope.at >= from))
            .collect();
        let more = given.contains(&true) && (left || page.ids.len() >= limit);
        Ok(Batch {
            more: more && page.shut_until.is_none(),
            not_before: page.shut_until,
            ..batch(envelopes, &cursor)
        })
    }
}

fn batch(envelopes: Vec<Envelope>, next: &Cursor) -> Batch {
    Batch {
        envelopes,
        next: next.write(),
        more: false,
        not_before: None,
        backlog: None,
        note: None,
        cost: Cost { requests: 1, micros: 0 },
    }
}

impl Poll for Handle {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let stream = |place: Place| Stream {
            id: StreamId(place.stream().to_owned()),
            name: place.name().to_owned(),
            echoes: place == Place::Own,
        };
        Box::pin(async move { Ok(vec![stream(Place::Mentions), stream(Place::Own)]) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a contract::Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(async move {
            let known = [Place::Mentions, Place::Own].into_iter().find(|place| place.stream() == stream.0);
            let place = known.ok_or_else(|| Failure::AccountBlocked {
                until: None,
                why: format!("\"{stream}\" is no place to read on Mastodon."),
            })?;
            match cursor {
                None => self.begin(place, budget).await,
                Some(kept) => {
                    let cursor = Cursor::read(kept).ok_or_else(|| Failure::CursorInvalid {
                        // From the very beginning, whatever was to stay unread: what lies between is not known any more.
                        reset: Some(Cursor::start(None).write()),
                        why: format!(
                            "The place where reading \"{}\" was to go on cannot be read.",
                            place.name()
                        ),
                    })?;
                    self.go_on(place, cursor, budget).await
                }
            }
        })
    }
}
