//! A mailbox's settings, understood: what may be wrong with them is said field by field.

use std::time::Duration;

use secrecy::SecretString;

use super::manifest::MANIFEST;
use crate::contract::outside::is_loopback;
use crate::contract::{Host, Invalid, Settings};

/// Everything a mailbox was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// As patrons see it.
    pub address: String,
    /// Beside it.
    pub display_name: String,
    /// The address and its aliases, lower case: mail from these is our own.
    pub ours: Vec<String>,
    /// IMAP.
    pub reading: Server,
    /// SMTP.
    pub sending: Server,
    /// Who signs in.
    pub username: String,
    /// With what.
    pub auth: Auth,
    /// Folders to read, as people write them.
    pub folders: Vec<String>,
    /// Where sent mail lies; none: found by its mark.
    pub sent_folder: Option<String>,
    /// Who puts it there.
    pub save_sent: SaveSent,
    /// What becomes of mail that is there already.
    pub import: Import,
    /// Of larger mails only the head is read.
    pub max_mail_bytes: u64,
    /// The largest mail that the sending server takes, as it said last; none: it has not.
    pub largest_sent: Option<u64>,
    /// After the @ of our Message-IDs.
    pub domain: String,
    /// How long a server may take to answer.
    pub patience: Duration,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is encrypted.
    pub security: Security,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the first byte.
    Implicit,
    /// Begun in the clear and encrypted before anything is said; refused where the server does not offer it.
    StartTls,
    /// Not at all: this machine only.
    None,
}

/// With what the mailbox is signed in.
#[derive(Clone, Debug)]
pub enum Auth {
    /// A password.
    Password(SecretString),
    /// An access token (XOAUTH2), which the core keeps fresh.
    Token,
}

/// Who puts sent mail into its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveSent {
    /// The server where it is known to do so, we elsewhere.
    Auto,
    /// We.
    Yes,
    /// The server, surely: what is not in the folder was not sent.
    Server,
    /// Nobody.
    No,
}

/// What becomes of mail that is there when the channel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// It stays unread.
    New,
    /// All of it is read.
    Everything,
    /// The last so many days are read.
    Days(u32),
}

/// The hosts that a mailbox with these settings talks to.
pub fn hosts(settings: &Settings) -> Vec<Host> {
    let mut wrong = Vec::new();
    [server(settings, &READING, &mut wrong), server(settings, &SENDING, &mut wrong)]
        .into_iter()
        .map(|server| Host { name: server.host, port: Some(server.port) })
        .filter(|host| !host.name.is_empty())
        .collect()
}

/// Understands the settings.
///
/// # Errors
/// All that is wrong, each with its field.
pub fn understand(settings: &Settings) -> Result<Config, Vec<Invalid>> {
    let mut wrong = settings.check(&MANIFEST);
    let get = |name| settings.get_or_default(&MANIFEST, name).unwrap_or_default().trim();
    let own = |name| Some(get(name)).filter(|text| !text.is_empty());
    let mut refuse = |field: &str, why: String| {
        if !wrong.iter().any(|invalid: &Invalid| invalid.field == field) {
            wrong.push(Invalid { field: field.to_owned(), why });
        }
    };

    let address = get("address").to_owned();
    if !address.is_empty() && !is_address(&address) {
        refuse("address", format!("\"{address}\" is no mail address; one looks like ask@library.example."));
    }
    let aliases = listed(get("aliases"));
    for alias in aliases.iter().filter(|alias| !is_address(alias)) {
        refuse("aliases", format!("\"{alias}\" is no mail address."));
    }
    for name in ["display_name", "username", "domain", "sent_folder", "folders"] {
        if get(name).chars().any(char::is_control) {
            refuse(name, "A line break or control character has no place here.".to_owned());
        }
    }
    let auth = if get("auth") == "password" {
        let Some(password) = own("password") else {
            refuse(
                "password",
                "The password is missing. It is the mailbox's own, or an app password.".to_owned(),
            );
            return Err(wrong_with_servers(settings, wrong));
        };
        Auth::Password(SecretString::from(password.to_owned()))
    } else {
        if get("auth") == "microsoft" && own("tenant").is_none() {
            refuse("tenant", "The tenant id is missing: Microsoft signs nobody in without it.".to_owned());
        }
        if own("client_id").is_none() {
            refuse("client_id", "The client id is missing: it names the app that signs in.".to_owned());
        }
        Auth::Token
    };
    let import = match get("import") {
        "new" => Import::New,
        "everything" => Import::Everything,
        days => match days.parse() {
            Ok(days) => Import::Days(days),
            Err(_) => {
                refuse("import", "Older mail must be new, everything, or a number of days.".to_owned());
                Import::New
            }
        },
    };
    let mut within = |field: &'static str, least: u64, most: u64| match get(field).parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => number,
        _ => {
            refuse(field, format!("This must be a whole number from {least} to {most}."));
            most
        }
    };
    let max_mail_bytes = within("max_mail_mb", 1, 50) << 20;
    let patience = Duration::from_secs(within("timeout_s", 1, 600));
    let domain = own("domain").or_else(|| address.rsplit_once('@').map(|(_, domain)| domain));
    let domain = domain.unwrap_or_default().to_ascii_lowercase();
    if !domain.is_empty() && !domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) {
        refuse(
            "domain",
            "A domain has only letters, digits, dots and hyphens; give one for this address.".to_owned(),
        );
    }
    let wrong = wrong_with_servers(settings, wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut ours = vec![address.to_lowercase()];
    ours.extend(aliases.iter().map(|alias| alias.to_lowercase()));
    Ok(Config {
        display_name: get("display_name").to_owned(),
        reading: server(settings, &READING, &mut Vec::new()),
        sending: server(settings, &SENDING, &mut Vec::new()),
        username: own("username").unwrap_or(&address).to_owned(),
        folders: listed(get("folders")),
        sent_folder: own("sent_folder").map(str::to_owned),
        save_sent: match get("save_sent") {
            "yes" => SaveSent::Yes,
            "server" => SaveSent::Server,
            "no" => SaveSent::No,
            _ => SaveSent::Auto,
        },
        ours,
        auth,
        import,
        max_mail_bytes,
        largest_sent: settings.get("largest_sent").and_then(|bytes| bytes.parse().ok()),
        domain,
        patience,
        address,
    })
}

