//! What a desk says by itself while it is closed: one automatic answer, written in the transaction that keeps what it answers,
//! so that nobody who dies in between says it twice or not at all.

mod setting;

use connectors::contract::{self, Answered, Draft, Part, Recipient, TextLimit, TextUnit};
use contract::{Capabilities, Deliver, Key};
use uuid::Uuid;

pub use setting::{Setting, Shown, preview, put, read, remove};

use super::preview::counted;
use super::reply::deliver;
use crate::app::App;
use crate::channel::roster::Open;
use crate::error::Result;
use crate::model::Millis;
use crate::model::away::{self, Facts, Text};
use crate::model::channel::Channel;
use crate::model::conversation::{Conversation, State as Standing, Visibility};
use crate::model::delivery::{Delivery, State};
use crate::model::event::Kind as Happened;
use crate::model::message::{Direction, Kind, Message};
use crate::model::people::Address;
use crate::model::threading;
use crate::store::away::{Answer, Told};
use crate::store::events::Appending;
use crate::store::{self, Tx, opt_outs, people};

/// A message that came just now, and what is known of it.
pub(crate) struct Asked<'a> {
    /// By which channel.
    pub(crate) channel: &'a Channel,
    /// The message.
    pub(crate) message: &'a Message,
    /// The platform's own conversation.
    pub(crate) thread: Option<&'a str>,
    /// Where it is shown.
    pub(crate) conversation: &'a Conversation,
    /// From where it was written.
    pub(crate) address: &'a Address,
}

/// An automatic answer, to be kept with what it answers.
pub(crate) struct Away {
    /// It, still without a number.
    pub(crate) message: Message,
    /// Its line of the history.
    pub(crate) line: Appending,
    /// Its way out: one message on the platform.
    pub(crate) delivery: Delivery,
    /// That the patron was told.
    pub(crate) told: Answer,
}

/// The answer to a message that its desk, being closed, gives by itself; none: it gives none. `said`: what is about to be kept
/// in this transaction too.
pub(crate) async fn answer(
    app: &App,
    asked: &Asked<'_>,
    said: impl Iterator<Item = &Answer>,
    tx: &mut Tx,
) -> Result<Option<Away>> {
    let Asked { channel, message, conversation, address, .. } = asked;
    let in_public = message.visibility != Visibility::Private;
    if message.automatic || message.unverified || in_public || conversation.state == Standing::Spam {
        return Ok(None);
    }
    let now = app.clock.now();
    let Some((text, hours)) = app.calendars.away(tx, conversation.desk_id, now).await? else {
        return Ok(None);
    };
    let since = text.changed_at.max(channel.created_at);
    let facts = |told: Told| Facts {
        hours: &hours,
        now,
        said_at: message.at,
        since,
        told_patron_at: told.patron_at,
        told_here_at: told.here_at,
        answered_at: told.answered_at,
    };
    // As a rule the desk is open, or the message is old: nothing more need be read then.
    if away::decide(&facts(Told::default())).is_none() {
        return Ok(None);
    }
    let mut told = store::away::told(tx, address.patron_id, conversation.id).await?;
    for one in said {
        told.patron_at = told.patron_at.max((one.patron_id == address.patron_id).then_some(one.at));
        told.here_at = told.here_at.max((one.conversation_id == conversation.id).then_some(one.at));
    }
    let Some(opens_at) = away::decide(&facts(told)) else { return Ok(None) };
    if opt_outs::since(tx, channel.id, &address.address).await?.is_some() {
        return Ok(None);
    }
    let Some(open) = app.roster.get(channel.id) else { return Ok(None) };
    let Ok(by) = deliver(&open) else { return Ok(None) };
    let opening = away::opening_in_words(&hours, opens_at, now);
    let said = Said::by(tx, conversation.desk_id, opening).await?;
    let fitting = said.fitting(&text, by, &open.channel.capabilities());
    let composed = fitting.into_iter().find_map(|text| match by.compose(&draft(asked, &text), now) {
        Ok(parts) => <[Part; 1]>::try_from(parts).ok().map(|[part]| (text, part)),
        Err(refusal) => {
            tracing::info!(channel = %channel.name, why = %refusal, "no automatic answer can go this way");
            None
        }
    });
    let Some((text, part)) = composed else { return Ok(None) };
    Ok(Some(away(app, asked, said.desk, text, (by, part), opens_at)))
}

/// What fills the gaps of a text.
struct Said {
    opening: String,
    desk: String,
    library: String,
}

