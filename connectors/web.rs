//! What every platform that is reached over HTTP has in common: asking, telling, and answers of a bearable size.

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use url::Url;

use crate::contract::outside::is_loopback;
use crate::contract::{Failure, Fence, Host, Outside, Reason};

/// The most that an answer may be; files have their own limit.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
const SLOWEST_BYTES_PER_S: u64 = 32 << 10;

/// A platform's door, seen from one channel. Follows no redirect. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    outside: Outside,
    base: String,
}

/// What was answered, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, unpacked where it came compressed.
    pub body: Vec<u8>,
}

impl Api {
    /// The door at `base`, such as `https://api.example.org` or `http://127.0.0.1:4010/v1`.
    pub fn new(outside: Outside, base: &str) -> Self {
        Self { outside, base: base.trim_end_matches('/').to_owned() }
    }

    /// The clock and the record behind it.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// A request to `path` below the base, or to an absolute address.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        if path.starts_with('/') {
            self.outside.request(method, &format!("{}{path}", self.base))
        } else {
            self.outside.request(method, path)
        }
    }

    /// Reads something: nothing changes there, so whatever breaks may be asked again.
    ///
    /// # Errors
    /// [`Failure::Transient`] when no whole answer came, [`Failure::Malformed`] for one of more than 8 MiB,
    /// [`Failure::AccountBlocked`] for a host that the settings do not name.
    pub async fn ask(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        match self.exchange(request, MAX_ANSWER_BYTES).await {
            Ok(Taken::Whole(answer)) => Ok(answer),
            Ok(Taken::TooLarge(answer)) => Err(Failure::Malformed {
                raw: answer.body,
                why: "The platform answered with more than 8 MiB where a page was asked for; nothing of it was taken."
                    .to_owned(),
            }),
            Err(Failure::Ambiguous { why }) => Err(Failure::Transient { after_ms: None, why }),
            Err(failure) => Err(failure),
        }
    }

    /// Does something, let through by `fence`: what was not answered in full may have happened.
    ///
    /// # Errors
    /// [`Failure::Transient`] when it surely did not arrive, [`Failure::Ambiguous`] when it may have,
    /// [`Failure::AccountBlocked`] for a host that the settings do not name; the fence's own.
    pub async fn tell(&self, request: RequestBuilder, fence: &dyn Fence) -> Result<Answer, Failure> {
        fence.pass().await?;
        match self.exchange(request, MAX_ANSWER_BYTES).await? {
            Taken::Whole(answer) => Ok(answer),
            Taken::TooLarge(_) => Err(Failure::Ambiguous {
                why: "The platform answered with more than 8 MiB, so what became of the request is unknown."
                    .to_owned(),
            }),
        }
    }

    /// Fetches a file of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`Self::ask`], and [`Failure::Permanent`] when the file is larger.
    pub async fn download(&self, request: RequestBuilder, max_bytes: u64) -> Result<Answer, Failure> {
        match self.exchange(request, max_bytes).await {
            Ok(Taken::Whole(answer)) => Ok(answer),
            Ok(Taken::TooLarge(_)) => Err(Failure::Permanent {
                reason: Reason::TooLong,
                why: format!(
                    "The file is larger than the {} that are fetched; it stays on the platform.",
                    size(max_bytes)
                ),
            }),
            Err(Failure::Ambiguous { why }) => Err(Failure::Transient { after_ms: None, why }),
            Err(failure) => Err(failure),
        }
    }

    async fn exchange(&self, request: RequestBuilder, max_bytes: u64) -> Result<Taken, Failure> {
        let mut request = request.build().map_err(|error| Failure::Permanent {
            reason: Reason::NotAllowed,
            why: format!("The request could not be written ({}).", error.without_url()),
        })?;
        // A file takes as long as the line takes.
        let length = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if let (Some(length), Some(patience)) = (length, request.timeout_mut()) {
            *patience += Duration::from_secs(length / SLOWEST_BYTES_PER_S);
        }
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let response = self.outside.send(request).await?;
        take(response, max_bytes, &host).await
    }
}

enum Taken {
    Whole(Answer),
    /// With the beginning of its body.
    TooLarge(Answer),
}

