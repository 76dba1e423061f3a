//! `staff`: who may sign in. Works beside a running server: both open the same store.

use std::path::PathBuf;

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::{Outcome, ability, ask, out, setup};
use crate::access::{link, password, token};
use crate::app::App;
use crate::config::Flags;
use crate::error::Error;
use crate::model::people::{Role, Staff as Person};
use crate::model::session::{Scope, Scopes, Token};
use crate::outbound::review;
use crate::store::{people, sessions};

/// Add and list staff, make sign-in links and tokens for programs
#[derive(clap::Subcommand)]
pub enum Staff {
    /// Add a person; without a password they get a sign-in link
    #[command(
        after_help = "Example:\n  deskbell staff add ana@fernhill.example --name \"Ana Ruiz\" --role lead\n  deskbell staff add bo@fernhill.example --name \"Bo Lind\" --password-file bo.txt"
    )]
    Add(Add),
    /// List the people
    #[command(after_help = "Example:\n  deskbell staff list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Print a link that signs a person in once
    #[command(after_help = "Example:\n  deskbell staff link ana@fernhill.example")]
    Link {
        /// Whose
        address: String,
    },
    /// Print a token with which a program acts for a person
    #[command(
        after_help = "Example:\n  deskbell staff token ana@fernhill.example --name \"nightly report\" --scope read --days 90"
    )]
    Token(NewToken),
    /// List the tokens and when they were last used
    #[command(after_help = "Example:\n  deskbell staff tokens --json")]
    Tokens {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Take a token back at once
    #[command(after_help = "Example:\n  deskbell staff revoke 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Revoke {
        /// The token's id, as `tokens` shows it
        id: Uuid,
    },
    /// Say what a person can, or show it: claim next gives them what needs that
    #[command(
        after_help = "Example:\n  deskbell staff skills ana@fernhill.example --skill \"card accounts\" --language es --live 3"
    )]
    Skills(ability::Skills),
    /// Have a person's answers looked through before they leave, or not any more
    #[command(after_help = "Example:\n  deskbell staff review dev@fernhill.example on")]
    Review {
        /// Whose
        address: String,
        /// on or off
        #[arg(value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::Set)]
        reviewed: bool,
    },
    /// Set a person's password
    #[command(after_help = "Example:\n  deskbell staff password ana@fernhill.example")]
    Password {
        /// Whose
        address: String,
        #[command(flatten)]
        password: Password,
    },
    /// Shut a person out at once; what they wrote stays
    #[command(after_help = "Example:\n  deskbell staff disable ana@fernhill.example")]
    Disable {
        /// Whom
        address: String,
    },
}

/// A token to make.
#[derive(clap::Args)]
pub struct NewToken {
    /// Whose
    address: String,
    /// What it is for
    #[arg(long, default_value = "made on the command line")]
    name: String,
    /// read, answer or manage; may be repeated [default: all of them]
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// After how many days it ends by itself [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3660))]
    days: Option<i64>,
}

/// A person to add.
#[derive(clap::Args)]
pub struct Add {
    /// Where they sign in
    address: String,
    /// Their full name
    #[arg(long)]
    name: String,
    /// The name patrons see [default: the full name]
    #[arg(long)]
    public_name: Option<String>,
    /// viewer, staff, lead, manager or admin; each includes those before
    #[arg(long, default_value = "staff", value_parser = role)]
    role: Role,
    /// The desk they answer at; may be repeated [default: every desk]
    #[arg(long = "desk", value_name = "NAME")]
    desks: Vec<String>,
    #[command(flatten)]
    password: Password,
}

/// Where a password comes from. Never from the command line itself.
#[derive(clap::Args)]
#[group(id = "where_from", multiple = false)]
pub struct Password {
    /// Read the password from a file; - is standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Ask for the password
    #[arg(long)]
    password_prompt: bool,
}

impl Password {
    fn read(&self, whose: &str) -> anyhow::Result<Option<SecretString>> {
        match (&self.password_file, self.password_prompt) {
            (Some(path), _) => ask::file(path).map(Some),
            (None, true) => ask::prompt(&format!("Password for {whose}")).map(Some),
            (None, false) => Ok(None),
        }
    }
}

