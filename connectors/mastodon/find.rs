//! An answer whose fate is unknown is looked for among what the account posted since it was written.
//!
//! Nothing of ours under that post since then: it did not leave. Something of ours there in other words: within the hour in
//! which the instance knows our keys it may be sent again, because a second one would be taken for the first; after that a
//! person decides.

use reqwest::Method;
use reqwest::header::DATE;
use serde_json::Value;

use super::channel::Handle;
use super::outbound::Outgoing;
use super::trouble::Deed;
use super::wire::{Status, moment};
use super::words;
use crate::contract::{Failure, Key, Sent};
use crate::web::{Answer, Api};

/// Two clocks that ought to agree differ by this at most after their difference has been taken out.
const TOLERANCE_MS: i64 = 60_000;
/// An instance knows a key for an hour; sending again takes a while.
const KEYS_LAST_MS: i64 = 45 * 60_000;
const PAGE: usize = 40;
const MOST_PAGES: usize = 5;

impl Handle {
    pub(super) async fn look_for(&self, outgoing: &Outgoing, key: &Key) -> Result<Option<Sent>, Failure> {
        let path = format!("/api/v1/accounts/{}/statuses", self.me().await?.own.id);
        let limit = PAGE.to_string();
        let (mut below, mut in_other_words, mut reached) = (None::<String>, false, false);
        let mut found = None;
        for _ in 0..MOST_PAGES {
            let mut query = vec![("limit", limit.as_str()), ("exclude_reblogs", "true")];
            query.extend(below.as_deref().map(|below| ("max_id", below)));
            let write = |api: &Api| api.request(Method::GET, &path).query(&query);
            let answer = self.as_account(Deed::Own, &write).await?;
            let from = outgoing.at.saturating_add(self.ahead_ms(&answer)).saturating_sub(TOLERANCE_MS);
            let page: Vec<Value> = answer.json()?;
            let posts: Vec<Status> =
                page.iter().filter_map(|item| serde_json::from_value(item.clone()).ok()).collect();
            for post in &posts {
                let at = post.created_at.as_deref().and_then(moment);
                if at.is_some_and(|at| at < from) {
                    reached = true;
                } else if !self.is_anothers(&post.id, key) && answers_the_same(post, outgoing) {
                    if is_it(post, outgoing) {
                        // Newest first: the one that was sent first comes last.
                        found = Some(post.id.clone());
                    } else {
                        in_other_words = true;
                    }
                }
            }
            reached |= page.len() < PAGE;
            below = posts.last().map(|post| post.id.clone());
            if reached || below.is_none() {
                break;
            }
        }
        if let Some(id) = found {
            return Ok(Some(Sent { id: Some(id), refused: Vec::new() }));
        }
        let key_is_known = self.account.outside.now().saturating_sub(outgoing.at) < KEYS_LAST_MS;
        if key_is_known || (reached && !in_other_words) {
            return Ok(None);
        }
        Err(Failure::Ambiguous {
            why: "This answer may have left: the instance gave no clear word, and what the account posted there since is in other words. Look at it there; send it again only if it is not there.".to_owned(),
        })
    }

    /// How far the instance's clock is ahead of ours, milliseconds.
    fn ahead_ms(&self, answer: &Answer) -> i64 {
        let theirs = answer.header(DATE.as_str()).and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        theirs.map_or(0, |theirs| {
            theirs.timestamp().as_millisecond().saturating_sub(self.account.outside.now())
        })
    }
}

fn answers_the_same(post: &Status, outgoing: &Outgoing) -> bool {
    // What was answered may have been gone when ours left.
    post.in_reply_to_id == outgoing.answers || (post.in_reply_to_id.is_none() && !outgoing.public)
}

fn is_it(post: &Status, outgoing: &Outgoing) -> bool {
    let files = post.media_attachments.as_ref().map_or(0, Vec::len);
    let said = words::readable(post.content.as_deref().unwrap_or_default());
    files == outgoing.files.len() && words::is_same(&said, &outgoing.text)
}
