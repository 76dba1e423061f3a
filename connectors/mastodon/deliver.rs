//! An answer leaves. The post it answers is looked at first: how public the answer may be is decided by that, and by nobody's
//! memory. Instances know a key under which the same thing may be sent again for an hour (`Idempotency-Key`).

use reqwest::Method;
use serde_json::json;

use super::channel::Handle;
use super::outbound::{self, Outgoing};
use super::trouble::{Deed, STATUSES};
use super::wire::Status;
use crate::contract::{
    BoxFuture, Deliver, Draft, Failure, Fence, Key, Measure, Part, Reason, Refusal, Sent, Visibility,
};
use crate::web::Api;

impl Deliver for Handle {
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
        outbound::compose(&self.limits(), draft, now)
    }

    fn measure(&self, text: &str, _visibility: Visibility) -> Option<Measure> {
        Some(outbound::measure(&self.limits(), text))
    }

    fn endpoint(&self, _part: &Part) -> Option<String> {
        Some(STATUSES.to_owned())
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            let sent = self.send(&outgoing(part)?, key, fence).await?;
            self.remember(key, &sent);
            Ok(sent)
        })
    }

    fn find<'a>(&'a self, part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async move {
            if let Some(sent) = self.remembered(key) {
                return Ok(Some(sent));
            }
            let found = self.look_for(&outgoing(part)?, key).await?;
            if let Some(sent) = &found {
                self.remember(key, sent);
            }
            Ok(found)
        })
    }
}

impl Handle {
    async fn send(&self, outgoing: &Outgoing, key: &Key, fence: &dyn Fence) -> Result<Sent, Failure> {
        let answered = self.answered(outgoing).await?;
        let mut files = Vec::new();
        for file in &outgoing.files {
            files.push(self.upload(file).await?);
        }
        let seen = answered.as_ref().and_then(|status| status.visibility.as_deref());
        let mut body = json!({"visibility": visibility(outgoing.public, seen)});
        if !outgoing.text.is_empty() {
            body["status"] = outgoing.text.clone().into();
        }
        if let Some(status) = &answered {
            body["in_reply_to_id"] = status.id.clone().into();
        }
        if !files.is_empty() {
            body["media_ids"] = files.into();
        }
        let key = key.to_string();
        let write = |api: &Api| {
            api.request(Method::POST, "/api/v1/statuses").header("Idempotency-Key", &key).json(&body)
        };
        let answer = self.tell(Deed::Send, &write, fence).await?;
        match answer.json::<Status>() {
            Ok(taken) => Ok(Sent { id: Some(taken.id), refused: Vec::new() }),
            // It was taken, and is looked for.
            Err(_) => Err(Failure::Malformed {
                raw: answer.body,
                why: "The instance took this answer and did not say under which number. It is looked for."
                    .to_owned(),
            }),
        }
    }

    /// The post as it stands now. What only the patron reads can also go without it.
    async fn answered(&self, outgoing: &Outgoing) -> Result<Option<Status>, Failure> {
        let Some(id) = &outgoing.answers else { return Ok(None) };
        let path = format!("/api/v1/statuses/{id}");
        let write = |api: &Api| api.request(Method::GET, &path);
        let answer = self.exchange(Deed::Look, &write).await?;
        match answer.status {
            404 | 410 if !outgoing.public => Ok(None),
            _ if answer.is_success() => Ok(Some(answer.json()?)),
            _ => Err(self.judged(Deed::Look, &answer)),
        }
    }
}

/// Who may read an answer: never more than could read what it answers. What is for followers had the patron's followers in
/// mind, and an answer would reach ours: it goes to the patron alone.
pub fn visibility(public: bool, answered: Option<&str>) -> &'static str {
    match answered {
        Some("public") if public => "public",
        Some("unlisted") if public => "unlisted",
        _ => "direct",
    }
}

fn outgoing(part: &Part) -> Result<Outgoing, Failure> {
    serde_json::from_value::<Outgoing>(part.body.clone()).ok().filter(|outgoing| outgoing.v == 1).ok_or_else(|| {
        Failure::Permanent {
            reason: Reason::NotAllowed,
            why: "This answer was written by another version of Deskbell and cannot be sent by this one. Write it again.".to_owned(),
        }
    })
}