impl Staff {
    pub async fn run(self, flags: Flags) -> Outcome {
        let app = super::open(&flags).await?;
        let outcome = match self {
            Self::Add(person) => add(&app, person).await,
            Self::List { json } => list(&app, json).await,
            Self::Link { address } => {
                let person = find(&app, &address).await?;
                out::line(sign_in_link(&app, &person).await?);
                Ok(())
            }
            Self::Token(wanted) => make_token(&app, wanted).await,
            Self::Tokens { json } => list_tokens(&app, json).await,
            Self::Revoke { id } => {
                let revoked = token::revoke(&app.access, id).await;
                revoked.map(|()| out::note("It no longer counts.")).map_err(Into::into)
            }
            Self::Skills(wanted) => {
                let person = find(&app, &wanted.address).await?;
                wanted.run(&app, person.id, &person.name).await
            }
            Self::Review { address, reviewed } => {
                let person = find(&app, &address).await?;
                let decided = review::keep_decision(&app, person.id, reviewed).await;
                let words =
                    if reviewed { "somebody else looks through" } else { "nobody needs to look through" };
                decided
                    .map(|()| out::note(format_args!("From now on {words} what {} answers.", person.name)))
                    .map_err(Into::into)
            }
            Self::Password { address, password } => change_password(&app, &address, &password).await,
            Self::Disable { address } => disable(&app, &address).await,
        };
        app.close().await;
        outcome
    }
}

/// The address that signs a person in once.
pub async fn sign_in_link(app: &App, person: &Person) -> anyhow::Result<String> {
    let (secret, _) = link::make(&app.access, person.id).await?;
    Ok(format!("{}/sign-in?link={secret}", app.config.page_url(app.config.listen)))
}

async fn add(app: &App, wanted: Add) -> Outcome {
    let address = wanted.address.trim().to_lowercase();
    if !address.split_once('@').is_some_and(|(who, place)| !who.is_empty() && !place.is_empty()) {
        bail!("{address} is no address to sign in with. Write it as ana@fernhill.example.");
    }
    if wanted.name.trim().is_empty() {
        bail!("A name is missing: patrons want to know who answered.");
    }
    let password = wanted.password.read(&address)?;
    let hash = match password {
        Some(password) => {
            let hashing = move || password::hash(password.expose_secret());
            Some(tokio::task::spawn_blocking(hashing).await??)
        }
        None => None,
    };
    setup::first_desk(app, wanted.desks.first().map(String::as_str)).await?;
    let mut at = Vec::new();
    for desk in &wanted.desks {
        at.push(setup::first_desk(app, Some(desk)).await?);
    }
    if at.is_empty() {
        let desks = people::desks(&mut app.db.read().await?).await?;
        at = desks.into_iter().map(|desk| desk.id).collect();
    }
    let name = wanted.name.trim().to_owned();
    let person = Person {
        id: app.clock.id(),
        public_name: wanted.public_name.unwrap_or_else(|| name.clone()),
        name,
        email: address.clone(),
        role: wanted.role,
        created_at: app.clock.now(),
        disabled_at: None,
    };
    let (kept, with_password) = (person.clone(), hash.is_some());
    let write = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            people::insert_staff(tx, &kept, hash.as_deref()).await?;
            for desk in at {
                people::add_member(tx, desk, kept.id).await?;
            }
            Ok(())
        })
    });
    write.await.map_err(|error| match &error {
        Error::Store(store) if store.is_taken() => {
            anyhow::anyhow!("{address} is on the staff already. Nothing was changed.")
        }
        _ => error.into(),
    })?;
    out::note(format_args!("{} is on the staff as {}.", person.name, person.role));
    if !with_password {
        out::note("This link signs them in once, within a day:");
        out::line(sign_in_link(app, &person).await?);
    }
    Ok(())
}

/// A person for programs, named as in the API.
#[derive(Serialize)]
struct Row<'a> {
    id: Uuid,
    name: &'a str,
    public_name: &'a str,
    email: &'a str,
    role: Role,
    disabled: bool,
}

impl<'a> Row<'a> {
    fn of(person: &'a Person) -> Self {
        let Person { id, name, public_name, email, role, disabled_at, .. } = person;
        Self { id: *id, name, public_name, email, role: *role, disabled: disabled_at.is_some() }
    }
}

