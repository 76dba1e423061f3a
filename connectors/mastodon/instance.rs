//! What an instance says of itself: its own name, and how much it takes. Every instance may have other limits.

use serde::Deserialize;

use super::wire::Told;
use crate::contract::Settings;

/// How much an instance takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters in a post, as [`super::weigh::weigh`] counts them.
    pub characters: u32,
    /// What every link counts, however long it is.
    pub link: u32,
    /// Files in a post.
    pub files: u32,
    /// Bytes of a picture.
    pub picture_bytes: u64,
    /// Bytes of a video or a sound.
    pub video_bytes: u64,
}

/// The most that is taken of an instance's word: no larger file comes into an answer.
const MOST_PICTURE_BYTES: u64 = 16 << 20;
const MOST_VIDEO_BYTES: u64 = 64 << 20;

impl Default for Limits {
    /// Mastodon's own, as its source has them.
    fn default() -> Self {
        Self {
            characters: 500,
            link: 23,
            files: 4,
            picture_bytes: MOST_PICTURE_BYTES,
            video_bytes: MOST_VIDEO_BYTES,
        }
    }
}

/// `GET /api/v2/instance`, as far as it matters here.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Instance {
    /// The name behind the second @ of its accounts; not always the host that is asked.
    pub domain: Option<String>,
    configuration: Option<Configuration>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Configuration {
    statuses: Option<Told>,
    media_attachments: Option<Told>,
}

impl Instance {
    /// Its limits; Mastodon's own where it says nothing.
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        let said = |group: Option<&Told>, name: &str| group.and_then(|group| group.get(name)?.as_u64());
        let configuration = self.configuration.as_ref();
        let statuses = configuration.and_then(|all| all.statuses.as_ref());
        let media = configuration.and_then(|all| all.media_attachments.as_ref());
        let small = |name: &str, usual: u32| {
            said(statuses, name).and_then(|said| u32::try_from(said).ok()).unwrap_or(usual)
        };
        Limits {
            characters: small("max_characters", usual.characters).max(50),
            link: small("characters_reserved_per_url", usual.link),
            files: small("max_media_attachments", usual.files).min(20),
            picture_bytes: said(media, "image_size_limit")
                .map_or(usual.picture_bytes, |said| said.min(MOST_PICTURE_BYTES)),
            video_bytes: said(media, "video_size_limit")
                .map_or(usual.video_bytes, |said| said.min(MOST_VIDEO_BYTES)),
        }
    }
}

impl Limits {
    /// As they were kept.
    pub fn kept(settings: &Settings) -> Self {
        fn number<T: std::str::FromStr>(settings: &Settings, name: &str, usual: T) -> T {
            settings.get(name).and_then(|text| text.trim().parse().ok()).unwrap_or(usual)
        }
        let usual = Self::default();
        Self {
            characters: number(settings, "post_limit", usual.characters).max(50),
            link: number(settings, "link_length", usual.link),
            files: number(settings, "files_limit", usual.files),
            picture_bytes: number(settings, "picture_bytes", usual.picture_bytes),
            video_bytes: number(settings, "video_bytes", usual.video_bytes),
        }
    }

    /// To be kept.
    pub fn keep(&self) -> Settings {
        Settings::new()
            .with("post_limit", self.characters.to_string())
            .with("link_length", self.link.to_string())
            .with("files_limit", self.files.to_string())
            .with("picture_bytes", self.picture_bytes.to_string())
            .with("video_bytes", self.video_bytes.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_instance_has_limits_of_its_own_and_they_are_kept() {
        let instance: Instance = serde_json::from_value(json!({"domain": "library.social", "configuration": {
            "statuses": {"max_characters": 5000, "characters_reserved_per_url": 30, "max_media_attachments": 2},
            "media_attachments": {"image_size_limit": 1000, "video_size_limit": 99_999_999_999_u64},
        }}))
        .expect("it is of that shape");
        let limits = instance.limits();
        let expected =
            Limits { characters: 5000, link: 30, files: 2, picture_bytes: 1000, video_bytes: 64 << 20 };
        assert_eq!(limits, expected);
        assert_eq!(Limits::kept(&limits.keep()), limits);
        assert_eq!(Instance::default().limits(), Limits::default());
    }
}
