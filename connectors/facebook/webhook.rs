//! Facebook calls us: the handshake, the signature, and whether it still calls at all.
//!
//! An app whose address fails for an hour is taken off the Page without a word, so that is looked at on a timer. Everything
//! that was missed is read by asking, from the old mark.

use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use super::channel::PageChannel;
use super::inbound;
use super::json::{is_true, list, text};
use super::signature;
use super::usage::Lane;
use crate::contract::{
    BoxFuture, Failure, Reason, Received, Receiving, RefusedRequest, Reply, Subscription, Unfenced, Webhook,
};

/// What the Page tells us of.
const MESSENGER_FIELDS: &[&str] =
    &["messages", "message_echoes", "messaging_postbacks", "message_deliveries", "message_edits"];
const FEED_FIELD: &str = "feed";

impl Webhook for PageChannel {
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest> {
        if request.method.eq_ignore_ascii_case("GET") {
            return self.shake_hands(request.url);
        }
        let header = request.headers.iter().find(|(name, _)| name == signature::HEADER);
        let given = header.map(|(_, value)| value.as_str());
        signature::verify(self.app_secret().expose_secret(), given, request.body)?;
        let envelopes = inbound::envelopes(request.body, &self.own, request.now);
        Ok(Received { envelopes, ..Received::default() })
    }

    fn ensure_subscribed<'a>(&'a self, public_url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>> {
        Box::pin(async move {
            let app = self.subscribe_app(public_url).await?;
            let page = self.subscribe_page().await?;
            Ok(if app == Subscription::Kept && page == Subscription::Kept {
                Subscription::Kept
            } else {
                Subscription::Renewed
            })
        })
    }
}

impl PageChannel {
    fn shake_hands(&self, url: &str) -> Result<Received, RefusedRequest> {
        let url = Url::parse(url).map_err(|_| RefusedRequest::WrongToken)?;
        let given = |wanted: &str| {
            url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let right = self.config.verify_token.as_ref().ok_or(RefusedRequest::WrongToken)?;
        let token = given("hub.verify_token").unwrap_or_default();
        let (Some("subscribe"), Some(challenge), true) =
            (given("hub.mode").as_deref(), given("hub.challenge"), is_same(right.expose_secret(), &token))
        else {
            return Err(RefusedRequest::WrongToken);
        };
        // What we are made to say goes out as plain text: nobody can have a page of theirs shown at our address.
        let reply = Reply { content_type: "text/plain; charset=utf-8", body: Bytes::from(challenge) };
        Ok(Received { reply: Some(reply), ..Received::default() })
    }

    /// The app's own address for calls, one for all its Pages.
    async fn subscribe_app(&self, public_url: &str) -> Result<Subscription, Failure> {
        let Some(verify_token) = &self.config.verify_token else { return Ok(Subscription::Kept) };
        let path = format!("{}/subscriptions", self.config.app_id);
        let known = self.graph.get_as_app(&path, &[]).await?;
        let wanted = self.wanted();
        if let Some(ours) =
            list(&known, "data").iter().find(|one| text(one, "object").as_deref() == Some("page"))
        {
            let address = text(ours, "callback_url").unwrap_or_default();
            if address == public_url && is_true(ours, "active") && has_all(ours.get("fields"), &wanted) {
                return Ok(Subscription::Kept);
            }
            if path_of(&address) != path_of(public_url) {
                return Err(Failure::Permanent {
                    reason: Reason::NotAllowed,
                    why: format!(
                        "The app calls another address ({address}), perhaps another program's. Polling brings everything meanwhile; to be called, change the address at developers.facebook.com to {public_url}."
                    ),
                });
            }
        }
        let form = [
            ("object", "page"),
            ("callback_url", public_url),
            ("verify_token", verify_token.expose_secret()),
            ("fields", &wanted.join(",")),
            ("include_values", "true"),
        ];
        self.graph.post_as_app(&path, &form).await?;
        Ok(Subscription::Renewed)
    }

    /// Whether this Page tells the app.
    async fn subscribe_page(&self) -> Result<Subscription, Failure> {
        let path = format!("{}/subscribed_apps", self.config.page_id);
        let known = self.graph.get(Lane::Page, &path, &[]).await?;
        let wanted = self.wanted();
        if self.is_subscribed(&known) {
            return Ok(Subscription::Kept);
        }
        self.graph.post(Lane::Page, &path, &json!({ "subscribed_fields": wanted }), &Unfenced).await?;
        Ok(Subscription::Renewed)
    }

    /// Whether this list of the Page's apps has ours, with all it wants to be told.
    pub(super) fn is_subscribed(&self, known: &Value) -> bool {
        let ours =
            list(known, "data").iter().find(|app| text(app, "id").as_deref() == Some(&self.config.app_id));
        ours.is_some_and(|app| has_all(app.get("subscribed_fields"), &self.wanted()))
    }

    fn wanted(&self) -> Vec<&'static str> {
        let messenger = if self.config.messages { MESSENGER_FIELDS } else { &[] };
        let feed = self.config.comments.then_some(FEED_FIELD);
        messenger.iter().copied().chain(feed).collect()
    }
}

/// Fields come as words, or as objects with a name and a version.
fn has_all(fields: Option<&Value>, wanted: &[&str]) -> bool {
    let known = fields.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let name = |field: &Value| field.as_str().map(str::to_owned).or_else(|| text(field, "name"));
    let known: Vec<String> = known.iter().filter_map(name).collect();
    wanted.iter().all(|wanted| known.iter().any(|known| known == wanted))
}

fn path_of(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.path().trim_end_matches('/').to_owned())
}

/// Takes as long for a wrong word as for the right one.
fn is_same(right: &str, given: &str) -> bool {
    signature::hex_mac(b"verify token", right.as_bytes())
        == signature::hex_mac(b"verify token", given.as_bytes())
}
