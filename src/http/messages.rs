//! What was said and done, as the API shows it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Result;
use super::time::Time;
use crate::app::App;
use crate::model;
use crate::model::conversation::Visibility;
use crate::model::delivery::State;
use crate::model::event::Kind as Happened;
use crate::model::message::{Attachment as File, Direction, Kind};
use crate::model::people::Address;
use crate::model::review::Review;
use crate::store::{Conn, deliveries, messages, patrons, reviews};

/// One thing said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Message {
    id: Uuid,
    conversation_id: Uuid,
    /// `in` from a patron, `out` from us, `inside` between colleagues.
    #[schema(inline)]
    direction: Direction,
    /// Who can read it on the platform.
    #[schema(inline)]
    visibility: Visibility,
    /// `message`: said on the platform; `reply`: written here and sent; `note`: never leaves the house.
    #[schema(inline)]
    kind: Kind,
    author: Author,
    /// By which channel; null for notes.
    channel_id: Option<Uuid>,
    /// When it was said, by the platform's clock.
    at: Time,
    /// The number of the event that brought it.
    seq: i64,
    subject: Option<String>,
    /// The whole text.
    text: String,
    /// The text without the quote and the signature at its end.
    reply_text: String,
    /// Whether `reply_text` leaves something out.
    elided: bool,
    /// Whether `/messages/{id}/frame` shows its markup.
    html: bool,
    /// Whether `/messages/{id}/original` gives it as it came.
    original: bool,
    attachments: Vec<Attachment>,
    /// Written by a machine.
    automatic: bool,
    /// Where it can be seen on the platform.
    link: Option<String>,
    /// How far it is on its way; null for what did not leave from here.
    delivery: Option<Delivery>,
    /// Who looked through it before it left, where somebody did.
    looked_through: Option<LookedThrough>,
    /// The writer's address is new in this conversation, and only a reference vouches for it.
    unverified: bool,
}

/// Who said it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Author {
    /// One of us; null for a patron.
    staff_id: Option<Uuid>,
    name: String,
    /// Where they wrote from, or where it went.
    address: Option<String>,
}

/// Who looked through an answer before it left.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LookedThrough {
    staff_id: Option<Uuid>,
    name: String,
    /// Other words left than its author's.
    changed: bool,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Attachment {
    /// `/attachments/{id}` gives its bytes.
    id: Uuid,
    filename: String,
    /// As its sender declared it.
    content_type: String,
    /// Bytes.
    size: i64,
    /// Shown in place rather than listed.
    inline: bool,
    /// `kept`, `to_fetch` or `refused`.
    state: String,
    /// Why it is not here, in words.
    why: Option<String>,
}

/// How far an answer is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Delivery {
    #[schema(inline)]
    state: State,
    /// "Sent".
    word: String,
    /// Why it has not arrived, in words.
    why: Option<String>,
    /// Until when it can be taken back.
    release_at: Option<Time>,
}

/// One line of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    /// Its number: the same everywhere, growing, without gaps.
    pub seq: i64,
    #[schema(inline)]
    kind: Happened,
    at: Time,
    actor: Actor,
    conversation_id: Uuid,
    /// The message it speaks of.
    message_id: Option<Uuid>,
    /// "Ana claimed this after 22 seconds".
    words: String,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Actor {
    /// One of us; null for a patron or the platform.
    staff_id: Option<Uuid>,
    name: String,
}

impl From<model::event::Event> for Event {
    fn from(line: model::event::Event) -> Self {
        Self::from(&line)
    }
}

impl From<&model::event::Event> for Event {
    fn from(line: &model::event::Event) -> Self {
        Self {
            seq: line.seq,
            kind: line.kind,
            at: Time(line.at),
            actor: Actor { staff_id: line.staff_id, name: line.actor_name.clone() },
            conversation_id: line.conversation_id,
            message_id: line.message_id,
            words: line.words(),
        }
    }
}

/// What belongs to the messages of one conversation: read once for all of them.
#[derive(Default)]
pub(super) struct Belongings {
    files: HashMap<Uuid, Vec<File>>,
    deliveries: HashMap<Uuid, Vec<model::delivery::Delivery>>,
    addresses: HashMap<Uuid, Address>,
    reviews: HashMap<Uuid, Review>,
}

