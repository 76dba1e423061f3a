//! What an instance's refusals mean for what happens next: `{"error": "…"}` with a status, and `X-RateLimit-…` on everything.

use serde_json::Value;
use url::Url;

use super::wire::moment;
use crate::contract::{Failure, Reason, Scope};
use crate::web::Answer;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Register an app.
    Register,
    /// Who are we, and what does the instance allow?
    Me,
    /// Read what the account is told.
    Mentions,
    /// Read the account's own posts.
    Own,
    /// Look at the post that is to be answered.
    Look,
    /// Fetch a file.
    Fetch,
    /// Hand over a file, which nobody sees until it is sent.
    Upload,
    /// Answer.
    Send,
}

/// Instances count posts apart from all that is asked of them.
pub const STATUSES: &str = "statuses";
const MEDIA: &str = "media";
/// A file that the instance still works on.
const SOON_MS: u64 = 15_000;

impl Deed {
    /// Whether doing it twice shows.
    pub const fn acts(self) -> bool {
        matches!(self, Self::Send)
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Register => "registering Deskbell",
            Self::Me => "asking who we are",
            Self::Mentions => "reading mentions",
            Self::Own => "reading the account's own posts",
            Self::Look => "looking at the post that is answered",
            Self::Fetch => "fetching files",
            Self::Upload => "sending files",
            Self::Send => "posting",
        }
    }
}

/// The failure behind an answer that is no success.
pub fn of(answer: &Answer, deed: Deed, now: i64, redact: &dyn Fn(&str) -> String) -> Failure {
    let said = Said::read(&answer.body, redact);
    let status = answer.status;
    match status {
        401 => Failure::NeedsSignin {
            why: format!(
                "The instance no longer accepts this sign-in{}. Sign the account in again; messages and answers wait meanwhile.",
                said.aside()
            ),
        },
        403 if said.is_about(&["scope"]) => Failure::NeedsSignin {
            why: format!(
                "The sign-in does not allow {}{}. Sign the account in again and allow everything that is asked for.",
                deed.words(),
                said.aside()
            ),
        },
        403 if said.is_about(&["suspended", "disabled", "frozen", "confirmed", "pending", "your login"]) => {
            Failure::AccountBlocked {
                until: None,
                why: format!(
                    "The instance has shut this account out{}. Look at it there; messages and answers wait meanwhile.",
                    said.aside()
                ),
            }
        }
        429 => limited(answer, deed, now),
        301 | 302 | 307 | 308 => sent_on(answer),
        400 | 403 | 404 | 410 | 413 | 415 | 422 => refused(status, deed, &said),
        503 => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: "The instance is out of order (503). It is tried again.".to_owned(),
        },
        500..=599 if deed.acts() => Failure::Ambiguous {
            why: format!(
                "The instance broke down ({status}) while it took this, so nobody knows whether it did. It is looked for."
            ),
        },
        500..=599 => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: format!("The instance is out of order ({status}). It is tried again."),
        },
        _ => Failure::Malformed {
            raw: answer.body.clone(),
            why: format!("The instance answered {status}, which nobody expected, when {}.", deed.words()),
        },
    }
}

/// When the instance listens again, where the answer says that this was the last time for now.
pub fn shut_until(answer: &Answer) -> Option<i64> {
    let left = answer.header("x-ratelimit-remaining")?.trim();
    (left == "0").then(|| moment(answer.header("x-ratelimit-reset")?.trim())).flatten()
}

/// The name behind the second @ need not be the host that is asked.
fn sent_on(answer: &Answer) -> Failure {
    let to = answer.header("location").and_then(|to| Url::parse(to).ok());
    let host = to.as_ref().and_then(Url::host_str).unwrap_or("another place");
    Failure::AccountBlocked {
        until: None,
        why: format!(
            "This name sends us on to {host}. Enter the name under which the instance itself is reached."
        ),
    }
}

fn limited(answer: &Answer, deed: Deed, now: i64) -> Failure {
    let reset = answer.header("x-ratelimit-reset").and_then(|text| moment(text.trim()));
    let after = || answer.retry_after_ms(now).and_then(|ms| now.checked_add(i64::try_from(ms).ok()?));
    // A moment that has passed, or one that the instance's clock alone knows, must not make us knock without end.
    let until = reset.or_else(after).map(|until| until.max(now + 1_000));
    let scope = match deed {
        Deed::Send => Scope::Endpoint(STATUSES.to_owned()),
        Deed::Upload => Scope::Endpoint(MEDIA.to_owned()),
        _ => Scope::Account,
    };
    Failure::RateLimited {
        until,
        scope,
        why: format!(
            "The instance allows {} only so often, and the number is used up. It goes on by itself.",
            deed.words()
        ),
    }
}

