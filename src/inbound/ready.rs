//! Makes an envelope ready for its transaction: everything that takes time or needs the disk happens here, before.

use bytes::Bytes;
use connectors::contract::{self, Content, Event, HeldReason};
use connectors::markup;
use uuid::Uuid;

use super::harmless;
use super::words::Words;
use crate::app::App;
use crate::error::Result;
use crate::model::channel::Channel;
use crate::model::file::LARGEST_IN_ROW;
use crate::model::message::Attachment;
use crate::store::envelopes::Envelope;

/// An envelope ready to be filed.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) envelope: Envelope,
    pub(super) renumbered: bool,
    pub(super) event: Event,
    pub(super) message_id: Uuid,
    /// With their bytes where they stay in the row.
    pub(super) attachments: Vec<(Attachment, Option<Bytes>)>,
    /// The message's markup behind the first wall.
    pub(super) html: Option<String>,
    /// A message's words, made ahead.
    pub(super) words: Option<Words>,
    /// It is taken in from elsewhere and was said long ago: nothing is said in answer.
    pub(super) quiet: bool,
    /// It was held until now: its envelope is here already.
    pub(super) let_in: bool,
}

impl Ready {
    /// Whether a file of it is still to be fetched.
    pub(super) fn is_to_be_completed(&self) -> bool {
        self.attachments.iter().any(|(file, _)| file.reference.is_some())
    }
}

pub(super) async fn prepare(app: &App, channel: &Channel, mut given: contract::Envelope) -> Result<Ready> {
    harmless::text(&mut given.external_id);
    given.fingerprint.iter_mut().for_each(harmless::text);
    let contract::Envelope { external_id, fingerprint, renumbered, raw, content_type, at, event } = given;
    let understood = understand(app, event).await?;
    let event = &understood.event;
    let envelope = envelope(app, channel, external_id, fingerprint, raw, at, content_type, event).await?;
    Ok(understood.with(envelope, renumbered))
}

/// The same for what was held until now and was read again.
pub(super) async fn again(app: &App, envelope: Envelope, event: Event) -> Result<Ready> {
    let ready = understand(app, event).await?.with(envelope, false);
    // It was said a while ago.
    Ok(Ready { quiet: true, let_in: true, ..ready })
}

/// An event whose files are kept and whose markup is behind the first wall.
struct Understood {
    event: Event,
    message_id: Uuid,
    attachments: Vec<(Attachment, Option<Bytes>)>,
    html: Option<String>,
    words: Option<Words>,
}

impl Understood {
    fn with(self, envelope: Envelope, renumbered: bool) -> Ready {
        let Self { event, message_id, attachments, html, words } = self;
        Ready {
            envelope,
            renumbered,
            event,
            message_id,
            attachments,
            html,
            words,
            quiet: false,
            let_in: false,
        }
    }
}

async fn understand(app: &App, mut event: Event) -> Result<Understood> {
    let message_id = app.clock.id();
    harmless::make(&mut event);
    let mut attachments = Vec::new();
    let mut html = None;
    if let Event::Message(message) | Event::Echo(message) = &mut event {
        for (position, attachment) in std::mem::take(&mut message.attachments).into_iter().enumerate() {
            attachments.push(keep(app, message_id, position, attachment).await?);
        }
        html = message.said.html.take().map(|markup| sanitise(&markup, &attachments));
    }
    let words = if let Event::Message(message) = &event { Words::ahead(message) } else { None };
    Ok(Understood { event, message_id, attachments, html, words })
}

#[expect(clippy::too_many_arguments, reason = "the contract's envelope taken apart, its event already moved")]
async fn envelope(
    app: &App,
    channel: &Channel,
    external_id: String,
    fingerprint: Option<String>,
    raw: Bytes,
    at: i64,
    content_type: &str,
    event: &Event,
) -> Result<Envelope> {
    #[cfg(feature = "wrong-no-unique-key")]
    let external_id =
        if crate::wrong::is("no-unique-key") { app.clock.id().to_string() } else { external_id };
    let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
    let (raw, blob) = if raw.len() <= LARGEST_IN_ROW {
        (Some(raw.to_vec()), None)
    } else {
        (None, Some(app.blobs.put(&raw).await?))
    };
    let mut envelope = Envelope {
        id: app.clock.id(),
        channel_id: channel.id,
        external_id,
        fingerprint,
        received_at: app.clock.now(),
        at,
        content_type: content_type.to_owned(),
        size,
        raw,
        blob,
        held: None,
        held_why: None,
        held_from: None,
        held_subject: None,
    };
    hold_if_no_message(&mut envelope, event);
    Ok(envelope)
}

/// What opens no conversation is marked here, so that it goes to held in the statement that keeps it.
fn hold_if_no_message(envelope: &mut Envelope, event: &Event) {
    let mut hold = |reason: HeldReason, why: String| {
        envelope.held = Some(reason.as_str().to_owned());
        envelope.held_why = Some(why);
    };
    match event {
        Event::Message(_) | Event::Echo(_) | Event::Receipt(_) => {}
        Event::Held(held) => {
            hold(held.reason, held.why.clone());
            envelope.held_from = held.author.as_ref().map(|author| author.shown.clone());
            envelope.held_subject.clone_from(&held.subject);
        }
        Event::Edited { text, .. } => {
            hold(HeldReason::Ignored, format!("A patron changed an earlier message. It says now: {text}"));
        }
        Event::Deleted { .. } => {
            hold(
                HeldReason::Ignored,
                "A patron took an earlier message back. It is still kept here.".to_owned(),
            );
        }
        Event::OptOut { address, stopped } => {
            let wish = if *stopped { "asked us to stop writing" } else { "allowed us to write again" };
            hold(HeldReason::Ignored, format!("{} {wish}.", address.shown));
        }
        Event::Gap { why } | Event::Revoked { why } => hold(HeldReason::Ignored, why.clone()),
    }
}

async fn keep(
    app: &App,
    message: Uuid,
    position: usize,
    given: contract::Attachment,
) -> Result<(Attachment, Option<Bytes>)> {
    let mut in_row = None;
    let mut kept = Attachment {
        id: app.clock.id(),
        message_id: message,
        position: i64::try_from(position).unwrap_or(i64::MAX),
        filename: given.filename,
        content_type: given.content_type,
        size: 0,
        sha256: None,
        content_id: given.content_id,
        inline_shown: given.inline,
        reference: None,
        state: "kept".to_owned(),
        why: None,
    };
    match given.content {
        Content::Here(bytes) => {
            kept.size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            if bytes.len() <= LARGEST_IN_ROW {
                in_row = Some(bytes);
            } else {
                kept.sha256 = Some(app.blobs.put(&bytes).await?);
            }
        }
        Content::There { reference, size } => {
            kept.size = size.and_then(|size| i64::try_from(size).ok()).unwrap_or(0);
            kept.reference = Some(reference);
            kept.state = "to_fetch".to_owned();
        }
    }
    Ok((kept, in_row))
}

fn sanitise(html: &str, attachments: &[(Attachment, Option<Bytes>)]) -> String {
    let shown_at = |content_id: &str| {
        attachments
            .iter()
            .find(|(attachment, _)| attachment.content_id.as_deref() == Some(content_id))
            .map(|(attachment, _)| format!("/api/v1/attachments/{}", attachment.id))
    };
    markup::sanitise(html, &shown_at).into_string()
}
