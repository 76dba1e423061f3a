//! Files in and out.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde::{Deserialize, Serialize};
use url::Url;

use super::channel::Handle;
use super::trouble::Deed;
use super::wire::{Attached, is_id};
use crate::contract::{Attachment, BoxFuture, Content, Enclosure, Failure, File, Host, Media, Reason};
use crate::web::Api;

/// Kinds of picture that every instance takes.
pub const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];
/// Kinds of recording that every instance takes.
pub const RECORDINGS: &[&str] = &["video/mp4", "video/webm", "audio/mpeg", "audio/ogg"];

/// Recordings are worked on for a while before they can be sent.
const LOOKS: u32 = 8;

/// A file, as its post named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Named {
    /// Version of this form.
    v: u8,
    /// `image`, `gifv`, `video`, `audio`, `unknown`; empty: the instance did not say.
    kind: String,
    /// Where it lies; none: the instance does not keep it.
    url: Option<String>,
}

/// What a post carries.
pub(super) fn attachment(file: Attached) -> Attachment {
    let url = file.url.or(file.remote_url);
    let named = Named { v: 1, kind: file.kind.unwrap_or_default(), url };
    Attachment {
        filename: named.filename(),
        content_type: named.content_type().to_owned(),
        content: Content::There {
            reference: serde_json::to_string(&named).expect("texts are always JSON"),
            size: None,
        },
        content_id: None,
        inline: false,
    }
}

impl Named {
    /// The last piece of its address.
    fn filename(&self) -> Option<String> {
        let path = self.url.as_deref()?.split(['?', '#']).next()?;
        let name = path.rsplit('/').next()?;
        Some(name.to_owned()).filter(|name| name.contains('.'))
    }

    /// As far as its address and kind tell.
    fn content_type(&self) -> &'static str {
        let name = self.filename().unwrap_or_default().to_ascii_lowercase();
        match (name.rsplit_once('.').map_or("", |(_, ending)| ending), self.kind.as_str()) {
            ("jpg" | "jpeg", _) => "image/jpeg",
            ("png", _) => "image/png",
            ("gif", _) => "image/gif",
            ("webp", _) => "image/webp",
            ("webm", _) => "video/webm",
            ("mp3", _) => "audio/mpeg",
            ("ogg" | "oga", _) => "audio/ogg",
            ("mp4", _) | (_, "video" | "gifv") => "video/mp4",
            (_, "image") => "image/jpeg",
            (_, "audio") => "audio/mpeg",
            _ => "application/octet-stream",
        }
    }
}

/// Whether files may be fetched from there.
pub(super) fn is_allowed(url: &Url, hosts: &[Host]) -> bool {
    url.host_str().is_some_and(|host| hosts.iter().any(|rule| rule.is(host, url.port())))
}

impl Media for Handle {
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>> {
        Box::pin(async move {
            let gone = |why: String| Failure::Permanent { reason: Reason::BadAttachment, why };
            let named: Named = serde_json::from_str(reference).map_err(|_| {
                gone("The place of this file cannot be read any more. Look at it at the instance.".to_owned())
            })?;
            let url = named.url.as_deref().and_then(|url| Url::parse(url).ok()).ok_or_else(|| {
                gone("The instance does not keep this file. Look at it where it was posted.".to_owned())
            })?;
            if !is_allowed(&url, &self.config.hosts) {
                let host = url.host_str().unwrap_or_default();
                return Err(gone(format!(
                    "This file lies at {host}, which the channel's settings do not name. Add it under Hosts of files."
                )));
            }
            // Whoever has the address may have the file: our sign-in stays here.
            let request = self.api.request(Method::GET, url.as_str()).timeout(self.config.patience);
            let answer = self.api.download(request, max_bytes).await?;
            if !answer.is_success() {
                return Err(self.judged(Deed::Fetch, &answer));
            }
            let declared = answer.header("content-type").map(str::to_owned);
            Ok(File {
                content_type: declared.unwrap_or_else(|| named.content_type().to_owned()),
                filename: named.filename(),
                bytes: Bytes::from(answer.body),
            })
        })
    }
}

impl Handle {
    /// Hands a file over; gives the number under which it can be posted. Nobody sees it before that.
    pub(super) async fn upload(&self, file: &Enclosure) -> Result<String, Failure> {
        let unreadable = || Failure::Permanent {
            reason: Reason::BadAttachment,
            why: format!("The file \"{}\" cannot be read any more. Add it again.", file.filename),
        };
        let bytes = self.account.files.read(file).await?;
        // Names and kinds were checked when the answer was written.
        Part::bytes(Vec::new()).mime_str(&file.content_type).map_err(|_| unreadable())?;
        let write = |api: &Api| {
            let whole = || Part::stream_with_length(bytes.clone(), file.size);
            let piece = whole().file_name(file.filename.clone());
            let piece = piece.mime_str(&file.content_type).unwrap_or_else(|_| whole());
            api.request(Method::POST, "/api/v2/media").multipart(Form::new().part("file", piece))
        };
        let answer = self.as_account(Deed::Upload, &write).await?;
        let taken: Attached = answer.json()?;
        if !is_id(&taken.id) {
            let why = "The instance took a file and did not say under which number.".to_owned();
            return Err(Failure::Malformed { raw: answer.body, why });
        }
        // 202: taken, and worked on.
        let mut is_ready = answer.status == 200;
        let path = format!("/api/v1/media/{}", taken.id);
        for look in 0..LOOKS {
            if is_ready {
                return Ok(taken.id);
            }
            tokio::time::sleep(Duration::from_millis(250 << look.min(4))).await;
            let write = |api: &Api| api.request(Method::GET, &path);
            is_ready = self.as_account(Deed::Upload, &write).await?.status == 200;
        }
        Err(Failure::Transient {
            after_ms: Some(30_000),
            why: format!(
                "The instance is still working on the file \"{}\". The answer is sent when it is ready.",
                file.filename
            ),
        })
    }
}
