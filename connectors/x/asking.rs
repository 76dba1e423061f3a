//! Asks X as the account or as the app, and looks at the answer's status before anybody reads it.

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::channel::{Handle, Me};
use super::fields::USER_FIELDS;
use super::trouble::{self, Deed};
use super::wire::{self, User};
use crate::contract::{Check, Failure, Fence};
use crate::web::{Answer, Api};

/// One request that can be written anew for another token.
pub(super) type Write<'a> = &'a (dyn Fn(&Api) -> RequestBuilder + Send + Sync);

impl Handle {
    /// Asks as the account for what changes nothing there, or nothing that anybody sees.
    pub(super) async fn as_account(&self, deed: Deed, write: Write<'_>) -> Result<Answer, Failure> {
        debug_assert!(!deed.acts(), "what acts passes a fence");
        self.asked(deed, write, None).await
    }

    /// Does as the account what shows there, let through by `fence`.
    pub(super) async fn tell(
        &self,
        deed: Deed,
        write: Write<'_>,
        fence: &dyn Fence,
    ) -> Result<Answer, Failure> {
        self.asked(deed, write, Some(fence)).await
    }

    /// Where the token is refused, once more with a fresh one: nothing was done with the first.
    async fn asked(
        &self,
        deed: Deed,
        write: Write<'_>,
        fence: Option<&dyn Fence>,
    ) -> Result<Answer, Failure> {
        let token = self.account.tokens.access_token(None).await?;
        let answer = self.exchange(write, &token, fence).await?;
        if answer.status != 401 {
            return self.judged(deed, answer);
        }
        if let Some(fence) = fence {
            fence.back().await?;
        }
        let fresh = self.account.tokens.access_token(Some(token.expose_secret())).await?;
        let answer = self.exchange(write, &fresh, fence).await?;
        self.judged(deed, answer)
    }

    /// Asks as the app.
    pub(super) async fn as_app(&self, deed: Deed, write: Write<'_>) -> Result<Answer, Failure> {
        let answer = self.exchange(write, self.app_token()?, None).await?;
        self.judged(deed, answer)
    }

    /// The app's own token.
    pub(super) fn app_token(&self) -> Result<&SecretString, Failure> {
        self.config.app_token.as_ref().ok_or_else(|| Failure::AccountBlocked {
            until: None,
            why: "The app-only token is missing; without it X tells nothing by itself. Add it in the channel's settings.".to_owned(),
        })
    }

    async fn exchange(
        &self,
        write: Write<'_>,
        token: &SecretString,
        fence: Option<&dyn Fence>,
    ) -> Result<Answer, Failure> {
        let request = write(&self.api).bearer_auth(token.expose_secret()).timeout(self.config.patience);
        match fence {
            Some(fence) => self.api.tell(request, fence).await,
            None => self.api.ask(request).await,
        }
    }

    fn judged(&self, deed: Deed, answer: Answer) -> Result<Answer, Failure> {
        if answer.is_success() {
            return Ok(answer);
        }
        let outside = &self.account.outside;
        Err(trouble::of(&answer, deed, outside.now(), &|text| outside.redact(text)))
    }

    /// Whether what the settings want read can be read.
    pub(super) async fn check_reading(&self) -> Result<Vec<Check>, Failure> {
        let mut checks = Vec::new();
        for stream in self.wanted() {
            let passed =
                |detail: String| Check { name: format!("Read {}", stream.name()), passed: true, detail };
            checks.push(match self.newest(*stream).await {
                Ok(_) => passed("X lets us.".to_owned()),
                // Seldom enough to be no fault of the settings.
                Err(Failure::RateLimited { why, .. }) => passed(why),
                Err(failure @ (Failure::NeedsSignin { .. } | Failure::Transient { .. })) => {
                    return Err(failure);
                }
                Err(failure) => Check {
                    name: format!("Read {}", stream.name()),
                    passed: false,
                    detail: failure.to_string(),
                },
            });
        }
        Ok(checks)
    }
}

/// Asks X who we are.
pub(super) async fn me(handle: &Handle) -> Result<Me, Failure> {
    let write = |api: &Api| api.request(Method::GET, "/2/users/me").query(&[("user.fields", USER_FIELDS)]);
    let answer = handle.as_account(Deed::Me, &write).await?;
    let value: Value = answer.json()?;
    let user = value.get("data").and_then(User::read);
    let known = user.and_then(|user| Some(Me { id: user.id, username: user.username? }));
    known.filter(|me| super::ids::is_id(&me.id)).ok_or_else(|| Failure::Malformed {
        raw: answer.body.clone(),
        why: match wire::list(&value, "errors").first().and_then(|error| wire::text(error, "detail")) {
            Some(detail) => format!("X did not say which account this is ({detail})."),
            None => "X did not say which account this is.".to_owned(),
        },
    })
}
