//! Bytes to [`Mail`]. Never panics, never recurses on what the sender chose, linear in the size of the mail.

use sha2::{Digest, Sha256};

use super::mail::{Attachment, Held, Limits, Mail, Mailbox, Notice};
use super::mime::{self, Part, Tree, addresses, date, headers, ids, words};
use super::{body, classify, names, tnef, token};
use crate::markup;

/// Reads one mail under the usual limits.
///
/// # Errors
/// [`Held`] where the mail cannot be shown at all; the caller keeps the bytes.
pub fn read(bytes: &[u8]) -> Result<Mail, Held> {
    read_within(bytes, &Limits::default())
}

/// Reads one mail under the given limits.
///
/// # Errors
/// [`Held`] where the mail cannot be shown at all; the caller keeps the bytes.
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Mail, Held> {
    if bytes.len() > limits.mail_bytes {
        let mb = |bytes: usize| bytes.div_ceil(1 << 20);
        return Err(Held::TooBig { size_mb: mb(bytes.len()), limit_mb: mb(limits.mail_bytes) });
    }
    // One mail nobody foresaw must not stop the mailbox (the parsers below are tested never to come here).
    std::panic::catch_unwind(|| mail_of(bytes, limits)).map_err(|_| Held::Unreadable)
}

fn mail_of(bytes: &[u8], limits: &Limits) -> Mail {
    let bytes = &*headers::with_line_feeds(bytes);
    let tree = mime::walk(bytes, limits);
    let headers = &tree.parts[0].headers;
    let hint = tree.parts.iter().find_map(|part| part.content_type.param("charset"));
    let text = |name: &str| headers.get(name).map(|raw| words::decode(raw, hint)).unwrap_or_default();
    let boxes = |name: &str| -> Vec<Mailbox> {
        headers.all(name).flat_map(|raw| addresses::parse(raw, hint)).collect()
    };
    let addressed =
        |name: &str| -> Vec<Mailbox> { boxes(name).into_iter().filter(|m| !m.address.is_empty()).collect() };
    let message_id = text("message-id");
    let in_reply_to = text("in-reply-to");
    let mut body = body::choose(&tree, limits);
    let mut notices = notices(&tree, &body);
    let attachments = attachments(&tree, &mut body, &mut notices);
    Mail {
        subject: names::one_line(&text("subject")),
        from: boxes("from"),
        sender: addressed("sender"),
        to: addressed("to"),
        cc: addressed("cc"),
        reply_to: addressed("reply-to"),
        in_reply_to: ids::in_reply_to(&in_reply_to),
        references: ids::list(&text("references")),
        date: headers.get("date").and_then(|raw| date::parse(&words::unfold(raw, None))),
        nature: classify::nature(&tree, &body),
        loop_mark: headers.text(token::LOOP_HEADER),
        hops: headers.all("received").count(),
        text: body.text,
        plain: body.plain,
        html: body.html,
        attachments,
        notices,
        message_id: ids::single(&message_id),
        ids_as_written: (message_id, in_reply_to),
    }
}

fn notices(tree: &Tree<'_>, body: &body::Body) -> Vec<Notice> {
    let kind = |wanted: &dyn Fn(&Part<'_>) -> bool| tree.parts.iter().any(wanted);
    let smime = |part: &Part<'_>| part.content_type.value.ends_with("pkcs7-mime");
    let signed =
        |part: &Part<'_>| part.content_type.param("smime-type").is_some_and(|t| t.starts_with("signed"));
    let found = [
        (kind(&|part| part.headers.cut), Notice::HeadersCut),
        (tree.parts_cut, Notice::PartsCut),
        (tree.depth_cut, Notice::DepthCut),
        (body.cut, Notice::TextCut),
        (
            kind(&|part| part.content_type.value == "multipart/encrypted" || smime(part) && !signed(part)),
            Notice::Encrypted,
        ),
        (kind(&|part| smime(part) && signed(part)), Notice::Sealed),
    ];
    found.into_iter().filter_map(|(is, notice)| is.then_some(notice)).collect()
}

fn attachments(tree: &Tree<'_>, body: &mut body::Body, notices: &mut Vec<Notice>) -> Vec<Attachment> {
    let mut list = Vec::new();
    for (index, part) in tree.parts.iter().enumerate() {
        if part.is_container || body.used[index] {
            continue;
        }
        let attachment = attachment(part);
        let packed = tnef::is_tnef(&attachment).then(|| tnef::unpack(&attachment.bytes));
        list.push(attachment);
        if let Some(packed) = packed {
            if packed.damaged {
                notices.push(Notice::TnefDamaged);
            }
            if packed.unread {
                notices.push(Notice::TnefUnread);
            }
            if body.html.is_none() && body.plain.trim().is_empty() {
                body.html = packed.html;
            }
            if body.text.trim().is_empty() {
                let shown = || body.html.as_deref().map(markup::to_text).unwrap_or_default();
                body.text = if packed.text.trim().is_empty() { shown() } else { packed.text };
            }
            list.extend(packed.attachments);
        }
    }
    list
}

fn attachment(part: &Part<'_>) -> Attachment {
    let bytes = part.decoded().into_owned();
    let content_id = part.headers.text("content-id").and_then(|id| ids::single(&id));
    Attachment {
        filename: part.filename().map(names::harmless),
        content_type: part.content_type.value.clone(),
        inline: part.disposition.value == "inline"
            || (part.disposition.value.is_empty() && content_id.is_some()),
        content_id,
        unpacked: false,
        sha256: Sha256::digest(&bytes).into(),
        bytes,
    }
}
