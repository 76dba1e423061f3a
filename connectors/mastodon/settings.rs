//! An account's settings, understood: what may be wrong with them is said field by field.

use std::time::Duration;

use secrecy::SecretString;

use super::instance::Limits;
use super::manifest::MANIFEST;
use crate::contract::{Host, Invalid, Settings};
use crate::web;

/// Everything an account was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Of the instance, without a trailing slash.
    pub base: String,
    /// The instance's name, as it stands in addresses.
    pub instance: String,
    /// Made by hand at the instance; none: the account is signed in on the instance's page.
    pub token: Option<SecretString>,
    /// What becomes of what is there already.
    pub import: Import,
    /// What the instance said that it allows when it was last asked.
    pub limits: Limits,
    /// Where files may lie.
    pub hosts: Vec<Host>,
    /// How long the instance may take to answer.
    pub patience: Duration,
}

/// What becomes of what is there when the channel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// It stays there.
    New,
    /// All of it is read.
    Everything,
    /// The last so many days are read.
    Days(u32),
}

/// The hosts that an account with these settings talks to: the instance, names below it (`files.library.social`), and
/// where else its files lie.
pub fn hosts(settings: &Settings) -> Vec<Host> {
    let Some(own) = base(settings).and_then(|base| web::host_of(&base)) else { return Vec::new() };
    let below = Host { name: format!("*.{}", own.name), port: None };
    let further = settings.get("media_hosts").unwrap_or_default().split(',').map(str::trim);
    let further = further.filter(|name| !name.is_empty());
    let further = further.map(|name| Host { name: name.to_owned(), port: None });
    [own, below].into_iter().chain(further).collect()
}

fn base(settings: &Settings) -> Option<String> {
    let get = |name| Some(settings.get_or_default(&MANIFEST, name)?.trim().to_owned());
    Some(format!("{}://{}", get("protocol")?, get("instance")?))
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
    let instance = get("instance");
    let base = base(settings).unwrap_or_default();
    if instance.contains(['@', '/', ' ', '?', '#', '\\', '*']) {
        let why = "Only the instance's name, without @, https:// or a slash: library.social.";
        refuse("instance", why.to_owned());
    } else if let Err(why) = web::check_base(&base) {
        refuse("instance", why);
    }
    let import = match get("import") {
        "new" => Import::New,
        "everything" => Import::Everything,
        days => days.parse().map(Import::Days).unwrap_or_else(|_| {
            refuse("import", "Older messages must be new, everything, or a number of days.".to_owned());
            Import::New
        }),
    };
    let patience = get("timeout_s").parse().unwrap_or(0);
    if !(1..=300).contains(&patience) {
        refuse("timeout_s", "This must be a whole number from 1 to 300.".to_owned());
    }
    let token = match get("auth") {
        "token" => settings.get("access_token").map(|token| token.trim().to_owned().into()),
        _ => None,
    };
    let config = Config {
        instance: instance.to_owned(),
        base,
        token,
        import,
        limits: Limits::kept(settings),
        hosts: hosts(settings),
        patience: Duration::from_secs(patience),
    };
    if wrong.is_empty() { Ok(config) } else { Err(wrong) }
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
    fn an_instance_is_all_that_is_needed() {
        let config = understand(&Settings::new().with("instance", "library.social")).expect("it is enough");
        assert_eq!(config.base, "https://library.social");
        assert!(config.token.is_none());
    }

    #[test]
    fn what_is_wrong_is_said_by_its_field() {
        let at = |instance: &str| Settings::new().with("instance", instance);
        assert_eq!(wrong(Settings::new()), ["instance"]);
        for mistaken in ["https://library.social", "@desk@library.social", "library.social/@desk", "*.social"]
        {
            assert_eq!(wrong(at(mistaken)), ["instance"], "{mistaken}");
        }
        assert_eq!(wrong(at("library.social").with("protocol", "http")), ["instance"], "in the clear");
        assert!(wrong(at("127.0.0.1:4000").with("protocol", "http")).is_empty());
        assert_eq!(wrong(at("a.example").with("auth", "token")), ["access_token"]);
        assert_eq!(
            wrong(at("a.example").with("import", "soon").with("timeout_s", "0")),
            ["import", "timeout_s"]
        );
    }

    #[test]
    fn nobody_is_talked_to_but_the_instance_and_those_who_keep_its_files() {
        let settings =
            Settings::new().with("instance", "library.social").with("media_hosts", "cdn.example.org, ");
        let names: Vec<String> = hosts(&settings).into_iter().map(|host| host.name).collect();
        assert_eq!(names, ["library.social", "*.library.social", "cdn.example.org"]);
    }
}
