//! What a sign-in opened: the Pages that the person may answer for, each with a token of its own that lasts.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::graph::{self, Graph};
use super::json::{list, text};
use super::manifest::MANIFEST;
use super::settings;
use super::usage::Lane;
use crate::contract::{Account, Failure, Opened};

/// Pages of Pages.
const MOST_PAGES: u32 = 20;

/// The Pages among which a person chooses after signing in.
///
/// # Errors
/// When the person may answer for none, or Facebook refuses.
pub async fn opened(account: Account) -> Result<Vec<Opened>, Failure> {
    let short = account.tokens.access_token(None).await?;
    let app = |name| account.settings.get_or_default(&MANIFEST, name).unwrap_or_default().trim().to_owned();
    let (id, secret) = (app("client_id"), app("client_secret"));
    // The choice is still to be made; nothing asked here is about one Page.
    let config = settings::understand(&account.settings.clone().with("page_id", "0")).map_err(|wrong| {
        let why = wrong.first().map_or_else(String::new, |invalid| invalid.why.clone());
        Failure::AccountBlocked { until: None, why }
    })?;
    let graph = Graph::new(account, config);
    // A Page's token ends with the person's that it came from: so that one is made to last first.
    let query = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("fb_exchange_token", short.expose_secret()),
    ];
    let answer = graph.api.ask(graph.bare(Method::GET, "oauth/access_token").query(&query)).await?;
    let lasting = graph.understood(answer, Lane::App, false)?;
    let lasting = text(&lasting, "access_token").ok_or_else(|| Failure::Malformed {
        raw: Vec::new(),
        why: "Facebook did not exchange the sign-in for one that lasts. Try again.".to_owned(),
    })?;
    let mut query: Vec<(String, String)> =
        vec![("fields".to_owned(), "id,name,access_token,tasks".to_owned())];
    let mut opened = Vec::new();
    for _ in 0..MOST_PAGES {
        let answer = graph.api.ask(graph.call(Method::GET, "me/accounts", &lasting).query(&query)).await?;
        let listed = graph::page(graph.understood(answer, Lane::App, false)?);
        opened.extend(listed.items.iter().filter_map(page));
        let Some(next) = listed.next else { break };
        query = next;
    }
    if opened.is_empty() {
        return Err(Failure::NeedsSignin {
            why: "This person may answer messages on no Page, or has ticked none while signing in. Sign in as somebody who may, and leave the library's Page ticked.".to_owned(),
        });
    }
    Ok(opened)
}

/// A Page on which this person may answer. Where Facebook does not list tasks, it says no later if it must.
fn page(listed: &Value) -> Option<Opened> {
    let tasks: Vec<&str> = list(listed, "tasks").iter().filter_map(Value::as_str).collect();
    if !tasks.is_empty() && !tasks.iter().any(|task| matches!(*task, "MESSAGING" | "MODERATE" | "MANAGE")) {
        return None;
    }
    let id = text(listed, "id")?;
    Some(Opened {
        name: text(listed, "name").unwrap_or_else(|| id.clone()),
        token: Some(SecretString::from(text(listed, "access_token")?)),
        // A Page's token from a person's lasting one has no end of its own.
        ends_at: None,
        id,
    })
}
