//! `/patrons/{id}`: who asks, with everything a colleague knows about them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor;
use super::input::{Json, List, Path, Query};
use super::patron_notes::PatronNote;
use super::problem::Result;
use super::row::RowLite;
use super::session::SignedIn;
use super::unions::{Stranger, Union, unions};
use crate::app::App;
use crate::conversation::{patron, union};
use crate::error::Error;
use crate::model;
use crate::model::helper::{self, Usual};
use crate::model::patron::Profile;
use crate::store::{Conn, helpers, lists, patron_notes, patrons};

const OF_PATRON: &str = "conversations of a patron";
const EARLIER: i64 = 5;

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Patron {
    id: Uuid,
    name: String,
    /// What they like to be called.
    goes_by: Option<String>,
    /// "she/her".
    pronouns: Option<String>,
    /// How they asked to be answered; null: they did not ask.
    answer_by: Option<AnswerBy>,
    /// How they can be reached.
    addresses: Vec<Address>,
    /// What colleagues know about them, oldest first. Never sent.
    notes: Vec<PatronNote>,
    /// Their other conversations, newest first, five at most.
    earlier: Vec<RowLite>,
    /// Whoever answered them most often within a year; null: nobody did.
    usual_helper: Option<UsualHelper>,
    /// Patrons who turned out to be this one.
    unions: Vec<Union>,
    /// Patrons who have an address of this one's on another platform, for which both platforms vouch.
    suggested: Vec<Stranger>,
    /// The patron that this one turned out to be.
    one_with: Option<Uuid>,
}

/// How somebody asked to be answered.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerBy {
    /// At this one of their addresses.
    address_id: Option<Uuid>,
    /// "Text message to +1 406 555 0193".
    words: Option<String>,
    /// When, in their words.
    hours: Option<String>,
}

/// Whoever answered a patron most often.
#[derive(Serialize, ToSchema)]
pub(super) struct UsualHelper {
    staff_id: Uuid,
    /// So many times.
    times: usize,
    /// Of so many.
    of: usize,
}

/// One way to reach a person.
#[derive(Serialize, ToSchema)]
pub(super) struct Address {
    id: Uuid,
    /// What such an address is called.
    kind_word: String,
    /// As people write it.
    address: String,
    /// What the person calls it.
    label: Option<String>,
    /// Whether its platform vouches for it, or something that was sent there was answered from it.
    verified: bool,
}

impl Patron {
    /// With all that is known; `but` is the conversation beside which it is shown.
    pub(super) async fn read(
        app: &App,
        conn: &mut Conn,
        row: model::people::Patron,
        addresses: Vec<model::people::Address>,
        but: Uuid,
    ) -> Result<Self> {
        let earlier = lists::earlier_of_patron(conn, row.id, but, EARLIER).await?;
        let answers = helpers::answers(conn, row.id, Uuid::max(), app.clock.now()).await?;
        let notes = patron_notes::about(conn, row.id).await?;
        let suggested = union::suggested(app, conn, &addresses).await?;
        let at = addresses.iter().find(|address| Some(address.id) == row.answer_by);
        let words = at.map(|at| format!("{} to {}", kind_word(app, &at.kind), at.shown));
        let asked = words.is_some() || row.answer_hours.is_some();
        Ok(Self {
            unions: unions(conn, row.id).await?,
            id: row.id,
            name: row.name,
            goes_by: row.goes_by,
            pronouns: row.pronouns,
            answer_by: asked.then(|| AnswerBy {
                address_id: at.map(|at| at.id),
                words,
                hours: row.answer_hours,
            }),
            addresses: addresses.iter().map(|address| shown_address(app, address)).collect(),
            notes: notes.into_iter().map(PatronNote::from).collect(),
            earlier: earlier.into_iter().map(RowLite::from).collect(),
            usual_helper: helper::usual(&answers).map(|Usual { staff_id, times, of }| UsualHelper {
                staff_id,
                times,
                of,
            }),
            suggested: suggested.into_iter().map(Stranger::from).collect(),
            one_with: row.one_with,
        })
    }
}

fn shown_address(app: &App, address: &model::people::Address) -> Address {
    Address {
        id: address.id,
        kind_word: kind_word(app, &address.kind),
        address: address.shown.clone(),
        label: None,
        verified: union::known(app, address).verified,
    }
}

fn kind_word(app: &App, kind: &str) -> String {
    let open = app.roster.all();
    let open = open.iter().find(|open| open.row.kind == kind).map(|open| open.manifest.look.word);
    open.map_or_else(|| kind.to_owned(), str::to_owned)
}

/// A patron
#[utoipa::path(get, path = "/patrons/{id}", operation_id = "readPatron", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron")),
    responses((status = 200, description = "With all that is known about them", body = Patron)))]
pub(super) async fn read(State(app): State<App>, _: SignedIn, Path(id): Path<Uuid>) -> Result<Json<Patron>> {
    let mut conn = app.db.snapshot().await?;
    let row = patrons::by_id(&mut conn, id).await?.ok_or(Error::Missing("patron"))?;
    let addresses = patrons::addresses_of(&mut conn, id).await?;
    Ok(Json(Patron::read(&app, &mut conn, row, addresses, Uuid::nil()).await?))
}

/// Which part of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// `next` of the answer before.
    cursor: Option<String>,
    /// At most so many: 1 to 200, 50 where nothing is said.
    limit: Option<usize>,
}

/// A patron's conversations
#[utoipa::path(get, path = "/patrons/{id}/conversations", operation_id = "listOfPatron", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron"), Part),
    responses((status = 200, description = "By whichever channel, the latest begun first", body = List<RowLite>)))]
pub(super) async fn conversations(
    State(app): State<App>,
    _: SignedIn,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
) -> Result<Json<List<RowLite>>> {
    let limit = cursor::limit(part.limit)?;
    let before = cursor::read(OF_PATRON, part.cursor.as_deref())?.unwrap_or(Uuid::max());
    let mut conn = app.db.read().await?;
    patrons::by_id(&mut conn, id).await?.ok_or(Error::Missing("patron"))?;
    // One more than is shown tells whether there is more.
    let more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = lists::of_patron(&mut conn, id, before, more).await?;
    let next = (rows.len() > limit).then(|| {
        rows.truncate(limit);
        rows.last().map(|last| cursor::write(OF_PATRON, &last.id))
    });
    Ok(Json(List { items: rows.into_iter().map(RowLite::from).collect(), next: next.flatten() }))
}

/// What is known about a patron.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Described {
    /// What everybody here calls them.
    name: String,
    /// What they like to be called.
    goes_by: Option<String>,
    /// "she/her".
    pronouns: Option<String>,
    /// The one of their addresses at which they asked to be answered. Answers may go anywhere else all the same.
    answer_by: Option<Uuid>,
    /// When, in their words.
    answer_hours: Option<String>,
}

/// Write down what is known about a patron
///
/// All of it: what is not said is not known any more. Every conversation of theirs bears the name, and no platform's word
/// replaces it.
#[utoipa::path(put, path = "/patrons/{id}", operation_id = "describePatron", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron")), request_body = Described,
    responses((status = 204, description = "It is written down")))]
pub(super) async fn describe(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(told): Json<Described>,
) -> Result<StatusCode> {
    let Described { name, goes_by, pronouns, answer_by, answer_hours } = told;
    let told = Profile { name, goes_by, pronouns, answer_by, answer_hours };
    patron::describe(&app, &me.who, id, told).await?;
    Ok(StatusCode::NO_CONTENT)
}
