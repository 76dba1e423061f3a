//! Who may act for whom: signing in, exchanging tokens, choosing a Page, looking at a token, and being told.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Hall;
use super::book::{Callback, Grant};
use super::refusal::{Refusal, no};
use crate::simulator::lock;

const SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
];
const LASTING_S: i64 = 5_183_944;
const DATA_ACCESS_MS: i64 = 90 * 86_400_000;

type Query = HashMap<String, String>;

impl Hall {
    /// The page where a person agrees; here they always do. Gives where they go next.
    pub(super) fn agree(&self, query: &Query) -> Result<String, Refusal> {
        let get = |name: &str| query.get(name).cloned().unwrap_or_default();
        let mut book = lock(&self.book);
        if get("client_id") != book.app_id {
            return Err(no(101, 0, "Error validating application. Invalid application ID."));
        }
        let code = format!("AQ{}", self.front.stage.random.word());
        let redirect = get("redirect_uri");
        book.codes.insert(code.clone(), redirect.clone());
        drop(book);
        let mut next = url::Url::parse(&redirect).map_err(|_| no(191, 0, "Invalid redirect_uri"))?;
        next.query_pairs_mut().append_pair("code", &code).append_pair("state", &get("state"));
        Ok(next.to_string())
    }

    /// `/oauth/access_token`: a code for a token, or a token for one that lasts.
    pub(super) fn grant(&self, query: &Query) -> Result<Value, Refusal> {
        let get = |name: &str| query.get(name).cloned().unwrap_or_default();
        let mut book = lock(&self.book);
        if get("client_id") != book.app_id || get("client_secret") != book.app_secret {
            return Err(no(101, 0, "Error validating application. Cannot get application info."));
        }
        let lasting = get("grant_type") == "fb_exchange_token";
        if lasting {
            let known = book.grants.get(&get("fb_exchange_token"));
            if !matches!(known, Some(Grant::User { .. })) {
                return Err(no(190, 463, "Error validating access token: Session has expired."));
            }
        } else {
            let redirect = book.codes.remove(&get("code"));
            if redirect != Some(get("redirect_uri")) {
                return Err(no(100, 36_009, "This authorization code has been used."));
            }
        }
        let token = format!("EAAU{}", self.front.stage.random.word());
        book.grants.insert(token.clone(), Grant::User { lasting });
        let ends = if lasting { LASTING_S } else { 5_183 };
        Ok(json!({ "access_token": token, "token_type": "bearer", "expires_in": ends }))
    }

    /// `/me/accounts`.
    pub(super) fn accounts(&self, grant: &Grant) -> Result<Value, Refusal> {
        if !matches!(grant, Grant::User { lasting: true }) {
            return Err(no(190, 0, "A Page's token would end within the hour: exchange the person's first."));
        }
        let book = lock(&self.book);
        let page = |page: &super::book::Page| {
            json!({ "access_token": page.token, "category": "Library", "name": page.name, "id": page.id,
                    "tasks": ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"] })
        };
        Ok(json!({ "data": book.pages.values().map(page).collect::<Vec<_>>() }))
    }

    /// `/debug_token`.
    pub(super) fn look_at(&self, query: &Query) -> Value {
        let book = lock(&self.book);
        let now = self.front.now();
        let token = query.get("input_token").cloned().unwrap_or_default();
        match book.grants.get(&token) {
            None => json!({ "data": {
                "is_valid": false, "scopes": [],
                "error": { "code": 190, "subcode": 460, "message": "The session has been invalidated." },
            } }),
            Some(grant) => json!({ "data": {
                "app_id": book.app_id,
                "type": if matches!(grant, Grant::Page(_)) { "PAGE" } else { "USER" },
                "application": "Deskbell",
                "data_access_expires_at": (now + DATA_ACCESS_MS) / 1000,
                "expires_at": 0,
                "is_valid": true,
                "scopes": SCOPES,
            } }),
        }
    }

    /// `GET /{app}/subscriptions`.
    pub(super) fn subscriptions(&self) -> Value {
        let book = lock(&self.book);
        let one = |callback: &Callback| {
            let fields: Vec<Value> =
                callback.fields.iter().map(|name| json!({ "name": name, "version": "v25.0" })).collect();
            json!({ "object": "page", "callback_url": callback.url, "fields": fields, "active": true })
        };
        json!({ "data": book.callback.iter().map(one).collect::<Vec<_>>() })
    }

    /// `POST /{app}/subscriptions`: shakes hands first.
    pub(super) async fn subscribe_app(&self, query: &Query) -> Result<Value, Refusal> {
        let get = |name: &str| query.get(name).cloned().unwrap_or_default();
        if get("object") != "page" {
            return Err(no(100, 0, "Param object must be one of page."));
        }
        let url = get("callback_url");
        if !self.shake_hands(&url, &get("verify_token")).await {
            return Err(no(2_200, 0, "Callback verification failed: the answer was not the challenge."));
        }
        let fields = get("fields").split(',').map(str::to_owned).collect();
        lock(&self.book).callback = Some(Callback { url, fields });
        Ok(json!({ "success": true }))
    }

    /// `GET /{page}/subscribed_apps`.
    pub(super) fn subscribed(&self, page: &str) -> Value {
        let book = lock(&self.book);
        let fields = book.pages.get(page).and_then(|page| page.subscribed.clone());
        let one = |fields| json!({ "link": "https://deskbell.example", "name": "Deskbell", "id": book.app_id, "subscribed_fields": fields });
        json!({ "data": fields.into_iter().map(one).collect::<Vec<_>>() })
    }

    /// `POST /{page}/subscribed_apps`.
    pub(super) fn subscribe(&self, page: &str, fields: &Value) -> Result<Value, Refusal> {
        let fields: Vec<String> = match fields {
            Value::Array(fields) => {
                fields.iter().filter_map(|field| field.as_str().map(str::to_owned)).collect()
            }
            Value::String(fields) => fields.split(',').map(str::to_owned).collect(),
            _ => return Err(no(100, 0, "The parameter subscribed_fields is required.")),
        };
        if let Some(page) = lock(&self.book).pages.get_mut(page) {
            page.subscribed = Some(fields);
        }
        Ok(json!({ "success": true }))
    }
}
