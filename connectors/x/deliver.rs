//! An answer leaves, and is looked for afterwards.
//!
//! X gives no key to send the same thing twice under. So an answer whose fate is unknown is looked for: among what we said
//! in that conversation, by its text and the time since it was written. Found, it was sent. Not found, nobody can know (X
//! promises nothing about how soon it shows what it took), so a person decides. X's own "you said exactly this already" is
//! taken for what it is, word that the first one arrived, if the first one is there.

use reqwest::Method;
use serde_json::{Value, json};

use super::channel::Handle;
use super::outbound::{self, Outgoing, Way};
use super::trouble::Deed;
use super::wire::{self, Direct, Post};
use super::{fields, ids, inbound, words};
use crate::contract::{
    BoxFuture, Deliver, Draft, Failure, Fence, Key, Measure, Part, Reason, Refusal, Sent, Visibility,
};
use crate::web::Api;

/// Clocks differ.
const SKEW_MS: i64 = 5 * 60_000;
/// At once, of the newest things that we said.
const LOOKED_AT: &str = "100";
/// Pages of what we said in public since the question: a busy account has said much between an answer and the look for it.
const PAGES: usize = 5;

/// Something of ours that X has.
struct Said {
    id: String,
    text: String,
    at: Option<i64>,
    files: usize,
}

impl Deliver for Handle {
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
        outbound::compose(&self.config, draft, now)
    }

    fn measure(&self, text: &str, visibility: Visibility) -> Option<Measure> {
        (visibility == Visibility::Public).then(|| outbound::measure(&self.config, text))
    }

    fn cost_micros(&self, part: &Part) -> Option<i64> {
        Some(outgoing(part).ok()?.cost_micros(&self.config))
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            if let Some(sent) = self.remembered(key) {
                return Ok(sent);
            }
            let outgoing = outgoing(part)?;
            let sent = match self.send(&outgoing, fence).await {
                Err(Failure::Permanent { reason: Reason::Duplicate, why }) => {
                    let found = self.look(&outgoing, key).await.ok().flatten();
                    found.ok_or(Failure::Permanent { reason: Reason::Duplicate, why })?
                }
                result => result?,
            };
            self.remember(key, &sent);
            Ok(sent)
        })
    }

    fn find<'a>(&'a self, part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async move {
            if let Some(sent) = self.remembered(key) {
                return Ok(Some(sent));
            }
            let outgoing = outgoing(part)?;
            match self.look(&outgoing, key).await? {
                Some(sent) => {
                    self.remember(key, &sent);
                    Ok(Some(sent))
                }
                None => Err(Failure::Ambiguous {
                    why: "This answer may have left: X gave no clear word, and it is not among what the account said. Look at it in the X app; send it again only if it is not there.".to_owned(),
                }),
            }
        })
    }
}

impl Handle {
    async fn send(&self, outgoing: &Outgoing, fence: &dyn Fence) -> Result<Sent, Failure> {
        let is_public = matches!(outgoing.way, Way::Post(_));
        let mut files = Vec::new();
        for file in &outgoing.files {
            files.push(self.upload(file, is_public).await?);
        }
        let mut body = json!({});
        if !outgoing.text.is_empty() {
            body["text"] = outgoing.text.clone().into();
        }
        let (path, deed, id) = match &outgoing.way {
            Way::Post(answered) => {
                body["reply"] = json!({"in_reply_to_tweet_id": answered});
                if !files.is_empty() {
                    body["media"] = json!({"media_ids": files});
                }
                ("/2/tweets".to_owned(), Deed::SendPost, "id")
            }
            Way::Direct(patron) => {
                (format!("/2/dm_conversations/with/{patron}/messages"), Deed::SendDirect, "dm_event_id")
            }
            Way::Group(group) => {
                (format!("/2/dm_conversations/{group}/messages"), Deed::SendDirect, "dm_event_id")
            }
        };
        if !is_public && !files.is_empty() {
            body["attachments"] = files.iter().map(|id| json!({"media_id": id})).collect();
        }
        let write = |api: &Api| api.request(Method::POST, &path).json(&body);
        let answer = self.tell(deed, &write, fence).await?;
        let value: Value = answer.json()?;
        let taken = value.get("data").and_then(|data| wire::text(data, id));
        match taken {
            Some(id) => Ok(Sent { id: Some(id), refused: Vec::new() }),
            // It was taken, and is looked for.
            None => Err(Failure::Malformed {
                raw: answer.body,
                why: "X took this answer and did not say under which number. It is looked for.".to_owned(),
            }),
        }
    }

