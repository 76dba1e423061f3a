//! Delivery reports as RFC 3464 has them, wrapped as RFC 6522 says.

use super::date;
use super::entry::{Accepted, Recipient};
use super::text;

/// RFC 3464 section 2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    Delivered,
}

/// What there is to report about one recipient.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report<'a> {
    pub action: Action,
    pub status: &'a str,
    pub diagnostic: &'a str,
    /// When the message was accepted, milliseconds since 1970.
    pub accepted_ms: i64,
}

/// Whether the sender asked for such a report. Who says nothing hears of failures and delays (RFC 3461 section 4.1).
pub(super) fn is_wanted(recipient: &Recipient, action: Action) -> bool {
    let word = match action {
        Action::Failed => "FAILURE",
        Action::Delayed => "DELAY",
        Action::Delivered => "SUCCESS",
    };
    match &recipient.notify {
        Some(notify) => notify.split(',').any(|asked| asked.eq_ignore_ascii_case(word)),
        None => action != Action::Delivered,
    }
}

/// Writes the report. `word` makes its boundary and its Message-ID its own.
pub(super) fn write(
    host: &str,
    word: &str,
    now_ms: i64,
    message: &Accepted,
    recipient: &Recipient,
    report: &Report<'_>,
) -> Vec<u8> {
    let (action, subject, words) = match report.action {
        Action::Failed => (
            "failed",
            "Undelivered Mail Returned to Sender",
            "your message could not be delivered to one of its recipients.",
        ),
        Action::Delayed => (
            "delayed",
            "Delayed Mail (still being retried)",
            "your message has not yet reached one of its recipients. You need not send it again.",
        ),
        Action::Delivered => {
            ("delivered", "Successful Mail Delivery Report", "your message has reached this recipient.")
        }
    };
    let now = date::header(now_ms);
    let address = &recipient.address;
    let Report { status, diagnostic, .. } = report;
    let mut lines = vec![
        "Return-Path: <>".to_owned(),
        format!("Date: {now}"),
        format!("From: Mail Delivery System <MAILER-DAEMON@{host}>"),
        format!("To: {}", message.from),
        format!("Subject: {subject}"),
        format!("Message-ID: <{word}@{host}>"),
        "Auto-Submitted: auto-replied".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: multipart/report; report-type=delivery-status;".to_owned(),
        format!("\tboundary=\"={word}\""),
        String::new(),
        format!("--={word}"),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        String::new(),
        format!("This is the mail system at {host}: {words}"),
        String::new(),
        format!("<{address}>: {diagnostic}"),
        String::new(),
        format!("--={word}"),
        "Content-Type: message/delivery-status".to_owned(),
        String::new(),
        format!("Reporting-MTA: dns; {host}"),
    ];
    if let Some(id) = &message.envelope_id {
        lines.push(format!("Original-Envelope-Id: {id}"));
    }
    lines.push(format!("Arrival-Date: {}", date::header(report.accepted_ms)));
    lines.push(String::new());
    if let Some(original) = &recipient.original {
        lines.push(format!("Original-Recipient: {original}"));
    }
    lines.extend([
        format!("Final-Recipient: rfc822; {address}"),
        format!("Action: {action}"),
        format!("Status: {status}"),
        format!("Diagnostic-Code: smtp; {diagnostic}"),
        String::new(),
        format!("--={word}"),
    ]);
    // Only a failure returns the whole message (RFC 3461 section 4.3).
    let whole = report.action == Action::Failed && message.ret.as_deref() != Some("HDRS");
    let (kind, returned) = if whole {
        ("message/rfc822", &message.raw[..])
    } else {
        ("text/rfc822-headers", text::split(&message.raw).0)
    };
    lines.push(format!("Content-Type: {kind}"));
    if !returned.is_ascii() {
        lines.push("Content-Transfer-Encoding: 8bit".to_owned());
    }
    lines.extend([String::new(), String::new()]);
    let mut raw = lines.join("\r\n").into_bytes();
    raw.extend_from_slice(returned);
    raw.extend_from_slice(format!("\r\n--={word}--\r\n").as_bytes());
    raw
}
