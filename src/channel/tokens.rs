//! Keeps a sign-in alive (RFC 6749 section 6): one refresh at a time, and the new pair is kept before anybody uses it,
//! because a platform that rotates them takes the old one back at once.

use std::sync::{Arc, PoisonError};

use connectors::contract::{
    BoxFuture, ExposeSecret, Failure, Host, Manifest, Oauth, Outside, Refresh, SecretString, Settings,
    Signin, Tokens,
};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken,
    RequestTokenError, TokenResponse, TokenUrl,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::roster::{self, Parts};
use super::vault::Pair;
use crate::error::Error;
use crate::store::channels;

/// How long before its end a token is no longer handed out, milliseconds.
const MARGIN_MS: i64 = 60_000;

/// One channel's sign-in.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Inner>);

struct Inner {
    parts: Parts,
    channel: Uuid,
    oauth: &'static Oauth,
    /// An account that is being connected has no row yet: its settings, and its pair as it is now.
    in_hand: Option<(Settings, std::sync::Mutex<Option<Pair>>)>,
    /// Whoever holds this is the one who refreshes.
    turn: Mutex<Option<Pair>>,
}

impl Keeper {
    /// For a channel that is kept. None when these settings need no sign-in.
    pub fn new(
        parts: &Parts,
        channel: Uuid,
        manifest: &'static Manifest,
        settings: &Settings,
    ) -> Option<Self> {
        let oauth = applying(manifest, settings)?;
        let turn = Mutex::default();
        Some(Self(Arc::new(Inner { parts: parts.clone(), channel, oauth, in_hand: None, turn })))
    }

    /// For an account that is being connected or given other settings: nothing is written down. None when these settings
    /// need no sign-in.
    pub fn in_hand(
        parts: &Parts,
        channel: Uuid,
        manifest: &'static Manifest,
        settings: &Settings,
        pair: Option<Pair>,
    ) -> Option<Self> {
        let oauth = applying(manifest, settings)?;
        let in_hand = Some((settings.clone(), std::sync::Mutex::new(pair)));
        let turn = Mutex::default();
        Some(Self(Arc::new(Inner { parts: parts.clone(), channel, oauth, in_hand, turn })))
    }

    /// The pair in hand as it is now, to be kept with the channel.
    pub fn pair(&self) -> Option<Pair> {
        let (_, pair) = self.0.in_hand.as_ref()?;
        pair.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The sign-in that these settings ask for.
fn applying(manifest: &'static Manifest, settings: &Settings) -> Option<&'static Oauth> {
    let applies = |oauth: &&Oauth| {
        oauth.when.is_none_or(|(field, value)| settings.get_or_default(manifest, field) == Some(value))
    };
    let steps = manifest.signin.iter().filter_map(|step| match step {
        Signin::Oauth(oauth) => Some(oauth),
        _ => None,
    });
    steps.into_iter().find(applies)
}

impl Tokens for Keeper {
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        let inner = self.0.clone();
        let rejected = rejected.map(str::to_owned);
        Box::pin(async move {
            // A caller who gives up must not take a new pair with it that is not kept yet.
            tokio::spawn(async move { inner.access(rejected).await }).await.unwrap_or_else(|panic| {
                Err(transient(format!("The sign-in could not be refreshed: {panic}.")))
            })
        })
    }
}

impl Inner {
    async fn access(self: Arc<Self>, rejected: Option<String>) -> Result<SecretString, Failure> {
        let rejected = rejected.as_deref();
        let mut turn = self.turn.lock().await;
        if let Some(pair) = turn.as_ref().filter(|pair| self.serves(pair, rejected)) {
            return Ok(pair.access.clone());
        }
        // What is stored counts: another process may have refreshed it meanwhile.
        let (settings, stored) = self.stored().await?;
        let pair = match stored {
            Some(pair) if self.serves(&pair, rejected) => pair,
            stored => self.renew(&settings, stored, rejected).await?,
        };
        Ok(turn.insert(pair).access.clone())
    }

    fn serves(&self, pair: &Pair, rejected: Option<&str>) -> bool {
        let token = pair.access.expose_secret();
        !token.is_empty()
            && rejected != Some(token)
            && pair.ends_at.is_none_or(|end| end - MARGIN_MS > self.parts.clock.now())
    }

    async fn stored(&self) -> Result<(Settings, Option<Pair>), Failure> {
        if let Some((settings, pair)) = &self.in_hand {
            return Ok((settings.clone(), pair.lock().unwrap_or_else(PoisonError::into_inner).clone()));
        }
        let mut conn = self.parts.db.read().await.map_err(unkept)?;
        let row = channels::by_id(&mut conn, self.channel).await.map_err(unkept)?;
        drop(conn);
        let row = row.ok_or_else(|| signed_out("This channel was taken away."))?;
        let secrets = self.parts.vault.open(row.id, &row.sealed_settings).map_err(unkept)?;
        let settings = roster::settings(&row.open_settings, &secrets).map_err(unkept)?;
        Ok((settings, secrets.signin))
    }

    async fn renew(
        &self,
        settings: &Settings,
        stored: Option<Pair>,
        rejected: Option<&str>,
    ) -> Result<Pair, Failure> {
        let never = || signed_out("This channel has never been signed in.");
        let old = stored.ok_or_else(never)?;
        let with = match self.oauth.refresh {
            // An exchange has a grant of each platform's own; until a connector brings one, its token simply ends.
            Refresh::None | Refresh::Exchange => return Err(signed_out("This sign-in has ended.")),
            Refresh::Rotating | Refresh::Static => old.refresh.as_ref(),
        };
        let with = with.ok_or_else(never)?;
        match self.ask(settings, with).await {
            Ok(answer) => {
                let lasts_ms = answer.expires_in().and_then(|lasts| i64::try_from(lasts.as_millis()).ok());
                let fresh = Pair {
                    access: answer.access_token().secret().clone().into(),
                    refresh: answer
                        .refresh_token()
                        .map(|token| token.secret().clone().into())
                        .or(old.refresh),
                    ends_at: lasts_ms.map(|ms| self.parts.clock.now() + ms),
                };
                self.keep(fresh.clone()).await?;
                Ok(fresh)
            }
            Err(Failure::NeedsSignin { why }) => {
                // Two processes may have used the same refresh token; then the other one's pair is stored by now.
                match self.stored().await? {
                    (_, Some(pair)) if self.serves(&pair, rejected) => Ok(pair),
                    _ => Err(Failure::NeedsSignin { why }),
                }
            }
            Err(failure) => Err(failure),
        }
    }

    async fn ask(&self, settings: &Settings, with: &SecretString) -> Result<BasicTokenResponse, Failure> {
        let url = filled(self.oauth.token_url, settings);
        let wrong =
            |error: &dyn std::fmt::Display| signed_out(&format!("The sign-in address is wrong: {error}."));
        let parsed = url::Url::parse(&url).map_err(|error| wrong(&error))?;
        let host = Host { name: parsed.host_str().unwrap_or_default().to_owned(), port: parsed.port() };
        let outside = self.parts.outside.narrowed(vec![host], settings);
        let id = settings.get("client_id").ok_or_else(|| signed_out("The setting client_id is missing."))?;
        let mut client = BasicClient::new(ClientId::new(id.to_owned())).set_auth_type(AuthType::RequestBody);
        if let Some(secret) = settings.get("client_secret") {
            client = client.set_client_secret(ClientSecret::new(secret.to_owned()));
        }
        let client = client.set_token_uri(TokenUrl::new(url).map_err(|error| wrong(&error))?);
        let token = RefreshToken::new(with.expose_secret().to_owned());
        let answer = client.exchange_refresh_token(&token).request_async(&Door(outside)).await;
        answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => match said.error() {
                BasicErrorResponseType::InvalidGrant
                | BasicErrorResponseType::InvalidClient
                | BasicErrorResponseType::UnauthorizedClient => signed_out(&format!(
                    "The platform no longer accepts this sign-in ({}).",
                    said.error_description().map_or(said.error().as_ref(), String::as_str)
                )),
                other => transient(format!("The platform's sign-in answered {}.", other.as_ref())),
            },
            RequestTokenError::Request(failure) => transient(failure.to_string()),
            _ => transient("The platform's sign-in answered something that is no answer.".to_owned()),
        })
    }