/// Where the settings of one server stand, and what is known of it.
struct Asked {
    host: &'static str,
    port: &'static str,
    tls: &'static str,
    ports: (u16, u16),
    google: (&'static str, u16, Security),
    microsoft: (&'static str, u16, Security),
}

const READING: Asked = Asked {
    host: "imap_host",
    port: "imap_port",
    tls: "imap_tls",
    ports: (993, 143),
    google: ("imap.gmail.com", 993, Security::Implicit),
    microsoft: ("outlook.office365.com", 993, Security::Implicit),
};

const SENDING: Asked = Asked {
    host: "smtp_host",
    port: "smtp_port",
    tls: "smtp_tls",
    ports: (465, 587),
    google: ("smtp.gmail.com", 465, Security::Implicit),
    microsoft: ("smtp.office365.com", 587, Security::StartTls),
};

fn wrong_with_servers(settings: &Settings, mut wrong: Vec<Invalid>) -> Vec<Invalid> {
    server(settings, &READING, &mut wrong);
    server(settings, &SENDING, &mut wrong);
    wrong
}

fn server(settings: &Settings, asked: &Asked, wrong: &mut Vec<Invalid>) -> Server {
    let mut refuse = |field: &str, why: &str| {
        if !wrong.iter().any(|invalid| invalid.field == field) {
            wrong.push(Invalid { field: field.to_owned(), why: why.to_owned() });
        }
    };
    let Some(given) = settings.get(asked.host).map(str::trim).filter(|host| !host.is_empty()) else {
        let (host, port, security) = match settings.get("auth") {
            Some("google") => asked.google,
            Some("microsoft") => asked.microsoft,
            _ => {
                refuse(asked.host, "The server's name is missing; the provider's help pages name it.");
                ("", 0, Security::Implicit)
            }
        };
        return Server { host: host.to_owned(), port, security };
    };
    let security = match settings.get(asked.tls) {
        Some("starttls") => Security::StartTls,
        Some("none") => Security::None,
        _ => Security::Implicit,
    };
    let usual = if security == Security::Implicit { asked.ports.0 } else { asked.ports.1 };
    let (host, beside) = with_port(given);
    let port = match settings.get(asked.port).map(|port| port.trim().parse::<u16>()) {
        Some(Ok(port)) if port > 0 => port,
        None => beside.unwrap_or(usual),
        Some(_) => {
            refuse(asked.port, "A port is a number from 1 to 65535.");
            usual
        }
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/') {
        refuse(asked.host, "This is no name of a server; one looks like mail.library.example.");
    }
    if security == Security::None && !is_loopback(host) {
        refuse(
            asked.tls,
            "Without encryption only this machine itself may be reached; choose TLS or STARTTLS.",
        );
    }
    Server { host: host.to_owned(), port, security }
}

/// `host`, `host:port`, `[::1]:port`.
fn with_port(given: &str) -> (&str, Option<u16>) {
    match given.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host.trim_matches(['[', ']']), Some(port)),
            Err(_) => (given, None),
        },
        _ => (given.trim_matches(['[', ']']), None),
    }
}

fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// Good enough for our own address: one that cannot break a header or an SMTP command.
pub fn is_address(text: &str) -> bool {
    let plain = |c: char| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')')
    };
    text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains(|c: char| c.is_alphanumeric()) && !domain.contains('@')
        })
        && text.chars().all(plain)
}
