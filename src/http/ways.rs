//! Where an answer can go, and why not.

use connectors::contract;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Result;
use crate::app::App;
use crate::channel::roster::Open;
use crate::model::Millis;
use crate::model::conversation::{Conversation, Visibility};
use crate::model::event::length_in_words;
use crate::model::people::Address;
use crate::store::{Conn, messages, patrons};

/// Where an answer can go.
#[derive(Serialize, ToSchema)]
pub(super) struct Way {
    /// The address's id: `way` of a reply.
    id: Uuid,
    /// By which channel.
    channel_id: Uuid,
    /// "E-mail to a.osei@example.org".
    label: String,
    /// Whether it can go there now.
    open: bool,
    /// Why not, in words.
    why: Option<String>,
}

/// The patron's addresses that the conversation's channel can write to; first the one at which they asked to be answered,
/// if that is open, then the one they last wrote from.
pub(super) async fn ways(
    app: &App,
    conn: &mut Conn,
    row: &Conversation,
    addresses: &[Address],
) -> Result<Vec<Way>> {
    let Some(open) = app.roster.get(row.channel_id) else { return Ok(Vec::new()) };
    let last = messages::last_own(conn, row.id).await?.and_then(|message| message.address_id);
    let why = why_not(&open, row, app.clock.now());
    let mut fitting: Vec<&Address> =
        addresses.iter().filter(|address| address.kind == open.row.kind).collect();
    let asked_for = match why {
        None if row.goes_by_address() => patrons::asked_for(conn, row.patron_id, &open.row.kind).await?,
        _ => None,
    };
    fitting.sort_by_key(|address| (Some(address.id) != asked_for, Some(address.id) != last));
    let way = |address: &Address| Way {
        id: address.id,
        channel_id: row.channel_id,
        label: format!("{} to {}", open.manifest.look.word, address.shown),
        open: why.is_none(),
        why: why.clone(),
    };
    Ok(fitting.into_iter().map(way).collect())
}

fn applies(only: contract::Visibility, to: Visibility) -> bool {
    matches!(
        (only, to),
        (contract::Visibility::Private, Visibility::Private)
            | (contract::Visibility::Public, Visibility::Public)
    )
}

fn why_not(open: &Open, row: &Conversation, now: Millis) -> Option<String> {
    if open.channel.deliver().is_none() {
        return Some("This channel can only be read.".to_owned());
    }
    let windows = open.channel.capabilities().windows;
    let here =
        windows.iter().filter(|window| window.visibility.is_none_or(|only| applies(only, row.visibility)));
    let longest = here.map(|window| window.closes_after_ms).max()?;
    let closed = now - row.last_patron_at - longest;
    (closed > 0).then(|| {
        format!(
            "This way closed {} ago: answers may go until {} after the patron's last message.",
            length_in_words(closed),
            length_in_words(longest)
        )
    })
}
