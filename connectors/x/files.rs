//! Files in and out.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::channel::Handle;
use super::media::Named;
use super::trouble::{self, Deed};
use super::wire::{self, Includes};
use super::{fields, ids};
use crate::contract::{BoxFuture, Enclosure, Failure, File, Media, Reason};
use crate::web::Api;

/// Moving pictures are worked on for a while before they can be sent.
const LOOKS: u32 = 8;
const LONGEST_LOOK: u64 = 5;

impl Media for Handle {
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>> {
        Box::pin(async move {
            let gone = |why: &str| Failure::Permanent { reason: Reason::BadAttachment, why: why.to_owned() };
            let named: Named = serde_json::from_str(reference).map_err(|_| {
                gone("The place of this file cannot be read any more. Look at it in the X app.")
            })?;
            let named = self.located(named).await?;
            let (url, is_private) = named
                .door()
                .ok_or_else(|| gone("X did not say where this file lies. Look at it in the X app."))?;
            let mut request = self.api.request(Method::GET, &url).timeout(self.config.patience);
            if is_private {
                use secrecy::ExposeSecret;
                let token = self.account.tokens.access_token(None).await?;
                request = request.bearer_auth(token.expose_secret());
            }
            let answer = self.api.download(request, max_bytes).await?;
            if !answer.is_success() {
                let outside = &self.account.outside;
                return Err(trouble::of(&answer, Deed::Fetch, outside.now(), &|text| outside.redact(text)));
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
    /// Asks where a post's file lies, where it came without that.
    async fn located(&self, named: Named) -> Result<Named, Failure> {
        let asked = named.post.clone().filter(|post| named.url.is_none() && ids::is_id(post));
        let Some(post) = asked else { return Ok(named) };
        let path = format!("/2/tweets/{post}");
        let query = fields::of_posts(self.config.older_names);
        let write = |api: &Api| api.request(Method::GET, &path).query(query);
        let value: Value = self.as_account(Deed::Fetch, &write).await?.json()?;
        let includes = value.get("includes").map(Includes::read).unwrap_or_default();
        Ok(includes.file(&named.key).map_or(named, Named::of))
    }

    /// Hands a picture over; gives the number under which it can be sent. Nobody sees it before that.
    pub(super) async fn upload(&self, file: &Enclosure, is_public: bool) -> Result<String, Failure> {
        let unreadable = || Failure::Permanent {
            reason: Reason::BadAttachment,
            why: format!("The file \"{}\" cannot be read any more. Add it again.", file.filename),
        };
        let bytes = self.account.files.read(file).await?;
        let category = match (is_public, file.content_type == "image/gif") {
            (true, true) => "tweet_gif",
            (true, false) => "tweet_image",
            (false, true) => "dm_gif",
            (false, false) => "dm_image",
        };
        // Names and kinds were checked when the answer was written.
        Part::bytes(Vec::new()).mime_str(&file.content_type).map_err(|_| unreadable())?;
        let write = |api: &Api| {
            let whole = || Part::stream_with_length(bytes.clone(), file.size);
            let piece = whole().file_name(file.filename.clone());
            let piece = piece.mime_str(&file.content_type).unwrap_or_else(|_| whole());
            let form = Form::new().text("media_category", category).part("media", piece);
            api.request(Method::POST, "/2/media/upload").multipart(form)
        };
        let answer = self.as_account(Deed::Upload, &write).await?;
        let value: Value = answer.json()?;
        let data = value.get("data").unwrap_or(&Value::Null);
        let id = wire::text(data, "id").ok_or_else(|| Failure::Malformed {
            raw: answer.body.clone(),
            why: "X took a file and did not say under which number.".to_owned(),
        })?;
        self.until_ready(&id, data, &file.filename).await?;
        Ok(id)
    }

    async fn until_ready(&self, id: &str, first: &Value, filename: &str) -> Result<(), Failure> {
        let mut data = first.clone();
        for _ in 0..LOOKS {
            let info = data.get("processing_info").cloned().unwrap_or(Value::Null);
            match wire::text(&info, "state").as_deref() {
                None | Some("succeeded") => return Ok(()),
                Some("failed") => {
                    return Err(Failure::Permanent {
                        reason: Reason::BadAttachment,
                        why: format!("X could not read the file \"{filename}\"."),
                    });
                }
                Some(_) => {}
            }
            let seconds = info.get("check_after_secs").and_then(Value::as_u64).unwrap_or(1);
            tokio::time::sleep(Duration::from_secs(seconds.clamp(1, LONGEST_LOOK))).await;
            let query = [("command", "STATUS"), ("media_id", id)];
            let write = |api: &Api| api.request(Method::GET, "/2/media/upload").query(&query);
            let value: Value = self.as_account(Deed::Upload, &write).await?.json()?;
            data = value.get("data").cloned().unwrap_or(Value::Null);
        }
        Err(Failure::Transient {
            after_ms: Some(30_000),
            why: format!(
                "X is still working on the file \"{filename}\". The answer is sent when it is ready."
            ),
        })
    }
}
