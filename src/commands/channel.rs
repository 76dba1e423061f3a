//! `channel`: connect accounts. What must be told about which is drawn from what the connectors declare.

use anyhow::{Context, bail};
use connectors::contract::{FieldKind, Manifest, Probe, Settings, Value};

use super::{Outcome, ask, out, setup};
use crate::app::App;
use crate::channel::vault::Pair;
use crate::channel::{budget, connect, health};
use crate::config::Flags;
use crate::model::budget::{from_words, in_words};
use crate::model::channel::Channel as Row;
use crate::model::schedule::Schedule;
use crate::store::{channels, intake, people, streams, subscriptions};

/// The secret that is no setting: it is spent for the first access token.
const REFRESH_TOKEN: &str = "refresh_token";

/// Connect, list, check and remove accounts that patrons write to
#[derive(clap::Subcommand)]
pub enum Channel {
    /// Connect an account: the platform is asked before anything is kept
    #[command(
        after_help = "Example:\n  deskbell channel kinds\n  deskbell channel add KIND --name \"Ask us\" --desk Reference --set address=ask@fernhill.example --secret password=prompt"
    )]
    Add(Add),
    /// List the kinds of channel there are and what each must be told
    #[command(after_help = "Example:\n  deskbell channel kinds")]
    Kinds,
    /// List the connected accounts and how they are
    #[command(after_help = "Example:\n  deskbell channel list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Ask the platform whether it still opens the account
    #[command(after_help = "Example:\n  deskbell channel check \"Ask us\"")]
    Check {
        /// The channel's name
        name: String,
    },
    /// Show or set the most that an account may use up in a day, where its platform charges
    #[command(after_help = "Example:\n  deskbell channel budget \"Library on Q\" --a-day 5.00")]
    Budget(Budget),
    /// Take an account away; its conversations stay
    #[command(after_help = "Example:\n  deskbell channel remove \"Ask us\"")]
    Remove {
        /// The channel's name
        name: String,
    },
}

/// An account to connect.
#[derive(clap::Args)]
pub struct Add {
    /// Which platform; `deskbell channel kinds` lists them
    kind: String,
    /// As staff will call it
    #[arg(long)]
    name: String,
    /// Where its conversations land [default: the first desk]
    #[arg(long)]
    desk: Option<String>,
    /// A setting; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// A secret setting: KEY=@FILE, KEY=@- (standard input), KEY=env:NAME or KEY=prompt; may be repeated
    #[arg(long = "secret", value_name = "KEY=PLACE", value_parser = pair)]
    secrets: Vec<(String, String)>,
    /// How often it is read: 30s, 5m, or a cron expression [default: as the platform suggests]
    #[arg(long, value_name = "WHEN")]
    schedule: Option<String>,
}

/// The most that an account may use up in a day.
#[derive(clap::Args)]
pub struct Budget {
    /// The channel's name
    name: String,
    /// So much, in the currency that its platform charges in
    #[arg(long, value_name = "AMOUNT", value_parser = from_words)]
    a_day: Option<i64>,
    /// As much as it takes
    #[arg(long, conflicts_with = "a_day")]
    no_limit: bool,
}

impl Channel {
    pub async fn run(self, flags: Flags) -> Outcome {
        if let Self::Kinds = self {
            connect::manifests().into_iter().for_each(kind);
            return Ok(());
        }
        let app = super::open(&flags).await?;
        let outcome = match self {
            Self::Add(wanted) => add(&app, wanted).await,
            Self::Kinds => Ok(()),
            Self::List { json } => list(&app, json).await,
            Self::Check { name } => {
                let channel = find(&app, &name).await?;
                let probe = connect::check(&app.roster, channel.id).await?;
                show(&probe)
            }
            Self::Budget(wanted) => set_budget(&app, wanted).await,
            Self::Remove { name } => {
                let channel = find(&app, &name).await?;
                connect::remove(&app.roster, channel.id).await?;
                out::note(format_args!("{name} was taken away with its secrets. Its conversations stay."));
                Ok(())
            }
        };
        app.close().await;
        outcome
    }
}

async fn add(app: &App, wanted: Add) -> Outcome {
    let manifest = connect::manifest(&wanted.kind)?;
    let mut settings = Settings::new();
    for (key, value) in &wanted.set {
        let field = connect::field(manifest, key)?;
        if connect::is_secret(field) {
            bail!(
                "{key} is a secret and does not belong on the command line. Write --secret {key}=prompt, or @FILE, @-, \
                 env:NAME in place of prompt."
            );
        }
        settings.set(key.clone(), Value::Plain(value.clone()));
    }
    let mut signin = None;
    for (key, place) in &wanted.secrets {
        if key == REFRESH_TOKEN && connect::takes_refresh_token(manifest) {
            signin = Some(Pair::to_come(ask::secret_from(place, "The refresh token")?));
            continue;
        }
        let field = connect::field(manifest, key)?;
        settings.set(key.clone(), Value::Secret(ask::secret_from(place, field.label)?));
    }
    ask_for_missing(manifest, &mut settings)?;
    if let Some(schedule) = &wanted.schedule {
        schedule.parse::<Schedule>().map_err(|why| anyhow::anyhow!("{why}"))?;
    }
    let desk_id = setup::first_desk(app, wanted.desk.as_deref()).await?;
    let wanted = connect::Wanted {
        kind: wanted.kind,
        name: wanted.name,
        desk_id,
        settings,
        schedule: wanted.schedule,
        signin,
        signin_ends_at: None,
    };
    let (row, probe) = connect::add(&app.roster, wanted).await?;
    let shown = show(&probe);
    out::note(format_args!("{} is connected: {}.", row.name, row.address));
    shown
}

