//! What waits to be looked through goes back to its author, as the draft that it was.

use futures::FutureExt;
use uuid::Uuid;

use super::{may, tell};
use crate::access::require;
use crate::app::App;
use crate::conversation::draft::LONGEST;
use crate::conversation::locked;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::draft::{Draft, Kind};
use crate::model::event::Kind as Happened;
use crate::model::people::{Role, Who};
use crate::model::review::{LONGEST_WORD, Review, State};
use crate::store::reviews::{self, Settled};
use crate::store::{Tx, drafts};

/// Returns it to its author with a word: it is their draft again.
///
/// # Errors
/// [`Error::Invalid`] without a word; [`Error::Changed`] and [`Error::CannotReview`] as when it is approved.
pub async fn send_back(app: &App, who: &Who, id: Uuid, word: &str) -> Result<Review> {
    require(who, Role::Staff)?;
    let word = word.trim().to_owned();
    if word.is_empty() || word.chars().count() > LONGEST_WORD {
        return Err(Error::Invalid(format!(
            "Say in at most {LONGEST_WORD} characters what its author should look at. Nothing was changed."
        )));
    }
    let (who, now) = (who.clone(), app.clock.now());
    end(app, move |tx| {
        async move {
            let review = may(tx, &who, id).await?;
            let before = locked(tx, review.conversation_id).await?;
            let settled = settled(State::Returned, &who, now, Some(word.clone()));
            let after = come_back(tx, &review, settled, now).await?;
            let detail = Some(format!("{}’s answer: {word}", review.author_name));
            tell(tx, &before, &who, now, Happened::ReviewReturned, detail).await?;
            Ok(after)
        }
        .boxed()
    })
    .await
}

/// Its author takes it back: it is their draft again.
///
/// # Errors
/// [`Error::NotYours`] for anybody else; [`Error::Changed`] when it does not wait any more.
pub async fn take_back(app: &App, who: &Who, id: Uuid) -> Result<Review> {
    require(who, Role::Staff)?;
    let (who, now) = (who.clone(), app.clock.now());
    end(app, move |tx| {
        async move {
            let review = reviews::by_id(tx, id).await?.ok_or(Error::Missing("answer that waits"))?;
            if review.author_id != who.staff_id {
                return Err(Error::NotYours);
            }
            let before = locked(tx, review.conversation_id).await?;
            let after = come_back(tx, &review, settled(State::TakenBack, &who, now, None), now).await?;
            tell(tx, &before, &who, now, Happened::ReviewTakenBack, None).await?;
            Ok(after)
        }
        .boxed()
    })
    .await
}

async fn end(
    app: &App,
    act: impl for<'t> FnOnce(&'t mut Tx) -> futures::future::BoxFuture<'t, Result<Review>> + Send + 'static,
) -> Result<Review> {
    let (review, committed) = app.db.write(act).await?;
    app.bus.publish(committed);
    Ok(review)
}

fn settled(state: State, who: &Who, at: Millis, word: Option<String>) -> Settled {
    let (by, name) = (who.staff_id, who.public_name.clone());
    Settled { state, at, by, name, changed: false, word, message_id: None }
}

/// Its author's draft again, above what they have begun there meanwhile.
async fn come_back(tx: &mut Tx, review: &Review, end: Settled, now: Millis) -> Result<Review> {
    let (author, conversation) = (review.author_id, review.conversation_id);
    let files = reviews::files(tx, review.id).await?;
    if !reviews::settle(tx, review.id, &end).await? {
        return Err(Error::Changed);
    }
    let begun = drafts::of(tx, author, conversation).await?.into_iter().find(|one| one.kind == Kind::Reply);
    let mut held: Vec<Uuid> = files.iter().map(|file| file.id).collect();
    held.extend(drafts::files(tx, author, conversation).await?.iter().map(|file| file.id));
    let text = match begun.map(|draft| draft.text).filter(|text| !text.trim().is_empty()) {
        Some(begun) => format!("{}\n\n{begun}", review.text).chars().take(LONGEST).collect(),
        None => review.text.clone(),
    };
    let draft = Draft { conversation_id: conversation, kind: Kind::Reply, caret: 0, text, changed_at: now };
    drafts::put(tx, author, &draft).await?;
    drafts::hold(tx, author, conversation, &held).await?;
    reviews::by_id(tx, review.id).await?.ok_or(Error::Missing("answer that waits"))
}
