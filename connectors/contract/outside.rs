//! The only door out: who may be called, over what, with secrets blotted out of everything that is written down.

mod guarded;

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::settings::Settings;
use super::{Failure, Host};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const KEPT_EXCHANGES: usize = 50;

/// A connection, encrypted or not.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + std::fmt::Debug> Duplex for T {}

/// An open connection.
pub type Line = Pin<Box<dyn Duplex>>;

/// How a connection begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted from the first byte.
    Implicit,
    /// In the clear: only ever to this machine itself, or to be upgraded at once ([`Outside::upgrade`]).
    Later,
}

/// The current time in epoch milliseconds; frozen in tests.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The door. Cheap to clone; a channel gets one narrowed to its own hosts.
#[derive(Clone)]
pub struct Outside {
    shared: Arc<Shared>,
    hosts: Arc<[Host]>,
    secrets: Arc<[String]>,
}

struct Shared {
    now: Now,
    extra: Vec<CertificateDer<'static>>,
    secured: OnceLock<Secured>,
    exchanges: Mutex<std::collections::VecDeque<Exchange>>,
    guarded: guarded::Guarded,
}

/// What it takes to speak in private. Made when somebody is first called: to read the system's certificates takes as much
/// memory as all the rest of a server that has nobody to call.
struct Secured {
    tls: Arc<rustls::ClientConfig>,
    http: reqwest::Client,
    /// Why nobody can be trusted, in words.
    trouble: Option<String>,
}

/// One line of the record: what was asked of whom, and how it ended. Holds no secret and no patron's words.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Epoch milliseconds.
    pub at: i64,
    /// `host:port` and what was done.
    pub what: String,
    /// "ok", a status, or the error.
    pub outcome: String,
}

impl Outside {
    /// A door that trusts the system's certificates and those in `extra_pem` (a town hall's own authority).
    ///
    /// # Errors
    /// A sentence, when `extra_pem` holds no certificates.
    pub fn new(now: Now, extra_pem: Option<&[u8]>) -> Result<Self, String> {
        let extra = extra_pem.map(certificates).transpose()?.unwrap_or_default();
        let shared = Shared {
            now,
            extra,
            secured: OnceLock::new(),
            exchanges: Mutex::default(),
            guarded: guarded::Guarded::default(),
        };
        Ok(Self { shared: Arc::new(shared), hosts: Arc::new([]), secrets: Arc::new([]) })
    }

    /// The same door, open to these hosts only and blotting out these settings' secrets.
    pub fn narrowed(&self, hosts: Vec<Host>, settings: &Settings) -> Self {
        let secrets: Vec<String> =
            settings.secrets().filter(|secret| secret.len() >= 4).map(str::to_owned).collect();
        Self { shared: self.shared.clone(), hosts: hosts.into(), secrets: secrets.into() }
    }

    /// Epoch milliseconds.
    pub fn now(&self) -> i64 {
        (self.shared.now)()
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`Failure::Transient`] when nobody answers or the certificate does not hold (nothing was sent);
    /// [`Failure::AccountBlocked`] for a host that the channel's settings do not name.
    pub async fn dial(&self, host: &str, port: u16, tls: Tls) -> Result<Line, Failure> {
        let what = format!("{host}:{port} connect");
        let result = self.dial_unrecorded(host, port, tls).await;
        self.record(what, result.as_ref().map(|_| "ok".to_owned()));
        result
    }

