//! From what the platform says to what it means: pure, and the same for calls, polls and `webhook inspect`.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::form::Params;
use super::trouble;
use super::wire::Resource;
use super::words::{self, Wish, Words};
use crate::contract::{
    Address, Attachment, Content, Envelope, Event, Held, HeldReason, Key, Message, Receipt, ReceiptState,
    Said, Thread,
};

/// The most files a text can have.
const MOST_FILES: usize = 10;

/// Whose words these are read for.
#[derive(Clone, Debug)]
pub struct Own<'a> {
    /// Our number; none: whoever it was sent to.
    pub number: Option<&'a str>,
    /// What means stop and start.
    pub words: &'a Words,
}

/// What was read, under the name that it has however often and by whichever way it comes.
#[derive(Clone, Debug)]
pub struct Happening {
    /// See [`Envelope::external_id`].
    pub external_id: String,
    /// When, epoch milliseconds; none: the platform does not say.
    pub at: Option<i64>,
    /// What.
    pub event: Event,
}

impl Happening {
    /// With the bytes it was read from.
    pub fn envelope(self, raw: Bytes, content_type: &'static str, now: i64) -> Envelope {
        Envelope {
            external_id: self.external_id,
            fingerprint: None,
            renumbered: false,
            raw,
            content_type,
            at: self.at.unwrap_or(now),
            event: self.event,
        }
    }
}

/// A text, whichever way it came.
struct Text<'a> {
    sid: &'a str,
    from: &'a str,
    to: &'a str,
    body: &'a str,
    at: Option<i64>,
    wish: Option<Wish>,
    files: Vec<Attachment>,
}

/// What a call says; `key` is the delivery that its proven address names.
pub fn of_call(params: &Params, key: Option<Key>, own: &Own<'_>) -> Vec<Happening> {
    let sid = ["messagesid", "smsmessagesid", "smssid", "sid"].iter().find_map(|name| params.get(name));
    let status = ["messagestatus", "smsstatus", "status"].iter().find_map(|name| params.get(name));
    let Some(sid) = sid else {
        return Vec::new();
    };
    if let Some(state) = status.and_then(state_of) {
        let code = params.get("errorcode").and_then(|code| code.parse().ok()).filter(|code| *code != 0);
        return vec![receipt(sid, status.unwrap_or_default(), state, code, params.get("to"), key, None)];
    }
    let (from, to) = (params.get("from").unwrap_or_default(), params.get("to").unwrap_or_default());
    let said = params.get("body").unwrap_or_default();
    let place = place(params);
    let body = [said, place.as_deref().unwrap_or_default()];
    let body = &body.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n\n");
    let is_text = matches!(status, Some("received" | "receiving") | None);
    if from.is_empty() || !is_text || !(params.has("body") || params.has("nummedia") || place.is_some()) {
        return Vec::new();
    }
    let wish = params.get("optouttype").and_then(words::told).or_else(|| own.words.wish(said));
    let files = (0..MOST_FILES).map_while(|n| file(params, n)).collect();
    of_text(Text { sid, from, to, body, at: None, wish, files }, own)
}

/// `Location: Main library, 1 High Street (51.5, -0.12)`: where the patron is, or means.
fn place(params: &Params) -> Option<String> {
    let (latitude, longitude) = (params.get("latitude")?, params.get("longitude")?);
    let named: Vec<&str> = ["label", "address"].iter().filter_map(|name| params.get(name)).collect();
    Some(match named.is_empty() {
        true => format!("Location: {latitude}, {longitude}"),
        false => format!("Location: {} ({latitude}, {longitude})", named.join(", ")),
    })
}

fn file(params: &Params, n: usize) -> Option<Attachment> {
    let url = params.get(&format!("mediaurl{n}"))?;
    // Always asked of the channel's own API address: whose host stands here is the caller's choice.
    let path = Url::parse(url).ok().map(|url| url.path().to_owned());
    let kind = params.get(&format!("mediacontenttype{n}")).unwrap_or("application/octet-stream");
    Some(attachment(path.unwrap_or_default(), kind))
}

/// A text as the list has it.
pub fn of_resource(resource: &Resource, own: &Own<'_>) -> Vec<Happening> {
    let sid = resource.sid.as_deref().unwrap_or_default();
    let body = resource.body.as_deref().unwrap_or_default();
    // The list counts the files; which they are is asked when they are fetched.
    let count = resource.media().min(MOST_FILES);
    let files = (0..count).map(|n| attachment(format!("{sid}#{n}"), "application/octet-stream")).collect();
    let text = Text {
        sid,
        from: resource.from.as_deref().unwrap_or_default(),
        to: resource.to.as_deref().unwrap_or_default(),
        body,
        at: resource.at(),
        wish: own.words.wish(body),
        files,
    };
    of_text(text, own)
}

