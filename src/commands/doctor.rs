//! `doctor`: what is configured, what would fail and why, each with what to do. Changes nothing.

use std::path::Path;

use super::{Outcome, log, out};
use crate::app::{self, App};
use crate::channel::roster::Roster;
use crate::clock::Clock;
use crate::config::{Config, Flags, KeySource};
use crate::store::{Db, channels, people, webhooks};

/// The program's own birthday: a clock before it is wrong.
const BUILT_AFTER_MS: i64 = 1_760_000_000_000;
/// And one more than twenty years later too.
const NOT_AFTER_MS: i64 = BUILT_AFTER_MS + 20 * 31_557_600_000;

/// Check everything that could keep this library from answering
#[derive(clap::Args)]
#[command(after_help = "Example:\n  deskbell doctor --data /srv/deskbell")]
pub struct Doctor {
    /// Do not call the platforms
    #[arg(long)]
    offline: bool,
}

/// What was seen.
#[derive(Default)]
struct Findings {
    wrong: usize,
}

impl Findings {
    fn good(&mut self, what: &str, seen: impl std::fmt::Display) {
        out::line(format_args!("✓ {what}: {seen}"));
    }

    fn bad(&mut self, what: &str, why: impl std::fmt::Display) {
        self.wrong += 1;
        out::line(format_args!("✗ {what}: {why}"));
    }

    fn judge<T>(&mut self, what: &str, seen: Result<T, String>) -> Option<T>
    where
        T: std::fmt::Display,
    {
        match seen {
            Ok(seen) => {
                self.good(what, &seen);
                Some(seen)
            }
            Err(why) => {
                self.bad(what, why);
                None
            }
        }
    }
}

impl Doctor {
    pub async fn run(self, flags: Flags) -> Outcome {
        let mut found = Findings::default();
        match Config::load(&flags) {
            Err(error) => found.bad("Settings", error),
            Ok(config) => {
                log::start(&config.log, "off")?;
                let file =
                    config.file.as_deref().map_or("no file".to_owned(), |path| path.display().to_string());
                found.good("Settings", format_args!("{file}, data in {}", config.data.display()));
                self.look(&mut found, config).await;
            }
        }
        match found.wrong {
            0 => Ok(()),
            1 => anyhow::bail!("One thing is not in order."),
            n => anyhow::bail!("{n} things are not in order."),
        }
    }

    async fn look(&self, found: &mut Findings, config: Config) {
        found.judge("Clock", clock(&Clock::system()));
        found.judge("Data folder", folder(&config.data));
        found.judge("Key", key(&config.key));
        if config.extra_ca.is_some() {
            let read = app::door(&config, Clock::system());
            found.judge("Extra certificates", read.map(|_| "read").map_err(|error| error.to_string()));
        }
        found.judge("Page", port(&config).await);
        match &config.public_url {
            Some(url) if url.scheme() == "https" => found.good("Public address", url),
            Some(url) => found.good(
                "Public address",
                format_args!("{url}. Passwords cross the network in the clear; put a proxy with a certificate before it"),
            ),
            None => found.good("Public address", "not set; links that are printed lead to this machine (public_url)"),
        }
        // Opening makes what is missing; a look must not.
        let file = config.store.strip_prefix("sqlite:").filter(|path| !Path::new(path).exists());
        if let Some(path) = file {
            return found.bad("Store", format_args!("{path} does not exist yet. `deskbell setup` makes it."));
        }
        match App::open(config).await {
            Err(error) => found.bad("Store", error),
            Ok(app) => {
                found.good("Store", "opened, and its tables are up to date");
                self.look_inside(found, &app).await;
                app.close().await;
            }
        }
    }

    async fn look_inside(&self, found: &mut Findings, app: &App) {
        found.judge("Files", files(app).await);
        found.judge("Library", library(&app.db).await);
        found.judge("Staff", staff(&app.db).await);
        found_of_webhooks(found, &app.db).await;
        let rows = match app.db.read().await {
            Ok(mut conn) => channels::all(&mut conn).await,
            Err(error) => Err(error),
        };
        match rows {
            Err(error) => found.bad("Channels", error),
            Ok(rows) if rows.is_empty() => {
                found.bad("Channels", "none is connected yet. `deskbell channel add --help` shows how.");
            }
            Ok(rows) => {
                for row in rows {
                    let seen = channel(&app.roster, &row, self.offline).await;
                    found.judge(&format!("Channel {}", row.name), seen);
                }
            }
        }
    }
}

