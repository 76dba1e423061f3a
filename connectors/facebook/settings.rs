//! A Page's settings, understood: what may be wrong with them is said field by field.

use std::time::Duration;

use secrecy::SecretString;

use super::manifest::MANIFEST;
use crate::contract::{Host, Invalid, Settings};
use crate::web;

/// Everything a Page was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Of the app.
    pub app_id: String,
    /// Signs webhooks and proves the app.
    pub app_secret: SecretString,
    /// Answers the handshake; none: handshakes are refused.
    pub verify_token: Option<SecretString>,
    /// The Page's number.
    pub page_id: String,
    /// Speaks for the Page, where it was given by hand; none: the core keeps it.
    pub page_token: Option<SecretString>,
    /// Whether Messenger is read.
    pub messages: bool,
    /// Whether comments are read.
    pub comments: bool,
    /// Whether answers may go up to seven days late.
    pub human_agent: bool,
    /// What becomes of what is there already.
    pub import: Import,
    /// Comments under posts of so many days are polled.
    pub posts_days: u32,
    /// Per cent of the allowance above which reading waits.
    pub usage_ceiling: u32,
    /// Characters of one message.
    pub text_limit: u32,
    /// Characters of one public answer.
    pub comment_limit: u32,
    /// Whether each call carries `appsecret_proof`.
    pub app_proof: bool,
    /// How long Facebook may take to answer.
    pub patience: Duration,
    /// Without a slash at the end.
    pub api_base: String,
    /// `v25.0`.
    pub api_version: String,
}

/// What becomes of messages that are there when the channel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// They stay unread.
    New,
    /// Those of the last so many days are read.
    Days(u32),
}

/// The hosts that a Page with these settings talks to: the Graph API, and where files lie.
pub fn hosts(settings: &Settings) -> Vec<Host> {
    let base = settings.get_or_default(&MANIFEST, "api_base").unwrap_or_default();
    let media = settings.get_or_default(&MANIFEST, "media_hosts").unwrap_or_default();
    let files = media.split(',').map(str::trim).filter(|host| !host.is_empty()).map(host);
    web::host_of(base.trim()).into_iter().chain(files).collect()
}

fn host(given: &str) -> Host {
    match given.rsplit_once(':').map(|(name, port)| (name, port.parse())) {
        Some((name, Ok(port))) => Host { name: name.to_owned(), port: Some(port) },
        _ => Host { name: given.to_owned(), port: None },
    }
}

/// Understands the settings.
///
/// # Errors
/// All that is wrong, each with its field.
pub fn understand(settings: &Settings) -> Result<Config, Vec<Invalid>> {
    let mut wrong = settings.check(&MANIFEST);
    let get = |name| settings.get_or_default(&MANIFEST, name).unwrap_or_default().trim();
    let mut refuse = |field: &str, why: &str| {
        if !wrong.iter().any(|invalid: &Invalid| invalid.field == field) {
            wrong.push(Invalid { field: field.to_owned(), why: why.to_owned() });
        }
    };
    for field in ["client_id", "page_id"] {
        // They stand in paths.
        if !get(field).is_empty() && !get(field).chars().all(|c| c.is_ascii_digit()) {
            refuse(field, "This is a number of digits only.");
        }
    }
    if get("auth") == "token" && get("page_token").is_empty() {
        refuse("page_token", "The Page's access token is missing. It begins with EAA.");
    }
    if get("messages") == "no" && get("comments") == "no" {
        refuse("comments", "With neither messages nor comments there is nothing to read.");
    }
    let import = match get("import") {
        "new" => Import::New,
        days => days.parse().map_or_else(
            |_| {
                refuse("import", "Older messages must be new, or a number of days.");
                Import::New
            },
            Import::Days,
        ),
    };
    let mut within = |field: &'static str, least: u32, most: u32| match get(field).parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => number,
        _ => {
            refuse(field, &format!("This must be a whole number from {least} to {most}."));
            most
        }
    };
    let posts_days = within("posts_days", 1, 365);
    let usage_ceiling = within("usage_ceiling", 10, 99);
    let text_limit = within("text_limit", 100, 10_000);
    let comment_limit = within("comment_limit", 100, 10_000);
    let patience = Duration::from_secs(within("timeout_s", 1, 600).into());
    let api_base = get("api_base").trim_end_matches('/').to_owned();
    if let Err(why) = web::check_base(&api_base) {
        refuse("api_base", &why);
    }
    let api_version = get("api_version").to_owned();
    if !api_version
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    {
        refuse("api_version", "A version looks like v25.0.");
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let secret = |name| SecretString::from(get(name).to_owned());
    Ok(Config {
        app_id: get("client_id").to_owned(),
        app_secret: secret("client_secret"),
        verify_token: (!get("verify_token").is_empty()).then(|| secret("verify_token")),
        page_id: get("page_id").to_owned(),
        page_token: (get("auth") == "token").then(|| secret("page_token")),
        messages: get("messages") != "no",
        comments: get("comments") != "no",
        human_agent: get("human_agent") == "yes",
        import,
        posts_days,
        usage_ceiling,
        text_limit,
        comment_limit,
        app_proof: get("app_proof") != "no",
        patience,
        api_base,
        api_version,
    })
}
