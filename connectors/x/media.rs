//! Files that X names: where they lie, and how they are fetched.

use serde::{Deserialize, Serialize};

use super::wire::Media as File;

/// Where the files of public posts lie. Whoever has the address may have them.
pub const PUBLIC_HOSTS: &[&str] = &["pbs.twimg.com", "video.twimg.com"];
/// Where the files of direct messages lie, for signed-in browsers only; the API has a door of its own to them.
const PRIVATE_HOST: &str = "ton.twitter.com";

/// A file, as its message named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Version of this form.
    pub v: u8,
    /// X's key for it.
    pub key: String,
    /// `photo`, `video`, `animated_gif`; empty: X did not say.
    pub kind: String,
    /// Where it lies; none: X did not say.
    pub url: Option<String>,
    /// The post that it belongs to, where X must be asked where it lies: what X tells by itself names the key alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

impl Named {
    /// What the page said of it.
    pub fn of(file: &File) -> Self {
        Self { v: 1, key: file.key.clone(), kind: file.kind.clone(), url: file.url.clone(), post: None }
    }

    /// The last piece of its address.
    pub fn filename(&self) -> Option<String> {
        let path = self.url.as_deref()?.split(['?', '#']).next()?;
        let name = path.rsplit('/').next()?.trim_end_matches(":large");
        Some(name.to_owned()).filter(|name| !name.is_empty() && name.contains('.'))
    }

    /// As far as its address and kind tell.
    pub fn content_type(&self) -> &'static str {
        let name = self.filename().unwrap_or_default().to_ascii_lowercase();
        match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "mp4" => "video/mp4",
            _ if self.kind == "photo" => "image/jpeg",
            _ if matches!(self.kind.as_str(), "video" | "animated_gif") => "video/mp4",
            _ => "application/octet-stream",
        }
    }

    /// The address to ask, and whether it asks for the account's sign-in: the API's own door where the file is private.
    pub fn door(&self) -> Option<(String, bool)> {
        let url = self.url.as_deref()?;
        let parsed = url::Url::parse(url).ok()?;
        if parsed.host_str() != Some(PRIVATE_HOST) {
            let is_public = parsed.host_str().is_some_and(|host| PUBLIC_HOSTS.contains(&host));
            return Some((url.to_owned(), !is_public));
        }
        // …/data/dm/{message}/{file}/{resource}
        let mut pieces = parsed.path_segments()?.skip_while(|piece| *piece != "dm").skip(1);
        let (message, file, resource) = (pieces.next()?, pieces.next()?, pieces.next()?);
        Some((format!("/2/dm_conversations/media/{message}/{file}/{resource}"), true))
    }
}

/// The reference kept with the attachment.
pub fn reference(named: &Named) -> String {
    serde_json::to_string(named).expect("texts are always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: &str, url: &str) -> Named {
        Named { v: 1, key: "3_1".into(), kind: kind.into(), url: Some(url.into()), post: None }
    }

    #[test]
    fn a_private_picture_is_fetched_through_the_api() {
        let picture = named("photo", "https://ton.twitter.com/1.1/ton/data/dm/158/159/Xc_a.jpg");
        assert_eq!(picture.door(), Some(("/2/dm_conversations/media/158/159/Xc_a.jpg".into(), true)));
        assert_eq!((picture.filename().as_deref(), picture.content_type()), (Some("Xc_a.jpg"), "image/jpeg"));
        assert_eq!(named("photo", "https://ton.twitter.com/elsewhere").door(), None);
    }

    #[test]
    fn a_public_picture_is_fetched_where_it_lies_without_our_sign_in() {
        let picture = named("photo", "https://pbs.twimg.com/media/Fx.png");
        assert_eq!(picture.door(), Some(("https://pbs.twimg.com/media/Fx.png".into(), false)));
        assert_eq!(named("video", "https://video.twimg.com/v/1").content_type(), "video/mp4");
    }
}
