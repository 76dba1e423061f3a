//! What X's refusals mean for what happens next (RFC 7807 problems, and the older lists of errors).

use serde_json::Value;

use super::wire;
use crate::contract::{Failure, Reason, Scope};
use crate::web::Answer;

/// What was asked. X counts each door by itself, so that one that is shut leaves the others open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Who are we?
    Me,
    /// Read mentions.
    Mentions,
    /// Read direct messages.
    Directs,
    /// Look into one conversation.
    LookupDirect,
    /// Look into our own posts.
    LookupPosts,
    /// Fetch a file.
    Fetch,
    /// Hand over a file, which nobody sees until it is sent.
    Upload,
    /// Send a direct message.
    SendDirect,
    /// Answer in public.
    SendPost,
    /// See to what X tells by itself.
    Subscribe,
}

impl Deed {
    /// Whether doing it twice shows.
    pub const fn acts(self) -> bool {
        matches!(self, Self::SendDirect | Self::SendPost)
    }

    /// The door's name among X's limits.
    pub const fn door(self) -> &'static str {
        match self {
            Self::Me => "users/me",
            Self::Mentions => "mentions",
            Self::Directs => "dm_events",
            Self::LookupDirect => "dm_lookup",
            Self::LookupPosts => "posts_lookup",
            Self::Fetch => "files",
            Self::Upload => "upload",
            Self::SendDirect => "dm_send",
            Self::SendPost => "posts_send",
            Self::Subscribe => "activity",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Me => "asking who we are",
            Self::Mentions => "reading mentions",
            Self::Directs => "reading direct messages",
            Self::LookupDirect | Self::LookupPosts => "looking for what was sent",
            Self::Fetch => "fetching files",
            Self::Upload => "sending files",
            Self::SendDirect => "sending direct messages",
            Self::SendPost => "answering in public",
            Self::Subscribe => "asking to be told of news",
        }
    }
}

/// The failure behind an answer that is no success.
pub fn of(answer: &Answer, deed: Deed, now: i64, redact: &dyn Fn(&str) -> String) -> Failure {
    let problem = Problem::read(&answer.body, redact);
    let status = answer.status;
    match status {
        401 => Failure::NeedsSignin {
            why: format!(
                "X no longer accepts this sign-in{}. Sign the account in again; messages and answers wait meanwhile.",
                problem.aside()
            ),
        },
        402 => out_of_credit(&problem),
        429 if problem.is_about(&["usage-capped", "usagecap", "usage cap", "credit", "spend cap"]) => {
            out_of_credit(&problem)
        }
        420 | 429 => limited(answer, deed, now),
        403 if problem.is_about(&["credit", "usage-capped"]) => out_of_credit(&problem),
        400 | 403 | 404 | 409 | 413 | 415 | 422 => refused(status, deed, &problem),
        503 => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: "X is out of order (503). It is tried again.".to_owned(),
        },
        500..=599 if deed.acts() => Failure::Ambiguous {
            why: format!(
                "X broke down ({status}) while it took this, so nobody knows whether it did. It is looked for."
            ),
        },
        500..=599 => Failure::Transient {
            after_ms: answer.retry_after_ms(now),
            why: format!("X is out of order ({status}). It is tried again."),
        },
        _ => Failure::Malformed {
            raw: answer.body.clone(),
            why: format!("X answered {status}, which nobody expected, when {}.", deed.words()),
        },
    }
}

/// When this door opens again, where the answer says that it has just shut.
pub fn shut_until(answer: &Answer) -> Option<i64> {
    (number(answer, "x-rate-limit-remaining") == Some(0))
        .then(|| reset(answer, "x-rate-limit-reset"))
        .flatten()
}

fn limited(answer: &Answer, deed: Deed, now: i64) -> Failure {
    let door = Scope::Endpoint(deed.door().to_owned());
    // Beside the quarter of an hour X counts some doors by the day, for the account and for the app.
    let day = [("x-app-limit-24hour", Scope::App), ("x-user-limit-24hour", door.clone())];
    let spent = day.into_iter().find(|(name, _)| number(answer, &format!("{name}-remaining")) == Some(0));
    let (until, scope) = match spent {
        Some((name, scope)) => (reset(answer, &format!("{name}-reset")), scope),
        None => (reset(answer, "x-rate-limit-reset"), door),
    };
    let after = || answer.retry_after_ms(now).and_then(|ms| now.checked_add(i64::try_from(ms).ok()?));
    // A moment that has passed, or one that X's clock alone knows, must not make us knock without end.
    let until = until.or_else(after).map(|until| until.max(now + 1_000));
    Failure::RateLimited {
        until,
        scope,
        why: format!(
            "X allows {} only so often, and the number is used up. It goes on by itself.",
            deed.words()
        ),
    }
}

