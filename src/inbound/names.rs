//! What patrons are called, learnt after they were met: a platform's call may know a number only, and what it gives when it
//! is asked the person's name.

use connectors::contract::Address as Writer;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::model::event::Kind as Happened;
use crate::model::people::Address;
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, patrons};

/// What was learnt of one patron.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    patron: Uuid,
    /// What they were called, which is no name.
    before: String,
    /// What they are called from now on.
    pub(super) after: String,
}

/// Whether somebody is called by nothing but this address: a number, a handle. Only such a name gives way to another one,
/// so that nobody who chose a name for a patron finds it gone.
pub(super) fn is_bare(name: &str, address: &Address) -> bool {
    name == address.shown || name == address.address
}

/// What this writer, whose address is known, teaches us about a patron who is called so; none: nothing new.
pub(super) fn lesson(writer: &Writer, address: &Address, called: &str) -> Option<Lesson> {
    // A handle that was changed is called by the new one; the address is kept as it was first written, and found by it.
    if !is_bare(called, address) && called != writer.shown {
        return None;
    }
    let after = writer.name.as_ref().unwrap_or(&writer.shown);
    let is_new = after != called && !after.trim().is_empty();
    is_new.then(|| Lesson { patron: address.patron_id, before: called.to_owned(), after: after.clone() })
}

/// Writes it down: with the patron, and in each conversation of theirs, which says so.
pub(super) async fn keep(app: &App, lessons: &[Lesson], tx: &mut Tx) -> Result<()> {
    for Lesson { patron, before, after } in lessons {
        if !patrons::rename(tx, *patron, before, after).await? {
            continue;
        }
        for id in conversations::of_patron_called(tx, *patron, before).await? {
            let Some(was) = conversations::lock(tx, id).await? else { continue };
            let line = Appending {
                at: app.clock.now(),
                kind: Happened::Named,
                conversation_id: id,
                message_id: None,
                staff_id: None,
                actor_name: before.clone(),
                detail: Some(after.clone()),
            };
            let mut is = was.clone();
            is.patron_name.clone_from(after);
            is.seq = events::append(tx, line).await?;
            conversations::update(tx, &was, &is).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(shown: &str, name: Option<&str>) -> Writer {
        Writer { id: "77001".to_owned(), shown: shown.to_owned(), name: name.map(str::to_owned) }
    }

    fn address() -> Address {
        Address {
            id: Uuid::from_u128(1),
            patron_id: Uuid::from_u128(2),
            kind: "bell".to_owned(),
            address: "77001".to_owned(),
            shown: "@tamsin".to_owned(),
            verified_at: None,
        }
    }

    #[test]
    fn a_number_or_a_handle_gives_way_to_a_name_and_a_name_to_nothing() {
        let learnt = |called: &str, writer: &Writer| {
            lesson(writer, &address(), called).map(|lesson| lesson.after).unwrap_or_default()
        };
        let named = writer("@tamsin", Some("Tamsin Ochieng"));
        assert_eq!(learnt("@tamsin", &named), "Tamsin Ochieng");
        assert_eq!(learnt("77001", &named), "Tamsin Ochieng");
        assert_eq!(learnt("Mrs Ochieng, of the reading circle", &named), "");
        assert_eq!(learnt("Tamsin Ochieng", &writer("@tamsin", Some("T."))), "");
        assert_eq!(
            learnt("@tamsin", &writer("@tamsin_reads", None)),
            "@tamsin_reads",
            "a handle was changed"
        );
        assert_eq!(
            learnt("@tamsin_reads", &writer("@tamsin_reads", Some("Tamsin Ochieng"))),
            "Tamsin Ochieng"
        );
        assert_eq!(learnt("@tamsin", &writer("@tamsin", None)), "");
        assert_eq!(learnt("@tamsin", &writer("@tamsin", Some("  "))), "");
    }
}
