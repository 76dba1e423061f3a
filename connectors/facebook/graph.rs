//! The Graph API as one Page sees it: its token, its proof, its allowance, its way of saying no.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::json::text;
use super::settings::Config;
use super::usage::{self, Gauge, Lane};
use super::{signature, trouble};
use crate::contract::{Account, Enclosure, Failure, Fence};
use crate::web::{Answer, Api};

const JSON_KIND: &str = "application/json";
const MOST_AT_ONCE: u32 = 25;
/// How often a page in the middle of a walk is asked for once more.
const ASKED_AGAIN: u32 = 2;
const TOO_MUCH: &str = "Facebook found a page too large to answer; a smaller one is asked for next time.";

/// The door to the Graph API.
pub struct Graph {
    /// For requests that are no calls of the API: files.
    pub api: Api,
    account: Account,
    config: Config,
    gauge: Gauge,
    /// How many things are asked for at once; less each time Facebook says it is too much.
    page_size: AtomicU32,
}

/// A page of results.
#[derive(Debug, Default)]
pub struct Page {
    /// What stands on it.
    pub items: Vec<Value>,
    /// The parameters of the next one; none: this is the last.
    pub next: Option<Vec<(String, String)>>,
}

impl Graph {
    /// Opens nothing yet.
    pub fn new(account: Account, config: Config) -> Self {
        let api = Api::new(account.outside.clone(), &config.api_base);
        Self { api, account, config, gauge: Gauge::default(), page_size: AtomicU32::new(MOST_AT_ONCE) }
    }

    /// How many things to ask for at once.
    pub fn page_size(&self) -> u32 {
        self.page_size.load(Ordering::Relaxed)
    }

    /// The bytes of a file of an answer.
    ///
    /// # Errors
    /// As [`crate::contract::Files::read`].
    pub async fn file(&self, file: &Enclosure) -> Result<bytes::Bytes, Failure> {
        self.account.files.read(file).await
    }

    /// Now, epoch milliseconds.
    pub fn now(&self) -> i64 {
        self.account.outside.now()
    }

    /// Until when reading should wait although it may go on.
    pub fn ease(&self, lane: Lane) -> Option<i64> {
        let now = self.now();
        let shut = self.gauge.shut_until(lane, now).map(|(until, _)| until);
        shut.or_else(|| self.gauge.ease(lane, self.config.usage_ceiling, now))
    }

    /// Asks for something as the Page.
    ///
    /// # Errors
    /// As [`trouble`] has it; whatever breaks is [`Failure::Transient`].
    pub async fn get(&self, lane: Lane, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.gauge.check(lane, self.now())?;
        let token = self.token().await?;
        let request = self.call(Method::GET, path, token.expose_secret()).query(query);
        let answer = self.api.ask(request).await?;
        self.understood(answer, lane, false)
    }

