//! What the Graph API means when it says no, and what happens next.
//!
//! Its codes stand in the body; the HTTP status says little. The subcodes of the Send API are finer than the codes.

use serde::Deserialize;

use crate::contract::{Failure, Reason, Scope};

/// `{"error": {...}}` as Meta writes it; anything may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Trouble {
    /// The kind.
    pub code: i64,
    /// Its finer kind.
    pub error_subcode: i64,
    /// For developers. May name tokens and people: never shown as it is.
    pub message: String,
    /// For people.
    pub error_user_msg: Option<String>,
    /// Meta's own word that it passes.
    pub is_transient: Option<bool>,
}

#[derive(Deserialize)]
struct Body {
    error: Trouble,
}

/// The scope of limits on Messenger alone: comments go on.
pub const MESSENGER: &str = "messenger";

/// The trouble that a body tells of.
pub fn read(body: &[u8]) -> Option<Trouble> {
    serde_json::from_slice::<Body>(body).ok().map(|body| body.error)
}

impl Trouble {
    /// Too much was asked for at once: a smaller page may do.
    pub fn is_too_much(&self) -> bool {
        self.code == 1 && self.message.to_ascii_lowercase().contains("reduce the amount")
    }

    /// What happens next. `until` is when the platform will listen again, where it said so; `acting`: something was to be
    /// done, so that trouble in the middle leaves it unknown whether it was.
    pub fn failure(&self, status: u16, until: Option<i64>, acting: bool) -> Failure {
        let permanent = |reason, why: &str| Failure::Permanent { reason, why: why.to_owned() };
        let limited = |scope, why: &str| Failure::RateLimited { until, scope, why: why.to_owned() };
        let blocked = |why: String| Failure::AccountBlocked { until, why };
        match (self.code, self.error_subcode) {
            (10, 2_018_278 | 2_534_022 | 2_018_065) => permanent(
                Reason::WindowClosed,
                "Facebook takes no answer any more: it is too long since this person last wrote. They can be answered again when they write again.",
            ),
            (551, _) | (10, 2_018_108) | (200, 1_545_041) => permanent(
                Reason::RecipientUnavailable,
                "This person cannot be reached in Messenger: they have blocked the Page, left Facebook, or may not be written to.",
            ),
            (100, 2_018_001) => permanent(
                Reason::RecipientUnavailable,
                "Facebook knows nobody under this number; the conversation may have been deleted there.",
            ),
            (100, 2_018_008 | 2_018_047 | 2_018_294 | 2_018_109) => permanent(
                Reason::BadAttachment,
                "Facebook did not take the file: it is too large, or of a kind that Messenger does not show.",
            ),
            (10, 1_893_063) => {
                blocked("Meta has restricted this Page for a time. Its Page Quality page at Facebook says why and until when.".to_owned())
            }
            (190 | 102, subcode) => Failure::NeedsSignin { why: signed_out(subcode).to_owned() },
            (4, _) => limited(Scope::App, "Meta's limit for the whole app is reached; everything of it waits."),
            (80_006, _) => limited(
                Scope::Endpoint(MESSENGER.to_owned()),
                "Meta's limit for Messenger is reached; comments go on meanwhile.",
            ),
            (9 | 17 | 32 | 80_001 | 80_002, _) => {
                limited(Scope::Account, "Meta's limit for this Page is reached; everything of it waits.")
            }
            (613, _) => limited(
                Scope::Endpoint(MESSENGER.to_owned()),
                "Calls came faster than Meta takes them; Messenger waits a little.",
            ),
            (368, _) => blocked(
                "Meta has blocked this Page from writing for a time, for what it takes to be against its rules.".to_owned(),
            ),
            (506, _) => permanent(Reason::Duplicate, "Facebook says that the same was written just before."),
            (10 | 200..=299 | 3, _) => blocked(format!(
                "The app may not do this ({}). Sign in again with a person who may moderate the Page and grant what is asked for, or let Meta review the app.",
                self.number()
            )),
            (100, _) if self.message.contains("tag") => permanent(
                Reason::WindowClosed,
                "Facebook did not take the mark of late answers: the feature Human Agent is not approved for this app. Choose \"no\" under Answers up to seven days until it is.",
            ),
            // What was asked for is not there (any more), or we may not see that it is.
            (100 | 803, 33 | 0) if !acting && status == 404 => {
                permanent(Reason::NotAllowed, "Facebook no longer has this, or does not show it to this Page.")
            }
            (100 | 803 | 33, _) => permanent(
                Reason::NotAllowed,
                &format!("Facebook refused this as it was ({}); it was not sent.", self.number()),
            ),
            (2 | 341 | 1200, _) => self.out_of_order(status, false),
            _ => self.out_of_order(status, acting),
        }
    }

    fn out_of_order(&self, status: u16, acting: bool) -> Failure {
        let why = format!("Facebook is out of order for the moment ({status}, {}).", self.number());
        if acting && (self.is_transient != Some(true)) {
            return Failure::Ambiguous { why };
        }
        Failure::Transient { after_ms: None, why }
    }

    /// As Meta counts it, for whoever asks there.
    fn number(&self) -> String {
        match self.error_subcode {
            0 => format!("code {}", self.code),
            subcode => format!("code {}, subcode {subcode}", self.code),
        }
    }
}

