//! An answer that somebody else looks through before it leaves. Until then it is no message: it is in no thread, nobody has
//! answered, and whoever likes answers meanwhile. Approved, it leaves in its author's name by the way of every answer.

mod settling;

use futures::FutureExt;
use uuid::Uuid;

use super::newer;
use super::reply::{Approved, Reply, plan, refuse_spam, write};
use crate::access::{self, require};
use crate::app::App;
use crate::conversation::{locked, policy};
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::conversation::Conversation;
use crate::model::draft;
use crate::model::event::Kind as Happened;
use crate::model::message::Message;
use crate::model::people::{Role, Who};
use crate::model::review::{Refusal, Review, State};
use crate::store::events::{self, Appending};
use crate::store::uploads::Upload;
use crate::store::{Conn, Tx, conversations, drafts, people, reviews};

pub use settling::{send_back, take_back};

/// So many are listed: the oldest.
const MOST: i64 = 200;

/// What whoever approves an answer says of it.
#[derive(Clone, Debug, Default)]
pub struct Approving {
    /// Other words in place of its author's.
    pub text: Option<String>,
    /// The last event number that they have seen.
    pub seen: i64,
    /// Although something was said since it was written.
    pub anyway: bool,
}

/// Has an answer looked through, by `reviewer` where one is named. Its files wait with it, and its draft is over. A
/// conversation that nobody has becomes its author's.
///
/// # Errors
/// Those of an answer; [`Error::Invalid`] where one of this author waits there already, or whom they named cannot look through
/// it.
pub async fn ask(
    app: &App,
    who: &Who,
    conversation: Uuid,
    reply: Reply,
    reviewer: Option<Uuid>,
) -> Result<Review> {
    require(who, Role::Staff)?;
    reply.refuse_if_empty()?;
    if let Some(kept) = asked_before(&mut app.db.read().await?, who, &reply).await? {
        return Ok(kept);
    }
    // Whoever wrote it is to hear now that it cannot go this way.
    plan(app, who, conversation, &reply).await?;
    let (who, id, now) = (who.clone(), reply.key.unwrap_or_else(|| app.clock.id()), app.clock.now());
    let (review, committed) = app
        .db
        .write(move |tx| {
            async move {
                let mut before = locked(tx, conversation).await?;
                if let Some(kept) = asked_before(tx, &who, &reply).await? {
                    return Ok(kept);
                }
                refuse_spam(&before)?;
                newer::refuse(&who, &before, &reply, tx).await?;
                policy::pass(tx, &who, &before, reply.helps).await?;
                let asked = named(tx, &who, reviewer).await?;
                if reviews::open_of(tx, conversation, who.staff_id).await?.is_some() {
                    return Err(Error::Invalid(
                        "An answer of yours waits here already to be looked through. Take it back first; what you wrote now is kept."
                            .to_owned(),
                    ));
                }
                if before.owner_id.is_none()
                    && conversations::claim_if_free(tx, conversation, who.staff_id, now).await?
                {
                    let free = before.clone();
                    (before.owner_id, before.owner_since) = (Some(who.staff_id), Some(now));
                    conversations::update(tx, &free, &before).await?;
                }
                let review = Review {
                    id,
                    conversation_id: conversation,
                    author_id: who.staff_id,
                    author_name: who.public_name.clone(),
                    reviewer_id: reviewer,
                    text: reply.text,
                    subject: reply.subject,
                    way: reply.way,
                    done: reply.done,
                    seen: before.seq,
                    asked_at: now,
                    state: State::Open,
                    settled_at: None,
                    settled_by: None,
                    settled_name: None,
                    changed: false,
                    word: None,
                    message_id: None,
                };
                reviews::insert(tx, &review, &reply.files).await?;
                drafts::remove(tx, who.staff_id, conversation, draft::Kind::Reply).await?;
                tell(tx, &before, &who, now, Happened::ReviewAsked, asked).await?;
                Ok(review)
            }
            .boxed()
        })
        .await?;
    app.bus.publish(committed);
    Ok(review)
}

/// Approves an answer, as it is or changed: it leaves in its author's name when the undo hold is over.
///
/// # Errors
/// [`Error::Newer`] with what was said since it was written (`anyway` is the answer to that) or since whoever approves it has
/// looked; [`Error::Changed`] when it does not wait any more; [`Error::CannotReview`] for its author and for people whose own
/// answers are looked through.
pub async fn approve(app: &App, who: &Who, id: Uuid, approving: Approving) -> Result<Message> {
    require(who, Role::Staff)?;
    let (review, author, files) = {
        let mut conn = app.db.read().await?;
        let review = may(&mut conn, who, id).await?;
        let author = people::staff(&mut conn, review.author_id).await?.ok_or(Error::Missing("person"))?;
        let files = reviews::files(&mut conn, id).await?;
        (review, access::who(&author), files)
    };
    let Approving { text, seen, anyway } = approving;
    let (text, changed) = review.approved(text);
    let reply = Reply {
        text,
        seen,
        way: review.way,
        subject: review.subject.clone(),
        done: review.done,
        files: files.into_iter().map(|file| file.id).collect(),
        ..Reply::default()
    };
    reply.refuse_if_empty()?;
    let planned = plan(app, &author, review.conversation_id, &reply).await?;
    let (owned, who) = (app.clone(), who.clone());
    let (message, committed) = app
        .db
        .write(move |tx| {
            async move {
                let before = locked(tx, review.conversation_id).await?;
                let review = may(tx, &who, id).await?;
                if !anyway {
                    let then = Reply { seen: review.seen, ..reply.clone() };
                    newer::refuse(&author, &before, &then, tx).await?;
                }
                let approved = Approved { review: &review, by: &who, changed };
                write(&owned, &author, review.conversation_id, reply, planned, Some(approved), tx).await
            }
            .boxed()
        })
        .await?;
    failpoint::pass(At::ReplyKept);
    app.bus.publish(committed);
    app.bus.wake_sender();
    Ok(message)
}

