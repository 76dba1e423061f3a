//! What colleagues know about whoever asks: the name, how they asked to be answered, notes. None of it is ever sent.

use uuid::Uuid;

use super::may_answer;
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::event::Kind;
use crate::model::patron::{self, Note, Profile};
use crate::model::people::Patron;
use crate::store::events::Appending;
use crate::store::{Conn, Tx, conversations, events, patron_notes, patrons, people, unions};

/// Writes down what is known about a patron now; every conversation of theirs bears the name.
///
/// # Errors
/// [`Error::Invalid`] for what cannot be kept, and for a patron who turned out to be another one.
pub async fn describe(app: &App, who: &Who, patron: Uuid, told: Profile) -> Result<()> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let ((), committed) = app
        .db
        .write(move |tx| Box::pin(async move { describe_now(tx, &who, now, patron, &told).await }))
        .await?;
    app.bus.publish(committed);
    Ok(())
}

async fn describe_now(tx: &mut Tx, who: &Who, now: Millis, id: Uuid, told: &Profile) -> Result<()> {
    let before = locked(tx, id).await?;
    let theirs = patrons::addresses_of(tx, id).await?;
    let theirs: Vec<Uuid> = theirs.into_iter().map(|address| address.id).collect();
    let told = told.tidy(&theirs).map_err(Error::Invalid)?;
    let renamed = told.name != before.name;
    let after = Patron {
        named: before.named || renamed,
        name: told.name,
        goes_by: told.goes_by,
        pronouns: told.pronouns,
        answer_by: told.answer_by,
        answer_hours: told.answer_hours,
        ..before.clone()
    };
    if after == before {
        return Ok(());
    }
    patrons::update(tx, &after).await?;
    if renamed {
        let detail = format!("{} (was {})", after.name, before.name);
        let all = unions::conversations_of(tx, id).await?;
        return say(tx, all, Some(&after.name), &line(who, now, Kind::Renamed, detail)).await;
    }
    let what = if (before.answer_by, &before.answer_hours) == (after.answer_by, &after.answer_hours) {
        "wrote down what the patron likes to be called"
    } else {
        "wrote down how the patron wants to be answered"
    };
    let standing = unions::standing_of(tx, id).await?;
    say(tx, standing, None, &line(who, now, Kind::PatronNoted, what.to_owned())).await
}

/// Leaves a note about a patron.
///
/// # Errors
/// [`Error::Invalid`] when there is nothing in it, or too much.
pub async fn note(app: &App, who: &Who, patron: Uuid, text: &str) -> Result<Note> {
    may_answer(who)?;
    let text = patron::note(text).map_err(Error::Invalid)?;
    let (who, at, id) = (who.clone(), app.clock.now(), app.clock.id());
    let note = Note { id, patron_id: patron, staff_id: who.staff_id, text, at, changed_at: None };
    let (note, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                locked(tx, patron).await?;
                patron_notes::insert(tx, &note).await?;
                tell_of_note(tx, &who, at, patron, "left a note about the patron").await?;
                Ok::<_, Error>(note)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(note)
}

/// Changes one's own note, or with `None` takes it away.
///
/// # Errors
/// [`Error::Invalid`] when it is somebody else's, empty or too long.
pub async fn change_note(app: &App, who: &Who, id: Uuid, text: Option<String>) -> Result<()> {
    may_answer(who)?;
    let text = text.map(|text| patron::note(&text)).transpose().map_err(Error::Invalid)?;
    let (who, now) = (who.clone(), app.clock.now());
    let ((), committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let note = patron_notes::by_id(tx, id).await?.ok_or(Error::Missing("note"))?;
                if note.staff_id != who.staff_id {
                    let author = people::staff(tx, note.staff_id).await?;
                    let author = author.map_or_else(|| "A colleague".to_owned(), |staff| staff.name);
                    return Err(Error::Invalid(format!(
                        "{author} wrote this note, and only its author changes it. Nothing was changed; leave one of your own."
                    )));
                }
                let what = match &text {
                    Some(text) => {
                        patron_notes::change(tx, id, text, now).await?;
                        "changed a note about the patron"
                    }
                    None => {
                        patron_notes::remove(tx, id).await?;
                        "took a note about the patron away"
                    }
                };
                tell_of_note(tx, &who, now, note.patron_id, what).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(())
}

async fn tell_of_note(tx: &mut Tx, who: &Who, now: Millis, patron: Uuid, what: &str) -> Result<()> {
    let standing = unions::standing_of(tx, patron).await?;
    say(tx, standing, None, &line(who, now, Kind::PatronNoted, what.to_owned())).await
}

/// The patron as they are now; who turned out to be another one is nobody any more.
pub(super) async fn locked(conn: &mut Conn, id: Uuid) -> Result<Patron> {
    let patron = patrons::by_id(conn, id).await?.ok_or(Error::Missing("patron"))?;
    let Some(other) = patron.one_with else { return Ok(patron) };
    let other =
        patrons::by_id(conn, other).await?.map_or_else(|| "another one".to_owned(), |other| other.name);
    Err(Error::Invalid(format!(
        "{} and {other} are one person since. Nothing was changed; go on with {other}.",
        patron.name
    )))
}

/// A line for the history of several conversations.
pub(super) fn line(who: &Who, at: Millis, kind: Kind, detail: String) -> Appending {
    Appending {
        at,
        kind,
        conversation_id: Uuid::nil(),
        message_id: None,
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: Some(detail),
    }
}

/// Writes the line into the history of each of these conversations, which bear the `name` from then on. A shell bears it too
/// and says nothing.
pub(super) async fn say(tx: &mut Tx, all: Vec<Uuid>, name: Option<&str>, line: &Appending) -> Result<()> {
    for id in all {
        let Some(before) = conversations::lock(tx, id).await? else { continue };
        let mut after = before.clone();
        if let Some(name) = name {
            name.clone_into(&mut after.patron_name);
        }
        if before.merged_into.is_none() {
            after.seq = events::append(tx, Appending { conversation_id: id, ..line.clone() }).await?;
        }
        conversations::update(tx, &before, &after).await?;
    }
    Ok(())
}
