//! Everything that was said in some conversations, as far as a query asks for it.

use std::collections::HashMap;

use uuid::Uuid;

use super::index::{Read, sources};
use crate::model::message::Kind;
use crate::model::search::Heard;
use crate::model::search::words::Said;
use crate::store::{Conn, Error};

/// So many conversations are read at once: a long one among them must not make it much.
const AT_ONCE: usize = 50;

macro_rules! some {
    (sqlite) => {
        "WHERE m.conversation_id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY m.seq"
    };
    (postgres) => {
        "WHERE m.conversation_id = ANY($1) ORDER BY m.seq"
    };
}
macro_rules! places {
    () => {
        "SELECT m.seq, m.at, m.kind, m.conversation_id, '' AS subject, '' AS body, '' AS author, '' AS address, \
         m.direction, '' AS patron FROM messages m "
    };
}
const TEXTS_SQLITE: &str = concat!(sources!(), some!(sqlite));
const TEXTS_POSTGRES: &str = concat!(sources!(), some!(postgres));
const PLACES_SQLITE: &str = concat!(places!(), some!(sqlite));
const PLACES_POSTGRES: &str = concat!(places!(), some!(postgres));

pub(super) const ONLY_SQLITE: &[&str] = &[TEXTS_SQLITE, PLACES_SQLITE];
pub(super) const ONLY_POSTGRES: &[&str] = &[TEXTS_POSTGRES, PLACES_POSTGRES];

/// Gives `tell` each of these conversations with what was said in it, with its words or without.
pub(super) async fn heard(
    conn: &mut Conn,
    conversations: &[Uuid],
    with_words: bool,
    mut tell: impl FnMut(Uuid, Vec<Heard>),
) -> Result<(), Error> {
    for some in conversations.chunks(AT_ONCE) {
        let read: Vec<Read> = match conn {
            Conn::Sqlite(file) => {
                let ids: Vec<String> = some.iter().map(|id| format!("\"{}\"", id.simple())).collect();
                let text = if with_words { TEXTS_SQLITE } else { PLACES_SQLITE };
                file.add(text).with(format!("[{}]", ids.join(","))).ask().await?.read()?
            }
            Conn::Postgres(conn) => {
                let text = if with_words { TEXTS_POSTGRES } else { PLACES_POSTGRES };
                sqlx::query_as(text).bind(some).fetch_all(&mut **conn).await?
            }
        };
        let mut by_conversation: HashMap<Uuid, Vec<Heard>> = HashMap::new();
        for one in read {
            by_conversation.entry(one.conversation_id).or_default().push(Heard {
                seq: one.seq,
                at: one.at,
                is_note: one.kind == Kind::Note.as_str(),
                said: if with_words { Said::of(one.source()) } else { Said::default() },
            });
        }
        by_conversation.into_iter().for_each(|(id, heard)| tell(id, heard));
    }
    Ok(())
}
