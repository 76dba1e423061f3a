//! Who the Page is, and whether everything it needs holds.

use secrecy::ExposeSecret;
use serde_json::Value;

use super::channel::PageChannel;
use super::json::{list, text};
use super::usage::Lane;
use crate::contract::{Check, Failure, Probe};

impl PageChannel {
    /// Asks who we are, and looks at the token from outside.
    pub(super) async fn look(&self) -> Result<Probe, Failure> {
        let page_id = &self.config.page_id;
        let page = self.graph.get(Lane::Page, page_id, &[("fields", "id,name")]).await?;
        let name = text(&page, "name").unwrap_or_else(|| page_id.clone());
        self.own.names.learn(page_id, &name);
        let mut checks = vec![Check {
            name: "Sign in".to_owned(),
            passed: text(&page, "id").as_deref() == Some(page_id),
            detail: format!("Facebook knows us as {name}."),
        }];
        let signin_ends_at = self.look_at_token(&mut checks).await?;
        checks.push(self.look_at_calls().await?);
        Ok(Probe { address: name, ours: vec![page_id.clone()], checks, signin_ends_at })
    }

    /// What `debug_token` says of the Page's token; gives when it ends.
    async fn look_at_token(&self, checks: &mut Vec<Check>) -> Result<Option<i64>, Failure> {
        let token = self.graph.token().await?;
        let query = [("input_token", token.expose_secret())];
        let told = self.graph.get_as_app("debug_token", &query).await?;
        let none = Value::Null;
        let token = told.get("data").unwrap_or(&none);
        if token.get("is_valid") == Some(&Value::Bool(false)) {
            return Err(Failure::NeedsSignin {
                why: "Facebook does not accept this Page's sign-in any more. Sign in again; nothing is lost meanwhile.".to_owned(),
            });
        }
        let app = text(token, "app_id");
        checks.push(Check {
            name: "App".to_owned(),
            passed: app.as_deref().is_none_or(|app| app == self.config.app_id),
            detail: match app {
                Some(app) if app != self.config.app_id => format!(
                    "The token was made for another app ({app}). Calls from Facebook and late answers need the app of these settings: sign in again."
                ),
                _ => "The token was made for this app.".to_owned(),
            },
        });
        checks.push(self.permissions(token));
        let ends = |name| match token.get(name).and_then(Value::as_i64) {
            // 0 says: never.
            None | Some(0) => None,
            Some(seconds) => Some(seconds.saturating_mul(1000)),
        };
        Ok(ends("expires_at").into_iter().chain(ends("data_access_expires_at")).min())
    }

    fn permissions(&self, token: &Value) -> Check {
        let granted: Vec<&str> = list(token, "scopes").iter().filter_map(Value::as_str).collect();
        let messenger: &[&str] = if self.config.messages { &["pages_messaging"] } else { &[] };
        let comments: &[&str] =
            if self.config.comments { &["pages_read_user_content", "pages_manage_engagement"] } else { &[] };
        let needed = ["pages_manage_metadata", "pages_read_engagement"];
        let missing: Vec<&str> = needed
            .iter()
            .chain(messenger)
            .chain(comments)
            .copied()
            .filter(|scope| !granted.contains(scope))
            .collect();
        Check {
            name: "Permissions".to_owned(),
            passed: missing.is_empty(),
            detail: if missing.is_empty() {
                "All that is needed is granted.".to_owned()
            } else {
                format!(
                    "Not granted: {}. Sign in again and leave them ticked; for patrons without a role in the app Meta must have reviewed them.",
                    missing.join(", ")
                )
            },
        }
    }

    async fn look_at_calls(&self) -> Result<Check, Failure> {
        let path = format!("{}/subscribed_apps", self.config.page_id);
        let known = self.graph.get(Lane::Page, &path, &[]).await?;
        Ok(Check {
            name: "Word of new messages".to_owned(),
            // Polling brings everything by itself.
            passed: true,
            detail: if self.is_subscribed(&known) {
                "Facebook calls when somebody writes.".to_owned()
            } else {
                "Facebook does not call yet when somebody writes; the Page is asked at intervals.".to_owned()
            },
        })
    }
}
