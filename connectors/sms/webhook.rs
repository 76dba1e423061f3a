//! The platform calls us: about texts that came, and about what became of ours.

use bytes::Bytes;
use reqwest::Method;
use url::Url;
use uuid::Uuid;

use super::channel::Number;
use super::inbound::Own;
use super::settings::Calls;
use super::wire::NumberResource;
use super::{API, form, inspect, proof, trouble};
use crate::contract::{
    BoxFuture, Check, Failure, Key, Received, Receiving, RefusedRequest, Reply, Subscription, Webhook,
};

/// Anything else would be texted to the patron.
const SAY_NOTHING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
/// Three more tries whatever goes wrong; the platform reads this behind the address and does not send it.
const TRY_AGAIN: &str = "#rc=3&rp=all";
/// Whom a new number calls before anybody has said whom.
const UNUSED: &str = "demo.twilio.com";

impl Webhook for Number {
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest> {
        let header = |wanted: &str| {
            request.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        let query =
            request.url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        // With GET everything is in the address, which the signature covers.
        let is_get = request.method.eq_ignore_ascii_case("GET");
        let (body, content_type) = if is_get {
            (query.as_bytes(), Some("application/x-www-form-urlencoded"))
        } else {
            (request.body, header("content-type"))
        };
        let is_json = form::is_json(content_type, body);
        if is_json && !query.contains("bodySHA256=") {
            return Err(RefusedRequest::Forged);
        }
        let pairs = if is_json || is_get { Vec::new() } else { form::pairs(body) };
        let signature = header("x-twilio-signature");
        proof::check(&self.config.tokens, signature, request.url, request.body, &pairs)?;
        let own = Own { number: Some(&self.config.number), words: &self.config.words };
        let raw = Bytes::copy_from_slice(body);
        let kind = if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
        let envelopes = inspect::read(body, content_type, delivery(query), &own)
            .into_iter()
            .map(|(happening, _)| happening.envelope(raw.clone(), kind, request.now))
            .collect();
        let reply = Reply { content_type: "text/xml", body: Bytes::from_static(SAY_NOTHING.as_bytes()) };
        Ok(Received { reply: Some(reply), envelopes, ..Received::default() })
    }

    fn ensure_subscribed<'a>(&'a self, public_url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>> {
        Box::pin(async move {
            if self.config.calls == Calls::No || !self.can_be_called_at(public_url) {
                return Ok(Subscription::Kept);
            }
            let Some(listed) = self.listed().await? else { return Ok(Subscription::Kept) };
            let (Some(sid), true) = (&listed.sid, is_to_be_set(&listed, public_url, self.config.calls))
            else {
                return Ok(Subscription::Kept);
            };
            let path = format!("{API}/Accounts/{}/IncomingPhoneNumbers/{sid}.json", self.config.account);
            let url = format!("{public_url}{TRY_AGAIN}");
            let form = [("SmsUrl", url.as_str()), ("SmsMethod", "POST")];
            // Setting it twice is setting it once.
            let answer = self.api.ask(self.request(Method::POST, &path).form(&form)).await?;
            if answer.is_success() {
                Ok(Subscription::Renewed)
            } else {
                Err(trouble::asking(&answer, self.account.outside.now()))
            }
        })
    }
}

/// What a probe says of whom the number calls.
pub fn check(listed: &NumberResource, wanted: &str, calls: Calls) -> Check {
    let now = listed.sms_url.as_deref().unwrap_or_default();
    let ours = bare(now) == bare(wanted);
    let detail = if ours {
        "The number calls Deskbell.".to_owned()
    } else if is_to_be_set(listed, wanted, calls) {
        "The number will be told to call Deskbell.".to_owned()
    } else {
        let whom = Url::parse(now).ok().and_then(|url| url.host_str().map(str::to_owned));
        let whom = whom.map_or_else(|| "nobody".to_owned(), |host| format!("somebody else ({host})"));
        format!(
            "The number calls {whom}, so texts come only when Twilio is asked, each minute. To change that, set Calls from Twilio."
        )
    };
    Check { name: "Calls from Twilio".to_owned(), passed: true, detail }
}

fn is_to_be_set(listed: &NumberResource, wanted: &str, calls: Calls) -> bool {
    let now = listed.sms_url.as_deref().unwrap_or_default();
    if bare(now) == bare(wanted) {
        return false;
    }
    let path = |url: &str| Url::parse(url).ok().map(|url| url.path().to_owned());
    match calls {
        Calls::No => false,
        Calls::Yes => true,
        // Ours from before the library moved to another address has the same path.
        Calls::IfFree => {
            bare(now).is_empty()
                || Url::parse(now).is_ok_and(|url| url.host_str() == Some(UNUSED))
                || path(now).is_some_and(|now| Some(now) == path(wanted))
        }
    }
}

fn bare(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

/// The delivery that the address names; the signature covers it.
fn delivery(query: &str) -> Option<Key> {
    let (_, id) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "delivery")?;
    Uuid::parse_str(&id).ok().map(Key)
}
