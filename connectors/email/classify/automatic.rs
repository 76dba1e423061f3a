//! Signs that a program sent a mail (RFC 3834 and the headers programs used before it).

use super::Nature;
use crate::email::mime::{addresses, headers::Headers};

/// Who handed the mail in, as far as its headers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// Nothing special.
    Ordinary,
    /// An address nobody reads (`noreply@`).
    Unread,
    /// Likely the mail system: postmaster and the like, or nobody at all (the null return path).
    MailSystem,
    /// The mail system by the one name that nobody else has.
    Daemon,
}

pub(super) fn sender(headers: &Headers<'_>) -> Sender {
    let from = headers.get("from").map(|raw| addresses::parse(raw, None)).unwrap_or_default();
    let Some(from) = from.first() else {
        return Sender::MailSystem;
    };
    let local = from.address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let local: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = from.name.to_lowercase();
    let null_path = headers.text("return-path").is_some_and(|path| matches!(path.trim(), "<>" | "" | "< >"));
    let system = [
        "maildaemon",
        "postmaster",
        "mdaemon",
        "maildelivery",
        "mailsystem",
        "smtpmail",
        "systemadministrator",
    ];
    let system_name = [
        "mail delivery s",
        "mail delivery sub",
        "mail delivery system",
        "internet mail delivery",
        "mail administrator",
    ];
    if local.contains("mailerdaemon") {
        Sender::Daemon
    } else if null_path
        || from.address.is_empty()
        || system.iter().any(|word| local.contains(word))
        || system_name.iter().any(|word| name.contains(word))
    {
        Sender::MailSystem
    } else if ["noreply", "donotreply", "nichtantworten", "nepasrepondre", "noresponder", "neantwortenbitte"]
        .iter()
        .any(|word| local.contains(word))
    {
        Sender::Unread
    } else {
        Sender::Ordinary
    }
}

pub(super) fn nature(headers: &Headers<'_>, sender: Sender) -> Nature {
    let text = |name: &str| headers.text(name).unwrap_or_default().trim().to_ascii_lowercase();
    let auto_submitted = text("auto-submitted");
    let auto_submitted = auto_submitted.split([';', ' ', '(']).next().unwrap_or_default();
    let precedence = text("precedence");
    let answers =
        headers.get("in-reply-to").is_some() || absence_subject(&headers.text("subject").unwrap_or_default());
    let says_auto_reply = auto_submitted == "auto-replied"
        || matches!(precedence.as_str(), "auto_reply" | "auto-reply")
        || [
            "x-autoreply",
            "x-auto-reply",
            "x-autorespond",
            "x-autoresponder",
            "x-autoreply-from",
            "x-vacation",
        ]
        .iter()
        .any(|name| headers.get(name).is_some() && !matches!(text(name).as_str(), "no" | "false" | "0"))
        || text("x-post-messageclass").contains("autoresponder")
        || text("delivered-to") == "autoresponder";
    let generated = !matches!(auto_submitted, "" | "no");
    let suppresses =
        headers.get("x-auto-response-suppress").is_some_and(|_| text("x-auto-response-suppress") != "none");
    let bulk = matches!(precedence.as_str(), "bulk" | "junk" | "list")
        || ["list-id", "list-unsubscribe", "list-help", "list-post", "feedback-id"]
            .iter()
            .any(|name| headers.get(name).is_some());
    let machine = sender != Sender::Ordinary;
    if says_auto_reply
        || (answers
            && (generated || (suppresses && !bulk) || matches!(sender, Sender::MailSystem | Sender::Daemon)))
    {
        Nature::AutoReply
    } else if generated || suppresses || bulk || machine {
        Nature::Bulk
    } else {
        Nature::Personal
    }
}

/// How absence notes and acknowledgements begin their subject; counts only beside another sign.
fn absence_subject(subject: &str) -> bool {
    const OPENINGS: [&str; 40] = [
        "automatic reply",
        "auto reply",
        "auto-reply",
        "autoreply",
        "auto:",
        "automated reply",
        "out of office",
        "out of the office",
        "réponse automatique",
        "absence du bureau",
        "message d'absence",
        "automatische antwort",
        "abwesenheitsnotiz",
        "abwesend",
        "abwesenheit",
        "respuesta automática",
        "respuesta automatica",
        "fuera de la oficina",
        "risposta automatica",
        "fuori ufficio",
        "automatisch antwoord",
        "afwezig",
        "afwezigheid",
        "resposta automática",
        "fora do escritório",
        "autosvar",
        "automatisk svar",
        "automatiskt svar",
        "frånvaro",
        "fravær",
        "automaattinen vastaus",
        "poissa",
        "automatická odpověď",
        "odpowiedź automatyczna",
        "автоматический ответ",
        "automatikus válasz",
        "răspuns automat",
        "otomatik yanıt",
        "自動返信",
        "自动答复",
    ];
    let subject = subject.trim_start().to_lowercase();
    OPENINGS.iter().any(|opening| subject.starts_with(opening))
}