/// One that waits, with its files.
pub type Waiting = (Review, Vec<Upload>);

/// What waits anywhere to be looked through, the oldest first.
pub async fn list(app: &App) -> Result<Vec<Waiting>> {
    let mut conn = app.db.read().await?;
    let all = reviews::open(&mut conn, MOST).await?;
    with_files(&mut conn, all).await
}

/// What waits in a conversation.
pub async fn of(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Waiting>> {
    let all = reviews::open_in(conn, conversation).await?;
    with_files(conn, all).await
}

/// Decides whether a person's answers are looked through, for managers.
///
/// # Errors
/// [`Error::Missing`] where there is no such person.
pub async fn decide(app: &App, who: &Who, staff: Uuid, reviewed: bool) -> Result<()> {
    require(who, Role::Manager)?;
    keep_decision(app, staff, reviewed).await
}

/// The same on the command line, where nobody is asked who they are.
///
/// # Errors
/// As [`decide`].
pub async fn keep_decision(app: &App, staff: Uuid, reviewed: bool) -> Result<()> {
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if reviews::mark(tx, staff, reviewed).await? { Ok(()) } else { Err(Error::Missing("person")) }
            })
        })
        .await?;
    Ok(())
}

/// Nobody whose answers are looked through sends by themselves.
pub(super) async fn refuse_unseen(conn: &mut Conn, who: &Who) -> Result<()> {
    if reviews::is_reviewed(conn, who.staff_id).await? { Err(Error::ReviewFirst) } else { Ok(()) }
}

/// With its files.
pub async fn waiting(app: &App, review: Review) -> Result<Waiting> {
    let files = reviews::files(&mut app.db.read().await?, review.id).await?;
    Ok((review, files))
}

async fn with_files(conn: &mut Conn, all: Vec<Review>) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::with_capacity(all.len());
    for review in all {
        let files = reviews::files(conn, review.id).await?;
        waiting.push((review, files));
    }
    Ok(waiting)
}

async fn asked_before(conn: &mut Conn, who: &Who, reply: &Reply) -> Result<Option<Review>> {
    let Some(key) = reply.key else { return Ok(None) };
    Ok(reviews::by_id(conn, key).await?.filter(|kept| kept.author_id == who.staff_id))
}

/// Whom they asked, as the history says it.
async fn named(conn: &mut Conn, who: &Who, reviewer: Option<Uuid>) -> Result<Option<String>> {
    let Some(id) = reviewer else { return Ok(None) };
    let no = |why: &str| Err(Error::Invalid(format!("{why} Nothing was changed and your text is kept.")));
    let person = people::staff(conn, id).await?.filter(|one| one.disabled_at.is_none());
    let Some(person) = person else { return no("There is no such colleague.") };
    if id == who.staff_id {
        return no("Nobody looks through what they wrote themselves.");
    }
    if !person.role.includes(Role::Staff) || reviews::is_reviewed(conn, id).await? {
        return no(&format!("{} cannot look through answers.", person.public_name));
    }
    Ok(Some(person.public_name))
}

/// The one of this id, for whoever may approve or return it.
async fn may(conn: &mut Conn, who: &Who, id: Uuid) -> Result<Review> {
    let review = reviews::by_id(conn, id).await?.ok_or(Error::Missing("answer that waits"))?;
    let reviewed = reviews::is_reviewed(conn, who.staff_id).await?;
    match review.looks_through(who.staff_id, reviewed) {
        Ok(()) => Ok(review),
        Err(Refusal::Settled) => Err(Error::Changed),
        Err(Refusal::Own) => Err(Error::CannotReview("You wrote this, so somebody else looks through it.")),
        Err(Refusal::Reviewed) => Err(Error::CannotReview(
            "Your own answers are looked through, so somebody else approves this one.",
        )),
    }
}

/// Appends what happened to an answer that waits; nothing else of its conversation changes.
async fn tell(
    tx: &mut Tx,
    before: &Conversation,
    who: &Who,
    at: i64,
    kind: Happened,
    detail: Option<String>,
) -> Result<()> {
    let line = Appending {
        at,
        kind,
        conversation_id: before.id,
        message_id: None,
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail,
    };
    let seq = events::append(tx, line).await?;
    Ok(conversations::update(tx, before, &Conversation { seq, ..before.clone() }).await?)
}
