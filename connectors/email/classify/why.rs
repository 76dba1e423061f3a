//! Why a mail was not delivered, in words a librarian can act on.

use std::sync::LazyLock;

use regex::Regex;

/// The reason, as far as the codes and the wording tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No such mailbox.
    NoSuchAddress,
    /// No such domain, or it takes no mail.
    NoSuchDomain,
    /// The mailbox is closed.
    MailboxDisabled,
    /// The mailbox is full.
    MailboxFull,
    /// The mail is too large.
    TooLarge,
    /// Their server could not be reached.
    Unreachable,
    /// Refused as unwanted, or by a rule.
    Refused,
    /// Refused because it is not proven to be from us.
    NotAuthentic,
    /// It went round in circles.
    Loop,
    /// For the time being refused or busy.
    Busy,
    /// Not to be made out.
    Unknown,
}

impl Why {
    /// The reason as the second half of a sentence.
    pub fn clause(self) -> &'static str {
        match self {
            Why::NoSuchAddress => "this address does not exist",
            Why::NoSuchDomain => "the part after the @ does not exist or takes no mail",
            Why::MailboxDisabled => "this mailbox has been closed",
            Why::MailboxFull => "the mailbox is full",
            Why::TooLarge => "the mail is too large for the recipient's server",
            Why::Unreachable => "the recipient's mail server could not be reached",
            Why::Refused => "the recipient's mail server refused it as unwanted",
            Why::NotAuthentic => "the recipient's mail server could not verify that it comes from us",
            Why::Loop => "the mail was passed around in a circle",
            Why::Busy => "the recipient's mail server asked to try again later",
            Why::Unknown => "the mail system gave no clear reason",
        }
    }

    /// The reason as a sentence. That it was not delivered is for others to say.
    pub fn about(self, address: &str) -> String {
        let clause = self.clause();
        let (first, rest) = clause.split_at(1);
        format!("{}{rest} ({address}).", first.to_ascii_uppercase())
    }

    /// Reads the code, and where that is general the code and words in the text: proxies rewrite the former.
    pub(in crate::email) fn of(status: Option<&str>, said: &str) -> Why {
        let of_code = |code: &str| match Why::of_code(code) {
            Why::Unknown => None,
            why => Some(why),
        };
        status
            .and_then(of_code)
            .or_else(|| CODE.find_iter(said).take(5).find_map(|code| of_code(code.as_str())))
            .unwrap_or_else(|| Why::of_words(said))
    }

    /// Enhanced status codes, RFC 3463 and its registry.
    fn of_code(code: &str) -> Why {
        let mut parts = code.trim().splitn(3, '.');
        let (class, rest) = (parts.next().unwrap_or_default(), (parts.next(), parts.next()));
        let (Some(subject), Some(detail)) = rest else {
            return Why::Unknown;
        };
        match (subject, detail) {
            ("1", "1" | "3" | "6" | "0") if class == "5" => Why::NoSuchAddress,
            ("1", "2" | "10") => Why::NoSuchDomain,
            ("1", "7" | "8") => Why::NotAuthentic,
            ("2", "1") => Why::MailboxDisabled,
            ("2", "2") => Why::MailboxFull,
            ("2", "3") | ("3", "4") => Why::TooLarge,
            ("4", "4") if class == "5" => Why::NoSuchDomain,
            ("4", "6") => Why::Loop,
            ("4", "1" | "2" | "3" | "4" | "7") => Why::Unreachable,
            ("7", "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27") => Why::NotAuthentic,
            ("7", _) if class == "4" => Why::Busy,
            ("7", _) => Why::Refused,
            ("2" | "3" | "4", _) if class == "4" => Why::Busy,
            _ => Why::Unknown,
        }
    }

    fn of_words(said: &str) -> Why {
        let said = said.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&[
            "quota",
            "mailbox full",
            "mailbox is full",
            "mailfolder is full",
            "over its limit",
            "storage",
        ]) {
            Why::MailboxFull
        } else if has(&[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "unknown or illegal user",
            "unknown recipient",
            "does not exist",
            "doesn't exist",
            "not listed",
            "no mailbox",
            "mailbox unavailable",
            "mailbox not found",
            "invalid recipient",
            "recipient not found",
            "user not found",
            "no such mailbox",
            "address rejected",
            "unknown address",
            "not known",
        ]) {
            Why::NoSuchAddress
        } else if has(&["disabled", "inactive", "suspended", "account is locked", "no longer"]) {
            Why::MailboxDisabled
        } else if has(&[
            "host not found",
            "host unknown",
            "domain not found",
            "unrouteable",
            "unroutable",
            "name service error",
        ]) {
            Why::NoSuchDomain
        } else if has(&["too large", "message size", "size limit", "maximum size", "exceeds"]) {
            Why::TooLarge
        } else if has(&["too many hops", "mail loop", "loops back"]) {
            Why::Loop
        } else if has(&["dmarc", "dkim", "spf ", "not authorized to send", "unauthenticated"]) {
            Why::NotAuthentic
        } else if has(&[
            "timed out",
            "timeout",
            "connection refused",
            "not responding",
            "unreachable",
            "not reachable",
            "could not connect",
            "network error",
            "lost connection",
        ]) {
            Why::Unreachable
        } else if has(&[
            "spam",
            "blocked",
            "blacklist",
            "blocklist",
            "denied",
            "policy",
            "reputation",
            "not allowed",
            "rejected",
        ]) {
            Why::Refused
        } else if has(&["greylist", "try again", "temporarily"]) {
            Why::Busy
        } else {
            Why::Unknown
        }
    }
}

static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[245]\.\d{1,3}\.\d{1,3}\b").expect("a constant pattern"));
