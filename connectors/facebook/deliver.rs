//! An answer leaves: one call a message, never repeated here.

use reqwest::multipart::{Form, Part as FormPart};
use serde_json::{Value, json};

use super::channel::{DAY_MS, HUMAN_AGENT, PageChannel};
use super::json::text;
use super::metadata;
use super::outbound::{self, Piece, Public, Way, is_picture};
use super::usage::Lane;
use crate::contract::{
    BoxFuture, Deliver, Draft, Enclosure, Failure, Fence, Key, Part, Reason, Refusal, Sent, Unfenced,
};

/// So long before 24 hours are over, an answer already carries the mark of late ones: it may wait a moment on its way.
const MARGIN_MS: i64 = 60_000;

impl Deliver for PageChannel {
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
        outbound::compose(&self.config, draft, now)
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            // Facebook would take it twice; we know what it took from us.
            if let Some(sent) = self.sent_before(key) {
                return Ok(sent);
            }
            let piece = read(part)?;
            let id = match &piece.way {
                Way::Message { to } => self.message(&piece, json!({ "id": to }), key, fence).await?,
                Way::PrivateReply { to: Public::Comment(id) } => {
                    self.message(&piece, json!({ "comment_id": id }), key, fence).await?
                }
                Way::PrivateReply { to: Public::Post(id) } => {
                    self.message(&piece, json!({ "post_id": id }), key, fence).await?
                }
                Way::Comment { on } => self.comment(&piece, on, fence).await?,
            };
            let sent = Sent { id, refused: Vec::new() };
            self.remember(key, &sent);
            Ok(sent)
        })
    }

    fn find<'a>(&'a self, part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async move {
            if let Some(sent) = self.sent_before(key) {
                return Ok(Some(sent));
            }
            let found = self.look_for(&read(part)?, key).await?;
            if let Some(sent) = &found {
                self.remember(key, sent);
            }
            Ok(found)
        })
    }
}

impl PageChannel {
    async fn message(
        &self,
        piece: &Piece,
        recipient: Value,
        key: &Key,
        fence: &dyn Fence,
    ) -> Result<Option<String>, Failure> {
        let path = format!("{}/messages", self.config.page_id);
        let metadata = metadata::mint(&self.own.proof_key, key);
        let (kind, tag) = self.kind(piece);
        let answer = match &piece.file {
            None => {
                let mut body = json!({
                    "recipient": recipient,
                    "messaging_type": kind,
                    "message": { "text": piece.text, "metadata": metadata },
                });
                if let (Some(tag), Some(fields)) = (tag, body.as_object_mut()) {
                    fields.insert("tag".to_owned(), json!(tag));
                }
                self.graph.post(Lane::Messenger, &path, &body, fence).await?
            }
            Some(file) => {
                let message = json!({
                    "attachment": { "type": attachment_type(&file.content_type), "payload": {} },
                    "metadata": metadata,
                });
                let form = Form::new()
                    .text("recipient", recipient.to_string())
                    .text("messaging_type", kind)
                    .text("message", message.to_string())
                    .part("filedata", self.form_part(file).await?);
                let form = match tag {
                    Some(tag) => form.text("tag", tag),
                    None => form,
                };
                self.graph.post_form(Lane::Messenger, &path, form, fence).await?
            }
        };
        self.taken(text(&answer, "message_id"))
    }

    async fn comment(&self, piece: &Piece, on: &str, fence: &dyn Fence) -> Result<Option<String>, Failure> {
        let mut body = json!({});
        let fields = body.as_object_mut().expect("it was just made as one");
        if let Some(text) = &piece.text {
            fields.insert("message".to_owned(), json!(text));
        }
        if let Some(file) = &piece.file {
            let picture = self.upload(file).await?;
            fields.insert("attachment_id".to_owned(), json!(picture));
        }
        let answer = self.graph.post(Lane::Page, &format!("{on}/comments"), &body, fence).await?;
        self.taken(text(&answer, "id"))
    }

    /// Puts a picture where nobody sees it until it is shown under a comment: what goes wrong here may be done again.
    async fn upload(&self, file: &Enclosure) -> Result<String, Failure> {
        let form = Form::new().text("published", "false").part("source", self.form_part(file).await?);
        let path = format!("{}/photos", self.config.page_id);
        let answer =
            self.graph.post_form(Lane::Page, &path, form, &Unfenced).await.map_err(
                |failure| match failure {
                    Failure::Ambiguous { why } => Failure::Transient { after_ms: None, why },
                    failure => failure,
                },
            )?;
        text(&answer, "id").ok_or_else(|| Failure::Transient {
            after_ms: None,
            why: "Facebook took the picture and did not say under which number; it is given again."
                .to_owned(),
        })
    }

    /// A yes without a number is a yes that nobody can check.
    fn taken(&self, id: Option<String>) -> Result<Option<String>, Failure> {
        id.map(Some).ok_or_else(|| Failure::Ambiguous {
            why: "Facebook took this and did not say under which number; it is being looked for.".to_owned(),
        })
    }

    /// What kind of message it is by now: the window may have closed since it was written.
    fn kind(&self, piece: &Piece) -> (&'static str, Option<&'static str>) {
        let private = matches!(piece.way, Way::Message { .. });
        let age = piece.patron_wrote_at.map_or(0, |at| self.graph.now().saturating_sub(at));
        if private && self.config.human_agent && !piece.automatic && age > DAY_MS - MARGIN_MS {
            return ("MESSAGE_TAG", Some(HUMAN_AGENT));
        }
        ("RESPONSE", None)
    }
}

impl PageChannel {
    async fn form_part(&self, file: &Enclosure) -> Result<FormPart, Failure> {
        let bytes = self.graph.file(file).await?;
        let part = FormPart::stream_with_length(bytes, file.size).file_name(file.filename.clone());
        part.mime_str(&file.content_type).map_err(|_| Failure::Permanent {
            reason: Reason::BadAttachment,
            why: format!("The file {} cannot be sent as it is kept. Add it again.", file.filename),
        })
    }
}

/// What Messenger calls a kind of file.
fn attachment_type(content_type: &str) -> &'static str {
    match content_type.split('/').next() {
        _ if is_picture(content_type) => "image",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "file",
    }
}

pub(super) fn read(part: &Part) -> Result<Piece, Failure> {
    serde_json::from_value::<Piece>(part.body.clone()).ok().filter(|piece| piece.v == 1).ok_or_else(|| {
        Failure::Permanent {
            reason: Reason::NotAllowed,
            why: "This answer was written by another version of Deskbell and cannot be sent by this one. Write it again.".to_owned(),
        }
    })
}
