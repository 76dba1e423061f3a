//! `/attachments/{id}`: a file's bytes. What its sender says it is counts for nothing: only pictures that are pictures by
//! their first bytes may be shown, everything else is saved.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::frames::BYTES_POLICY;
use super::input::Path;
use super::problem::{Problem, Result};
use super::session::SignedIn;
use crate::app::App;
use crate::error::Error;
use crate::model::message::Attachment;
use crate::store::messages;

const ANYTHING: &str = "application/octet-stream";

/// A file
#[utoipa::path(get, path = "/attachments/{id}", operation_id = "readAttachment", tag = "messages",
    params(("id" = Uuid, Path, description = "The file")),
    responses((status = 200, description = "Its bytes", content_type = "application/octet-stream", body = String)))]
pub(super) async fn read(State(app): State<App>, _: SignedIn, Path(id): Path<Uuid>) -> Result<Response> {
    let file = {
        let mut conn = app.db.read().await?;
        messages::attachment(&mut conn, id).await?.ok_or(Error::Missing("file"))?
    };
    let bytes = messages::bytes_of(&app.db, &app.blobs, &file).await?.ok_or_else(|| absent(&file))?;
    let kind = picture(&bytes);
    let disposition =
        disposition(kind.is_some() && file.inline_shown, file.filename.as_deref().unwrap_or("unnamed"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind.unwrap_or(ANYTHING))),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(BYTES_POLICY)),
        // Its name is its content: it never changes, but stays in no shared cache.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
    ];
    Ok((headers, bytes).into_response())
}

/// A file whose bytes are not here (yet).
fn absent(file: &Attachment) -> Problem {
    let name = file.filename.as_deref().unwrap_or("This file");
    let why = file.why.as_deref().map(|why| format!(" {why}")).unwrap_or_default();
    match file.state.as_str() {
        "to_fetch" => Problem::still_to_come(format!(
            "{name} is still on the platform and is being fetched; try again in a moment.{why}"
        )),
        "refused" => Problem::gone(format!("{name} could not be fetched and will not come.{why}")),
        _ => Error::Missing("file").into(),
    }
}

/// The kind of picture that these bytes are, of those every browser shows safely.
pub(super) fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// RFC 6266, the name twice: in ASCII for old readers and in UTF-8 (RFC 8187). A name is never a path.
pub(super) fn disposition(inline: bool, name: &str) -> HeaderValue {
    let name: String = name.chars().filter(|c| !c.is_control() && !"/\\".contains(*c)).take(200).collect();
    let plain: String =
        name.chars().map(|c| if c.is_ascii() && !"\"%".contains(c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    let kind = if inline { "inline" } else { "attachment" };
    HeaderValue::from_str(&format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_that_says_it_is_a_picture_is_none() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture(b"GIF89a..."), Some("image/gif"));
        assert_eq!(picture(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(picture(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"), None);
        assert_eq!(picture(b"<html>"), None);
        assert_eq!(picture(b""), None);
    }

    #[test]
    fn a_name_stays_a_name() {
        let said = disposition(false, "../../Übersicht \"1\".pdf");
        assert_eq!(
            said.to_str().expect("ASCII"),
            "attachment; filename=\"...._bersicht _1_.pdf\"; filename*=UTF-8''....%C3%9Cbersicht%20%221%22.pdf"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_header(name in ".*", inline: bool) {
            let said = disposition(inline, &name);
            let said = said.to_str().expect("ASCII");
            prop_assert_eq!(said.matches('"').count(), 2);
            prop_assert!(!said.contains(['\r', '\n', '/', '\\']));
        }
    }
}