fn signed_out(subcode: i64) -> &'static str {
    match subcode {
        458 => {
            "The app is no longer allowed on Facebook by the person who connected this Page. Sign in again."
        }
        459 | 464 => {
            "Facebook wants the person who connected this Page to confirm their account first. They sign in at facebook.com, then here again."
        }
        460 => {
            "The person who connected this Page has changed their password or signed out everywhere. Sign in again."
        }
        463 => "The sign-in at Facebook has ended. Sign in again; nothing is lost meanwhile.",
        _ => {
            "Facebook does not accept this Page's sign-in any more. Sign in again; nothing is lost meanwhile."
        }
    }
}

/// An answer that is not Meta's way of saying no.
pub fn without_words(status: u16, body: &[u8], acting: bool) -> Failure {
    match status {
        429 => Failure::RateLimited {
            until: None,
            scope: Scope::Account,
            why: "Facebook asks to be left alone for a while.".to_owned(),
        },
        503 => Failure::Transient {
            after_ms: None,
            why: "Facebook is out of order for the moment (503).".to_owned(),
        },
        500.. if acting => Failure::Ambiguous {
            why: format!(
                "Facebook broke down over this ({status}); whether it was sent is being looked for."
            ),
        },
        500.. => Failure::Transient {
            after_ms: None,
            why: format!("Facebook is out of order for the moment ({status})."),
        },
        _ => Failure::Malformed {
            raw: body.to_vec(),
            why: format!(
                "Facebook answered {status} with something that cannot be read; it was kept for a person to look at."
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i64, subcode: i64, status: u16, acting: bool) -> Failure {
        let body = format!(
            r#"{{"error":{{"message":"(#{code}) x","type":"OAuthException","code":{code},"error_subcode":{subcode},"fbtrace_id":"A"}}}}"#
        );
        read(body.as_bytes()).expect("it is trouble").failure(status, Some(7), acting)
    }

    fn kind(failure: &Failure) -> String {
        match failure {
            Failure::RateLimited { until, scope, .. } => format!("limited {scope:?} {until:?}"),
            Failure::Transient { .. } => "transient".into(),
            Failure::Permanent { reason, .. } => reason.as_str().into(),
            Failure::NeedsSignin { .. } => "signin".into(),
            Failure::AccountBlocked { .. } => "blocked".into(),
            Failure::Ambiguous { .. } => "ambiguous".into(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_documented_code_leads_to_its_own_next_step() {
        let messenger = "limited Endpoint(\"messenger\") Some(7)";
        for (code, subcode, expected) in [
            (10, 2_018_278, "window_closed"),
            (10, 2_534_022, "window_closed"),
            (10, 2_018_065, "window_closed"),
            (10, 2_018_108, "recipient_unavailable"),
            (551, 1_545_041, "recipient_unavailable"),
            (200, 1_545_041, "recipient_unavailable"),
            (10, 1_893_063, "blocked"),
            (10, 0, "blocked"),
            (200, 0, "blocked"),
            (230, 0, "blocked"),
            (299, 0, "blocked"),
            (100, 2_018_001, "recipient_unavailable"),
            (100, 2_018_008, "bad_attachment"),
            (100, 2_018_047, "bad_attachment"),
            (100, 2_018_294, "bad_attachment"),
            (100, 2_018_109, "bad_attachment"),
            (100, 0, "not_allowed"),
            (190, 458, "signin"),
            (190, 459, "signin"),
            (190, 460, "signin"),
            (190, 463, "signin"),
            (190, 464, "signin"),
            (190, 467, "signin"),
            (102, 0, "signin"),
            (4, 0, "limited App Some(7)"),
            (9, 0, "limited Account Some(7)"),
            (17, 0, "limited Account Some(7)"),
            (32, 0, "limited Account Some(7)"),
            (80_001, 0, "limited Account Some(7)"),
            (80_002, 0, "limited Account Some(7)"),
            (80_006, 0, messenger),
            (613, 0, messenger),
            (368, 0, "blocked"),
            (506, 0, "duplicate"),
            (2, 0, "transient"),
            (341, 0, "transient"),
            (1200, 0, "transient"),
        ] {
            for acting in [false, true] {
                assert_eq!(kind(&of(code, subcode, 400, acting)), expected, "{code}/{subcode}");
            }
        }
        assert_eq!(kind(&of(1, 0, 500, false)), "transient");
        assert_eq!(kind(&of(1, 0, 500, true)), "ambiguous", "an unknown error may come after the work");
    }

    #[test]
    fn every_refusal_is_a_sentence_and_quotes_nobody() {
        let body = br#"{"error":{"message":"Error validating access token EAABsecret","code":190}}"#;
        let failure = read(body).expect("it is trouble").failure(400, None, false);
        assert!(!failure.to_string().contains("EAAB"), "{failure}");
        for status in [302, 404, 429, 500, 502, 503] {
            assert!(without_words(status, b"<html>", true).to_string().ends_with('.'), "{status}");
        }
    }

    #[test]
    fn a_dead_tag_says_what_to_change() {
        let body = br#"{"error":{"message":"(#100) Invalid parameter: message tag HUMAN_AGENT is not permitted","code":100}}"#;
        let failure = read(body).expect("it is trouble").failure(400, None, true);
        assert_eq!(kind(&failure), "window_closed");
        assert!(failure.to_string().contains("Human Agent"), "{failure}");
    }
}