impl Said {
    async fn by(conn: &mut store::Conn, desk: Uuid, opening: String) -> Result<Self> {
        let desk = people::desk(conn, desk).await?.map(|desk| desk.name).unwrap_or_default();
        let library = people::library(conn).await?.map(|library| library.name).unwrap_or_default();
        Ok(Self { opening, desk, library })
    }

    /// What leaves as one message where these are the limits, the best first.
    fn fitting(&self, text: &Text, by: &dyn Deliver, can: &Capabilities) -> Vec<String> {
        let rendered =
            text.variants().map(|text| away::render(text, &self.opening, &self.desk, &self.library));
        rendered.filter(|text| fits(by, can.text, text)).collect()
    }
}

/// Whether a text is one message, and one segment where segments are counted.
fn fits(by: &dyn Deliver, limit: TextLimit, text: &str) -> bool {
    let most = match limit.unit {
        TextUnit::Segments => Some(1),
        _ => limit.max,
    };
    let measured = by.measure(text, contract::Visibility::Private);
    let (used, parts) = match measured {
        Some(measure) => (Some(measure.used), measure.parts),
        None => (counted(text, limit), 1),
    };
    parts <= 1 && used.zip(most).is_none_or(|(used, most)| used <= most)
}

fn draft(asked: &Asked<'_>, text: &str) -> Draft {
    let Asked { message, thread, conversation, address, .. } = asked;
    Draft {
        text: text.to_owned(),
        subject: None,
        to: Recipient {
            address: contract::Address {
                id: address.address.clone(),
                shown: address.shown.clone(),
                name: Some(message.author_name.clone()).filter(|name| *name != address.shown),
            },
            copies: Vec::new(),
        },
        // The channel's own name: nobody wrote this.
        from_name: String::new(),
        signature: None,
        answers: Some(Answered {
            id: message.external_id.clone(),
            references: message.refs.split_whitespace().map(str::to_owned).collect(),
            conversation: thread.map(str::to_owned),
            subject: message.subject.clone().or_else(|| Some(conversation.subject.clone())),
            // Whose address this is nobody has proven: a stranger's words are not sent on to them.
            text: None,
            author: None,
            at: Some(message.at),
        }),
        patron_wrote_at: Some(message.at),
        visibility: contract::Visibility::Private,
        enclosures: Vec::new(),
        automatic: true,
    }
}

fn away(
    app: &App,
    asked: &Asked<'_>,
    desk: String,
    text: String,
    (by, part): (&dyn Deliver, Part),
    opens_at: Millis,
) -> Away {
    let Asked { channel, message: asked, conversation, address, .. } = asked;
    let (id, key, now) = (app.clock.id(), app.clock.id(), app.clock.now());
    let external_id = by.expected_id(&Key(key)).map(|id| threading::reference(&id));
    let refs = asked.refs.split_whitespace().chain(asked.external_id.as_deref());
    let message = Message {
        id,
        seq: 0,
        conversation_id: conversation.id,
        channel_id: Some(channel.id),
        direction: Direction::Out,
        kind: Kind::Reply,
        visibility: Visibility::Private,
        staff_id: None,
        address_id: Some(address.id),
        author_name: desk.clone(),
        external_id: external_id.clone(),
        refs: refs.collect::<Vec<_>>().join(" "),
        at: now,
        subject: None,
        text,
        reply_text: None,
        html: None,
        envelope_id: None,
        automatic: true,
        unverified: false,
        link: None,
        home_id: asked.home_id,
    };
    let delivery = Delivery {
        id: key,
        message_id: id,
        conversation_id: conversation.id,
        channel_id: channel.id,
        position: 0,
        part: serde_json::to_string(&part).expect("texts and JSON become JSON"),
        state: State::Queued,
        release_at: now,
        due_at: now,
        tries: 0,
        external_id,
        reason: None,
        why: None,
        created_at: now,
        settled_at: None,
    };
    let line = Appending {
        at: now,
        kind: Happened::Away,
        conversation_id: conversation.id,
        message_id: Some(id),
        staff_id: None,
        actor_name: desk,
        detail: None,
    };
    let told = Answer {
        message_id: id,
        conversation_id: conversation.id,
        patron_id: address.patron_id,
        at: now,
        opens_at,
    };
    Away { message, line, delivery, told }
}

/// What an open account would send.
fn first_fitting(open: &Open, said: &Said, text: &Text) -> std::result::Result<String, String> {
    let by = deliver(open).map_err(|error| error.to_string())?;
    let fitting = said.fitting(text, by, &open.channel.capabilities());
    fitting.into_iter().next().ok_or_else(|| "Neither text fits into one message here.".to_owned())
}
