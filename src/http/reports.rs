//! `/reports`: what managers ask.

use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;

use super::input::{Json, Query};
use super::problem::Result;
use super::session::SignedIn;
use crate::access::require;
use crate::app::App;
use crate::model::people::Role;
use crate::report::period;
use crate::report::waits::{self as verb, By};

/// Which waits, told apart by what.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The first day in the library's time zone; 29 days before the last where it is not said.
    #[param(value_type = Option<String>, example = "2026-10-01")]
    from: Option<Date>,
    /// The last day; today where it is not said.
    #[param(value_type = Option<String>, example = "2026-10-31")]
    to: Option<Date>,
    /// One line for each of these.
    #[param(inline)]
    by: Option<By>,
}

/// How long patrons waited
#[utoipa::path(get, path = "/reports/waits", operation_id = "reportWaits", tag = "reports", params(Asked),
    responses((status = 200, description = "With what the numbers mean", body = verb::Report)))]
pub(super) async fn waits(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<verb::Report>> {
    require(&me.who, Role::Lead)?;
    let period = period::between(&app, asked.from, asked.to).await?;
    Ok(Json(verb::measure(&app, period, asked.by).await?))
}
