//! A text leaves; one whose fate is unknown is looked for.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use reqwest::Method;
use reqwest::header::DATE;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::channel::Number;
use super::outbound::{self, Outgoing};
use super::wire::{self, Page, Resource};
use super::{API, trouble};
use crate::contract::{
    BoxFuture, Deliver, Draft, Failure, Fence, Key, Measure, Part, Reason, Refusal, Sent, Visibility,
};
use crate::web::Answer;

/// Two clocks that ought to agree differ by this at most after their difference has been taken out.
const TOLERANCE_MS: i64 = 30_000;
const MOST_PAGES: usize = 3;
const KEPT: usize = 1000;

/// Which delivery became which text, while this process lives: one key makes one text, and a text that one delivery made
/// is not taken for another's.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<VecDeque<(Key, String)>>);

impl Remembered {
    fn note(&self, key: Key, sid: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((key, sid.to_owned()));
    }

    fn of(&self, wanted: Key) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(key, _)| *key == wanted).map(|(_, sid)| sid.clone())
    }

    fn is_anothers(&self, sid: &str, key: Key) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().any(|(known, known_sid)| known_sid == sid && *known != key)
    }
}

impl Deliver for Number {
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
        outbound::compose(&self.config, self.is_reachable(), draft, now)
    }

    fn cost_micros(&self, part: &Part) -> Option<i64> {
        let segments = Outgoing::read(part)?.segments;
        self.config.price_micros?.checked_mul(i64::from(segments))
    }

    fn measure(&self, text: &str, _visibility: Visibility) -> Option<Measure> {
        Some(outbound::measure(&self.config, text))
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(self.send(part, *key, fence))
    }

    fn find<'a>(&'a self, part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(self.look_for(part, *key))
    }
}

impl Number {
    async fn send(&self, part: &Part, key: Key, fence: &dyn Fence) -> Result<Sent, Failure> {
        if let Some(sid) = self.remembered.of(key) {
            return Ok(sent(sid));
        }
        let outgoing = read(part)?;
        let sender = match &self.config.service {
            Some(service) => ("MessagingServiceSid", service.as_str()),
            None => ("From", self.config.number.as_str()),
        };
        let callback = self.callback(key);
        let mut form = vec![("To", outgoing.to.as_str()), sender];
        if !outgoing.body.is_empty() {
            form.push(("Body", outgoing.body.as_str()));
        }
        let links: Option<Vec<String>> =
            outgoing.files.iter().map(|file| self.account.files.link(file)).collect();
        let links = links.ok_or_else(|| Failure::Permanent {
            reason: Reason::BadAttachment,
            why: "Deskbell has no public address any more, so the platform cannot fetch this answer's files."
                .to_owned(),
        })?;
        form.extend(links.iter().map(|link| ("MediaUrl", link.as_str())));
        form.extend(callback.as_deref().map(|callback| ("StatusCallback", callback)));
        let path = format!("{API}/Accounts/{}/Messages.json", self.config.account);
        let answer = self.api.tell(self.request(Method::POST, &path).form(&form), fence).await?;
        if !answer.is_success() {
            return Err(trouble::sending(&answer, self.account.outside.now()));
        }
        let taken = answer.json::<Resource>().ok().and_then(|taken| taken.sid);
        let Some(sid) = taken else {
            return Err(Failure::Ambiguous {
                why: format!(
                    "Twilio answered {} with something that cannot be read; whether the text left is being looked up.",
                    answer.status
                ),
            });
        };
        self.remembered.note(key, &sid);
        Ok(sent(sid))
    }

    /// Where the platform is to say what became of the text; it names the delivery, so that even a sending whose answer
    /// was lost is settled by the first word of it.
    fn callback(&self, key: Key) -> Option<String> {
        // The platform refuses a text whose address it cannot reach.
        let url = self.account.webhook_url.as_deref().filter(|url| self.can_be_called_at(url))?;
        let joint = if url.contains('?') { '&' } else { '?' };
        Some(format!("{url}{joint}delivery={key}"))
    }

    async fn look_for(&self, part: &Part, key: Key) -> Result<Option<Sent>, Failure> {
        if let Some(sid) = self.remembered.of(key) {
            return Ok(Some(sent(sid)));
        }
        let outgoing = read(part)?;
        let mut path = self.texts_to(&outgoing.to);
        for _ in 0..MOST_PAGES {
            let answer = self.ask(Method::GET, &path).await?;
            if !answer.is_success() {
                return Err(trouble::asking(&answer, self.account.outside.now()));
            }
            let from =
                outgoing.composed_at.saturating_add(self.ahead_ms(&answer)).saturating_sub(TOLERANCE_MS);
            let page: Page = answer.json()?;
            for resource in page.messages.iter().filter_map(resource) {
                let sid = resource.sid.as_deref().unwrap_or_default();
                let is_it = !resource.is_inbound()
                    && resource.body.as_deref().map(str::trim) == Some(outgoing.body.trim())
                    && (resource.media() > 0) != outgoing.files.is_empty()
                    && resource.created_at().is_some_and(|at| at >= from)
                    && !self.remembered.is_anothers(sid, key);
                if is_it && !sid.is_empty() {
                    self.remembered.note(key, sid);
                    return Ok(Some(sent(sid.to_owned())));
                }
            }
            let older = page.messages.last().and_then(resource).and_then(|last| last.created_at());
            match page.next_page_uri {
                Some(next) if older.is_some_and(|at| at >= from) => path = self.within_the_list(&next)?,
                _ => break,
            }
        }
        // The platform takes no name for a text from us and may list one late: absence is no proof.
        Err(Failure::Ambiguous {
            why: "Twilio lists no such text to this patron, and cannot say for certain that it will not. Ask the patron, or send it again."
                .to_owned(),
        })
    }

    /// The list of what we sent to somebody. Without a day: what still waits to be sent has none.
    fn texts_to(&self, to: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("To", to);
        if self.config.service.is_none() {
            query.append_pair("From", &self.config.number);
        }
        query.append_pair("PageSize", "100");
        format!("{API}/Accounts/{}/Messages.json?{}", self.config.account, query.finish())
    }

    /// How far the platform's clock is ahead of ours, milliseconds.
    fn ahead_ms(&self, answer: &Answer) -> i64 {
        let theirs = answer.header(DATE.as_str()).and_then(wire::moment);
        theirs.map_or(0, |theirs| theirs.saturating_sub(self.account.outside.now()))
    }
}

fn resource(value: &Value) -> Option<Resource> {
    serde_json::from_value(value.clone()).ok()
}

fn sent(sid: String) -> Sent {
    Sent { id: Some(sid), refused: Vec::new() }
}

fn read(part: &Part) -> Result<Outgoing, Failure> {
    Outgoing::read(part).ok_or_else(|| Failure::Permanent {
        reason: Reason::ContentRefused,
        why: "This text was written down by another version of Deskbell and cannot be read. Write it again."
            .to_owned(),
    })
}
