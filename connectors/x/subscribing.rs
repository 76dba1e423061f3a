//! Asks X to tell us of news: by calling our address, or over a line that we hold open.

use reqwest::Method;
use serde_json::{Value, json};

use super::channel::Handle;
use super::trouble::Deed;
use super::wire;
use crate::contract::{Failure, Subscription};
use crate::web::Api;

/// By which we know our own among the app's subscriptions.
const TAG: &str = "deskbell";
/// X takes no longer address.
const LONGEST_URL: usize = 200;

impl Handle {
    /// Registers our address, has it looked at again where X has given it up, and subscribes to what is missing.
    pub(super) async fn see_to_webhook(&self, public_url: &str) -> Result<Subscription, Failure> {
        if public_url.len() > LONGEST_URL {
            return Err(Failure::AccountBlocked {
                until: None,
                why: format!(
                    "X calls only addresses of at most {LONGEST_URL} letters; this server's has {}. Give it a shorter public address.",
                    public_url.len()
                ),
            });
        }
        let write = |api: &Api| {
            api.request(Method::GET, "/2/webhooks").query(&[("webhook_config.fields", "id,url,valid")])
        };
        let value: Value = self.as_app(Deed::Subscribe, &write).await?.json()?;
        let known = wire::list(&value, "data")
            .iter()
            .find(|one| wire::text(one, "url").is_some_and(|url| url == public_url))
            .and_then(|one| Some((wire::text(one, "id")?, one.get("valid") == Some(&Value::Bool(true)))));
        let (id, mut kept) = match known {
            Some((id, true)) => (id, true),
            Some((id, false)) => {
                let path = format!("/2/webhooks/{id}");
                let write = |api: &Api| api.request(Method::PUT, &path);
                self.as_app(Deed::Subscribe, &write).await?;
                (id, false)
            }
            None => (self.register(public_url).await?, false),
        };
        kept &= !self.see_to_events(Some(&id)).await?;
        Ok(if kept { Subscription::Kept } else { Subscription::Renewed })
    }

    async fn register(&self, public_url: &str) -> Result<String, Failure> {
        let body = json!({"url": public_url});
        let write = |api: &Api| api.request(Method::POST, "/2/webhooks").json(&body);
        let answer = self.as_app(Deed::Subscribe, &write).await?;
        let value: Value = answer.json()?;
        let id =
            value.get("data").and_then(|data| wire::text(data, "id")).or_else(|| wire::text(&value, "id"));
        id.ok_or_else(|| Failure::Malformed {
            raw: answer.body,
            why: "X took our address and did not say under which number.".to_owned(),
        })
    }

    /// Subscribes to what is missing; says whether anything was. Without a webhook it comes over the line.
    pub(super) async fn see_to_events(&self, webhook: Option<&str>) -> Result<bool, Failure> {
        let me = self.me().await?.id.clone();
        let write = |api: &Api| {
            api.request(Method::GET, "/2/activity/subscriptions").query(&[("max_results", "1000")])
        };
        let value: Value = self.as_app(Deed::Subscribe, &write).await?.json()?;
        let there = |event: &String| {
            wire::list(&value, "data").iter().any(|one| {
                let user = one.get("filter").and_then(|filter| wire::text(filter, "user_id"));
                wire::text(one, "event_type").as_ref() == Some(event)
                    && user.as_ref() == Some(&me)
                    && wire::text(one, "webhook_id").as_deref() == webhook
            })
        };
        let mut renewed = false;
        for event in self.config.events.iter().filter(|event| !there(event)) {
            let mut body = json!({"event_type": event, "filter": {"user_id": me}, "tag": TAG});
            if let Some(webhook) = webhook {
                body["webhook_id"] = webhook.into();
            }
            let write = |api: &Api| api.request(Method::POST, "/2/activity/subscriptions").json(&body);
            // What is private is the account's own to give.
            self.as_account(Deed::Subscribe, &write).await?;
            renewed = true;
        }
        Ok(renewed)
    }
}
