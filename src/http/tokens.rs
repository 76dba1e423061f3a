//! `/tokens`: the programs that may act for us.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::access::token;
use crate::app::App;
use crate::model;
use crate::model::people::Role;
use crate::model::session::Scope;
use crate::store::sessions;

/// A program that may act for somebody. Its secret was shown when it was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    /// Its id.
    id: Uuid,
    /// For whom it acts.
    staff_id: Uuid,
    /// What it is for.
    name: String,
    /// What it may do of what its person may.
    #[schema(inline)]
    scopes: Vec<Scope>,
    /// When it was made.
    created_at: Time,
    /// When it was last used, to the hour.
    last_used_at: Option<Time>,
    /// When it ends by itself.
    expires_at: Option<Time>,
    /// Since when it no longer counts.
    revoked_at: Option<Time>,
}

impl From<model::session::Token> for Token {
    fn from(row: model::session::Token) -> Self {
        Self {
            id: row.id,
            staff_id: row.staff_id,
            name: row.name,
            scopes: row.scopes.each().to_vec(),
            created_at: Time(row.created_at),
            last_used_at: row.last_used_at.map(Time),
            expires_at: row.expires_at.map(Time),
            revoked_at: row.revoked_at.map(Time),
        }
    }
}

/// My tokens; for an admin, everybody's
#[utoipa::path(get, path = "/tokens", operation_id = "listTokens", tag = "sessions",
    responses((status = 200, description = "The oldest first, those taken back too", body = List<Token>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Token>>> {
    let mut conn = app.db.read().await?;
    let rows = if me.who.role.includes(Role::Admin) {
        sessions::every_token(&mut conn).await?
    } else {
        sessions::tokens_of(&mut conn, me.who.staff_id).await?
    };
    Ok(List::whole(rows.into_iter().map(Token::from).collect()))
}

/// Take a token back
///
/// One's own, or anybody's for an admin. It stops counting at once.
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revokeToken", tag = "sessions",
    params(("id" = Uuid, Path, description = "The token")),
    responses((status = 204, description = "It no longer counts")))]
pub(super) async fn revoke(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    token::revoke_as(&app.access, &me.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
