//! One thing said, and the files that came with it.

use sqlx::FromRow;
use uuid::Uuid;

use super::conversation::Visibility;
use super::{Millis, words};

words! {
    /// Which way it went.
    Direction {
        /// From a patron.
        In = "in",
        /// From us.
        Out = "out",
        /// Between colleagues; never leaves the house.
        Inside = "inside",
    }
}

words! {
    /// What it is.
    Kind {
        /// From a patron, or from a colleague outside Deskbell.
        Message = "message",
        /// Written here and sent.
        Reply = "reply",
        /// For colleagues.
        Note = "note",
    }
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// The number of the event that brought it.
    pub seq: i64,
    /// Where.
    pub conversation_id: Uuid,
    /// By which channel; none for notes.
    pub channel_id: Option<Uuid>,
    /// Which way it went.
    #[sqlx(try_from = "String")]
    pub direction: Direction,
    /// What it is.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// Who can read it on the platform.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
    /// Who of us wrote it.
    pub staff_id: Option<Uuid>,
    /// The patron's address that wrote it, or the one it went to.
    pub address_id: Option<Uuid>,
    /// The writer's name, as shown.
    pub author_name: String,
    /// Its id on the platform, in the form of [`super::threading::reference`].
    pub external_id: Option<String>,
    /// The ids before it, oldest first, separated by spaces: what an answer must carry on.
    pub refs: String,
    /// When it was said: the platform's time where it has one.
    pub at: Millis,
    /// Its own subject.
    pub subject: Option<String>,
    /// The whole text.
    pub text: String,
    /// Without the trailing quote and signature; none when nothing was collapsed.
    pub reply_text: Option<String>,
    /// Markup, already through the first wall.
    pub html: Option<String>,
    /// The envelope with the raw original.
    pub envelope_id: Option<Uuid>,
    /// Written by a machine.
    pub automatic: bool,
    /// The writer's address is new in this conversation.
    pub unverified: bool,
    /// Where it can be seen on the platform.
    pub link: Option<String>,
    /// The conversation whose thread it belongs to, where that is merged into the one that it is in.
    pub home_id: Option<Uuid>,
}

impl Message {
    /// The conversation whose thread it belongs to.
    pub fn home(&self) -> Uuid {
        self.home_id.unwrap_or(self.conversation_id)
    }
}

/// A file that came along or goes out.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Attachment {
    /// Its id.
    pub id: Uuid,
    /// The message it came with.
    pub message_id: Uuid,
    /// In the order of the message.
    pub position: i64,
    /// As the sender named it; never a path.
    pub filename: Option<String>,
    /// As the sender declared it; never trusted.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Names its bytes in the blob store; none: they lie in the row, or are not here.
    pub sha256: Option<String>,
    /// Id under which markup shows it in place.
    pub content_id: Option<String>,
    /// Shown in place rather than listed.
    pub inline_shown: bool,
    /// Where the platform keeps it, while it is still to be fetched.
    pub reference: Option<String>,
    /// `kept`, `to_fetch` or `refused`.
    pub state: String,
    /// Why it was refused, in words.
    pub why: Option<String>,
}
