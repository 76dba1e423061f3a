//! Did it arrive? By looking where it would lie. Facebook shows nobody our metadata afterwards, so it is known by its
//! words, its time and its not being another answer of ours. What is not there may still come: a person decides then.

use serde_json::Value;

use super::channel::PageChannel;
use super::graph;
use super::json::{data, id_of, is_true, text};
use super::outbound::{Piece, Public, Way};
use super::time;
use super::usage::Lane;
use crate::contract::{Failure, Key, Sent};

/// Clocks differ; what was said so long before we wrote may be ours.
const SKEW_MS: i64 = 2 * 60_000;
const LATEST: &str = "50";

impl PageChannel {
    pub(super) async fn look_for(&self, piece: &Piece, key: &Key) -> Result<Option<Sent>, Failure> {
        match &piece.way {
            Way::Message { to } => {
                let listed = self.conversation_with(to).await?;
                let said: Vec<&Value> = listed.iter().flat_map(|thread| data(thread, "messages")).collect();
                self.choose(&said, piece, key)
            }
            Way::PrivateReply { to: Public::Comment(comment) } => {
                let fields = "can_reply_privately,private_reply_conversation{id,messages.limit(10){id,created_time,from,message}}";
                let told = self.graph.get(Lane::Page, comment, &[("fields", fields)]).await?;
                let answered = told.get("private_reply_conversation");
                // It can be answered once: where it still can, nobody has.
                if answered.is_none() && is_true(&told, "can_reply_privately") {
                    return Ok(None);
                }
                let said: Vec<&Value> =
                    answered.map_or(&[][..], |thread| data(thread, "messages")).iter().collect();
                self.choose(&said, piece, key)
            }
            Way::PrivateReply { to: Public::Post(_) } => self.choose(&[], piece, key),
            Way::Comment { on } => {
                let query = [
                    ("fields", "id,message,created_time,from,attachment{type}"),
                    ("filter", "stream"),
                    ("order", "reverse_chronological"),
                    ("limit", LATEST),
                ];
                let listed = self.graph.get(Lane::Page, &format!("{on}/comments"), &query).await?;
                let items = graph::page(listed).items;
                self.choose(&items.iter().collect::<Vec<_>>(), piece, key)
            }
        }
    }

    async fn conversation_with(&self, person: &str) -> Result<Vec<Value>, Failure> {
        let fields = format!(
            "id,messages.limit({LATEST}){{id,created_time,from,message,attachments{{id,mime_type,name}}}}"
        );
        let query = [("platform", "MESSENGER"), ("user_id", person), ("fields", &fields)];
        let path = format!("{}/conversations", self.config.page_id);
        Ok(graph::page(self.graph.get(Lane::Messenger, &path, &query).await?).items)
    }

    /// The one of these that is this piece, if exactly one can be.
    fn choose(&self, said: &[&Value], piece: &Piece, key: &Key) -> Result<Option<Sent>, Failure> {
        let mut fitting = said.iter().filter(|one| self.fits(one, piece)).filter_map(|one| text(one, "id"));
        let mut open = fitting.by_ref().filter(|id| !self.is_anothers(key, id));
        match (open.next(), open.next()) {
            (Some(id), None) => Ok(Some(Sent { id: Some(id), refused: Vec::new() })),
            (Some(_), Some(_)) => Err(Failure::Ambiguous {
                why: "The same words stand at Facebook more than once since this was written, so nobody can tell whether one of them is this. Look there before sending it again.".to_owned(),
            }),
            (None, _) => Err(Failure::Ambiguous {
                why: "This answer may have left: the connection ended before Facebook said so, and it does not show there yet. Look there, or send it again knowing that it may arrive twice.".to_owned(),
            }),
        }
    }

    fn fits(&self, said: &Value, piece: &Piece) -> bool {
        let ours = id_of(said, "from").as_deref() == Some(&self.own.page_id);
        let at = said.get("created_time").and_then(time::read);
        let in_time = at.is_some_and(|at| at >= piece.written_at - SKEW_MS);
        let words = text(said, "message").unwrap_or_default();
        let same_words = spaced(&words) == spaced(piece.text.as_deref().unwrap_or_default());
        let has_file = !data(said, "attachments").is_empty() || said.get("attachment").is_some();
        ours && in_time && same_words && has_file == piece.file.is_some()
    }
}

/// Facebook may fold white space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