    async fn dial_unrecorded(&self, host: &str, port: u16, tls: Tls) -> Result<Line, Failure> {
        self.permit(host, Some(port))?;
        let connecting = TcpStream::connect((host, port));
        let stream = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                return Err(transient(format!(
                    "{host} port {port} does not answer ({error}). Is the name right, and the server running?"
                )));
            }
            Err(_) => return Err(transient(format!("{host} port {port} did not answer within 20 s."))),
        };
        // An answer that waits for more bytes to fill a packet costs a patron's colleague 40 ms a command.
        let _ = stream.set_nodelay(true);
        match tls {
            Tls::Later => Ok(Box::pin(stream)),
            Tls::Implicit => self.upgrade(Box::pin(stream), host).await,
        }
    }

    /// Encrypts an open connection (STARTTLS).
    ///
    /// # Errors
    /// [`Failure::Transient`] with what is wrong with the certificate, in words.
    pub async fn upgrade(&self, line: Line, host: &str) -> Result<Line, Failure> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| transient(format!("{host} is not a name that a certificate can carry.")))?;
        let connector = TlsConnector::from(self.secured().map_err(transient)?.tls.clone());
        match tokio::time::timeout(CONNECT_TIMEOUT, connector.connect(name, line)).await {
            Ok(Ok(stream)) => Ok(Box::pin(stream)),
            Ok(Err(error)) => Err(transient(format!(
                "The connection to {host} could not be secured ({error}). Nothing was sent. If the library has its own certificate authority, name its file under tls.extra_ca."
            ))),
            Err(_) => Err(transient(format!("{host} did not finish securing the connection within 20 s."))),
        }
    }

    /// Sends a web request; redirects are not followed.
    ///
    /// # Errors
    /// [`Failure::Transient`] when it surely did not arrive, [`Failure::Ambiguous`] when it may have.
    pub async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Failure> {
        let url = request.url();
        let host = url.host_str().unwrap_or_default().to_owned();
        self.permit(&host, url.port())?;
        let what = format!("{} {host}{}", request.method(), self.redact(url.path()));
        let result = self.secured().map_err(transient)?.http.execute(request).await.map_err(|error| {
            let (never_left, words) =
                (error.is_connect() || error.is_builder(), self.redact(&innermost(error)));
            if never_left {
                transient(format!("{host} does not answer ({words})."))
            } else {
                Failure::Ambiguous { why: format!("{host} did not answer in full ({words}).") }
            }
        });
        self.record(what, result.as_ref().map(|response| response.status().to_string()));
        result
    }

    /// A request builder; pass the built request to [`Self::send`].
    pub fn request(&self, method: reqwest::Method, url: &str) -> reqwest::RequestBuilder {
        self.shared.secured().http.request(method, url)
    }

    /// The text with every secret of the channel blotted out.
    pub fn redact(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "•••"))
    }

    /// The latest exchanges, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.exchanges.lock().map(|kept| kept.iter().cloned().collect()).unwrap_or_default()
    }

    fn secured(&self) -> Result<&Secured, String> {
        let secured = self.shared.secured();
        secured.trouble.clone().map_or(Ok(secured), Err)
    }

    fn permit(&self, host: &str, port: Option<u16>) -> Result<(), Failure> {
        if self.hosts.iter().any(|rule| rule.is(host, port)) {
            return Ok(());
        }
        Err(Failure::AccountBlocked {
            until: None,
            why: format!("This channel may not talk to {host}: its settings do not name that host."),
        })
    }

    fn record(&self, what: String, outcome: Result<String, &Failure>) {
        let outcome = outcome.unwrap_or_else(|failure| self.redact(&failure.to_string()));
        tracing::debug!(target: "outside", what, outcome);
        if let Ok(mut kept) = self.shared.exchanges.lock() {
            if kept.len() == KEPT_EXCHANGES {
                kept.pop_front();
            }
            kept.push_back(Exchange { at: self.now(), what, outcome });
        }
    }
}

/// Whether a host name means this machine itself: only there may anything go unencrypted.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What it came down to: "error sending request" says nothing to a person, "connection refused" does.
fn innermost(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn transient(why: String) -> Failure {
    Failure::Transient { after_ms: None, why }
}

impl Shared {
    fn secured(&self) -> &Secured {
        self.secured.get_or_init(|| Secured::trusting(self.extra.clone()))
    }
}

impl Secured {
    /// Trusts the system's certificates and these.
    fn trusting(extra: Vec<CertificateDer<'static>>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let begun = rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("the one provider has the default versions");
        let (tls, trouble) = match rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider) {
            Ok(verifier) => {
                let verified = begun.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
                (verified.with_no_client_auth(), None)
            }
            Err(error) => {
                let nobody = begun.with_root_certificates(rustls::RootCertStore::empty());
                let why = format!(
                    "The system's certificates could not be read ({error}), so that nobody outside can be trusted. Nothing \
                     was sent. Install them (on Debian: ca-certificates) and start Deskbell again."
                );
                (nobody.with_no_client_auth(), Some(why))
            }
        };
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .user_agent(concat!("Deskbell/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("nothing is set that a client could refuse");
        Self { tls: Arc::new(tls), http, trouble }
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    use rustls::pki_types::pem::PemObject;
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("The extra certificates are not PEM: {error}."))
}
