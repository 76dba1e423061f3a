//! Mastodon's shapes and names (docs.joinmastodon.org/entities). What an instance may leave out may be missing here.

use serde::Deserialize;
use serde_json::{Map, Value};

/// An object whose content differs by version.
pub type Told = Map<String, Value>;

/// A post.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// The instance's own number for it, remote posts included.
    pub id: String,
    /// When its writer's instance says it was made (RFC 3339).
    pub created_at: Option<String>,
    /// The post it answers.
    pub in_reply_to_id: Option<String>,
    /// `public`, `unlisted`, `private` (followers), `direct`.
    pub visibility: Option<String>,
    /// What is shown in its place until somebody asks for the rest.
    pub spoiler_text: Option<String>,
    /// HTML.
    pub content: Option<String>,
    /// Where people read it.
    pub url: Option<String>,
    /// Who wrote it.
    pub account: Option<Account>,
    /// Whom it names.
    pub mentions: Option<Vec<Mention>>,
    /// Files.
    pub media_attachments: Option<Vec<Attached>>,
    /// A question with answers to choose from.
    pub poll: Option<Poll>,
    /// Somebody else's post passed on.
    pub reblog: Option<Value>,
}

/// Somebody.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// The instance's number for them.
    pub id: String,
    /// `name`, or `name@host` for people of other instances.
    pub acct: String,
    /// As they call themselves.
    pub display_name: Option<String>,
    /// Where their picture lies: where this instance keeps its files.
    pub avatar: Option<String>,
    /// Says of itself that nobody sits behind it.
    pub bot: Option<bool>,
}

/// Somebody a post names.
#[derive(Clone, Debug, Deserialize)]
pub struct Mention {
    /// As [`Account::id`].
    pub id: String,
    /// As [`Account::acct`].
    pub acct: String,
}

/// A file of a post.
#[derive(Clone, Debug, Deserialize)]
pub struct Attached {
    /// Its number; in a post, files are named by it.
    pub id: String,
    /// `image`, `gifv`, `video`, `audio`, `unknown`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Where it lies; none while the instance works on it, or where it does not keep it.
    pub url: Option<String>,
    /// Where it lay at first.
    pub remote_url: Option<String>,
}

/// A question with answers to choose from.
#[derive(Clone, Debug, Deserialize)]
pub struct Poll {
    /// The answers.
    pub options: Option<Vec<Choice>>,
}

/// One answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Choice {
    /// Its words.
    pub title: Option<String>,
}

/// What the instance tells the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Notification {
    /// Its number.
    pub id: String,
    /// `mention`, and much that is not asked for.
    #[serde(rename = "type")]
    pub kind: String,
    /// When the instance had it.
    pub created_at: Option<String>,
    /// Whose doing it is.
    pub account: Option<Account>,
    /// What was said.
    pub status: Option<Status>,
}

/// RFC 3339 as epoch milliseconds.
pub fn moment(text: &str) -> Option<i64> {
    Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}

/// Whether this can stand in an address as it is: numbers on Mastodon, words on software that speaks like it.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