async fn set_budget(app: &App, Budget { name, a_day, no_limit }: Budget) -> Outcome {
    let id = find(app, &name).await?.id;
    let open =
        app.roster.get(id).with_context(|| format!("{name} does not open: `deskbell channel check`"))?;
    let can = open.channel.capabilities();
    let Some(table) = &can.cost else {
        bail!("The platform of {name} charges nothing, so it has no budget.")
    };
    if a_day.is_some() || no_limit {
        budget::set(&app.roster, id, a_day).await?;
    }
    let row = find(app, &name).await?;
    let balance = budget::balance(&mut app.db.read().await?, &row, &can, app.clock.now()).await?;
    let used = in_words(balance.map_or(0, |balance| balance.spent_micros), &table.currency);
    match row.budget_micros.map(|most| in_words(most, &table.currency)) {
        Some(most) => out::line(format_args!("{name} may use up {most} a day. Today it has used {used}.")),
        None => out::line(format_args!("{name} may use up as much as it takes. Today it has used {used}.")),
    }
    Ok(())
}

/// At a terminal, what must be told and was not is asked for.
fn ask_for_missing(manifest: &'static Manifest, settings: &mut Settings) -> Outcome {
    if !ask::somebody_is_there() {
        return Ok(());
    }
    for field in manifest.fields.iter().filter(|field| field.required && field.default.is_none()) {
        if settings.get(field.name).is_some() {
            continue;
        }
        let value = if connect::is_secret(field) {
            Value::Secret(ask::prompt(field.label)?)
        } else {
            out::note(format_args!("{} ({})", field.label, field.help));
            let mut text = String::new();
            std::io::stdin().read_line(&mut text).context("Nothing was typed")?;
            Value::Plain(text.trim().to_owned())
        };
        settings.set(field.name, value);
    }
    Ok(())
}

async fn list(app: &App, json: bool) -> Outcome {
    let mut conn = app.db.read().await?;
    let rows = channels::all(&mut conn).await?;
    let zone = people::library(&mut conn).await?.map(|library| library.zone);
    let zone = zone.and_then(|zone| jiff::tz::TimeZone::get(&zone).ok()).unwrap_or(jiff::tz::TimeZone::UTC);
    let counts = intake::all(&mut conn).await?;
    let called = subscriptions::all(&mut conn).await?;
    let mut shown = Vec::new();
    for row in rows {
        let streams = streams::of_channel(&mut conn, row.id).await?;
        let known = counts.iter().find(|known| known.channel_id == row.id);
        let count = known.map(|known| known.counts).unwrap_or_default();
        let last = known.and_then(|known| known.last_message_at);
        let called =
            called.iter().find(|of| of.channel_id == row.id && app.roster.webhook_url(row.id).is_some());
        let card = health::card(&row, &streams, called, last, app.clock.now(), &zone);
        // What a platform said of an error may repeat a secret.
        let health = app.roster.redacted(&row, &card.health);
        let todo = card.todo.map(|todo| app.roster.redacted(&row, &todo));
        if json {
            shown.push(serde_json::json!({
                "id": row.id, "name": row.name, "kind": row.kind, "address": row.address,
                "state": card.state, "health": health, "todo": todo,
                "received": count.received, "messages": count.messages,
                "held": count.held, "duplicates": count.duplicates,
            }));
        } else {
            out::line(format_args!("{}  {}  {}  {}.", row.name, row.kind, row.address, health));
            if let Some(todo) = todo {
                out::line(format_args!("    {todo}"));
            }
        }
    }
    if json { out::json(&shown) } else { Ok(()) }
}

/// What the platform said; one check that does not hold makes the command fail.
fn show(probe: &Probe) -> Outcome {
    for check in &probe.checks {
        out::line(format_args!("{} {}: {}", if check.passed { '✓' } else { '✗' }, check.name, check.detail));
    }
    match probe.checks.iter().filter(|check| !check.passed).count() {
        0 => Ok(()),
        1 => bail!("One thing is not in order; see above."),
        n => bail!("{n} things are not in order; see above."),
    }
}

fn kind(manifest: &'static Manifest) {
    out::line(format_args!("{}: {} {}", manifest.name, manifest.title, manifest.about));
    for field in manifest.fields.iter().filter(|field| field.is_ever_asked()) {
        let how = match (connect::is_secret(field), field.required, field.default) {
            (true, _, _) => " [secret]".to_owned(),
            (_, _, Some(default)) => format!(" [default: {default}]"),
            (_, true, None) => " [required]".to_owned(),
            (_, false, None) => String::new(),
        };
        let choices = match field.kind {
            FieldKind::Choice(choices) => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
                format!(" One of {}.", words.join(", "))
            }
            _ => String::new(),
        };
        out::line(format_args!("  {}{how}: {}. {}{choices}", field.name, field.label, field.help));
    }
    if connect::takes_refresh_token(manifest) {
        out::line(format_args!(
            "  {REFRESH_TOKEN} [secret]: Of an account that is signed in on the platform's own page; kept fresh from then on."
        ));
    }
}

async fn find(app: &App, name: &str) -> anyhow::Result<Row> {
    let mut conn = app.db.read().await?;
    if let Some(row) = channels::by_name(&mut conn, name).await? {
        return Ok(row);
    }
    let known: Vec<String> = channels::all(&mut conn).await?.into_iter().map(|row| row.name).collect();
    if known.is_empty() {
        bail!("There is no channel yet. `deskbell channel add --help` shows how to connect one.");
    }
    bail!("There is no channel called {name}. There are: {}.", known.join(", "))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}
