//! Asks the instance as the account, and looks at the answer's status before anybody reads it.

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};

use super::channel::{Handle, Me};
use super::inbound::Own;
use super::instance::Instance;
use super::trouble::{self, Deed};
use super::wire::{Account, is_id};
use crate::contract::{Failure, Fence};
use crate::web::{Answer, Api};

/// One request that can be written anew for another token.
pub(super) type Write<'a> = &'a (dyn Fn(&Api) -> RequestBuilder + Send + Sync);

impl Handle {
    /// Asks as the account; where the token is refused, once more with another if there is one.
    pub(super) async fn as_account(&self, deed: Deed, write: Write<'_>) -> Result<Answer, Failure> {
        let answer = self.exchange(deed, write).await?;
        if answer.is_success() { Ok(answer) } else { Err(self.judged(deed, &answer)) }
    }

    /// The same for what shows there, let through by `fence`.
    pub(super) async fn tell(
        &self,
        deed: Deed,
        write: Write<'_>,
        fence: &dyn Fence,
    ) -> Result<Answer, Failure> {
        let answer = self.asked(write, Some(fence)).await?;
        if answer.is_success() { Ok(answer) } else { Err(self.judged(deed, &answer)) }
    }

    /// Asks for what changes nothing there, whatever is answered.
    pub(super) async fn exchange(&self, deed: Deed, write: Write<'_>) -> Result<Answer, Failure> {
        debug_assert!(!deed.acts(), "what acts passes a fence");
        self.asked(write, None).await
    }

    async fn asked(&self, write: Write<'_>, fence: Option<&dyn Fence>) -> Result<Answer, Failure> {
        let token = self.token(None).await?;
        let answer = self.once(write, &token, fence).await?;
        if answer.status != 401 || self.config.token.is_some() {
            return Ok(answer);
        }
        if let Some(fence) = fence {
            fence.back().await?;
        }
        let fresh = self.token(Some(&token)).await?;
        self.once(write, &fresh, fence).await
    }

    pub(super) fn judged(&self, deed: Deed, answer: &Answer) -> Failure {
        let outside = &self.account.outside;
        trouble::of(answer, deed, outside.now(), &|text| outside.redact(text))
    }

    async fn token(&self, rejected: Option<&SecretString>) -> Result<SecretString, Failure> {
        match &self.config.token {
            Some(token) => Ok(token.clone()),
            None => self.account.tokens.access_token(rejected.map(ExposeSecret::expose_secret)).await,
        }
    }

    async fn once(
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

    /// Asks the instance what it allows. What is no Mastodon of today says nothing, and is taken for a usual one.
    pub(super) async fn instance(&self) -> Result<Instance, Failure> {
        let write = |api: &Api| api.request(Method::GET, "/api/v2/instance");
        let answer = self.exchange(Deed::Me, &write).await?;
        match answer.status {
            404 => Ok(Instance::default()),
            _ if answer.is_success() => answer.json(),
            _ => Err(self.judged(Deed::Me, &answer)),
        }
    }
}

/// Asks the instance who we are, and what it allows.
pub(super) async fn me(handle: &Handle) -> Result<Me, Failure> {
    let write = |api: &Api| api.request(Method::GET, "/api/v1/accounts/verify_credentials");
    let answer = handle.as_account(Deed::Me, &write).await?;
    let account: Account = answer.json()?;
    if !is_id(&account.id) {
        let why = "The instance did not say which account this is.".to_owned();
        return Err(Failure::Malformed { raw: answer.body, why });
    }
    let instance = handle.instance().await?;
    let domain = instance.domain.clone().filter(|domain| !domain.is_empty());
    let domain = domain.unwrap_or_else(|| handle.config.instance.clone()).to_lowercase();
    let shown = format!("{}@{domain}", account.acct);
    let own = Own { id: account.id, acct: shown.to_lowercase(), domain };
    Ok(Me { own, shown, avatar: account.avatar, limits: instance.limits() })
}
