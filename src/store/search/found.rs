//! Messages in which words were said, or any, newest first: each with its conversation.

use sqlx::FromRow;

use super::asked::Asked;
use super::{file, server};
use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::search::Query;
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
pub(super) use found;

const ANY: &str = concat!(
    found!("m.seq"),
    " FROM (SELECT seq, at, conversation_id FROM messages WHERE seq < $1 ORDER BY seq DESC LIMIT $2) m \
     JOIN conversations c ON c.id = m.conversation_id ORDER BY m.seq DESC"
);

pub(super) const ALL: &[&str] = &[ANY];

/// A message, and where it was said.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Found {
    #[sqlx(rename = "found")]
    pub seq: i64,
    pub said_at: Millis,
    #[sqlx(flatten)]
    pub conversation: Conversation,
}

/// What is asked for page after page, made ready for the engine.
pub(super) enum Question {
    /// No condition is about words alone.
    Any,
    File(file::Question),
    Server(server::Question),
}

impl Question {
    pub async fn of(query: &Query, conn: &mut Conn) -> Result<Self, Error> {
        let asked = Asked::of(query);
        if asked.0.is_empty() {
            return Ok(Self::Any);
        }
        Ok(match conn {
            Conn::Sqlite(file) => Self::File(file::Question::of(&asked, file).await?),
            Conn::Postgres(_) => Self::Server(server::Question::of(&asked)),
        })
    }

    /// So many messages before a number for which it holds, newest first; fewer: there are no more.
    pub async fn ask(&self, conn: &mut Conn, before: i64, limit: usize) -> Result<Vec<Found>, Error> {
        Ok(match (self, conn) {
            (Self::File(asked), Conn::Sqlite(file)) => asked.ask(file, before, limit).await?,
            (Self::Server(asked), Conn::Postgres(conn)) => asked.ask(conn, before, limit).await?,
            (_, conn) => {
                let most = i64::try_from(limit).unwrap_or(i64::MAX);
                rows!(conn, Found, ANY, before, most)?
            }
        })
    }
}
