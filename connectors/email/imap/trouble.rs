//! What a mail server refused, in words for the channel's card.

use super::Ended;
use crate::contract::{Failure, Scope};

/// A server's words on one line, short, without anything that could move a cursor on a screen.
pub fn said(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    one_line.trim().to_owned()
}

/// The server hung up.
pub fn farewell(host: &str, ended: &Ended) -> Failure {
    if is_throttled(ended) {
        return throttled(host, ended);
    }
    Failure::Transient {
        after_ms: None,
        why: format!("{host} ended the connection: \"{}\". It is tried again.", said(&ended.text)),
    }
}

/// The server refused a command other than the sign-in.
pub fn refused(host: &str, what: &str, ended: &Ended) -> Failure {
    let words = said(&ended.text);
    if is_throttled(ended) {
        return throttled(host, ended);
    }
    match ended.code.as_str() {
        "NONEXISTENT" | "TRYCREATE" => Failure::AccountBlocked {
            until: None,
            why: format!(
                "{host} has nothing by that name ({what}): \"{words}\". Look at the folders in the channel's settings."
            ),
        },
        "AUTHORIZATIONFAILED" | "NOPERM" => Failure::AccountBlocked {
            until: None,
            why: format!(
                "{host} does not let this account do that ({what}): \"{words}\". Ask whoever runs the mailbox."
            ),
        },
        "AUTHENTICATIONFAILED" | "EXPIRED" => Failure::NeedsSignin {
            why: format!("{host} no longer knows this sign-in: \"{words}\". Sign the mailbox in again."),
        },
        _ => Failure::Transient {
            after_ms: None,
            why: format!("{host} refused ({what}): \"{words}\". It is tried again."),
        },
    }
}

/// The server refused the sign-in. `words` holds no secret.
pub fn denied(host: &str, username: &str, token: bool, code: &str, words: &str) -> Failure {
    let ended = Ended { ok: false, code: code.to_owned(), text: words.to_owned() };
    if is_throttled(&ended) {
        return throttled(host, &ended);
    }
    let words = said(words);
    let why = match code {
        "UNAVAILABLE" | "INUSE" | "SERVERBUG" => {
            return Failure::Transient {
                after_ms: None,
                why: format!("{host} cannot sign anybody in at the moment: \"{words}\". It is tried again."),
            };
        }
        "CONTACTADMIN" | "AUTHORIZATIONFAILED" | "PRIVACYREQUIRED" => {
            return Failure::AccountBlocked {
                until: None,
                why: format!("{host} does not let {username} in: \"{words}\". Ask whoever runs the mailbox."),
            };
        }
        _ if token => {
            "The sign-in was withdrawn or has ended. Sign the mailbox in again; new mail waits at the provider."
        }
        "EXPIRED" => "The password has expired. Set a new one at the provider and enter it here.",
        _ => {
            "Check name and password; many providers want an app password here. New mail waits at the provider."
        }
    };
    Failure::NeedsSignin {
        why: format!("{host} did not accept the sign-in of {username} (\"{words}\"). {why}"),
    }
}

/// RFC 5530 codes, and the words of providers that use none.
fn is_throttled(ended: &Ended) -> bool {
    let text = ended.text.to_ascii_lowercase();
    matches!(ended.code.as_str(), "LIMIT" | "OVERQUOTA" | "THROTTLED")
        || ["too many", "bandwidth limit", "throttled", "rate limit"].iter().any(|words| text.contains(words))
}

fn throttled(host: &str, ended: &Ended) -> Failure {
    Failure::RateLimited {
        until: None,
        scope: Scope::Account,
        why: format!(
            "{host} asks us to slow down: \"{}\". Reading goes on by itself later.",
            said(&ended.text)
        ),
    }
}
