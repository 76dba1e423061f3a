//! A reply becomes a message with one delivery per part, in ONE transaction, unless something was said meanwhile.

use std::sync::Arc;

use connectors::contract::{self, Answered, Deliver, Draft, Enclosure, Key, Part, Recipient};
use futures::FutureExt;
use uuid::Uuid;

use super::{gate, newer, review};
use crate::access::require;
use crate::app::App;
use crate::channel::roster::Open;
use crate::conversation::{closure, locked, merge, policy};
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::closure::{Decision, decide};
use crate::model::conversation::{Conversation, State as Standing, Visibility};
use crate::model::delivery::{Delivery, State};
use crate::model::draft;
use crate::model::event::Kind as Happened;
use crate::model::message::{Direction, Kind, Message};
use crate::model::people::{Address, Role, Who};
use crate::model::review::{Review, State as Looked};
use crate::model::threading;
use crate::store::events::{self, Appending};
use crate::store::reviews::{self, Settled};
use crate::store::{
    Conn, Tx, conversations, deliveries, drafts, merges, messages, patrons, search, splits, uploads,
};

/// What the composer sends.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// What the person wrote.
    pub text: String,
    /// The last event number the person had seen.
    pub seen: i64,
    /// The address to answer to; none: where the patron last wrote from.
    pub way: Option<Uuid>,
    /// The subject, where the person changed it.
    pub subject: Option<String>,
    /// Send although something new was said.
    pub anyway: bool,
    /// Help in what somebody else has: it stays theirs.
    pub helps: bool,
    /// Done with this answer.
    pub done: bool,
    /// Files that were added before, in their order.
    pub files: Vec<Uuid>,
    /// Made by the page, the same when it asks again after a lost answer: the reply is kept once.
    pub key: Option<Uuid>,
}

impl Reply {
    /// Says that there is nothing in it.
    pub(super) fn refuse_if_empty(&self) -> Result<()> {
        if self.text.trim().is_empty() && self.files.is_empty() {
            return Err(Error::Invalid("There is nothing to send yet: the answer is empty.".to_owned()));
        }
        Ok(())
    }
}

/// That somebody has looked through a reply.
pub(super) struct Approved<'a> {
    pub(super) review: &'a Review,
    pub(super) by: &'a Who,
    /// Other words than its author's.
    pub(super) changed: bool,
}

/// A reply worked out and ready to be written down.
pub(super) struct Planned {
    address: Address,
    last: Option<Message>,
    parts: Vec<Part>,
    expected: Vec<Option<String>>,
    keys: Vec<Uuid>,
    release_at: i64,
    channel_id: Uuid,
}

/// Writes the reply down, to leave when its undo hold is over. An unowned conversation becomes the writer's.
pub async fn send(app: &App, who: &Who, conversation: Uuid, reply: Reply) -> Result<Message> {
    require(who, Role::Staff)?;
    reply.refuse_if_empty()?;
    if let Some(kept) = kept_before(&mut app.db.read().await?, who, &reply).await? {
        return Ok(kept);
    }
    let planned = match plan(app, who, conversation, &reply).await {
        Ok(planned) => planned,
        // Its files may just have left with the same reply, asked for twice at once.
        Err(error) => return kept_before(&mut app.db.read().await?, who, &reply).await?.ok_or(error),
    };
    let (owned, who) = (app.clone(), who.clone());
    let (message, committed) = app
        .db
        .write(move |tx| {
            async move {
                review::refuse_unseen(tx, &who).await?;
                write(&owned, &who, conversation, reply, planned, None, tx).await
            }
            .boxed()
        })
        .await?;
    failpoint::pass(At::ReplyKept);
    app.bus.publish(committed);
    app.bus.wake_sender();
    Ok(message)
}

/// The reply that this key was used for already.
async fn kept_before(conn: &mut Conn, who: &Who, reply: &Reply) -> Result<Option<Message>> {
    let Some(key) = reply.key else { return Ok(None) };
    Ok(messages::by_id(conn, key).await?.filter(|kept| kept.staff_id == Some(who.staff_id)))
}

