//! What somebody is writing, kept while they write it: for them alone, on whatever machine they go on.

use uuid::Uuid;

use super::{locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::draft::{Draft, Kind};
use crate::store::uploads::{self, Upload};
use crate::store::{Conn, drafts};

/// Longest draft, characters: more than any platform takes.
pub const LONGEST: usize = 100_000;
const MOST_FILES: usize = 100;

/// What their page says of it.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What it becomes.
    pub kind: Kind,
    /// As far as it is written.
    pub text: String,
    /// Where they are in it.
    pub caret: i64,
    /// The files that wait for it, in their order.
    pub files: Vec<Uuid>,
}

/// What somebody is writing in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// An answer.
    pub reply: Option<Draft>,
    /// A note.
    pub note: Option<Draft>,
    /// The files of the answer.
    pub files: Vec<Upload>,
}

/// Keeps it in place of what was kept before. Nothing in it: it is forgotten. Files that are no longer there are left out.
///
/// # Errors
/// [`Error::Invalid`] when it is too long.
pub async fn keep(app: &App, who: &Who, conversation: Uuid, writing: Writing) -> Result<Drafts> {
    may_answer(who)?;
    if writing.text.chars().count() > LONGEST || writing.files.len() > MOST_FILES {
        return Err(Error::Invalid(format!(
            "A draft may have {LONGEST} characters and {MOST_FILES} files at most. What was kept before stays."
        )));
    }
    let (staff, now) = (who.staff_id, app.clock.now());
    let (kept, _) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                locked(tx, conversation).await?;
                let Writing { kind, text, caret, files } = writing;
                let mut there = Vec::with_capacity(files.len());
                for file in files.into_iter().filter(|_| kind == Kind::Reply) {
                    if !there.contains(&file) && uploads::one(tx, file, staff).await?.is_some() {
                        there.push(file);
                    }
                }
                if text.trim().is_empty() && there.is_empty() {
                    drafts::remove(tx, staff, conversation, kind).await?;
                } else {
                    let draft = Draft {
                        conversation_id: conversation,
                        kind,
                        caret: caret.clamp(0, i64::try_from(2 * LONGEST).unwrap_or(i64::MAX)),
                        text,
                        changed_at: now,
                    };
                    drafts::put(tx, staff, &draft).await?;
                    if kind == Kind::Reply {
                        drafts::hold(tx, staff, conversation, &there).await?;
                    }
                }
                of(tx, staff, conversation).await
            })
        })
        .await?;
    Ok(kept)
}

/// What they are writing in this conversation.
pub async fn read(app: &App, who: &Who, conversation: Uuid) -> Result<Drafts> {
    may_answer(who)?;
    of(&mut app.db.read().await?, who.staff_id, conversation).await
}

/// What they are writing anywhere.
pub async fn list(app: &App, who: &Who) -> Result<Vec<Draft>> {
    Ok(drafts::all_of(&mut app.db.read().await?, who.staff_id).await?)
}

/// Forgets it. Its files wait for their day to end.
pub async fn forget(app: &App, who: &Who, conversation: Uuid, kind: Kind) -> Result<()> {
    may_answer(who)?;
    let staff = who.staff_id;
    app.db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(drafts::remove(tx, staff, conversation, kind).await?) })
        })
        .await?;
    Ok(())
}

async fn of(conn: &mut Conn, staff: Uuid, conversation: Uuid) -> Result<Drafts> {
    let mut kept = Drafts { files: drafts::files(conn, staff, conversation).await?, ..Drafts::default() };
    for draft in drafts::of(conn, staff, conversation).await? {
        match draft.kind {
            Kind::Reply => kept.reply = Some(draft),
            Kind::Note => kept.note = Some(draft),
        }
    }
    Ok(kept)
}
