//! The library's word on answering in a colleague's conversation.

use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::conversation::Conversation;
use crate::model::people::Role;
use crate::model::policy::{Policy, Verdict};
use crate::store::{Conn, people, settings};

const SETTING: &str = "reply_policy";

/// What was decided; whoever answers for somebody else is asked unless it was decided otherwise.
pub async fn read(conn: &mut Conn) -> Result<Policy> {
    let kept = settings::get(conn, SETTING).await?;
    Ok(kept.and_then(|word| word.parse().ok()).unwrap_or(Policy::Ask))
}

/// Decides, for managers.
pub async fn set(app: &App, who: &Who, policy: Policy) -> Result<()> {
    require(who, Role::Manager)?;
    app.db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(settings::set(tx, SETTING, policy.as_str()).await?) })
        })
        .await?;
    Ok(())
}

/// Lets an answer pass, or says who has the conversation.
///
/// # Errors
/// [`Error::Claimed`] where its writer is to be asked, [`Error::OwnersOnly`] where only its owner answers.
pub async fn pass(conn: &mut Conn, who: &Who, row: &Conversation, helps: bool) -> Result<()> {
    let verdict = read(conn).await?.judge(row.owner_id, who.staff_id, helps);
    let (Some(owner), Verdict::Ask | Verdict::Refuse) = (row.owner_id, verdict) else { return Ok(()) };
    let owner_name =
        people::staff(conn, owner).await?.map_or_else(|| "A colleague".to_owned(), |staff| staff.name);
    Err(match verdict {
        Verdict::Refuse => Error::OwnersOnly { owner, owner_name, since: row.owner_since },
        _ => Error::Claimed { owner, owner_name, since: row.owner_since },
    })
}