fn refused(status: u16, deed: Deed, said: &Said) -> Failure {
    let permanent = |reason, why: &str| Failure::Permanent { reason, why: format!("{why}{}.", said.aside()) };
    match deed {
        Deed::Send if said.is_about(&["character limit", "too long"]) => {
            permanent(Reason::TooLong, "The instance says that this is too long")
        }
        Deed::Send | Deed::Upload if said.is_about(&["not finished processing"]) => Failure::Transient {
            after_ms: Some(SOON_MS),
            why: "The instance is still working on a file of this answer. It is sent when that is done."
                .to_owned(),
        },
        Deed::Send if status == 413 || said.is_about(&["attach", "media", "file"]) => {
            permanent(Reason::BadAttachment, "The instance did not take the file")
        }
        Deed::Look | Deed::Send if matches!(status, 404 | 410) => permanent(
            Reason::RecipientUnavailable,
            "The post that this answers is gone, or its writer hides it from us",
        ),
        Deed::Look | Deed::Send if status == 403 => {
            permanent(Reason::NotAllowed, "The instance does not let this account answer that post")
        }
        Deed::Look | Deed::Send => permanent(Reason::ContentRefused, "The instance refused this answer"),
        Deed::Upload => permanent(Reason::BadAttachment, "The instance did not take the file"),
        Deed::Fetch => permanent(Reason::BadAttachment, "The instance does not give this file any more"),
        Deed::Register | Deed::Me | Deed::Mentions | Deed::Own => Failure::AccountBlocked {
            until: None,
            why: format!(
                "The instance refused {} ({status}){}. Is this the name of an instance of Mastodon?",
                deed.words(),
                said.aside()
            ),
        },
    }
}

/// What the instance says went wrong.
struct Said {
    /// Everything of it in lower case, to look for words in.
    all: String,
    /// The sentence for people.
    detail: Option<String>,
}

impl Said {
    fn read(body: &[u8], redact: &dyn Fn(&str) -> String) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let words: Vec<&str> = ["error_description", "error"].into_iter().filter_map(text).collect();
        let detail = words.first().map(|detail| shown(&redact(detail))).filter(|detail| !detail.is_empty());
        Self { all: words.join(" ").to_lowercase(), detail }
    }

    fn is_about(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.all.contains(word))
    }

    /// ` ("…")`, or nothing.
    fn aside(&self) -> String {
        self.detail.as_ref().map_or_else(String::new, |detail| format!(" (\"{detail}\")"))
    }
}

fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
    plain.trim().trim_end_matches('.').replace('"', "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;

    fn judged(status: u16, body: &str, deed: Deed) -> Failure {
        let answer = Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() };
        let failure = of(&answer, deed, 0, &str::to_owned);
        assert!(failure.to_string().ends_with(['.', '?']), "{failure}");
        failure
    }

    fn reason(status: u16, error: &str, deed: Deed) -> Option<Reason> {
        match judged(status, &format!(r#"{{"error":"{error}"}}"#), deed) {
            Failure::Permanent { reason, .. } => Some(reason),
            _ => None,
        }
    }

    #[test]
    fn each_refusal_says_what_happens_next() {
        let too_long = "Validation failed: Text character limit of 500 exceeded";
        assert_eq!(reason(422, too_long, Deed::Send), Some(Reason::TooLong));
        let mixed = "Cannot attach a video to a post that already contains images";
        assert_eq!(reason(422, mixed, Deed::Send), Some(Reason::BadAttachment));
        assert_eq!(
            reason(422, "Validation failed: File content type is invalid", Deed::Upload),
            Some(Reason::BadAttachment)
        );
        assert_eq!(reason(404, "Record not found", Deed::Look), Some(Reason::RecipientUnavailable));
        assert_eq!(reason(403, "This action is not allowed", Deed::Send), Some(Reason::NotAllowed));
        let soon =
            r#"{"error":"Cannot attach files that have not finished processing. Try again in a moment!"}"#;
        assert!(matches!(judged(422, soon, Deed::Send), Failure::Transient { after_ms: Some(SOON_MS), .. }));
        let disabled = r#"{"error":"Your login is currently disabled"}"#;
        assert!(matches!(judged(403, disabled, Deed::Mentions), Failure::AccountBlocked { .. }));
        let outside = r#"{"error":"This action is outside the authorized scopes"}"#;
        assert!(matches!(judged(403, outside, Deed::Send), Failure::NeedsSignin { .. }));
        assert!(matches!(judged(502, "", Deed::Send), Failure::Ambiguous { .. }));
        assert!(matches!(judged(502, "", Deed::Own), Failure::Transient { .. }));
        assert!(matches!(judged(418, "", Deed::Own), Failure::Malformed { .. }));
    }

    #[test]
    fn an_instance_that_is_elsewhere_is_named() {
        let mut headers = HeaderMap::new();
        headers.insert("location", "https://social.library.example/api/v1/apps".parse().expect("a value"));
        let failure =
            of(&Answer { status: 301, headers, body: Vec::new() }, Deed::Register, 0, &str::to_owned);
        assert!(failure.to_string().contains("on to social.library.example."), "{failure}");
    }

    #[test]
    fn a_limit_ends_when_the_instance_says() {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", "0".parse().expect("a value"));
        headers.insert("x-ratelimit-reset", "2026-10-07T09:45:00.123456Z".parse().expect("a value"));
        let answer = Answer { status: 429, headers, body: Vec::new() };
        assert_eq!(shut_until(&answer), Some(1_791_366_300_123));
        let scopes = [Deed::Send, Deed::Upload, Deed::Mentions].map(|deed| {
            match of(&answer, deed, 0, &str::to_owned) {
                Failure::RateLimited { until: Some(1_791_366_300_123), scope, .. } => scope,
                other => panic!("{other:?}"),
            }
        });
        let endpoint = |name: &str| Scope::Endpoint(name.to_owned());
        assert_eq!(scopes, [endpoint("statuses"), endpoint("media"), Scope::Account]);
    }
}
