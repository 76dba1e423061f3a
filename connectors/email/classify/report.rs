//! Reports in the standard form: delivery (RFC 3464), reading (RFC 8098) and complaints (RFC 5965).

use super::{Nature, Why};
use crate::email::mime::{Part, Tree, headers, headers::Headers, ids};
use crate::email::names;

/// What the mail system says of something sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// ENVID given at sending (RFC 3461), which names our delivery.
    pub envelope_id: Option<String>,
    /// Message-ID of what was sent, without brackets.
    pub original_message_id: Option<String>,
    /// One entry a recipient; empty where the report names none, which counts as a failure.
    pub recipients: Vec<Recipient>,
    /// In the form of RFC 3464; otherwise recognised by its wording, which is only likely.
    pub is_standard: bool,
}

/// The fate of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address, as far as it is named.
    pub address: String,
    /// What became of it. Decides, not the status: a temporary failure given up has `Failed` with status 4.4.1.
    pub action: Action,
    /// Enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// What the other server said.
    pub said: String,
    /// The reason in our words.
    pub why: Why,
}

/// Action field of RFC 3464 section 2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Given up.
    Failed,
    /// Still being tried.
    Delayed,
    /// In the recipient's mailbox.
    Delivered,
    /// Handed to a system that does not report.
    Relayed,
    /// Handed on to several recipients.
    Expanded,
}

impl Recipient {
    /// Why, for whoever has been told already what became of it.
    pub fn reason(&self) -> String {
        match self.action {
            Action::Failed => format!("{}{}", self.why.about(self.to()), self.quoted()),
            _ => self.sentence(),
        }
    }

    fn to(&self) -> &str {
        if self.address.is_empty() { "the recipient" } else { &self.address }
    }

    fn quoted(&self) -> String {
        if self.said.is_empty() {
            String::new()
        } else {
            format!(" The other side said: “{}”", self.said)
        }
    }

    /// One plain sentence for the staff member who wrote to this address.
    pub fn sentence(&self) -> String {
        let (to, said) = (self.to(), self.quoted());
        match self.action {
            Action::Failed => format!("Not delivered to {to}: {}.{said}", self.why.clause()),
            Action::Delayed => {
                format!("Not yet delivered to {to}, still being tried: {}.{said}", self.why.clause())
            }
            Action::Delivered => format!("Delivered to {to}."),
            Action::Relayed => {
                format!("Handed on to the mail server of {to}, which does not confirm delivery.")
            }
            Action::Expanded => format!("Delivered to {to}, which passes it on to several people."),
        }
    }
}

/// The report in a mail that holds a machine-readable one.
pub(super) fn standard(tree: &Tree<'_>) -> Option<Nature> {
    let part = |names: &[&str]| {
        tree.parts.iter().find(|part| !part.is_enclosed && names.contains(&part.content_type.value.as_str()))
    };
    let message_id =
        || original(tree).and_then(|original| original.text("message-id")).and_then(|id| ids::single(&id));
    if let Some(status) = part(&["message/delivery-status", "message/global-delivery-status"]) {
        let mut report = delivery(&status.decoded());
        report.original_message_id = message_id();
        return Some(Nature::Delivery(report));
    }
    if let Some(receipt) =
        part(&["message/disposition-notification", "message/global-disposition-notification"])
    {
        let body = receipt.decoded();
        let (fields, _) = headers::split(&body, 64 << 10);
        let named = fields.text("original-message-id").and_then(|id| ids::single(&id));
        return Some(Nature::Opened { original_message_id: named.or_else(message_id) });
    }
    part(&["message/feedback-report"]).map(|_| Nature::Complaint { original_message_id: message_id() })
}

/// Header of the mail that is reported on, whole or headers only.
pub(super) fn original<'t>(tree: &'t Tree<'_>) -> Option<Headers<'t>> {
    let part: &Part<'_> = tree.parts.iter().find(|part| {
        !part.is_enclosed
            && (part.is_mail()
                || part.content_type.value == "text/rfc822-headers"
                || part.content_type.value == "message/global-headers")
    })?;
    Some(headers::split(part.body, 256 << 10).0)
}

fn delivery(body: &[u8]) -> Report {
    let mut report = Report { is_standard: true, ..Report::default() };
    let mut at = 0;
    while at < body.len() && report.recipients.len() < 200 {
        let (fields, used) = headers::split(&body[at..], 64 << 10);
        at += used.max(1);
        if let Some(id) = fields.text("original-envelope-id") {
            report.envelope_id = Some(xtext(id.trim()));
        }
        if ["final-recipient", "original-recipient", "action", "status"]
            .iter()
            .any(|name| fields.get(name).is_some())
        {
            report.recipients.push(recipient(&fields));
        }
    }
    report
}

fn recipient(fields: &Headers<'_>) -> Recipient {
    // `rfc822; somebody@example.org`; the address we wrote to says more than the one it was forwarded to.
    let address = ["original-recipient", "final-recipient"]
        .iter()
        .find_map(|name| fields.text(name))
        .map(|value| names::harmless(&typed(&value)))
        .unwrap_or_default();
    let said = fields.text("diagnostic-code").map(|value| typed(&value)).unwrap_or_default();
    let said = names::harmless(&said);
    let status = fields
        .text("status")
        .and_then(|status| status.split([' ', '(']).find(|word| !word.is_empty()).map(str::to_owned));
    let action = fields.text("action").unwrap_or_default().trim().to_ascii_lowercase();
    let action = match action.split([' ', '(', ';']).next().unwrap_or_default() {
        "failed" | "failure" => Action::Failed,
        "delayed" | "delay" => Action::Delayed,
        "delivered" | "deliverable" | "success" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => match status.as_deref().and_then(|status| status.chars().next()) {
            Some('2') => Action::Delivered,
            Some('4') => Action::Delayed,
            _ => Action::Failed,
        },
    };
    Recipient { address, action, why: Why::of(status.as_deref(), &said), status, said }
}

/// Takes the type off `type; value`.
fn typed(value: &str) -> String {
    value.split_once(';').map_or(value, |(_, value)| value).trim().trim_matches(['<', '>']).to_owned()
}

/// RFC 3461 section 4: `+41` stands for `A`.
fn xtext(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(plus) = rest.find('+') {
        out.push_str(&rest[..plus]);
        let code = rest
            .get(plus + 1..plus + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .filter(u8::is_ascii_graphic);
        match code {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &rest[plus + 3..];
            }
            None => {
                out.push('+');
                rest = &rest[plus + 1..];
            }
        }
    }
    out.push_str(rest);
    out.chars().take(500).collect()
}