/// A reply as its connector looks at it.
pub(super) struct Drafted {
    pub(super) open: Arc<Open>,
    pub(super) draft: Draft,
    address: Address,
    last: Option<Message>,
}

/// In spam nobody answers.
pub(super) fn refuse_spam(row: &Conversation) -> Result<()> {
    if row.state != Standing::Spam {
        return Ok(());
    }
    Err(Error::CannotSend(
        "This is marked as spam. Your text is kept; say that it is not, then send it.".to_owned(),
    ))
}

/// Where a reply goes, and by what.
pub(super) async fn drafted(app: &App, who: &Who, conversation: Uuid, reply: &Reply) -> Result<Drafted> {
    let mut conn = app.db.read().await?;
    let mut thread =
        conversations::by_id(&mut conn, conversation).await?.ok_or(Error::Missing("conversation"))?;
    if thread.merged_into.is_some() {
        return Err(merge::gone(&mut conn, &thread).await?);
    }
    let last = messages::last_own(&mut conn, conversation).await?;
    if thread.thread.is_none() {
        // The platform knows nothing of what was split off here.
        thread.thread = splits::thread(&mut conn, conversation).await?;
    }
    if merges::any_into(&mut conn, conversation).await? {
        // How long the way to this patron stays open depends on what they wrote by it.
        let own = merges::own_last_at(&mut conn, conversation).await?;
        thread.last_patron_at = own.unwrap_or(thread.last_patron_at);
    }
    let open = app.roster.get(thread.channel_id);
    let asked_for = match (&open, reply.way) {
        (Some(open), None) if thread.goes_by_address() => {
            patrons::asked_for(&mut conn, thread.patron_id, &open.row.kind).await?
        }
        _ => None,
    };
    let address = way(&mut conn, &thread, reply.way.or(asked_for), last.as_ref()).await?;
    gate::refuse_if_stopped(&mut conn, thread.channel_id, &address).await?;
    let enclosures = enclosures(&mut conn, who, &reply.files).await?;
    drop(conn);
    let open = open.ok_or_else(|| {
        Error::CannotSend(
            "The channel of this conversation is no longer connected. Your text is kept.".to_owned(),
        )
    })?;
    let draft = Draft { enclosures, ..draft(who, &thread, reply, last.as_ref(), &address) };
    Ok(Drafted { open, draft, address, last })
}

async fn enclosures(conn: &mut Conn, who: &Who, files: &[Uuid]) -> Result<Vec<Enclosure>> {
    let mut enclosures: Vec<Enclosure> = Vec::with_capacity(files.len());
    for id in files {
        if enclosures.iter().any(|one| one.id == *id) {
            return Err(Error::Invalid("A file is named twice. Nothing was sent.".to_owned()));
        }
        let upload = uploads::one(conn, *id, who.staff_id).await?.ok_or_else(no_longer_there)?;
        enclosures.push(Enclosure {
            id: upload.id,
            filename: upload.filename,
            content_type: upload.content_type,
            size: upload.size.unsigned_abs(),
        });
    }
    Ok(enclosures)
}

fn no_longer_there() -> Error {
    Error::CannotSend(
        "A file of this answer is no longer here: files wait for a day, and leave with one answer. Your text is kept; \
         remove the file and add it again."
            .to_owned(),
    )
}

/// What sends.
///
/// # Errors
/// A sentence, where a channel can only be read.
pub(super) fn deliver(open: &Open) -> Result<&dyn Deliver> {
    open.channel.deliver().ok_or_else(|| {
        Error::CannotSend("This channel can only be read. Your text is kept; choose another way.".to_owned())
    })
}

