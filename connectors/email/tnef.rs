//! winmail.dat (TNEF, MS-OXTNEF), opened with limits.

use super::mail::Attachment;

/// What a winmail.dat held.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// Plain body, if one was in it.
    pub text: String,
    /// HTML body, if one was in it.
    pub html: Option<String>,
    /// Files, marked as unpacked.
    pub attachments: Vec<Attachment>,
    /// It ended too early or contradicted itself.
    pub damaged: bool,
}

/// The attachment calls itself TNEF.
pub fn is_tnef(attachment: &Attachment) -> bool {
    matches!(attachment.content_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
        || attachment.filename.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// Opens it as far as it makes sense.
pub fn unpack(_bytes: &[u8]) -> Unpacked {
    Unpacked::default()
}