async fn take(mut response: Response, max_bytes: u64, host: &str) -> Result<Taken, Failure> {
    let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
    let mut answer = Answer { status, headers, body: Vec::new() };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if (answer.body.len() + chunk.len()) as u64 > max_bytes => {
                answer.body.truncate(64 << 10);
                return Ok(Taken::TooLarge(answer));
            }
            Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Taken::Whole(answer)),
            Err(_) => {
                return Err(Failure::Ambiguous { why: format!("The answer of {host} broke off halfway.") });
            }
        }
    }
}

impl Answer {
    /// Its body as JSON.
    ///
    /// # Errors
    /// [`Failure::Malformed`] with the bytes, when it is none or not of this shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| Failure::Malformed {
            raw: self.body.clone(),
            // The error's own words may quote what a patron wrote.
            why: format!(
                "The platform answered {} with something that cannot be read (line {}, column {}); it was kept for a person to look at.",
                self.status,
                error.line(),
                error.column()
            ),
        })
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the platform wants to be left alone (RFC 9110, 10.2.3), milliseconds from `now`.
    pub fn retry_after_ms(&self, now: i64) -> Option<u64> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return seconds.checked_mul(1000);
        }
        let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
        Some(u64::try_from(at.saturating_sub(now)).unwrap_or(0))
    }

    /// Whether the status is one of success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The host that a channel with this base address must be allowed to reach.
pub fn host_of(base: &str) -> Option<Host> {
    let url = Url::parse(base).ok()?;
    Some(Host { name: url.host_str()?.to_owned(), port: url.port() })
}

/// Why a base address cannot be used, in words.
///
/// # Errors
/// When it is no address, carries a query or password, or would send secrets in the clear to another machine.
pub fn check_base(base: &str) -> Result<(), String> {
    let url = Url::parse(base)
        .map_err(|_| format!("\"{base}\" is no web address; one looks like https://api.example.org."))?;
    let Some(host) = url.host_str() else {
        return Err(format!("\"{base}\" names no host."));
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => return Err(format!("{host} is another machine, so the address must begin with https://.")),
        scheme => return Err(format!("The address must begin with https://, not with {scheme}:.")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(
            "The address must end with its path: no question mark, no #, no name before an @.".to_owned()
        );
    }
    Ok(())
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().expect("a header's value"))
        });
        Answer { status: 429, headers: headers.collect(), body: body.as_bytes().to_vec() }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |text: &str| answer(&[("retry-after", text)], "").retry_after_ms(1_445_412_470_000);
        assert_eq!(after("120"), Some(120_000));
        assert_eq!(after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(10_000));
        assert_eq!(after("Wed, 21 Oct 2015 07:27:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(after("99999999999999999999"), None);
        assert_eq!(answer(&[], "").retry_after_ms(0), None);
    }

    #[test]
    fn what_is_no_json_is_kept_and_never_quoted() {
        let failure = answer(&[], "\"my card is 1234\"").json::<u32>().expect_err("it is a text");
        let Failure::Malformed { raw, why } = failure else { panic!("{failure:?}") };
        assert_eq!(raw, b"\"my card is 1234\"");
        assert!(!why.contains("1234"), "{why}");
    }

    #[test]
    fn secrets_go_in_the_clear_to_this_machine_only() {
        assert!(check_base("https://api.example.org").is_ok());
        assert!(check_base("http://127.0.0.1:4010/v1").is_ok());
        assert!(check_base("http://[::1]:4010").is_ok());
        for wrong in [
            "http://api.example.org",
            "ftp://x",
            "api.example.org",
            "https://a.example/?b",
            "https://u:p@a.example",
        ] {
            let why = check_base(wrong).expect_err(wrong);
            assert!(why.ends_with('.'), "{why}");
        }
    }

    #[test]
    fn a_host_is_taken_from_the_base() {
        assert_eq!(
            host_of("https://api.example.org/v1"),
            Some(Host { name: "api.example.org".into(), port: None })
        );
        assert_eq!(host_of("http://127.0.0.1:99"), Some(Host { name: "127.0.0.1".into(), port: Some(99) }));
        assert_eq!(host_of("nonsense"), None);
    }
}