/// Everything that needs no transaction: where it goes, and the connector's own word on whether it can.
pub(super) async fn plan(app: &App, who: &Who, conversation: Uuid, reply: &Reply) -> Result<Planned> {
    let Drafted { open, draft, address, last } = drafted(app, who, conversation, reply).await?;
    let deliver = deliver(&open)?;
    let now = app.clock.now();
    let parts = deliver.compose(&draft, now).map_err(|refusal| Error::CannotSend(refusal.why))?;
    let keys: Vec<Uuid> = parts.iter().map(|_| app.clock.id()).collect();
    let expected =
        keys.iter().map(|key| deliver.expected_id(&Key(*key)).map(|id| threading::reference(&id))).collect();
    let release_at = now + undo_hold_ms(&open);
    Ok(Planned { address, last, parts, expected, keys, release_at, channel_id: open.row.id })
}

fn undo_hold_ms(open: &Open) -> i64 {
    open.row.undo_hold_ms.unwrap_or_else(|| open.channel.capabilities().undo_hold_ms).max(0)
}

async fn way(
    conn: &mut Conn,
    thread: &Conversation,
    wanted: Option<Uuid>,
    last: Option<&Message>,
) -> Result<Address> {
    let id = match wanted.or_else(|| last.and_then(|message| message.address_id)) {
        Some(id) => Some(id),
        None => patrons::addresses_in(conn, thread.id).await?.first().map(|address| address.id),
    };
    let nowhere =
        || Error::CannotSend("There is no address to answer to: the message came without one.".to_owned());
    let address = patrons::address_by_id(conn, id.ok_or_else(nowhere)?).await?.ok_or_else(nowhere)?;
    // An address whose proof was only a reference has not been vouched for: nothing is ever sent there by default.
    let known = patrons::addresses_in(conn, thread.id).await?;
    if known.iter().any(|one| one.id == address.id)
        || wanted == Some(address.id) && address.patron_id == thread.patron_id
    {
        return Ok(address);
    }
    match (wanted, known.into_iter().next()) {
        (None, Some(first)) => Ok(first),
        _ => Err(Error::CannotSend(format!("{} does not belong to this patron.", address.shown))),
    }
}

fn draft(
    who: &Who,
    thread: &Conversation,
    reply: &Reply,
    last: Option<&Message>,
    address: &Address,
) -> Draft {
    Draft {
        text: reply.text.clone(),
        subject: reply.subject.clone(),
        to: Recipient {
            address: contract::Address {
                id: address.address.clone(),
                shown: address.shown.clone(),
                name: Some(thread.patron_name.clone()).filter(|name| *name != address.shown),
            },
            copies: Vec::new(),
        },
        from_name: who.public_name.clone(),
        signature: Some(who.public_name.clone()),
        answers: last.map(|message| Answered {
            id: message.external_id.clone(),
            references: message.refs.split_whitespace().map(str::to_owned).collect(),
            conversation: thread.thread.clone(),
            subject: message.subject.clone().or_else(|| Some(thread.subject.clone())),
            text: Some(message.reply_text.clone().unwrap_or_else(|| message.text.clone())),
            author: Some(message.author_name.clone()),
            at: Some(message.at),
        }),
        patron_wrote_at: Some(thread.last_patron_at),
        visibility: match thread.visibility {
            Visibility::Private => contract::Visibility::Private,
            Visibility::Public => contract::Visibility::Public,
        },
        enclosures: Vec::new(),
        automatic: false,
    }
}

