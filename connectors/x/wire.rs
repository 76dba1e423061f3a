//! X's shapes, read field by field: an odd field costs itself and nothing beside it. Posts and direct messages of API v2
//! under the names of both its generations (`referenced_posts`, `referenced_tweets`), and the older shapes that are pushed.

use serde_json::Value;

/// A field as text, whether X wrote it as text or as a number.
pub fn text(value: &Value, field: &str) -> Option<String> {
    match value.get(field)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The members of a list; none where there is no list.
pub fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// One of several names for the same field, the newest first.
pub fn either<'a>(value: &'a Value, fields: &[&str]) -> Option<&'a Value> {
    fields.iter().find_map(|field| value.get(field).filter(|found| !found.is_null()))
}

/// Somebody on X.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Their number, which stays when they change their name.
    pub id: String,
    /// Without the @.
    pub username: Option<String>,
    /// As they call themselves.
    pub name: Option<String>,
}

/// A file on X.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// What posts and messages name it by.
    pub key: String,
    /// `photo`, `video`, `animated_gif`.
    pub kind: String,
    /// Where it lies; for moving pictures the largest that can be played everywhere.
    pub url: Option<String>,
}

/// What came along with a page.
#[derive(Clone, Debug, Default)]
pub struct Includes {
    /// Whoever is named in it.
    pub users: Vec<User>,
    /// Files.
    pub media: Vec<Media>,
}

/// A post, of whichever shape.
#[derive(Clone, Debug, Default)]
pub struct Post {
    /// Its number.
    pub id: String,
    /// The whole of it, as X wrote it (with its own short links).
    pub text: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// The first post of the thread.
    pub conversation: Option<String>,
    /// Whom it answers.
    pub answers_user: Option<String>,
    /// The posts it hangs on: what it is to them (`replied_to`, `quoted`, `retweeted`), and which.
    pub references: Vec<(String, String)>,
    /// Keys of its files.
    pub media: Vec<String>,
    /// Short links and what they stand for.
    pub links: Vec<Link>,
}

/// A short link in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As it stands in the text.
    pub short: String,
    /// Where it leads.
    pub whole: String,
    /// It stands for a file of the post, which is shown as such.
    pub is_media: bool,
}

/// A direct message, of whichever shape.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    /// Its number.
    pub id: String,
    /// `MessageCreate`, `ParticipantsJoin`, `ParticipantsLeave`.
    pub kind: String,
    /// As X wrote it.
    pub text: Option<String>,
    /// Who wrote it.
    pub sender: Option<String>,
    /// To whom, where the shape says so.
    pub recipient: Option<String>,
    /// `smaller-larger` for two, a number for more.
    pub conversation: Option<String>,
    /// Epoch milliseconds, or RFC 3339.
    pub created: Option<String>,
    /// Keys of its files.
    pub media: Vec<String>,
    /// Short links and what they stand for.
    pub links: Vec<Link>,
}

impl User {
    /// From any shape: plain, or wrapped in `data` as the activity events do.
    pub fn read(value: &Value) -> Option<Self> {
        let value = value.get("data").unwrap_or(value);
        Some(Self {
            id: text(value, "id_str").or_else(|| text(value, "id"))?,
            username: text(value, "username").or_else(|| text(value, "screen_name")),
            name: text(value, "name"),
        })
    }
}

impl Media {
    fn read(value: &Value) -> Option<Self> {
        let kind = text(value, "type").unwrap_or_else(|| "photo".to_owned());
        let playable = list(value, "variants")
            .iter()
            .filter(|variant| text(variant, "content_type").is_some_and(|kind| kind == "video/mp4"))
            .max_by_key(|variant| variant.get("bit_rate").and_then(Value::as_u64).unwrap_or(0))
            .and_then(|variant| text(variant, "url"));
        let url = text(value, "url").or(playable).or_else(|| text(value, "preview_image_url"));
        Some(Self { key: text(value, "media_key")?, kind, url })
    }

    /// The older shape, where the file stands inside the message.
    pub fn read_embedded(value: &Value) -> Option<Self> {
        let key = text(value, "id_str").or_else(|| text(value, "id"))?;
        let variants = value.get("video_info").map_or(&[][..], |info| list(info, "variants"));
        let playable = variants
            .iter()
            .filter(|variant| text(variant, "content_type").is_some_and(|kind| kind == "video/mp4"))
            .max_by_key(|variant| variant.get("bitrate").and_then(Value::as_u64).unwrap_or(0))
            .and_then(|variant| text(variant, "url"));
        let url = playable.or_else(|| text(value, "media_url_https"));
        Some(Self { key, kind: text(value, "type").unwrap_or_else(|| "photo".to_owned()), url })
    }
}

impl Includes {
    /// What a page's `includes` holds.
    pub fn read(value: &Value) -> Self {
        Self {
            users: list(value, "users").iter().filter_map(User::read).collect(),
            media: list(value, "media").iter().filter_map(Media::read).collect(),
        }
    }

    /// The user of this number.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The file of this key.
    pub fn file(&self, key: &str) -> Option<&Media> {
        self.media.iter().find(|media| media.key == key)
    }
}

impl Post {
    /// From API v2. None: it has no number, so it is nothing that can be named.
    pub fn read(value: &Value) -> Option<Self> {
        // Long posts are cut in `text`; the note holds all of them.
        let note = either(value, &["note_post", "note_tweet"]);
        let whole = note.and_then(|note| text(note, "text"));
        let entities = match (&whole, note.and_then(|note| note.get("entities"))) {
            (Some(_), Some(entities)) => Some(entities),
            _ => value.get("entities"),
        };
        let references = either(value, &["referenced_posts", "referenced_tweets"]);
        let references = references.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Some(Self {
            id: text(value, "id")?,
            text: whole.or_else(|| text(value, "text")).unwrap_or_default(),
            author: text(value, "author_id"),
            created_at: text(value, "created_at"),
            conversation: text(value, "conversation_id"),
            answers_user: text(value, "in_reply_to_user_id"),
            references: references
                .iter()
                .filter_map(|one| Some((text(one, "type")?, text(one, "id")?)))
                .collect(),
            media: keys(value),
            links: links(entities),
        })
    }

