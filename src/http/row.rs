//! A conversation as lists show it: straight from its row, which carries everything.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::time::Time;
use crate::model;
use crate::model::conversation::State;

/// Who asks, in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PatronName {
    /// Their id.
    id: Uuid,
    /// As they call themselves.
    name: String,
}

/// A conversation's row with a patron of this type and whatever else follows. Written once for the list and the whole,
/// because flattening one into the other would cost every list.
macro_rules! shown {
    ($(#[$meta:meta])* $name:ident, $patron:ty $(, $(#[$more_meta:meta])* $more:ident: $more_type:ty)* $(,)?) => {
        $(#[$meta])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        pub(super) struct $name {
            /// Its id.
            pub id: uuid::Uuid,
            /// Shown as `Q-20418`.
            pub number: i64,
            /// Subject, or the first line where the platform has none.
            pub subject: String,
            /// The last patron line.
            pub preview: String,
            /// Who asks.
            pub patron: $patron,
            /// The channel it came by.
            pub channel_id: uuid::Uuid,
            /// Who can read it on the platform.
            #[schema(inline)]
            pub visibility: $crate::model::conversation::Visibility,
            /// The desk it is at.
            pub desk_id: uuid::Uuid,
            /// Who sees this patron through.
            pub owner_id: Option<uuid::Uuid>,
            /// Where it stands.
            #[schema(inline)]
            pub state: $crate::model::conversation::State,
            /// The first patron message nobody has answered.
            pub waiting_since: Option<super::time::Time>,
            /// Answer by; null while nobody waits and nobody promised to see to it.
            pub due_at: Option<super::time::Time>,
            /// When it comes back.
            pub snoozed_until: Option<super::time::Time>,
            /// When the patron last wrote.
            pub last_patron_at: super::time::Time,
            /// When anybody last wrote.
            pub last_at: super::time::Time,
            /// The last event's number.
            pub seq: i64,
            /// Why the patron has no answer although one was written.
            pub trouble: Option<String>,
            /// Whether any message brought files.
            pub has_attachments: bool,
            /// When it began.
            pub created_at: super::time::Time,
            /// What was decided when it was last put down; null while nobody has, or since it was opened again.
            #[schema(inline)]
            pub outcome: Option<$crate::model::closure::Outcome>,
            /// Until when somebody promised to see to it although it is not done.
            pub follow_up_at: Option<super::time::Time>,
            /// Its tags, in the order in which they were put on.
            pub tags: Vec<uuid::Uuid>,
            /// It comes before what is not late.
            pub urgent: bool,
            /// The conversation that it became part of; it is in no list then.
            pub merged_into: Option<uuid::Uuid>,
            /// Its patron waits at their screen while they wait.
            pub live: bool,
            /// Only whoever has this skill is given it as the next; null: anybody.
            pub skill: Option<String>,
            /// Only whoever speaks this is given it as the next; null: anybody.
            pub language: Option<String>,
            /// The desks besides its own at which it is offered.
            pub offered: Vec<uuid::Uuid>,
            /// Only this person is given it as the next, until `kept_until`.
            pub kept_for: Option<uuid::Uuid>,
            /// Until then it is kept for `kept_for`; it may have passed.
            pub kept_until: Option<super::time::Time>,
            $($(#[$more_meta])* pub $more: $more_type,)*
        }

        impl $name {
            /// The row with what else belongs to it.
            pub(super) fn of(
                row: $crate::model::conversation::Conversation,
                patron: $patron,
                ($($more,)*): ($($more_type,)*),
            ) -> Self {
                use super::time::Time;
                Self {
                    id: row.id,
                    number: row.number,
                    subject: row.subject,
                    preview: row.preview,
                    patron,
                    channel_id: row.channel_id,
                    visibility: row.visibility,
                    desk_id: row.desk_id,
                    owner_id: row.owner_id,
                    state: row.state,
                    waiting_since: row.waiting_since.map(Time),
                    due_at: row.waiting_since.or(row.follow_up_at).map(|_| Time(row.due_at)),
                    snoozed_until: row.snoozed_until.map(Time),
                    last_patron_at: Time(row.last_patron_at),
                    last_at: Time(row.last_at),
                    seq: row.seq,
                    trouble: row.trouble,
                    has_attachments: row.has_attachments,
                    created_at: Time(row.created_at),
                    outcome: row.outcome,
                    follow_up_at: row.follow_up_at.map(Time),
                    tags: $crate::model::tag::ids(&row.tags).collect(),
                    urgent: row.urgent,
                    merged_into: row.merged_into,
                    live: row.live,
                    skill: Some(row.skill).filter(|skill| !skill.is_empty()),
                    language: Some(row.language).filter(|language| !language.is_empty()),
                    offered: $crate::model::cascade::Offered::read(&row.offered).desks,
                    kept_for: row.kept_for,
                    kept_until: row.kept_for.map(|_| Time(row.kept_until)),
                    $($more,)*
                }
            }
        }
    };
}
pub(super) use shown;

shown! {
    /// A conversation, as lists show it.
    Row, PatronName
}

/// An earlier conversation of the same patron.
#[derive(Serialize, ToSchema)]
pub(super) struct RowLite {
    /// Its id.
    id: Uuid,
    /// Shown as `Q-20418`.
    number: i64,
    /// Its subject.
    subject: String,
    /// The channel it came by.
    channel_id: Uuid,
    /// Where it stands.
    #[schema(inline)]
    state: State,
    /// When anybody last wrote.
    last_at: Time,
}

impl From<model::conversation::Conversation> for Row {
    fn from(mut row: model::conversation::Conversation) -> Self {
        let patron = PatronName { id: row.patron_id, name: std::mem::take(&mut row.patron_name) };
        Self::of(row, patron, ())
    }
}

impl From<model::conversation::Conversation> for RowLite {
    fn from(row: model::conversation::Conversation) -> Self {
        Self {
            id: row.id,
            number: row.number,
            subject: row.subject,
            channel_id: row.channel_id,
            state: row.state,
            last_at: Time(row.last_at),
        }
    }
}