fn out_of_credit(problem: &Problem) -> Failure {
    Failure::AccountBlocked {
        until: None,
        why: format!(
            "X refuses further requests: the app's credit or monthly cap is used up{}. Add credit at developer.x.com.",
            problem.aside()
        ),
    }
}

fn refused(status: u16, deed: Deed, problem: &Problem) -> Failure {
    let permanent =
        |reason, why: &str| Failure::Permanent { reason, why: format!("{why}{}.", problem.aside()) };
    if problem.is_about(&["locked", "suspended"])
        && problem.is_about(&["your account", "this account", "authenticated"])
    {
        return Failure::AccountBlocked {
            until: None,
            why: format!("X has shut this account out{}. Look at it in the X app.", problem.aside()),
        };
    }
    let is_about_the_app = problem.is_about(&[
        "client-forbidden",
        "client-not-enrolled",
        "unsupported-authentication",
        "oauth1 app permissions",
        "missing required scope",
        "insufficient scope",
    ]);
    match deed {
        _ if is_about_the_app => Failure::AccountBlocked {
            until: None,
            why: format!(
                "The app may not do this: {} is refused{}. Look at the app's permissions at developer.x.com, then sign the account in again.",
                deed.words(),
                problem.aside()
            ),
        },
        Deed::SendPost | Deed::SendDirect
            if problem.is_about(&["duplicate content", "already said that"]) =>
        {
            permanent(Reason::Duplicate, "X says that it has exactly this already")
        }
        Deed::SendPost | Deed::SendDirect if problem.is_about(&["too long", "character limit"]) => {
            permanent(Reason::TooLong, "X says that this is too long")
        }
        Deed::SendPost | Deed::SendDirect
            if status == 413 || problem.is_about(&["media id", "media_id", "media_ids"]) =>
        {
            permanent(Reason::BadAttachment, "X did not take the file")
        }
        Deed::SendPost
            if problem.is_about(&[
                "deleted",
                "not visible",
                "not found",
                "doesn't exist",
                "does not exist",
            ]) =>
        {
            permanent(
                Reason::RecipientUnavailable,
                "The post that this answers is gone, or X hides it from us",
            )
        }
        Deed::SendPost if status == 403 => permanent(
            Reason::NotAllowed,
            "X does not let this account answer that post: it allows answers only to those who mention or quote it, and not to those who have blocked it",
        ),
        Deed::SendDirect if matches!(status, 403 | 404) => permanent(
            Reason::RecipientUnavailable,
            "This person takes no direct messages from the account. Answer in public and ask them to write one",
        ),
        Deed::SendPost | Deed::SendDirect => permanent(Reason::ContentRefused, "X refused this answer"),
        Deed::Upload => permanent(Reason::BadAttachment, "X did not take the file"),
        Deed::Fetch => permanent(Reason::BadAttachment, "X does not give this file any more"),
        _ => Failure::AccountBlocked {
            until: None,
            why: format!(
                "X refused {} ({status}){}. Should it have renamed its fields again, choose the other names in the channel's settings.",
                deed.words(),
                problem.aside()
            ),
        },
    }
}

/// What X says went wrong.
struct Problem {
    /// Everything of it in lower case, to look for words in.
    all: String,
    /// The sentence for people.
    detail: Option<String>,
}

impl Problem {
    fn read(body: &[u8], redact: &dyn Fn(&str) -> String) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let mut words = Vec::new();
        let errors = wire::list(&value, "errors");
        for part in std::iter::once(&value).chain(errors) {
            for field in ["detail", "message", "title", "reason", "type", "error_description", "error"] {
                words.extend(wire::text(part, field));
            }
        }
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

fn number(answer: &Answer, name: &str) -> Option<i64> {
    answer.header(name)?.trim().parse().ok()
}

/// Epoch seconds in a header, as milliseconds.
fn reset(answer: &Answer, name: &str) -> Option<i64> {
    number(answer, name)?.checked_mul(1000)
}
