//! What a platform says about the account or a patron's wish rather than in a conversation: stop, go on, something was
//! missed, the sign-in was withdrawn.

use connectors::contract::{Event, Failure};

use super::ready::Ready;
use crate::app::App;
use crate::channel::health;
use crate::error::Result;
use crate::model::Millis;
use crate::model::channel::Channel;
use crate::model::event::Kind as Happened;
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, merges, opt_outs, patrons, streams, subscriptions};

/// What is still to be done once the words are kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Aftermath {
    /// Something was missed: the streams are to be read at once.
    missed: bool,
    /// Something of ours is to leave.
    pub(super) leaves: bool,
    /// The sign-in was withdrawn, and why.
    revoked: Option<String>,
}

impl Aftermath {
    /// Does it.
    pub(super) async fn follow(self, app: &App, channel: &Channel) -> Result<()> {
        if self.missed {
            app.bus.wake_poller();
        }
        if self.leaves {
            app.bus.wake_sender();
        }
        match self.revoked {
            Some(why) => health::record(&app.roster, channel.id, &Failure::NeedsSignin { why }).await,
            None => Ok(()),
        }
    }
}

/// Takes to heart what an envelope says that was not known before.
pub(super) async fn heed(
    app: &App,
    channel: &Channel,
    ready: &Ready,
    aftermath: &mut Aftermath,
    tx: &mut Tx,
) -> Result<()> {
    match &ready.event {
        Event::OptOut { address, stopped } => {
            decide(app, channel, &address.id, *stopped, ready.envelope.at, tx).await?;
        }
        Event::Gap { .. } => {
            streams::wake_channel(tx, channel.id).await?;
            subscriptions::soon(tx, channel.id).await?;
            aftermath.missed = true;
        }
        Event::Revoked { why } => aftermath.revoked = Some(why.clone()),
        _ => {}
    }
    Ok(())
}

/// Keeps the patron's wish, with a line in the newest conversation here, where whoever would answer next sees it.
async fn decide(
    app: &App,
    channel: &Channel,
    address: &str,
    stopped: bool,
    at: Millis,
    tx: &mut Tx,
) -> Result<()> {
    if !opt_outs::put(tx, channel.id, address, stopped, at).await? {
        return Ok(());
    }
    let Some(known) = patrons::address(tx, &channel.kind, address).await? else { return Ok(()) };
    let Some(conversation) = conversations::newest_with(tx, channel.id, known.patron_id).await? else {
        return Ok(());
    };
    let conversation = merges::root(tx, conversation).await?;
    let Some(before) = conversations::lock(tx, conversation).await? else { return Ok(()) };
    let line = Appending {
        at: app.clock.now(),
        kind: if stopped { Happened::OptedOut } else { Happened::OptedIn },
        conversation_id: conversation,
        message_id: None,
        staff_id: None,
        actor_name: before.patron_name.clone(),
        detail: None,
    };
    let mut after = before.clone();
    after.seq = events::append(tx, line).await?;
    Ok(conversations::update(tx, &before, &after).await?)
}