    /// Asks for a page of results at `path`, with these parameters.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn page(&self, lane: Lane, path: &str, query: &[(String, String)]) -> Result<Page, Failure> {
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ok(page(self.get(lane, path, &query).await?))
    }

    /// As [`Self::page`], in the middle of a walk: a page that breaks is asked for again at once. Were the whole walk thrown
    /// away for it, one of fifty pages would hardly ever come to its end while one request in twenty fails.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn next_page(
        &self,
        lane: Lane,
        path: &str,
        query: &[(String, String)],
        requests: &mut u32,
    ) -> Result<Page, Failure> {
        for _ in 0..ASKED_AGAIN {
            *requests += 1;
            match self.page(lane, path, query).await {
                Err(Failure::Transient { after_ms: None, .. }) => {}
                answered => return answered,
            }
        }
        *requests += 1;
        self.page(lane, path, query).await
    }

    /// Does something as the Page, told in JSON and let through by `fence`.
    ///
    /// # Errors
    /// As [`trouble`] has it; [`Failure::Ambiguous`] where it may have been done.
    pub async fn post(
        &self,
        lane: Lane,
        path: &str,
        body: &Value,
        fence: &dyn Fence,
    ) -> Result<Value, Failure> {
        self.tell(lane, path, fence, |request| {
            request.header(reqwest::header::CONTENT_TYPE, JSON_KIND).body(body.to_string())
        })
        .await
    }

    /// The same with a file.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn post_form(
        &self,
        lane: Lane,
        path: &str,
        form: reqwest::multipart::Form,
        fence: &dyn Fence,
    ) -> Result<Value, Failure> {
        self.tell(lane, path, fence, |request| request.multipart(form)).await
    }

    async fn tell(
        &self,
        lane: Lane,
        path: &str,
        fence: &dyn Fence,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Value, Failure> {
        self.gauge.check(lane, self.now())?;
        let token = self.token().await?;
        let request = with(self.call(Method::POST, path, token.expose_secret()));
        let answer = self.api.tell(request, fence).await?;
        self.understood(answer, lane, true)
    }

    /// Asks for something as the app itself.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn get_as_app(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.call_as_app(Method::GET, path).query(query);
        let answer = self.api.ask(request).await?;
        self.understood(answer, Lane::App, false)
    }

    /// Does something as the app itself.
    ///
    /// # Errors
    /// As [`Self::get`]: what the app does to itself may be done twice.
    pub async fn post_as_app(&self, path: &str, form: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.call_as_app(Method::POST, path).form(form);
        let answer = self.api.ask(request).await?;
        self.understood(answer, Lane::App, false)
    }

    /// What speaks for the Page.
    ///
    /// # Errors
    /// [`Failure::NeedsSignin`] where nobody has signed in.
    pub async fn token(&self) -> Result<SecretString, Failure> {
        match &self.config.page_token {
            Some(token) => Ok(token.clone()),
            None => self.account.tokens.access_token(None).await,
        }
    }

    /// Looks at the answer to a call that was made by hand.
    ///
    /// # Errors
    /// As [`trouble`] has it.
    pub fn understood(&self, answer: Answer, lane: Lane, acting: bool) -> Result<Value, Failure> {
        let now = self.now();
        let readings = usage::read(answer.header("x-app-usage"), answer.header("x-business-use-case-usage"));
        self.gauge.note(&readings, now);
        if let Some(trouble) = trouble::read(&answer.body) {
            let after = answer.retry_after_ms(now).and_then(|ms| i64::try_from(ms).ok());
            let until =
                self.gauge.shut_until(lane, now).map(|(until, _)| until).or(after.map(|after| now + after));
            tracing::debug!(code = trouble.code, subcode = trouble.error_subcode, "the Graph API said no");
            if trouble.is_too_much() && !acting {
                self.page_size.store((self.page_size() / 2).max(1), Ordering::Relaxed);
                return Err(Failure::Transient { after_ms: None, why: TOO_MUCH.to_owned() });
            }
            return Err(trouble.failure(answer.status, until, acting));
        }
        if !answer.is_success() {
            return Err(trouble::without_words(answer.status, &answer.body, acting));
        }
        let value: Value = answer.json()?;
        if value.is_object() {
            return Ok(value);
        }
        Err(trouble::without_words(answer.status, &answer.body, acting))
    }

    /// A request as the holder of this token.
    pub fn call(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.bare(method, path).bearer_auth(token);
        if !self.config.app_proof {
            return request;
        }
        let proof = signature::app_proof(self.config.app_secret.expose_secret(), token);
        request.query(&[("appsecret_proof", proof)])
    }

    fn call_as_app(&self, method: Method, path: &str) -> RequestBuilder {
        let token = format!("{}|{}", self.config.app_id, self.config.app_secret.expose_secret());
        self.bare(method, path).bearer_auth(token)
    }

    /// A request as nobody.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let path = format!("/{}/{path}", self.config.api_version);
        self.api.request(method, &path).timeout(self.config.patience)
    }
}

/// The results in an answer.
pub fn page(answer: Value) -> Page {
    let next = answer.get("paging").and_then(|paging| text(paging, "next")).and_then(|next| following(&next));
    let items = match answer {
        Value::Object(mut fields) => match fields.remove("data") {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    Page { items, next }
}

/// The parameters of an address that Facebook gives for the next page. Only they are taken, and neither the token in them
/// nor the host: we know where we ask.
pub fn following(next: &str) -> Option<Vec<(String, String)>> {
    let url = url::Url::parse(next).ok()?;
    let pairs =
        url.query_pairs().filter(|(name, _)| !matches!(name.as_ref(), "access_token" | "appsecret_proof"));
    Some(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}
