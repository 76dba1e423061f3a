//! The Page's conversations in Messenger: listed by when something last happened in them, the newest first.

use serde_json::Value;

use super::Walk;
use crate::contract::Failure;
use crate::facebook::channel::PageChannel;
use crate::facebook::graph;
use crate::facebook::inbound;
use crate::facebook::json::{data, text};
use crate::facebook::time;
use crate::facebook::usage::Lane;

/// What is asked of each message.
pub const MESSAGE_FIELDS: &str = "id,created_time,from,to,message,sticker,shares{name,link},attachments{id,mime_type,name,size,file_url,image_data,video_data}";
/// Pages of one walk: a town's whole correspondence of years, and an end to a list that has none.
const MOST_PAGES: u32 = 2_000;

/// When something last happened in any conversation, and how many calls it took to learn.
pub async fn newest(page: &PageChannel) -> Result<(Option<i64>, u32), Failure> {
    let path = format!("{}/conversations", page.config.page_id);
    let query = [("platform", "MESSENGER"), ("fields", "id,updated_time"), ("limit", "1")];
    let listed = graph::page(page.graph.get(Lane::Messenger, &path, &query).await?);
    Ok((listed.items.first().and_then(|thread| time::read(thread.get("updated_time")?)), 1))
}

/// Every message since then, in no order.
pub async fn walk(page: &PageChannel, since: i64) -> Result<Walk, Failure> {
    let graph = &page.graph;
    let path = format!("{}/conversations", page.config.page_id);
    let size = graph.page_size();
    let fields = format!("id,updated_time,participants,messages.limit({size}){{{MESSAGE_FIELDS}}}");
    let query: Vec<(String, String)> =
        [("platform", "MESSENGER"), ("fields", &fields), ("limit", &size.to_string())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
    let mut listed = graph.page(Lane::Messenger, &path, &query).await?;
    let mut walk = Walk { requests: 1, ..Walk::default() };
    loop {
        for thread in &listed.items {
            let updated = thread.get("updated_time").and_then(time::read);
            if updated.is_some_and(|updated| updated < since) {
                return Ok(walk);
            }
            of_thread(page, thread, since, &mut walk).await?;
        }
        match listed.next {
            // An empty page may still have a next one.
            Some(next) if walk.requests < MOST_PAGES => {
                listed = graph.next_page(Lane::Messenger, &path, &next, &mut walk.requests).await?;
            }
            _ => return Ok(walk),
        }
    }
}

/// The messages of one conversation since then.
async fn of_thread(page: &PageChannel, thread: &Value, since: i64, walk: &mut Walk) -> Result<(), Failure> {
    let own = &page.own;
    for participant in data(thread, "participants") {
        if let (Some(id), Some(name)) = (text(participant, "id"), text(participant, "name")) {
            own.names.learn(&id, &name);
        }
    }
    let other = data(thread, "participants").iter().find_map(|one| {
        let id = text(one, "id").filter(|id| *id != own.page_id)?;
        Some((id, text(one, "name")))
    });
    let person = other.as_ref().map(|(id, name)| (id.as_str(), name.as_deref()));
    let mut listed = graph::page(thread.get("messages").cloned().unwrap_or_default());
    let path = text(thread, "id").map(|id| format!("{id}/messages"));
    loop {
        let oldest = listed.items.last().and_then(|message| time::read(message.get("created_time")?));
        walk.found.extend(listed.items.iter().map(|message| inbound::message_asked(message, person, own)));
        let (Some(path), Some(query)) = (&path, listed.next) else { return Ok(()) };
        if oldest.is_some_and(|oldest| oldest < since) || walk.requests >= MOST_PAGES {
            return Ok(());
        }
        listed = page.graph.next_page(Lane::Messenger, path, &query, &mut walk.requests).await?;
    }
}