    /// From the older shape of the account activity: its author and files come along.
    pub fn read_older(value: &Value) -> Option<(Self, Includes)> {
        let id = text(value, "id_str").or_else(|| text(value, "id"))?;
        let extended = value.get("extended_tweet");
        let whole = extended.and_then(|extended| text(extended, "full_text"));
        let author = value.get("user").and_then(User::read);
        let named = |kind: &str, field: &str| {
            let id = text(value, &format!("{field}_str")).or_else(|| text(value, field))?;
            Some((kind.to_owned(), id))
        };
        let retweeted = value.get("retweeted_status").and_then(|of| text(of, "id_str"));
        let entities =
            extended.and_then(|extended| extended.get("entities")).or_else(|| value.get("entities"));
        let extended_entities = extended.unwrap_or(value).get("extended_entities").or(entities);
        let media: Vec<Media> = extended_entities
            .map_or(&[][..], |entities| list(entities, "media"))
            .iter()
            .filter_map(Media::read_embedded)
            .collect();
        let post = Self {
            text: whole
                .or_else(|| text(value, "full_text"))
                .or_else(|| text(value, "text"))
                .unwrap_or_default(),
            author: author.as_ref().map(|author| author.id.clone()).or_else(|| text(value, "author_id")),
            created_at: text(value, "timestamp_ms").or_else(|| text(value, "created_at")),
            conversation: None,
            answers_user: named("", "in_reply_to_user_id").map(|(_, id)| id),
            references: [
                named("replied_to", "in_reply_to_status_id"),
                named("quoted", "quoted_status_id"),
                retweeted.map(|id| ("retweeted".to_owned(), id)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            media: media.iter().map(|media| media.key.clone()).collect(),
            links: links(entities),
            id,
        };
        Some((post, Includes { users: author.into_iter().collect(), media }))
    }

    /// The post it answers.
    pub fn answers(&self) -> Option<&str> {
        self.references.iter().find(|(kind, _)| kind == "replied_to").map(|(_, id)| id.as_str())
    }

    /// Somebody else's words passed on without any of their own.
    pub fn is_repost(&self) -> bool {
        self.references.iter().any(|(kind, _)| matches!(kind.as_str(), "retweeted" | "reposted"))
    }
}

impl Direct {
    /// From API v2.
    pub fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: text(value, "id")?,
            kind: text(value, "event_type").unwrap_or_else(|| "MessageCreate".to_owned()),
            text: text(value, "text"),
            sender: text(value, "sender_id"),
            recipient: None,
            conversation: text(value, "dm_conversation_id"),
            created: text(value, "created_at"),
            media: keys(value),
            links: links(value.get("entities")),
        })
    }

    /// From the shape that is pushed.
    pub fn read_older(value: &Value) -> Option<(Self, Vec<Media>)> {
        let id = text(value, "id")?;
        let kind = text(value, "type").unwrap_or_default();
        let create = value.get("message_create").unwrap_or(&Value::Null);
        let data = create.get("message_data").unwrap_or(&Value::Null);
        let sender = text(create, "sender_id");
        let recipient = create.get("target").and_then(|target| text(target, "recipient_id"));
        let attached = data.get("attachment").filter(|attached| attached.is_object());
        let file = attached.and_then(|attached| attached.get("media")).and_then(Media::read_embedded);
        // A file without a number is still a file, and must not be lost in silence.
        let file = file.or_else(|| {
            let named =
                attached.filter(|attached| text(attached, "type").is_some_and(|kind| kind == "media"))?;
            Some(Media { key: text(named, "media_key").unwrap_or_default(), ..Media::default() })
        });
        let direct = Self {
            kind: if kind == "message_create" { "MessageCreate".to_owned() } else { kind },
            text: text(data, "text"),
            conversation: text(create, "conversation_id")
                .or_else(|| conversation_of(sender.as_deref()?, recipient.as_deref()?)),
            created: text(value, "created_timestamp"),
            media: file.iter().map(|file| file.key.clone()).collect(),
            links: links(data.get("entities")),
            sender,
            recipient,
            id,
        };
        Some((direct, file.into_iter().collect()))
    }
}

/// The name of what two people say to each other: both numbers, the smaller first.
pub fn conversation_of(one: &str, other: &str) -> Option<String> {
    let (small, large) = if super::ids::is_newer(one, other) { (other, one) } else { (one, other) };
    (super::ids::is_id(small) && super::ids::is_id(large)).then(|| format!("{small}-{large}"))
}

fn keys(value: &Value) -> Vec<String> {
    let attached = value.get("attachments").map_or(&[][..], |attached| list(attached, "media_keys"));
    attached.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn links(entities: Option<&Value>) -> Vec<Link> {
    let Some(entities) = entities else { return Vec::new() };
    let urls = list(entities, "urls").iter().map(|url| (url, url.get("media_key").is_some()));
    // The older shape lists the links of files apart.
    let files = list(entities, "media").iter().map(|url| (url, true));
    urls.chain(files)
        .filter_map(|(url, is_media)| {
            let short = text(url, "url")?;
            let whole = text(url, "unwound_url")
                .or_else(|| text(url, "expanded_url"))
                .unwrap_or_else(|| short.clone());
            Some(Link { short, whole, is_media })
        })
        .collect()
}