/// Nothing is said where none is registered.
async fn found_of_webhooks(found: &mut Findings, db: &Db) {
    let rows = match db.read().await {
        Ok(mut conn) => webhooks::all(&mut conn).await,
        Err(error) => Err(error),
    };
    match rows {
        Err(error) => found.bad("Webhooks", error),
        Ok(rows) => {
            for row in rows {
                let what = format!("Webhook {}", row.url);
                match (&row.off_why, row.is_troubled()) {
                    (Some(why), _) => found.bad(&what, why),
                    (None, true) => {
                        found.bad(&what, "its calls are not taken; `deskbell webhook log` says why")
                    }
                    (None, false) => found.good(&what, "called"),
                }
            }
        }
    }
}

fn clock(clock: &Clock) -> Result<String, String> {
    let now = clock.now();
    let shown = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    if (BUILT_AFTER_MS..NOT_AFTER_MS).contains(&now) {
        Ok(format!("{shown:.0}"))
    } else {
        Err(format!(
            "it shows {shown:.0}, which cannot be. Set this machine's time; every wait is counted by it."
        ))
    }
}

fn folder(path: &Path) -> Result<String, String> {
    let shown = path.display();
    if !path.exists() {
        return Err(format!(
            "{shown} does not exist yet. `deskbell setup` makes it, or name another with --data."
        ));
    }
    let probe = path.join(".doctor");
    std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).map_err(|error| {
        format!("{shown} cannot be written ({error}). Give it to the user that deskbell runs as.")
    })?;
    Ok(format!("{shown} can be written"))
}

fn key(source: &KeySource) -> Result<String, String> {
    let path = match source {
        KeySource::Given(_) => return Ok("given in the settings".to_owned()),
        KeySource::Own(path) if !path.exists() => {
            return Ok("not made yet; the first start makes it".to_owned());
        }
        KeySource::Own(path) | KeySource::File(path) => path,
    };
    let shown = path.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = std::fs::metadata(path).map_err(|error| format!("{shown} cannot be read ({error})."))?;
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(format!("{shown} can be read by others (mode {mode:o}). Run: chmod 600 {shown}"));
        }
    }
    crate::channel::vault::Vault::find(source).map_err(|error| error.to_string())?;
    Ok(format!("{shown}, its owner's alone. Keep a copy of it apart from the store's backup"))
}

async fn port(config: &Config) -> Result<String, String> {
    match tokio::net::TcpListener::bind(config.listen).await {
        Ok(_) => Ok(format!("{} is free", config.listen)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Ok(format!("{} is in use, most likely by a running deskbell", config.listen))
        }
        Err(error) => {
            Err(format!("{} cannot be served ({error}). Set listen to another address.", config.listen))
        }
    }
}

async fn files(app: &App) -> Result<&'static str, String> {
    // The same few bytes each time, so that looking often leaves no heap.
    let probe = bytes::Bytes::from_static(b"deskbell doctor");
    let name = app.blobs.put(&probe).await.map_err(|error| error.to_string())?;
    match app.blobs.get(&name).await {
        Ok(read) if read == probe => Ok("can be written and read"),
        Ok(_) => Err("what was written came back changed. Do not trust this disk.".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn library(db: &Db) -> Result<String, String> {
    let mut conn = db.read().await.map_err(|error| error.to_string())?;
    let library = people::library(&mut conn).await.map_err(|error| error.to_string())?;
    let library = library.ok_or("there is none yet. `deskbell setup` names it.")?;
    match jiff::tz::TimeZone::get(&library.zone) {
        Ok(_) => Ok(format!("{}, clocks in {}", library.name, library.zone)),
        Err(_) => Err(format!(
            "its time zone {} is unknown on this machine. Install the time zone database (tzdata).",
            library.zone
        )),
    }
}

async fn staff(db: &Db) -> Result<String, String> {
    let mut conn = db.read().await.map_err(|error| error.to_string())?;
    let staff = people::all_staff(&mut conn).await.map_err(|error| error.to_string())?;
    match staff.iter().filter(|person| person.disabled_at.is_none()).count() {
        0 => Err("nobody can sign in. `deskbell staff add` adds the first.".to_owned()),
        1 => Ok("one person can sign in".to_owned()),
        n => Ok(format!("{n} people can sign in")),
    }
}

async fn channel(
    roster: &Roster,
    row: &crate::model::channel::Channel,
    offline: bool,
) -> Result<String, String> {
    let Some(open) = roster.get(row.id) else {
        return Err(row.state_why.clone().unwrap_or_else(|| {
            "it could not be opened: its settings or its key are not those it was made with.".to_owned()
        }));
    };
    if offline {
        return Ok(format!("{} (not asked)", row.address));
    }
    let probe = open.channel.probe().await.map_err(|failure| failure.to_string())?;
    match probe.checks.iter().find(|check| !check.passed) {
        Some(check) => Err(format!("{}: {}", check.name, check.detail)),
        None => Ok(format!("{} opens", probe.address)),
    }
}
