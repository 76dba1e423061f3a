//! What is said under the Page's posts, and on its wall. Posts are listed by when they were made, so a new comment under an
//! old post is found only within the days that the settings say; beyond them the webhook tells of it.

use serde_json::Value;

use super::{DAY_MS, Walk};
use crate::contract::Failure;
use crate::facebook::channel::PageChannel;
use crate::facebook::graph;
use crate::facebook::inbound;
use crate::facebook::json::text;
use crate::facebook::time;
use crate::facebook::usage::Lane;

/// What is asked of each comment.
pub const COMMENT_FIELDS: &str = "id,message,created_time,from,parent{id},attachment,permalink_url";
const POST_FIELDS: &str = "id,message,created_time,from,permalink_url";
const MOST_PAGES: u32 = 1_000;

/// When something was last said under any post, and how many calls it took to learn.
pub async fn newest(page: &PageChannel) -> Result<(Option<i64>, u32), Failure> {
    let walk = walk(page, i64::MAX).await?;
    Ok((walk.found.iter().map(|envelope| envelope.at).filter(|at| *at > 0).max(), walk.requests))
}

/// Every comment and visitor's post since then, in no order; and of each post the newest ones in any case.
pub async fn walk(page: &PageChannel, since: i64) -> Result<Walk, Failure> {
    let graph = &page.graph;
    let oldest_post = graph.now() - i64::from(page.config.posts_days) * DAY_MS;
    let path = format!("{}/feed", page.config.page_id);
    let size = graph.page_size();
    let fields = format!(
        "{POST_FIELDS},comments.filter(stream).order(reverse_chronological).limit({size}){{{COMMENT_FIELDS}}}"
    );
    let query: Vec<(String, String)> = [("fields", &fields), ("limit", &size.to_string())]
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .to_vec();
    let mut listed = graph.page(Lane::Page, &path, &query).await?;
    let mut walk = Walk { requests: 1, ..Walk::default() };
    loop {
        for post in &listed.items {
            let made = post.get("created_time").and_then(time::read);
            if made.is_some_and(|made| made < oldest_post) {
                return Ok(walk);
            }
            walk.found.extend(inbound::post_asked(post, &page.own));
            under(page, post, since, &mut walk).await?;
        }
        match listed.next {
            Some(next) if walk.requests < MOST_PAGES => {
                listed = graph.next_page(Lane::Page, &path, &next, &mut walk.requests).await?;
            }
            _ => return Ok(walk),
        }
    }
}

/// The comments under one post since then.
async fn under(page: &PageChannel, post: &Value, since: i64, walk: &mut Walk) -> Result<(), Failure> {
    let Some(id) = text(post, "id") else { return Ok(()) };
    let path = format!("{id}/comments");
    let mut listed = graph::page(post.get("comments").cloned().unwrap_or_default());
    loop {
        let oldest = listed.items.last().and_then(|comment| time::read(comment.get("created_time")?));
        walk.found.extend(listed.items.iter().map(|comment| inbound::comment_asked(comment, &id, &page.own)));
        let Some(query) = listed.next else { return Ok(()) };
        if oldest.is_some_and(|oldest| oldest < since) || walk.requests >= MOST_PAGES {
            return Ok(());
        }
        listed = page.graph.next_page(Lane::Page, &path, &query, &mut walk.requests).await?;
    }
}
