//! `/rules`: what the house wants done with what arrives. For managers.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path, Query};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::access::require;
use crate::app::App;
use crate::conversation::rules;
use crate::error::Error;
use crate::model;
use crate::model::conversation::number_in_words;
use crate::model::people::Role;
use crate::model::rule::{Act, Condition, Fit, Names, Written, in_words};
use crate::report::trial;

/// A year and a little.
const MOST_DAYS: u32 = 400;
const USUAL_DAYS: u32 = 30;

/// A rule.
#[derive(Serialize, ToSchema)]
pub(super) struct Rule {
    id: Uuid,
    /// What people call it; the history names it so.
    name: String,
    /// Whether it is asked.
    active: bool,
    /// How many of the conditions must be met.
    #[serde(rename = "match")]
    #[schema(inline)]
    fit: Fit,
    /// What is looked at; channels and desks by their ids.
    conditions: Vec<Condition>,
    /// What is done, in this order; desks and tags by their ids.
    acts: Vec<Act>,
    /// The same as a sentence, with names.
    words: String,
    /// Send it back to change or remove the rule.
    version: i64,
    created_at: Time,
    changed_at: Time,
}

/// Which version of a rule is meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Version {
    /// The version that was read.
    version: i64,
}

/// In which order rules are asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleOrder {
    /// Each rule's id, the first to be asked first.
    ids: Vec<Uuid>,
}

/// What is to be tried: a rule that is there, one that is not kept yet, or, with neither, all rules as they are asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTrial {
    /// A rule that is there, alone, on or off.
    #[serde(default)]
    id: Option<Uuid>,
    /// One that is not kept.
    #[serde(default)]
    rule: Option<Written>,
    /// How far back, 1 to 400; 30 when it is left out.
    #[serde(default)]
    days: Option<u32>,
}

/// What rules would have done.
#[derive(Serialize, ToSchema)]
pub(super) struct Tried {
    /// Conversations that were looked at.
    looked_at: u64,
    /// Those that a rule would fit.
    fitting: u64,
    /// The newest of those, at most 20.
    latest: Vec<Fitting>,
    /// Whether a condition on recipients was left out: they are not kept.
    recipients_unknown: bool,
}

/// A conversation that a rule would fit.
#[derive(Serialize, ToSchema)]
pub(super) struct Fitting {
    id: Uuid,
    /// What people call it.
    number: String,
    /// Who asked.
    patron: String,
    /// What it is called.
    subject: String,
    /// When it was sent.
    at: Time,
    /// The names of the rules that would fit.
    rules: Vec<String>,
    /// What they would do, one sentence each.
    acts: Vec<String>,
}

impl Rule {
    fn of(rule: model::rule::Rule, names: &Names) -> Self {
        let words = in_words(&rule.body, names);
        let model::rule::Rule { id, name, active, body, version, created_at, changed_at } = rule;
        Self {
            id,
            name,
            active,
            fit: body.fit,
            conditions: body.conditions,
            acts: body.acts,
            words,
            version,
            created_at: Time(created_at),
            changed_at: Time(changed_at),
        }
    }
}

async fn shown(app: &App, rule: model::rule::Rule) -> Result<Rule> {
    Ok(Rule::of(rule, &rules::list(app).await?.1))
}

/// The rules
#[utoipa::path(get, path = "/rules", operation_id = "listRules", tag = "rules",
    responses((status = 200, description = "In the order in which they are asked", body = List<Rule>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Rule>>> {
    require(&me.who, Role::Manager)?;
    let (rules, names) = rules::list(&app).await?;
    Ok(List::whole(rules.into_iter().map(|rule| Rule::of(rule, &names)).collect()))
}

/// Make a rule
///
/// It is asked after all others, about each message that begins a conversation from now on. What it does stands in the
/// conversation's history under its name. `deskbell rules` does the same.
#[utoipa::path(post, path = "/rules", operation_id = "addRule", tag = "rules", request_body = Written,
    responses((status = 201, description = "It is asked", body = Rule)))]
