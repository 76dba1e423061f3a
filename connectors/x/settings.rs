//! An account's settings, understood: what may be wrong with them is said field by field.

use std::time::Duration;

use secrecy::SecretString;

use super::manifest::MANIFEST;
use super::media::PUBLIC_HOSTS;
use super::prices::Prices;
use crate::contract::{Host, Invalid, Settings};
use crate::web;

/// Everything an account was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Of the API, without a trailing slash.
    pub base: String,
    /// What is read.
    pub read: Read,
    /// What becomes of what is there already.
    pub import: Import,
    /// Whether requests name posts as X did until August 2026.
    pub older_names: bool,
    /// As X counts.
    pub post_limit: u32,
    /// Characters.
    pub dm_limit: u32,
    /// What may be said in public although it looks like somebody's own.
    pub allowed: Vec<String>,
    /// How X tells us of news.
    pub push: Push,
    /// Of the app alone; for what X tells by itself.
    pub app_token: Option<SecretString>,
    /// Proves X's calls.
    pub consumer_secret: Option<SecretString>,
    /// What X is asked to tell.
    pub events: Vec<String>,
    /// What X charges.
    pub prices: Prices,
    /// How long X may take to answer.
    pub patience: Duration,
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// Both.
    Both,
    /// Public mentions.
    Mentions,
    /// Direct messages.
    Directs,
}

/// What becomes of what is there when the channel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// It stays on X.
    New,
    /// All of it is read.
    Everything,
    /// The last so many days are read.
    Days(u32),
}

/// How X tells us of news between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// Not at all.
    None,
    /// Over a line that we hold open.
    Stream,
    /// By calling us.
    Webhook,
}

/// The hosts that an account with these settings talks to.
pub fn hosts(settings: &Settings) -> Vec<Host> {
    let base = settings.get_or_default(&MANIFEST, "api_base").unwrap_or_default();
    let Some(api) = web::host_of(base.trim()) else { return Vec::new() };
    let files = PUBLIC_HOSTS.iter().map(|name| Host { name: (*name).to_owned(), port: None });
    std::iter::once(api).chain(files).collect()
}

/// Understands the settings.
///
/// # Errors
/// All that is wrong, each with its field.
pub fn understand(settings: &Settings) -> Result<Config, Vec<Invalid>> {
    let mut wrong = settings.check(&MANIFEST);
    let get = |name| settings.get_or_default(&MANIFEST, name).unwrap_or_default().trim();
    let mut refuse = |field: &str, why: String| {
        if !wrong.iter().any(|invalid: &Invalid| invalid.field == field) {
            wrong.push(Invalid { field: field.to_owned(), why });
        }
    };
    for name in ["api_base", "signin_base"] {
        if let Err(why) = web::check_base(get(name)) {
            refuse(name, why);
        }
    }
    let import = match get("import") {
        "new" => Import::New,
        "everything" => Import::Everything,
        days => days.parse().map(Import::Days).unwrap_or_else(|_| {
            refuse("import", "Older messages must be new, everything, or a number of days.".to_owned());
            Import::New
        }),
    };
    let prices = Prices::read(get("prices")).unwrap_or_else(|why| {
        refuse("prices", why);
        Prices::default()
    });
    let mut within = |field: &'static str, least: u32, most: u32| match get(field).parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => number,
        _ => {
            refuse(field, format!("This must be a whole number from {least} to {most}."));
            most
        }
    };
    let config = Config {
        base: get("api_base").trim_end_matches('/').to_owned(),
        read: match get("read") {
            "mentions" => Read::Mentions,
            "dm" => Read::Directs,
            _ => Read::Both,
        },
        import,
        older_names: get("names") == "tweet",
        post_limit: within("post_limit", 1, 25_000),
        dm_limit: within("dm_limit", 1, 100_000),
        allowed: listed(get("public_contacts")),
        push: match get("push") {
            "stream" => Push::Stream,
            "webhook" => Push::Webhook,
            _ => Push::None,
        },
        app_token: secret(settings, "app_token"),
        consumer_secret: secret(settings, "consumer_secret"),
        events: listed(get("events")),
        prices,
        patience: Duration::from_secs(u64::from(within("timeout_s", 1, 300))),
    };
    if wrong.is_empty() { Ok(config) } else { Err(wrong) }
}

fn secret(settings: &Settings, name: &str) -> Option<SecretString> {
    settings.get(name).map(|secret| SecretString::from(secret.trim().to_owned()))
}

fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(settings: Settings) -> Vec<String> {
        let wrong = understand(&settings).err().unwrap_or_default();
        assert!(wrong.iter().all(|invalid| invalid.why.ends_with('.')), "{wrong:?}");
        wrong.into_iter().map(|invalid| invalid.field).collect()
    }

    #[test]
    fn what_is_wrong_is_said_by_its_field() {
        let plain = || Settings::new().with("client_id", "an-id");
        assert!(wrong(plain()).is_empty());
        assert_eq!(wrong(Settings::new()), ["client_id"]);
        assert_eq!(wrong(plain().with("api_base", "http://api.x.com")), ["api_base"]);
        assert_eq!(wrong(plain().with("push", "webhook")), ["app_token", "consumer_secret"]);
        assert_eq!(wrong(plain().with("push", "stream")), ["app_token"]);
        assert_eq!(wrong(plain().with("import", "soon").with("post_limit", "0")), ["import", "post_limit"]);
        assert_eq!(wrong(plain().with("prices", "beer=1")), ["prices"]);
    }

    #[test]
    fn nobody_is_talked_to_but_x_and_those_who_keep_its_files() {
        let hosts = hosts(&Settings::new().with("client_id", "an-id"));
        let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
        assert_eq!(names, ["api.x.com", "pbs.twimg.com", "video.twimg.com"]);
    }
}