/// What the list says of a text of ours.
pub fn receipt_of(resource: &Resource) -> Option<Happening> {
    let (sid, status) = (resource.sid.as_deref()?, resource.status.as_deref()?);
    let to = resource.to.as_deref();
    Some(receipt(sid, status, state_of(status)?, resource.error_code, to, None, resource.at()))
}

fn of_text(text: Text<'_>, own: &Own<'_>) -> Vec<Happening> {
    let happening = |external_id: String, event| Happening { external_id, at: text.at, event };
    let author = address(text.from);
    if own.number.is_some_and(|number| !text.to.is_empty() && text.to != number) {
        let why = format!(
            "This text was sent to {}, which is not this channel's number. Connect that number too, or see whom it calls in the Twilio Console. It says: {}",
            text.to, text.body
        );
        let held =
            Held { reason: HeldReason::Ignored, why, author: Some(author), subject: None, receipt: None };
        return vec![happening(text.sid.to_owned(), Event::Held(held))];
    }
    let opted = |stopped| Event::OptOut { address: author.clone(), stopped };
    match text.wish {
        Some(Wish::Stop) => return vec![happening(text.sid.to_owned(), opted(true))],
        Some(Wish::Start) => return vec![happening(text.sid.to_owned(), opted(false))],
        _ => {}
    }
    let message = Message {
        id: Some(text.sid.to_owned()),
        author: Some(author.clone()),
        recipients: if text.to.is_empty() { Vec::new() } else { vec![address(text.to)] },
        written_at: text.at,
        said: Said { text: text.body.to_owned(), reply_text: text.body.to_owned(), html: None },
        // Two telephones have one conversation with each other.
        thread: Thread { conversation: Some(text.from.to_owned()), ..Thread::default() },
        attachments: text.files.clone(),
        ..Message::default()
    };
    let mut happenings = Vec::new();
    if text.wish == Some(Wish::PerhapsStart) {
        happenings.push(happening(format!("{}/start", text.sid), opted(false)));
    }
    happenings.push(happening(text.sid.to_owned(), Event::Message(Box::new(message))));
    happenings
}

fn attachment(reference: String, content_type: &str) -> Attachment {
    Attachment {
        filename: None,
        content_type: content_type.to_owned(),
        content: Content::There { reference, size: None },
        content_id: None,
        inline: false,
    }
}

/// What a status means; none for those of texts to us.
pub fn state_of(status: &str) -> Option<ReceiptState> {
    match status {
        "accepted" | "scheduled" | "queued" | "sending" => Some(ReceiptState::Delayed),
        "sent" | "partially_delivered" => Some(ReceiptState::Relayed),
        "delivered" => Some(ReceiptState::Delivered),
        "read" => Some(ReceiptState::Read),
        "undelivered" | "failed" | "canceled" => Some(ReceiptState::Failed),
        _ => None,
    }
}

fn receipt(
    sid: &str,
    status: &str,
    state: ReceiptState,
    code: Option<u32>,
    to: Option<&str>,
    key: Option<Key>,
    at: Option<i64>,
) -> Happening {
    let why = (state == ReceiptState::Failed).then(|| trouble::undelivered(code));
    let receipt = Receipt { key, id: Some(sid.to_owned()), state, recipient: to.map(str::to_owned), why };
    Happening { external_id: format!("{sid}/{status}"), at, event: Event::Receipt(receipt) }
}

/// What cannot be read is kept, under the hash of its bytes.
pub fn unreadable(bytes: &[u8]) -> Happening {
    let hash: String = Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let why =
        "Twilio said something that is neither a text nor word of one. It was kept as it came.".to_owned();
    let held = Held { reason: HeldReason::Unreadable, why, author: None, subject: None, receipt: None };
    Happening { external_id: format!("unreadable/{hash}"), at: None, event: Event::Held(held) }
}

/// A number, a short code or a sender's name.
pub fn address(id: &str) -> Address {
    Address { id: id.to_owned(), shown: shown(id), name: None }
}

/// As people of its country write it, where that is known for certain.
fn shown(number: &str) -> String {
    match number.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => number.to_owned(),
    }
}