impl Belongings {
    /// Everything that belongs to a conversation's messages. `known`: addresses that were read already.
    pub(super) async fn of(conn: &mut Conn, conversation: Uuid, known: &[Address]) -> Result<Self> {
        let mut all = Self::default();
        for file in messages::attachments_in(conn, conversation).await? {
            all.files.entry(file.message_id).or_default().push(file);
        }
        for delivery in deliveries::of_conversation(conn, conversation).await? {
            all.deliveries.entry(delivery.message_id).or_default().push(delivery);
        }
        all.reviews = reviews::became(conn, conversation).await?;
        let wrote = patrons::addresses_in(conn, conversation).await?;
        all.addresses = wrote.into_iter().chain(known.iter().cloned()).map(|one| (one.id, one)).collect();
        Ok(all)
    }

    /// The message as the API shows it; nothing for an answer that was taken back.
    pub(super) fn show(&mut self, said: model::message::Message) -> Option<Message> {
        let parts = self.deliveries.remove(&said.id).unwrap_or_default();
        if parts.iter().any(|part| part.state == State::Withdrawn) {
            return None;
        }
        let address =
            said.address_id.and_then(|id| self.addresses.get(&id)).map(|address| address.shown.clone());
        let files = self.files.remove(&said.id).unwrap_or_default();
        Some(Message {
            id: said.id,
            conversation_id: said.conversation_id,
            direction: said.direction,
            visibility: said.visibility,
            kind: said.kind,
            author: Author { staff_id: said.staff_id, name: said.author_name, address },
            channel_id: said.channel_id,
            at: Time(said.at),
            seq: said.seq,
            subject: said.subject,
            elided: said.reply_text.is_some(),
            reply_text: said.reply_text.unwrap_or_else(|| said.text.clone()),
            text: said.text,
            html: said.html.is_some(),
            original: said.envelope_id.is_some(),
            attachments: files.into_iter().map(Attachment::from).collect(),
            automatic: said.automatic,
            link: said.link,
            delivery: whole(&parts),
            unverified: said.unverified,
            looked_through: self.reviews.remove(&said.id).map(|review| LookedThrough {
                staff_id: review.settled_by,
                name: review.settled_name.unwrap_or_default(),
                changed: review.changed,
            }),
        })
    }
}

impl From<File> for Attachment {
    fn from(file: File) -> Self {
        Self {
            id: file.id,
            filename: file.filename.unwrap_or_else(|| "unnamed".to_owned()),
            content_type: file.content_type,
            size: file.size,
            inline: file.inline_shown,
            state: file.state,
            why: file.why,
        }
    }
}

/// An answer is as far as the part that worries most.
fn whole(parts: &[model::delivery::Delivery]) -> Option<Delivery> {
    let worry = |state: State| match state {
        State::Failed => 0,
        State::Unknown => 1,
        State::Held => 2,
        State::Queued => 3,
        State::Sending => 4,
        State::Sent => 5,
        State::Delivered => 6,
        State::Read | State::Withdrawn => 7,
    };
    let part = parts.iter().min_by_key(|part| worry(part.state))?;
    Some(Delivery {
        state: part.state,
        word: part.state.word().to_owned(),
        why: part.why.clone(),
        release_at: (part.state == State::Held).then_some(Time(part.release_at)),
    })
}

/// One message that was just written, as the API shows it.
pub(super) async fn shown(app: &App, said: model::message::Message) -> Result<Message> {
    let missing = crate::error::Error::Missing("message");
    shown_all(app, vec![said]).await?.pop().ok_or_else(|| missing.into())
}

/// Messages of one conversation, as the API shows them.
pub(super) async fn shown_all(app: &App, said: Vec<model::message::Message>) -> Result<Vec<Message>> {
    let Some(conversation) = said.first().map(|message| message.conversation_id) else {
        return Ok(Vec::new());
    };
    let mut conn = app.db.read().await?;
    let mut all = Belongings::of(&mut conn, conversation, &[]).await?;
    // Where an answer went may be an address that has not written here.
    for id in said.iter().filter_map(|message| message.address_id) {
        if !all.addresses.contains_key(&id)
            && let Some(address) = patrons::address_by_id(&mut conn, id).await?
        {
            all.addresses.insert(id, address);
        }
    }
    Ok(said.into_iter().filter_map(|message| all.show(message)).collect())
}
