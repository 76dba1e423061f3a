//! What is said to an authorisation server (RFC 6749, PKCE RFC 7636), through our own door: where a person is sent, what
//! their coming back is worth, and how that is kept alive.

use connectors::contract::{
    BoxFuture, ClientAuth, ExposeSecret, Failure, Host, Manifest, Oauth, Outside, SecretString, Settings,
    Signin,
};
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::vault::Pair;

/// What platforms add to the answer that the standard knows.
#[derive(Debug, Serialize, Deserialize)]
struct Further {
    /// Seconds until the refresh token ends, where it does.
    #[serde(default)]
    refresh_token_expires_in: serde_json::Value,
}

impl ExtraTokenFields for Further {}

type Answer = StandardTokenResponse<Further, BasicTokenType>;
type Plain = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;
type Refused = RequestTokenError<Failure, BasicErrorResponse>;

/// One platform's sign-in as one channel's settings have it.
#[derive(Clone, Copy)]
pub(super) struct Office<'a> {
    manifest: &'static Manifest,
    /// What the manifest says of it.
    pub oauth: &'static Oauth,
    settings: &'a Settings,
}

/// What the server gave.
pub(super) struct Granted {
    /// What opens the account now and what gets the next.
    pub pair: Pair,
    /// When the sign-in as a whole ends, epoch milliseconds; none: not as far as anybody says.
    pub signin_ends_at: Option<i64>,
}

/// Somebody who is about to leave for the platform's page.
pub(super) struct Departure {
    /// Where to.
    pub url: Url,
    /// What must be shown when the code is changed.
    pub verifier: Option<SecretString>,
}

impl<'a> Office<'a> {
    /// The sign-in that these settings ask for; none: they need none.
    pub fn of(manifest: &'static Manifest, settings: &'a Settings) -> Option<Self> {
        let applies = |oauth: &&Oauth| {
            oauth.when.is_none_or(|(field, value)| settings.get_or_default(manifest, field) == Some(value))
        };
        let mut steps = manifest.signin.iter().filter_map(|step| match step {
            Signin::Oauth(oauth) => Some(oauth),
            _ => None,
        });
        Some(Self { manifest, oauth: steps.find(applies)?, settings })
    }

    /// Where a person goes, with a secret that comes back with them.
    ///
    /// # Errors
    /// A sentence, when the settings make no address or name no app.
    pub fn departure(&self, state: &str, redirect: &str) -> Result<Departure, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("The sign-in address is wrong: {error}.");
        let to = AuthUrl::new(self.filled(self.oauth.authorize_url)).map_err(|error| wrong(&error))?;
        let back = RedirectUrl::new(redirect.to_owned()).map_err(|error| wrong(&error))?;
        let client = self.client()?.set_auth_uri(to).set_redirect_uri(back);
        let scopes = self.oauth.scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
        let mut asking = client.authorize_url(|| CsrfToken::new(state.to_owned())).add_scopes(scopes);
        for (name, value) in self.oauth.extra {
            asking = asking.add_extra_param(*name, *value);
        }
        let mut verifier = None;
        if self.oauth.pkce {
            let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
            asking = asking.set_pkce_challenge(challenge);
            verifier = Some(SecretString::from(secret.into_secret()));
        }
        Ok(Departure { url: asking.url().0, verifier })
    }

    /// Changes the code that a person brought back.
    ///
    /// # Errors
    /// [`Failure::NeedsSignin`] when the server refuses; else [`Failure::Transient`].
    pub async fn change(
        &self,
        outside: &Outside,
        code: &SecretString,
        verifier: Option<&SecretString>,
        redirect: &str,
    ) -> Result<Granted, Failure> {
        let (door, token_url) = self.door(outside)?;
        let back = RedirectUrl::new(redirect.to_owned()).map_err(|error| misdirected(&error))?;
        let client = self.client().map_err(refused)?.set_token_uri(token_url).set_redirect_uri(back);
        let mut asking = client.exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()));
        if let Some(verifier) = verifier {
            asking = asking.set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
        }
        let answer = asking.request_async(&door).await.map_err(|error| in_words(error, "code"))?;
        Ok(granted(&answer, None, outside.now()))
    }

    /// Changes a refresh token for the next pair. A server that gives no new one means the old one to stay.
    ///
    /// # Errors
    /// As [`Self::change`].
    pub async fn refresh(&self, outside: &Outside, with: &SecretString) -> Result<Granted, Failure> {
        let (door, token_url) = self.door(outside)?;
        let client = self.client().map_err(refused)?.set_token_uri(token_url);
        let token = RefreshToken::new(with.expose_secret().to_owned());
        let answer = client.exchange_refresh_token(&token).request_async(&door).await;
        let answer = answer.map_err(|error| in_words(error, "sign-in"))?;
        Ok(granted(&answer, Some(with), outside.now()))
    }

    fn client(&self) -> Result<Plain, String> {
        let id = self.settings.get("client_id").ok_or("The setting client_id is missing.")?;
        let proof = match self.oauth.client_auth {
            ClientAuth::Body => AuthType::RequestBody,
            ClientAuth::Basic => AuthType::BasicAuth,
        };
        let client = Plain::new(ClientId::new(id.to_owned())).set_auth_type(proof);
        Ok(match self.settings.get("client_secret") {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.to_owned())),
            None => client,
        })
    }

    fn door(&self, outside: &Outside) -> Result<(Door, TokenUrl), Failure> {
        let url = self.filled(self.oauth.token_url);
        let parsed = Url::parse(&url).map_err(|error| misdirected(&error))?;
        let host = Host { name: parsed.host_str().unwrap_or_default().to_owned(), port: parsed.port() };
        let door = Door(outside.narrowed(vec![host], self.settings));
        Ok((door, TokenUrl::new(url).map_err(|error| misdirected(&error))?))
    }

    /// `https://login.example/{tenant}/token` with the settings, or their defaults, in place of the braces.
    fn filled(&self, template: &str) -> String {
        self.manifest
            .fields
            .iter()
            .map(|field| field.name)
            .chain(self.settings.iter().map(|(name, _)| name))
            .fold(template.to_owned(), |url, name| {
                let braces = format!("{{{name}}}");
                if !url.contains(&braces) {
                    return url;
                }
                let value = self.settings.get_or_default(self.manifest, name).unwrap_or_default();
                url.replace(&braces, value.trim_end_matches('/'))
            })
    }
}