    /// Keeps the pair within the sealed settings, whatever else of them was changed meanwhile.
    async fn keep(&self, pair: Pair) -> Result<(), Failure> {
        if let Some((_, in_hand)) = &self.in_hand {
            *in_hand.lock().unwrap_or_else(PoisonError::into_inner) = Some(pair);
            return Ok(());
        }
        let (vault, channel) = (self.parts.vault.clone(), self.channel);
        let kept = self
            .parts
            .db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let row = channels::by_id(tx, channel).await?.ok_or(Error::Missing("channel"))?;
                    let mut secrets = vault.open(channel, &row.sealed_settings)?;
                    let ends_at = pair.ends_at;
                    secrets.signin = Some(pair);
                    let sealed = vault.seal(channel, &secrets)?;
                    channels::set_settings(tx, channel, &row.open_settings, &sealed).await?;
                    channels::set_signin_end(tx, channel, ends_at).await?;
                    Ok(())
                })
            })
            .await;
        kept.map(|((), committed)| self.parts.bus.publish(committed)).map_err(unkept)
    }
}

/// `https://login.example/{tenant}/token` with the settings in place of the braces.
fn filled(template: &str, settings: &Settings) -> String {
    settings.iter().fold(template.to_owned(), |url, (name, _)| match url.contains(&format!("{{{name}}}")) {
        true => url.replace(&format!("{{{name}}}"), settings.get(name).unwrap_or_default()),
        false => url,
    })
}

/// Our door as the crate that speaks OAuth wants it.
struct Door(Outside);

impl AsyncHttpClient<'_> for Door {
    type Error = Failure;
    type Future = BoxFuture<'static, Result<HttpResponse, Failure>>;

    fn call(&self, request: HttpRequest) -> Self::Future {
        let outside = self.0.clone();
        Box::pin(async move { through(&outside, request).await })
    }
}

async fn through(outside: &Outside, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        transient(format!("The platform's sign-in could not be read ({error})."))
    };
    let request = reqwest::Request::try_from(request).map_err(|error| unreadable(&error))?;
    let answer = outside.send(request).await?;
    let mut response = oauth2::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let body = answer.bytes().await.map_err(|error| unreadable(&error))?;
    response.body(body.to_vec()).map_err(|error| unreadable(&error))
}

fn signed_out(why: &str) -> Failure {
    Failure::NeedsSignin { why: format!("{why} Sign it in again; messages and answers wait meanwhile.") }
}

fn transient(why: String) -> Failure {
    Failure::Transient { after_ms: None, why }
}

fn unkept(error: impl std::fmt::Display) -> Failure {
    transient(format!("The sign-in could not be read or kept: {error}"))
}

#[cfg(test)]
mod tests;