/// Writes it down within the caller's transaction; `approved` where somebody has looked through it.
pub(super) async fn write(
    app: &App,
    who: &Who,
    conversation: Uuid,
    reply: Reply,
    planned: Planned,
    approved: Option<Approved<'_>>,
    tx: &mut Tx,
) -> Result<Message> {
    let mut before = locked(tx, conversation).await?;
    // The one who was first may have kept it meanwhile.
    if let Some(kept) = kept_before(tx, who, &reply).await? {
        return Ok(kept);
    }
    refuse_spam(&before)?;
    // What the writer must read comes before what they are asked.
    newer::refuse(who, &before, &reply, tx).await?;
    if approved.is_none() {
        policy::pass(tx, who, &before, reply.helps).await?;
    }
    let now = app.clock.now();
    if before.owner_id.is_none() && conversations::claim_if_free(tx, conversation, who.staff_id, now).await? {
        let free = before.clone();
        before.owner_id = Some(who.staff_id);
        before.owner_since = Some(now);
        conversations::update(tx, &free, &before).await?;
    }
    let message = message(app, who, &before, &reply, &planned, now);
    let seq = events::append(tx, line(who, &message, Happened::Reply, now, None)).await?;
    let message = Message { seq, ..message };
    messages::insert(tx, &message).await?;
    search::index(tx, seq).await?;
    for (position, file) in (0..).zip(&reply.files) {
        if !uploads::leave_with(tx, *file, who.staff_id, message.id, position).await? {
            return Err(no_longer_there());
        }
    }
    if approved.is_none() {
        drafts::remove(tx, who.staff_id, conversation, draft::Kind::Reply).await?;
    }
    failpoint::pass(At::ReplyHalfWritten);
    queue(&planned, &message, now, tx).await?;
    let mut after = before.clone();
    after.seq = seq;
    after.last_at = now;
    after.open();
    after.state = Standing::Waiting;
    after.waits_no_more();
    if let Some(Approved { review, by, changed }) = approved {
        let end = Settled {
            state: Looked::Approved,
            at: now,
            by: by.staff_id,
            name: by.public_name.clone(),
            changed,
            word: None,
            message_id: Some(message.id),
        };
        if !reviews::settle(tx, review.id, &end).await? {
            return Err(Error::Changed);
        }
        let detail = review.in_words(changed);
        after.seq =
            events::append(tx, line(by, &message, Happened::ReviewApproved, now, Some(&detail))).await?;
    }
    if reply.done {
        after = decide(&after, Decision::Answered, who.staff_id, now, true);
        closure::over(tx, conversation, now).await?;
        after.seq = events::append(tx, line(who, &message, Happened::Closed, now, Some("answered"))).await?;
    }
    conversations::update(tx, &before, &after).await?;
    Ok(message)
}

fn message(
    app: &App,
    who: &Who,
    thread: &Conversation,
    reply: &Reply,
    planned: &Planned,
    now: i64,
) -> Message {
    let mut refs: Vec<String> = Vec::new();
    if let Some(last) = &planned.last {
        refs.extend(last.refs.split_whitespace().map(str::to_owned));
        refs.extend(last.external_id.clone());
    }
    Message {
        id: reply.key.unwrap_or_else(|| app.clock.id()),
        seq: 0,
        conversation_id: thread.id,
        channel_id: Some(planned.channel_id),
        direction: Direction::Out,
        kind: Kind::Reply,
        visibility: thread.visibility,
        staff_id: Some(who.staff_id),
        address_id: Some(planned.address.id),
        author_name: who.public_name.clone(),
        external_id: planned.expected.first().cloned().flatten(),
        refs: refs.join(" "),
        at: now,
        subject: reply.subject.clone(),
        text: reply.text.clone(),
        reply_text: None,
        html: None,
        envelope_id: None,
        automatic: false,
        unverified: false,
        link: None,
        home_id: None,
    }
}

async fn queue(planned: &Planned, message: &Message, now: i64, tx: &mut Tx) -> Result<()> {
    let state = if planned.release_at > now { State::Held } else { State::Queued };
    for (position, part) in planned.parts.iter().enumerate() {
        let part = serde_json::to_string(part).map_err(|error| Error::CannotSend(error.to_string()))?;
        let delivery = Delivery {
            id: planned.keys[position],
            message_id: message.id,
            conversation_id: message.conversation_id,
            channel_id: planned.channel_id,
            position: i64::try_from(position).unwrap_or(i64::MAX),
            part,
            state,
            release_at: planned.release_at,
            due_at: planned.release_at,
            tries: 0,
            external_id: planned.expected[position].clone(),
            reason: None,
            why: None,
            created_at: now,
            settled_at: None,
        };
        deliveries::insert(tx, &delivery).await?;
    }
    Ok(())
}

fn line(who: &Who, message: &Message, kind: Happened, at: i64, detail: Option<&str>) -> Appending {
    Appending {
        at,
        kind,
        conversation_id: message.conversation_id,
        message_id: Some(message.id),
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: detail.map(str::to_owned),
    }
}