fn granted(answer: &Answer, old: Option<&SecretString>, now: i64) -> Granted {
    let access_ends = answer.expires_in().and_then(|lasts| i64::try_from(lasts.as_millis()).ok());
    let ends_at = access_ends.map(|ms| now.saturating_add(ms));
    let fresh = answer.refresh_token().map(|token| SecretString::from(token.secret().clone()));
    let refresh = fresh.or_else(|| old.cloned());
    let of_refresh = match &answer.extra_fields().refresh_token_expires_in {
        serde_json::Value::Number(seconds) => seconds.as_i64(),
        serde_json::Value::String(seconds) => seconds.parse().ok(),
        _ => None,
    };
    let signin_ends_at = match &refresh {
        Some(_) => of_refresh.map(|seconds| now.saturating_add(seconds.saturating_mul(1_000))),
        None => ends_at,
    };
    let access = answer.access_token().secret().clone().into();
    Granted { pair: Pair { access, refresh, ends_at }, signin_ends_at }
}

/// What a refusal means for the person who looks after the channel.
fn in_words(error: Refused, what: &str) -> Failure {
    match error {
        RequestTokenError::ServerResponse(said) => {
            let words = said.error_description().map_or(said.error().as_ref(), String::as_str);
            match said.error() {
                BasicErrorResponseType::InvalidGrant => {
                    refused(format!("The platform no longer accepts this {what} ({words})."))
                }
                BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
                    refused(format!(
                        "The platform does not accept the client id with its secret ({words}). Check both in the \
                         channel's settings."
                    ))
                }
                _ if what == "code" => refused(format!("The platform did not accept the {what} ({words}).")),
                other => transient(format!("The platform's sign-in answered {}.", other.as_ref())),
            }
        }
        RequestTokenError::Request(failure) => transient(failure.to_string()),
        RequestTokenError::Parse(_, body) => match said_otherwise(&body) {
            Some(words) => transient(format!("The platform's sign-in answered: {words}")),
            None => transient("The platform's sign-in answered something that is no answer.".to_owned()),
        },
        RequestTokenError::Other(why) => transient(format!("The platform's sign-in answered oddly ({why}).")),
    }
}

/// The sentence in an error that is JSON and not the standard's.
fn said_otherwise(body: &[u8]) -> Option<String> {
    let told: serde_json::Value = serde_json::from_slice(body).ok()?;
    let words = ["/error/message", "/error_description", "/message", "/detail"];
    let words = words.iter().find_map(|place| told.pointer(place)?.as_str())?;
    Some(words.chars().take(300).collect())
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

fn misdirected(error: &dyn std::fmt::Display) -> Failure {
    refused(format!("The sign-in address is wrong: {error}."))
}

pub(super) fn refused(why: String) -> Failure {
    Failure::NeedsSignin { why }
}

pub(super) fn transient(why: String) -> Failure {
    Failure::Transient { after_ms: None, why }
}
