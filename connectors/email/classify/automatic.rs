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
    /// The account of a mail system (`postmaster@`): a person may well write from it.
    Office,
    /// The null return path, which takes no answers: a program, whatever name it bears.
    Nobody,
    /// The mail system by the one name that nobody else has.
    Daemon,
}

/// Local parts, letters and digits only, that are a mail system's account when nothing else stands beside them.
const OFFICES: [&str; 9] = [
    "postmaster",
    "maildaemon",
    "mdaemon",
    "maildelivery",
    "maildeliverysystem",
    "maildeliverysubsystem",
    "mailsystem",
    "systemadministrator",
    "ndr",
];

/// Names that a mail system gives itself.
const OFFICE_NAMES: [&str; 5] = [
    "mail delivery system",
    "mail delivery subsystem",
    "mail delivery service",
    "internet mail delivery",
    "mail administrator",
];

pub(super) fn sender(headers: &Headers<'_>) -> Sender {
    let raw = headers.get("from");
    let from = raw.map(|raw| addresses::parse(raw, None)).unwrap_or_default().into_iter().next();
    let from = from.map(|from| (from.address, from.name.to_lowercase())).unwrap_or_default();
    let local = local_part(&from.0);
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let path = headers.text("return-path").map(|path| path.trim().to_ascii_lowercase());
    // A relay may put the daemon's address where the null path was.
    let is_null = path.is_some_and(|path| {
        matches!(path.as_str(), "<>" | "" | "< >")
            || local_part(path.trim_start_matches('<')) == "mailer-daemon"
    });
    let unnamed = from.0.is_empty() && headers.text("from").is_some_and(|from| from.contains("<>"));
    if plain == "mailerdaemon" {
        Sender::Daemon
    } else if is_null || unnamed {
        Sender::Nobody
    } else if OFFICES.contains(&plain.as_str())
        || local.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "smtp")
        || OFFICE_NAMES.contains(&from.1.trim())
    {
        Sender::Office
    } else if ["noreply", "donotreply", "nichtantworten", "nepasrepondre", "noresponder", "neantwortenbitte"]
        .iter()
        .any(|word| plain.contains(word))
    {
        Sender::Unread
    } else {
        Sender::Ordinary
    }
}

fn local_part(address: &str) -> String {
    address.split('@').next().unwrap_or_default().to_ascii_lowercase()
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
    let machine = matches!(sender, Sender::Unread | Sender::Nobody | Sender::Daemon);
    if says_auto_reply
        || (answers
            && (generated || (suppresses && !bulk) || matches!(sender, Sender::Nobody | Sender::Daemon)))
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
