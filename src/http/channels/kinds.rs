//! `/channels/kinds`: which platforms there are and what each must be told. The forms are drawn from this.

use axum::extract::State;
use axum::http::HeaderMap;
use connectors::contract::{self, FieldKind, Manifest, Signin};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::Http;
use super::super::input::{Json, List};
use super::super::problem::Result;
use super::super::session::SignedIn;
use super::super::signins::callback_url;
use super::Look;

/// One platform.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Kind {
    /// The stable word.
    name: &'static str,
    /// As a person would say it.
    title: &'static str,
    /// One sentence: what connecting it gives.
    about: &'static str,
    look: Look,
    /// What it must be told, in the order of asking.
    fields: Vec<Field>,
    /// Pages of the platform's where an account is signed in; with none that applies, the fields are enough.
    signin: Vec<SigninPage>,
    /// What is chosen after the sign-in ("Page").
    pick: Option<&'static str>,
    /// What is done by hand on the platform.
    instructions: Vec<&'static str>,
    /// The address to enter at the platform as the one it may send people back to; null: none has to be entered.
    callback_url: Option<String>,
}

/// One setting.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Field {
    /// The stable word.
    name: &'static str,
    /// Above the field.
    label: &'static str,
    /// Below it.
    help: &'static str,
    /// `text`, `secret`, `number`, `flag`, `host`, `choice` or `list`.
    kind: &'static str,
    /// With `choice`: the answers.
    choices: Vec<Choice>,
    /// Must be given.
    required: bool,
    /// Used when not given.
    default: Option<&'static str>,
    /// Asked only while another setting has one of these values; null: always.
    when: Option<When>,
    /// Whether it is among the first things asked; others suit most libraries as they are.
    first: bool,
    /// Chosen after the sign-in and not asked for before.
    picked: bool,
}

/// One answer to a choice.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Choice {
    /// The stable word.
    value: &'static str,
    /// As a person reads it.
    label: &'static str,
}

/// Another setting, and the values it may have.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct When {
    /// Its name.
    field: &'static str,
    /// Any of these.
    values: Vec<&'static str>,
}

/// A page of the platform's where the account is signed in.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SigninPage {
    /// On the button.
    label: &'static str,
    /// Only while another setting has this value; null: always.
    when: Option<When>,
}

/// Platforms that can be connected
#[utoipa::path(get, path = "/channels/kinds", operation_id = "listKinds", tag = "channels",
    responses((status = 200, description = "All that this version knows", body = List<Kind>)))]
pub(in crate::http) async fn list(
    State(http): State<Http>,
    _: SignedIn,
    headers: HeaderMap,
) -> Result<Json<List<Kind>>> {
    let back = callback_url(&http, &headers)?;
    Ok(List::whole(http.app.roster.manifests().into_iter().map(|manifest| kind(manifest, &back)).collect()))
}

fn kind(manifest: &'static Manifest, back: &str) -> Kind {
    let mut first = Vec::new();
    let (mut signin, mut instructions, mut picked) = (Vec::new(), Vec::new(), None);
    // An app that registers itself brings the address along.
    let mut by_hand = false;
    for step in manifest.signin {
        match step {
            Signin::Fields(names) => first.extend(names.iter().copied()),
            Signin::Oauth(oauth) => {
                by_hand |= oauth.register_url.is_none();
                signin.push(SigninPage {
                    label: oauth.label,
                    when: oauth.when.map(|(field, value)| When { field, values: vec![value] }),
                });
            }
            Signin::Pick { what, field } => picked = Some((*what, *field)),
            Signin::Instructions(words) => instructions.push(*words),
        }
    }
    let field = |field: &'static contract::Field| Field {
        name: field.name,
        label: field.label,
        help: field.help,
        kind: word(field.kind),
        choices: match field.kind {
            FieldKind::Choice(choices) => {
                choices.iter().map(|choice| Choice { value: choice.value, label: choice.label }).collect()
            }
            _ => Vec::new(),
        },
        required: field.required,
        default: field.default,
        when: field.when.map(|(field, values)| When { field, values: values.to_vec() }),
        // Where the manifest names none, all of them are.
        first: first.is_empty() || field.required || first.contains(&field.name),
        picked: picked.is_some_and(|(_, filled)| filled == field.name),
    };
    Kind {
        name: manifest.name,
        title: manifest.title,
        about: manifest.about,
        look: manifest.look.into(),
        fields: manifest.fields.iter().map(field).collect(),
        callback_url: by_hand.then(|| back.to_owned()),
        signin,
        pick: picked.map(|(what, _)| what),
        instructions,
    }
}

fn word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Secret => "secret",
        FieldKind::Number => "number",
        FieldKind::Flag => "flag",
        FieldKind::Host => "host",
        FieldKind::Choice(_) => "choice",
        FieldKind::List => "list",
    }
}
