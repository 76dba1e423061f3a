//! What a reply would become if it were sent as it stands: shown to its writer, and nothing of it is kept.

use connectors::contract::{TextLimit, TextUnit, Visibility};
use uuid::Uuid;

use super::reply::{Drafted, Reply, deliver, drafted};
use crate::access::require;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::people::{Role, Who};

/// What a reply would become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How much of the limit it takes, in the limit's unit; none: nobody can say.
    pub used: Option<u32>,
    /// The limit; none: nothing is known of the way it would go.
    pub limit: Option<TextLimit>,
    /// As how many messages it would leave.
    pub parts: usize,
    /// What its writer may want to know, in sentences.
    pub notes: Vec<String>,
    /// Why it would be refused, in words; none: it would not.
    pub refused: Option<String>,
}

/// Looks at a reply on its way: the same look that decides when it is sent.
pub async fn preview(app: &App, who: &Who, conversation: Uuid, reply: Reply) -> Result<Preview> {
    require(who, Role::Staff)?;
    match drafted(app, who, conversation, &reply).await.and_then(|drafted| look(app, &drafted)) {
        Err(Error::CannotSend(why)) => Ok(Preview { refused: Some(why), ..Preview::default() }),
        other => other,
    }
}

fn look(app: &App, Drafted { open, draft, .. }: &Drafted) -> Result<Preview> {
    let deliver = deliver(open)?;
    let can = open.channel.capabilities();
    let limit = match draft.visibility {
        Visibility::Private => can.text,
        Visibility::Public => can.public_text.unwrap_or(can.text),
    };
    if draft.text.trim().is_empty() && draft.enclosures.is_empty() {
        return Ok(Preview { used: Some(0), limit: Some(limit), ..Preview::default() });
    }
    let measured = deliver.measure(&draft.text, draft.visibility);
    let (parts, refused) = match deliver.compose(draft, app.clock.now()) {
        Ok(parts) => (parts.len(), None),
        Err(refusal) => (0, Some(refusal.why)),
    };
    let mut preview =
        Preview { used: counted(&draft.text, limit), limit: Some(limit), parts, notes: Vec::new(), refused };
    if let Some(measure) = measured {
        preview.used = Some(measure.used);
        preview.notes = measure.notes;
        // What is refused is said once.
        preview.notes.retain(|note| preview.refused.as_ref() != Some(note));
    }
    Ok(preview)
}

/// What can be counted without the connector.
pub(super) fn counted(text: &str, limit: TextLimit) -> Option<u32> {
    let used = match limit.unit {
        TextUnit::Characters => text.chars().count(),
        TextUnit::Bytes => text.len(),
        TextUnit::Weighted | TextUnit::Segments => return None,
    };
    Some(u32::try_from(used).unwrap_or(u32::MAX))
}
