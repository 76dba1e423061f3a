//! Messages in which words were said, or any, newest first: each with its conversation.

use sqlx::FromRow;

use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::search::words::{FROM, TO};
use crate::model::search::{Clause, Query, Term};
use crate::store::{Conn, Error, rows};

macro_rules! found {
    ($seq:literal) => {
        concat!(
            "SELECT ",
            $seq,
            " AS found, m.at AS said_at, c.id, c.number, c.channel_id, c.desk_id, c.patron_id, c.patron_name, c.thread, \
             c.subject, c.preview, c.visibility, c.state, c.owner_id, c.owner_since, c.waiting_since, c.due_at, \
             c.snoozed_until, c.last_patron_at, c.last_at, c.seq, c.trouble, c.has_attachments, c.created_at, c.outcome, \
             c.follow_up_at, c.tags, c.urgent, c.merged_into, c.live, c.skill, c.language, c.offered, c.kept_for, \
             c.kept_until, c.step, c.hop_at"
        )
    };
}

/// How far a server walks down the numbers before it takes everything that its index of words has. What is said in one message
/// of four hundred is found sooner by walking.
const WALKS: [i64; 2] = [5_000, 40_000];

// `CROSS JOIN` is how SQLite is told to begin with the words.
const FOUND_SQLITE: &str = concat!(
    found!("w.rowid"),
    " FROM said w CROSS JOIN messages m ON m.seq = w.rowid CROSS JOIN conversations c \
     ON c.id = m.conversation_id WHERE said MATCH $1 AND w.rowid < $2 ORDER BY w.rowid DESC LIMIT $3"
);
/// What is often said is said in the newest few thousand messages: a short walk down the numbers finds it.
const OFTEN_POSTGRES: &str = concat!(
    found!("w.seq"),
    " FROM (SELECT seq FROM (SELECT seq, words FROM said WHERE seq < $2 ORDER BY seq DESC LIMIT $4) newest \
     WHERE words @@ (SELECT CAST($1 AS tsquery)) ORDER BY seq DESC LIMIT $3) w \
     JOIN messages m ON m.seq = w.seq JOIN conversations c ON c.id = m.conversation_id ORDER BY w.seq DESC"
);
/// What is seldom said is taken from the index of words. `seq + 0` keeps the planner from walking down the numbers.
const SELDOM_POSTGRES: &str = concat!(
    found!("w.seq"),
    " FROM (SELECT seq FROM said WHERE words @@ (SELECT CAST($1 AS tsquery)) AND seq < $2 \
     ORDER BY seq + 0 DESC LIMIT $3) w \
     JOIN messages m ON m.seq = w.seq JOIN conversations c ON c.id = m.conversation_id ORDER BY w.seq DESC"
);
const ANY: &str = concat!(
    found!("m.seq"),
    " FROM (SELECT seq, at, conversation_id FROM messages WHERE seq < $1 ORDER BY seq DESC LIMIT $2) m \
     JOIN conversations c ON c.id = m.conversation_id ORDER BY m.seq DESC"
);

pub(super) const ALL: &[&str] = &[ANY];
pub(super) const ONLY_SQLITE: &[&str] = &[FOUND_SQLITE];
pub(super) const ONLY_POSTGRES: &[&str] = &[OFTEN_POSTGRES, SELDOM_POSTGRES];

/// A message, and where it was said.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Found {
    #[sqlx(rename = "found")]
    pub seq: i64,
    pub said_at: Millis,
    #[sqlx(flatten)]
    pub conversation: Conversation,
}

/// What an engine is asked for; none: no condition is about words alone, so that any message may do.
pub(super) struct Words {
    sqlite: String,
    postgres: String,
}

impl Words {
    pub fn of(query: &Query) -> Option<Self> {
        let clauses: Vec<&Clause> = query.clauses.iter().filter(|clause| clause.is_indexed()).collect();
        if clauses.is_empty() {
            return None;
        }
        let each = |engine: &Engine| {
            let clause = |clause: &&Clause| {
                let items: Vec<String> =
                    clause.items.iter().filter_map(|item| engine.term(&item.term)).collect();
                format!("({})", items.join(engine.or))
            };
            clauses.iter().map(clause).collect::<Vec<_>>().join(engine.and)
        };
        Some(Self {
            sqlite: each(&Engine { and: " AND ", or: " OR ", quote: '"', open: " *" }),
            postgres: each(&Engine { and: " & ", or: " | ", quote: '\'', open: ":*" }),
        })
    }
}

/// How an engine is asked. A word has nothing in it but letters, digits and signs that no engine reads as anything else.
struct Engine {
    and: &'static str,
    or: &'static str,
    quote: char,
    open: &'static str,
}

impl Engine {
    fn term(&self, term: &Term) -> Option<String> {
        let (mark, words, open_ended) = match term {
            Term::Words { words, open_ended } => (None, words, *open_ended),
            Term::From { words, open_ended } => (Some(FROM), words, *open_ended),
            Term::To { words, open_ended } => (Some(TO), words, *open_ended),
            _ => return None,
        };
        let last = words.len().checked_sub(1)?;
        let word = |(place, word): (usize, &String)| {
            let mark = mark.map(String::from).unwrap_or_default();
            let open = if place == last && open_ended { self.open } else { "" };
            format!("{quote}{mark}{word}{quote}{open}", quote = self.quote)
        };
        let words: Vec<String> = words.iter().enumerate().map(word).collect();
        Some(format!("({})", words.join(self.and)))
    }
}

/// So many messages before a number in which the words were said, newest first; without words any messages.
pub(super) async fn found(
    conn: &mut Conn,
    words: Option<&Words>,
    before: i64,
    limit: usize,
) -> Result<Vec<Found>, Error> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let Some(words) = words else { return Ok(rows!(conn, Found, ANY, before, most)?) };
    match conn {
        Conn::Sqlite(file) => {
            let answer = file.add(FOUND_SQLITE).with(&words.sqlite).with(before).with(most).ask().await?;
            Ok(answer.read()?)
        }
        Conn::Postgres(conn) => {
            let asked = &words.postgres;
            for walk in WALKS {
                let often = sqlx::query_as(OFTEN_POSTGRES).bind(asked).bind(before).bind(most).bind(walk);
                let often: Vec<Found> = often.fetch_all(&mut **conn).await?;
                if often.len() == limit {
                    return Ok(often);
                }
            }
            Ok(sqlx::query_as(SELDOM_POSTGRES)
                .bind(asked)
                .bind(before)
                .bind(most)
                .fetch_all(&mut **conn)
                .await?)
        }
    }
}
