//! `/conversations/{id}/claim` and `/claims/next`: taking a conversation and putting it back, taking the next one.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path, Query};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::claim::{self, Next};
use crate::error::Error;
use crate::model::Millis;
use crate::model::next::{Where, in_words};

/// Where to look.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Looking {
    /// Only at this desk.
    desk: Option<Uuid>,
    /// Only by this channel.
    channel: Option<Uuid>,
}

/// What there was.
#[derive(Serialize, ToSchema)]
pub(super) struct NextClaim {
    /// It is the caller's now; null when nothing was free.
    conversation: Option<Row>,
    /// The same in words.
    words: String,
}

/// Claim the next question
///
/// The one that is next is looked up and claimed in one step: a patron who waits at their screen first, then late ones,
/// urgent ones, what is kept for the caller, the one due soonest, the oldest; what no patron waits for comes last. Only what
/// the caller can take: at a desk where they answer, with the skill and the language that it needs, and no more live ones
/// than they have at once. Of any number of people who ask at once each gets another one, and nobody is refused while one
/// is free for them. Nothing free is no error: `conversation` is null and `words` say what waits for whom.
#[utoipa::path(post, path = "/claims/next", operation_id = "claimNext", tag = "conversations", request_body = Looking,
    responses((status = 200, description = "What there was", body = NextClaim)))]
pub(super) async fn next(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(Looking { desk, channel }): Json<Looking>,
) -> Result<Json<NextClaim>> {
    let next = match claim::next(&app, &me.who, Where { desk, channel }).await? {
        Next::Claimed(row) => {
            let words = format!("Claimed: {}.", row.patron_name);
            NextClaim { conversation: Some((*row).into()), words }
        }
        Next::Nothing { lacking, elsewhere } if !lacking.is_empty() => {
            let lacking = in_words(&lacking);
            let elsewhere = if elsewhere { " At other desks or channels is something for you." } else { "" };
            let words = format!("Nothing you can take right now. {lacking}{elsewhere}");
            NextClaim { conversation: None, words }
        }
        Next::Nothing { elsewhere, .. } => {
            let words = match (elsewhere, desk.is_some() || channel.is_some()) {
                (true, _) => "Nobody is waiting unclaimed here. At other desks or channels somebody is.",
                (false, true) => "Nobody is waiting unclaimed, here or anywhere else that you could take.",
                (false, false) => "Nobody is waiting unclaimed right now.",
            };
            NextClaim { conversation: None, words: words.to_owned() }
        }
    };
    Ok(Json(next))
}

/// From whom.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Taking {
    /// Take it over from this person, who the caller believes has it.
    from: Option<Uuid>,
}

/// Claim a conversation
///
/// Of any number who claim it at once one gets 200, the others 409 `/problems/claimed` with `owner` and `since`. Claiming
/// what one has already changes nothing. With `from` it is taken over from that person, who watches it from then on.
#[utoipa::path(put, path = "/conversations/{id}/claim", operation_id = "claim", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), Taking),
    responses((status = 200, description = "It is yours", body = Row)))]
pub(super) async fn take(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(Taking { from }): Query<Taking>,
) -> Result<Json<Row>> {
    let taken = match from {
        Some(from) => claim::take_over(&app, &me.who, id, from).await,
        None => claim::take(&app, &me.who, id).await,
    };
    match taken {
        Ok(row) => Ok(Json(row.into())),
        Err(error) => Err(told_when(error, app.clock.now())),
    }
}

/// Put a conversation back
///
/// For its owner; the patron's clock goes on. 409 `/problems/not-yours` for anybody else.
#[utoipa::path(delete, path = "/conversations/{id}/claim", operation_id = "release", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is everybody's", body = Row)))]
pub(super) async fn release(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(claim::release(&app, &me.who, id).await?.into()))
}

/// Who came too late is told how long ago.
pub(super) fn told_when(error: Error, now: Millis) -> Problem {
    match error {
        Error::Claimed { owner, owner_name, since } => Problem::claimed(owner, owner_name, since, now),
        other => other.into(),
    }
}
