//! What messages are met with: whoever and whatever they name is looked up for many of them at once, in one journey.

use std::collections::BTreeSet;

use sqlx::FromRow;
use uuid::Uuid;

use super::questions::{self, Told};
use super::{Conn, Error, blocks, cascades, rules};
use crate::model::block::Block;
use crate::model::cascade::Step;
use crate::model::conversation::Conversation;
use crate::model::people::Address;
use crate::model::rule::Rule;

/// The keys of a JSON array as rows, on a file.
macro_rules! in_a_file {
    ($keys:literal) => {
        concat!("json_each(", $keys, ") AS key")
    };
}
/// The same, on a server.
macro_rules! on_a_server {
    ($keys:literal) => {
        concat!("json_array_elements_text(CAST(", $keys, " AS json)) AS key")
    };
}
/// The conversations in which messages of these ids are. `CROSS JOIN` says the order instead of leaving it to a guess: by
/// what an engine remembers of a small library it would read all of a large one.
macro_rules! named {
    ($keys:ident) => {
        concat!(
            "(SELECT DISTINCT COALESCE(m.home_id, m.conversation_id) AS id FROM ",
            $keys!("$1"),
            " CROSS JOIN messages m WHERE m.external_id = key.value) AS named"
        )
    };
}
macro_rules! conversation {
    () => {
        "SELECT c.id, c.number, c.channel_id, c.desk_id, c.patron_id, c.patron_name, c.thread, c.subject, c.preview, \
         c.visibility, c.state, c.owner_id, c.owner_since, c.waiting_since, c.due_at, c.snoozed_until, \
         c.last_patron_at, c.last_at, c.seq, c.trouble, c.has_attachments, c.created_at, c.outcome, c.follow_up_at, \
         c.tags, c.urgent, c.merged_into, c.live, c.skill, c.language, c.offered, c.kept_for, c.kept_until, c.step, c.hop_at FROM "
    };
}
macro_rules! texts {
    ($keys:ident, $blocks:expr) => {
        Texts {
            blocks: $blocks,
            had: concat!(
                "SELECT e.external_id FROM ",
                $keys!("$2"),
                " CROSS JOIN envelopes e WHERE e.channel_id = $1 AND e.external_id = key.value"
            ),
            contents: concat!(
                "SELECT e.fingerprint FROM ",
                $keys!("$2"),
                " CROSS JOIN envelopes e WHERE e.channel_id = $1 AND e.fingerprint = key.value"
            ),
            addresses: concat!(
                "SELECT a.id, a.patron_id, a.kind, a.address, a.shown, a.verified_at, p.name, p.named FROM ",
                $keys!("$2"),
                " CROSS JOIN addresses a CROSS JOIN patrons p \
                 WHERE a.kind = $1 AND a.address = key.value AND p.id = a.patron_id"
            ),
            said: concat!(
                "SELECT m.external_id, c.id AS conversation_id, c.channel_id, m.channel_id AS came_by, \
                 m.direction = 'in' AS from_outside FROM ",
                $keys!("$1"),
                " CROSS JOIN messages m CROSS JOIN conversations c \
                 WHERE m.external_id = key.value AND c.id = COALESCE(m.home_id, m.conversation_id) ORDER BY m.seq"
            ),
            named: concat!(
                conversation!(),
                named!($keys),
                " CROSS JOIN conversations c WHERE c.id = named.id"
            ),
            threads: concat!(
                conversation!(),
                $keys!("$2"),
                " CROSS JOIN conversations c WHERE c.channel_id = $1 AND c.thread = key.value"
            ),
            writers: concat!(
                "SELECT k.conversation_id, k.address_id FROM ",
                named!($keys),
                " CROSS JOIN conversation_addresses k CROSS JOIN addresses a \
                 WHERE k.conversation_id = named.id AND a.id = k.address_id AND a.kind = $2 \
                 AND a.address IN (SELECT key.value FROM ",
                $keys!("$3"),
                ")"
            ),
        }
    };
}

struct Texts {
    blocks: &'static str,
    had: &'static str,
    contents: &'static str,
    addresses: &'static str,
    said: &'static str,
    named: &'static str,
    threads: &'static str,
    writers: &'static str,
}

impl Texts {
    const fn all(&self) -> [&'static str; 8] {
        [
            self.blocks,
            self.had,
            self.contents,
            self.addresses,
            self.said,
            self.named,
            self.threads,
            self.writers,
        ]
    }
}

const IN_A_FILE: Texts = texts!(in_a_file, blocks::MET_IN_A_FILE);
const ON_A_SERVER: Texts = texts!(on_a_server, blocks::MET_ON_A_SERVER);