pub(super) async fn add(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(new): Json<Written>,
) -> Result<(StatusCode, Json<Rule>)> {
    require(&me.who, Role::Manager)?;
    let rule = rules::add(&app, new).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, rule).await?)))
}

/// Change a rule
#[utoipa::path(put, path = "/rules/{id}", operation_id = "changeRule", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule"), Version), request_body = Written,
    responses((status = 200, description = "It is changed", body = Rule)))]
pub(super) async fn change(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(Version { version }): Query<Version>,
    Json(new): Json<Written>,
) -> Result<Json<Rule>> {
    require(&me.who, Role::Manager)?;
    let rule = rules::change(&app, id, version, new).await?;
    Ok(Json(shown(&app, rule).await?))
}

/// Remove a rule
///
/// What it did stays.
#[utoipa::path(delete, path = "/rules/{id}", operation_id = "removeRule", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule"), Version),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(Version { version }): Query<Version>,
) -> Result<StatusCode> {
    require(&me.who, Role::Manager)?;
    rules::remove(&app, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch a rule off
#[utoipa::path(put, path = "/rules/{id}/pause", operation_id = "pauseRule", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule")),
    responses((status = 200, description = "It is asked no more", body = Rule)))]
pub(super) async fn pause(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Rule>> {
    require(&me.who, Role::Manager)?;
    let rule = rules::switch(&app, id, false).await?;
    Ok(Json(shown(&app, rule).await?))
}

/// Switch a rule on
#[utoipa::path(delete, path = "/rules/{id}/pause", operation_id = "resumeRule", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule")),
    responses((status = 200, description = "It is asked again", body = Rule)))]
pub(super) async fn resume(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Rule>> {
    require(&me.who, Role::Manager)?;
    let rule = rules::switch(&app, id, true).await?;
    Ok(Json(shown(&app, rule).await?))
}

/// Say in which order rules are asked
#[utoipa::path(put, path = "/rules/order", operation_id = "orderRules", tag = "rules", request_body = RuleOrder,
    responses((status = 200, description = "In the order in which they are asked", body = List<Rule>)))]
pub(super) async fn order(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(order): Json<RuleOrder>,
) -> Result<Json<List<Rule>>> {
    require(&me.who, Role::Manager)?;
    rules::order(&app, order.ids).await?;
    list(State(app), SignedIn(me)).await
}

/// Try rules on past conversations
///
/// Nothing is changed. Desks, tags and hours are those of today.
#[utoipa::path(post, path = "/rules/trials", operation_id = "tryRules", tag = "rules", request_body = RuleTrial,
    responses((status = 200, description = "What they would have done", body = Tried)))]
pub(super) async fn attempt(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(asked): Json<RuleTrial>,
) -> Result<Json<Tried>> {
    require(&me.who, Role::Manager)?;
    let days = asked.days.unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Error::Invalid(format!("`days` is 1 to {MOST_DAYS}. Nothing was tried.")).into());
    }
    let rules = match (asked.id, asked.rule) {
        (Some(_), Some(_)) => {
            return Err(
                Error::Invalid("Name a rule or write one, not both. Nothing was tried.".to_owned()).into()
            );
        }
        (Some(id), None) => {
            let rule = rules::one(&mut app.db.read().await?, id).await?;
            vec![model::rule::Rule { active: true, ..rule }]
        }
        (None, Some(written)) => {
            let rule = rules::draft(&app, written).await?;
            vec![model::rule::Rule { active: true, ..rule }]
        }
        (None, None) => rules::list(&app).await?.0,
    };
    let trial = trial::run(&app, &rules, days, &mut |_| {}).await?;
    let latest = trial.latest.into_iter().map(|hit| Fitting {
        id: hit.conversation,
        number: number_in_words(hit.number),
        patron: hit.patron,
        subject: hit.subject,
        at: Time(hit.at),
        rules: hit.rules,
        acts: hit.acts,
    });
    Ok(Json(Tried {
        looked_at: trial.looked_at,
        fitting: trial.fitting,
        latest: latest.collect(),
        recipients_unknown: trial.recipients_unknown,
    }))
}