async fn list(app: &App, json: bool) -> Outcome {
    let staff = people::all_staff(&mut app.db.read().await?).await?;
    if json {
        let rows: Vec<Row<'_>> = staff.iter().map(Row::of).collect();
        return out::json(&rows);
    }
    if staff.is_empty() {
        out::note("There is nobody yet: `deskbell staff add` adds the first.");
    }
    for person in staff {
        let end = if person.disabled_at.is_some() { " (shut out)" } else { "" };
        out::line(format_args!("{}  {}  {}{end}", person.email, person.name, person.role));
    }
    Ok(())
}

async fn make_token(app: &App, wanted: NewToken) -> Outcome {
    let person = find(app, &wanted.address).await?;
    let scopes = if wanted.scopes.is_empty() { Scopes::all() } else { Scopes::of(&wanted.scopes) };
    let expires_at = wanted.days.map(|days| app.clock.now() + days * 86_400_000);
    let (_, secret) = token::make_limited(&app.access, person.id, &wanted.name, scopes, expires_at).await?;
    out::line(secret);
    Ok(())
}

/// A token for programs, named as in the API.
#[derive(Serialize)]
struct TokenRow<'a> {
    id: Uuid,
    email: Option<&'a str>,
    name: &'a str,
    scopes: &'a [Scope],
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
    counts: bool,
}

impl<'a> TokenRow<'a> {
    fn of(token: &'a Token, email: Option<&'a str>, now: i64) -> Self {
        Self {
            id: token.id,
            email,
            name: &token.name,
            scopes: token.scopes.each(),
            created_at: token.created_at,
            last_used_at: token.last_used_at,
            expires_at: token.expires_at,
            counts: token.counts(now),
        }
    }
}

async fn list_tokens(app: &App, json: bool) -> Outcome {
    let mut conn = app.db.read().await?;
    let tokens = sessions::every_token(&mut conn).await?;
    let staff = people::all_staff(&mut conn).await?;
    drop(conn);
    let now = app.clock.now();
    let mut rows = Vec::new();
    for token in &tokens {
        let email =
            staff.iter().find(|person| person.id == token.staff_id).map(|person| person.email.as_str());
        if json {
            rows.push(TokenRow::of(token, email, now));
            continue;
        }
        let used = match token.last_used_at {
            Some(at) => format!("last used {:.0}", jiff::Timestamp::from_millisecond(at).unwrap_or_default()),
            None => "never used".to_owned(),
        };
        let end = if token.counts(now) { "" } else { " (no longer counts)" };
        let Token { id, name, scopes, .. } = token;
        out::line(format_args!("{id}  {}  {name}  {scopes}  {used}{end}", email.unwrap_or("-")));
    }
    if json { out::json(&rows) } else { Ok(()) }
}

fn scope(word: &str) -> Result<Scope, String> {
    word.parse()
}

async fn change_password(app: &App, address: &str, password: &Password) -> Outcome {
    let person = find(app, address).await?;
    let password = match password.read(&person.email)? {
        Some(password) => password,
        None => ask::prompt(&format!("New password for {}", person.email))?,
    };
    let hash = tokio::task::spawn_blocking(move || password::hash(password.expose_secret())).await??;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(people::set_password(tx, person.id, &hash).await?) })
        })
        .await?;
    out::note(format_args!("{} has a new password.", person.name));
    Ok(())
}

async fn disable(app: &App, address: &str) -> Outcome {
    let person = find(app, address).await?;
    let now = app.clock.now();
    let (changed, _) = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(people::disable_staff(tx, person.id, now).await?) })
        })
        .await?;
    let name = person.name;
    out::note(if changed {
        format!("{name} can no longer sign in; sessions and tokens have ended. What {name} wrote stays.")
    } else {
        format!("{name} was shut out already.")
    });
    Ok(())
}

async fn find(app: &App, address: &str) -> anyhow::Result<Person> {
    let found = people::staff_by_email(&mut app.db.read().await?, address).await?;
    let (person, _) = found.with_context(|| {
        format!("Nobody on the staff signs in as {address}. `deskbell staff list` shows who does.")
    })?;
    Ok(person)
}

fn role(word: &str) -> Result<Role, String> {
    word.parse()
}