pub(super) const ONLY_SQLITE: &[&str] = &IN_A_FILE.all();
pub(super) const ONLY_POSTGRES: &[&str] = &ON_A_SERVER.all();

/// What messages of one channel say of themselves.
#[derive(Clone, Debug, Default)]
pub struct Claims<'a> {
    /// The channel's numbers for them.
    pub external_ids: BTreeSet<&'a str>,
    /// Names of their contents, of those that may have come under another number.
    pub contents: BTreeSet<&'a str>,
    /// Their writers' addresses, folded.
    pub writers: BTreeSet<&'a str>,
    /// The keys under which those could be blocked.
    pub keys: BTreeSet<&'a str>,
    /// Their own ids.
    pub ids: BTreeSet<&'a str>,
    /// The messages they answer.
    pub references: BTreeSet<&'a str>,
    /// The conversations they belong to by the platform's own account.
    pub threads: BTreeSet<&'a str>,
}

/// A message that was said before, by the id it has outside.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Said {
    /// That id.
    pub external_id: String,
    /// The conversation whose thread it belongs to.
    pub conversation_id: Uuid,
    /// The channel of that conversation.
    pub channel_id: Uuid,
    /// The channel it came or went by.
    pub came_by: Option<Uuid>,
    /// A person outside said it.
    pub from_outside: bool,
}

/// Somebody who has written before.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Writer {
    /// The address they wrote from.
    #[sqlx(flatten)]
    pub address: Address,
    /// What the patron is called.
    pub name: String,
    /// Whether one of us chose that name.
    pub named: bool,
}

/// What the store knows of it all.
#[derive(Clone, Debug, Default)]
pub struct Met {
    /// Numbers that the channel has had.
    pub external_ids: Vec<String>,
    /// Contents that the channel has had.
    pub contents: Vec<String>,
    /// Writers who are known.
    pub writers_known: Vec<Writer>,
    /// Messages of these ids and references, oldest first.
    pub said: Vec<Said>,
    /// The conversations of the references and threads.
    pub conversations: Vec<Conversation>,
    /// Which of the writers have written in the conversations of the references: conversation and address.
    pub writers: Vec<(Uuid, Uuid)>,
    /// Those of the keys that are blocked, or were until a moment.
    pub blocks: Vec<Block>,
    /// The house's rules, in the order in which they are asked.
    pub rules: Vec<Rule>,
    /// The steps of every desk's cascade.
    pub steps: Vec<Step>,
}

/// Looks everything up. `kind` is the connector's name.
pub async fn meet(conn: &mut Conn, channel: Uuid, kind: &str, claims: &Claims<'_>) -> Result<Met, Error> {
    let texts = texts(conn);
    let (channel, kind) = (Told::Id(channel), Told::Text(kind));
    let (references, writers) = (Told::Each(&claims.references), Told::Each(&claims.writers));
    let ids = claims.ids.union(&claims.references).copied().collect();
    let [had, contents, addresses, said, named, threads, writers, blocks, asked, steps] = questions::ask(
        conn,
        [
            (texts.had, &[channel, Told::Each(&claims.external_ids)]),
            (texts.contents, &[channel, Told::Each(&claims.contents)]),
            (texts.addresses, &[kind, writers]),
            (texts.said, &[Told::Each(&ids)]),
            (texts.named, &[references]),
            (texts.threads, &[channel, Told::Each(&claims.threads)]),
            (texts.writers, &[references, kind, writers]),
            (texts.blocks, &[Told::Each(&claims.keys)]),
            (rules::LIST, &[]),
            (cascades::LIST, &[]),
        ],
    )
    .await?;
    let mut conversations: Vec<Conversation> = named.read()?;
    conversations.extend(threads.read::<Conversation>()?);
    Ok(Met {
        external_ids: had.read::<(String,)>()?.into_iter().map(|(id,)| id).collect(),
        contents: contents.read::<(String,)>()?.into_iter().map(|(name,)| name).collect(),
        writers_known: addresses.read()?,
        said: said.read()?,
        conversations,
        writers: writers.read()?,
        blocks: blocks.read()?,
        rules: asked.read::<rules::Row>()?.into_iter().map(Rule::from).collect(),
        steps: steps.read()?,
    })
}

/// The messages that have these ids outside, oldest first.
pub async fn said(conn: &mut Conn, ids: &[String]) -> Result<Vec<Said>, Error> {
    let ids = ids.iter().map(String::as_str).collect();
    let [said] = questions::ask(conn, [(texts(conn).said, &[Told::Each(&ids)])]).await?;
    Ok(said.read()?)
}

fn texts(conn: &Conn) -> &'static Texts {
    match conn {
        Conn::Sqlite(_) => &IN_A_FILE,
        Conn::Postgres(_) => &ON_A_SERVER,
    }
}
