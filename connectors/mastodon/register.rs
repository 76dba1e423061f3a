//! An app registers itself at an instance (`POST /api/v1/apps`), so that a person needs to know its name only.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::manifest::SCOPES;
use super::settings;
use super::trouble::{self, Deed};
use crate::contract::{Failure, Reason, Registered, Registering};
use crate::web::Api;

#[derive(Deserialize)]
struct Answered {
    client_id: String,
    client_secret: String,
}

pub(super) async fn register(asking: Registering) -> Result<Registered, Failure> {
    let config = settings::understand(&asking.settings).map_err(|wrong| Failure::Permanent {
        reason: Reason::NotAllowed,
        why: wrong.into_iter().map(|invalid| invalid.why).collect::<Vec<_>>().join(" "),
    })?;
    let api = Api::new(asking.outside.clone(), &config.base);
    let mut body = json!({
        "client_name": asking.name,
        "redirect_uris": asking.redirect,
        "scopes": SCOPES.join(" "),
    });
    if let Some(website) = asking.website {
        body["website"] = website.into();
    }
    let request = api.request(Method::POST, "/api/v1/apps").json(&body).timeout(config.patience);
    // One too many harms nobody: an instance forgets apps that nobody signs in with.
    let answer = api.ask(request).await?;
    if !answer.is_success() {
        return Err(trouble::of(&answer, Deed::Register, asking.outside.now(), &str::to_owned));
    }
    let Answered { client_id, client_secret } = answer.json()?;
    Ok(Registered { client_id: client_id.into(), client_secret: Some(client_secret.into()) })
}