    /// Looks for an answer among what we said there since it was written.
    async fn look(&self, outgoing: &Outgoing, key: &Key) -> Result<Option<Sent>, Failure> {
        let said = match &outgoing.way {
            Way::Post(answered) => self.said_under(answered).await?,
            Way::Direct(patron) => {
                self.said_in(&format!("/2/dm_conversations/with/{patron}/dm_events")).await?
            }
            Way::Group(group) => self.said_in(&format!("/2/dm_conversations/{group}/dm_events")).await?,
        };
        let is_it = |said: &Said| {
            words::is_same(
                words::without_names(&said.text, None, true),
                words::without_names(&outgoing.text, None, true),
            ) && said.at.is_none_or(|at| at >= outgoing.at - SKEW_MS)
                && (said.files == 0) == outgoing.files.is_empty()
                && !self.is_anothers(&said.id, key)
        };
        // The first of several is the one that was sent first.
        let found = said.into_iter().filter(is_it).min_by(|a, b| ids::order(&a.id).cmp(&ids::order(&b.id)));
        Ok(found.map(|said| Sent { id: Some(said.id), refused: Vec::new() }))
    }

    async fn said_under(&self, answered: &str) -> Result<Vec<Said>, Failure> {
        let path = format!("/2/users/{}/tweets", self.me().await?.id);
        let names = fields::of_posts(self.config.older_names);
        let (mut said, mut token) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut query = vec![("max_results", LOOKED_AT), ("since_id", answered)];
            query.extend(token.as_deref().map(|token| ("pagination_token", token)));
            let write = |api: &Api| api.request(Method::GET, &path).query(&query).query(names);
            let value: Value = self.as_account(Deed::LookupPosts, &write).await?.json()?;
            let posts = wire::list(&value, "data").iter().filter_map(Post::read);
            let ours = posts.filter(|post| post.answers().is_none_or(|parent| parent == answered));
            said.extend(ours.map(|post| Said {
                text: words::readable(&post.text, &post.links),
                at: moment(post.created_at.as_deref(), &post.id),
                files: post.media.len(),
                id: post.id,
            }));
            token = value.get("meta").and_then(|meta| wire::text(meta, "next_token"));
            if token.is_none() {
                break;
            }
        }
        Ok(said)
    }

    async fn said_in(&self, path: &str) -> Result<Vec<Said>, Failure> {
        let me = self.me().await?.id.clone();
        let query = [("max_results", LOOKED_AT)];
        let names = fields::of_directs(self.config.older_names);
        let write = |api: &Api| api.request(Method::GET, path).query(&query).query(names);
        let value: Value = self.as_account(Deed::LookupDirect, &write).await?.json()?;
        let directs = wire::list(&value, "data").iter().filter_map(Direct::read);
        let ours = directs.filter(|direct| direct.sender.as_ref() == Some(&me));
        Ok(ours
            .map(|direct| Said {
                text: words::readable(direct.text.as_deref().unwrap_or_default(), &direct.links),
                at: moment(direct.created.as_deref(), &direct.id),
                files: direct.media.len(),
                id: direct.id,
            })
            .collect())
    }
}

fn moment(written: Option<&str>, id: &str) -> Option<i64> {
    written.and_then(inbound::moment).or_else(|| ids::made_at(id))
}

fn outgoing(part: &Part) -> Result<Outgoing, Failure> {
    serde_json::from_value::<Outgoing>(part.body.clone()).ok().filter(|outgoing| outgoing.v == 1).ok_or_else(|| {
        Failure::Permanent {
            reason: Reason::NotAllowed,
            why: "This answer was written by another version of Deskbell and cannot be sent by this one. Write it again.".to_owned(),
        }
    })
}
