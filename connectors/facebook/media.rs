//! Files that patrons sent: fetched from where Facebook keeps them, and asked for anew where their address has run out.

use bytes::Bytes;
use reqwest::Method;

use super::channel::PageChannel;
use super::inbound::{Whereabouts, comment_picture, file_address};
use super::json::data;
use super::usage::Lane;
use crate::contract::{BoxFuture, Failure, File, Media, Reason};

impl Media for PageChannel {
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>> {
        Box::pin(async move {
            let whereabouts: Whereabouts = serde_json::from_str(reference).map_err(|_| {
                gone("Where this file lies was written down by another version; open it at Facebook.")
            })?;
            match self.fetch_at(&whereabouts.url, max_bytes).await? {
                Some(file) => Ok(file),
                None => {
                    let fresh = self.asked_anew(&whereabouts).await?;
                    let file = match fresh {
                        Some(url) => self.fetch_at(&url, max_bytes).await?,
                        None => None,
                    };
                    file.ok_or_else(|| gone("Facebook no longer has this file."))
                }
            }
        })
    }
}

impl PageChannel {
    /// None: the address has run out, or nothing lies there.
    async fn fetch_at(&self, url: &str, max_bytes: u64) -> Result<Option<File>, Failure> {
        // An address of their own making must not be taken for a path of the API.
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(gone("The address of this file is none."));
        }
        let answer = self.graph.api.download(self.graph.api.request(Method::GET, url), max_bytes).await?;
        match answer.status {
            200 => {
                let kind = answer.header("content-type").unwrap_or("application/octet-stream");
                Ok(Some(File {
                    content_type: kind.to_owned(),
                    bytes: Bytes::from(answer.body),
                    filename: None,
                }))
            }
            400 | 401 | 403 | 404 | 410 => Ok(None),
            status => Err(Failure::Transient {
                after_ms: answer.retry_after_ms(self.graph.now()),
                why: format!("Facebook did not give the file ({status}); it is asked for again."),
            }),
        }
    }

    /// Where it lies now.
    async fn asked_anew(&self, whereabouts: &Whereabouts) -> Result<Option<String>, Failure> {
        let Some(of) = &whereabouts.of else { return Ok(None) };
        // A message's own number begins with a letter; a comment's is made of digits.
        if of.starts_with(|c: char| c.is_ascii_digit()) {
            let told = self.graph.get(Lane::Page, of, &[("fields", "attachment")]).await?;
            return Ok(told.get("attachment").and_then(comment_picture));
        }
        let fields = "id,attachments{id,mime_type,name,size,file_url,image_data,video_data}";
        let told = self.graph.get(Lane::Messenger, of, &[("fields", fields)]).await?;
        Ok(data(&told, "attachments").get(whereabouts.nth).and_then(file_address))
    }
}

fn gone(why: &str) -> Failure {
    Failure::Permanent { reason: Reason::BadAttachment, why: why.to_owned() }
}
