//! Part of a conversation becomes one of its own. What follows from that is decided in [`crate::model::split`].

use std::collections::HashMap;

use uuid::Uuid;

use super::{locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, number_in_words, preview, subject};
use crate::model::event::Kind;
use crate::model::message::{Direction, Message};
use crate::model::split::{Chosen, First, Piece, Side, Split, apart, begin, refuse, rest, size_in_words};
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, histories, messages, patrons, search, splits};

/// Splits what was chosen off; gives the conversation that it is since.
///
/// # Errors
/// [`Error::Invalid`] for what cannot be one, and where somebody else was quicker, with who and where it is;
/// [`Error::Merged`] for what is part of another one.
pub async fn split(app: &App, who: &Who, from: Uuid, chosen: Chosen) -> Result<Conversation> {
    may_answer(who)?;
    let (owned, who) = (app.clone(), who.clone());
    let (row, committed) = app
        .db
        .write(move |tx| Box::pin(async move { split_now(&owned, tx, &who, from, &chosen).await }))
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn split_now(app: &App, tx: &mut Tx, who: &Who, from: Uuid, chosen: &Chosen) -> Result<Conversation> {
    let before = locked(tx, from).await?;
    refuse(&before).map_err(Error::Invalid)?;
    let said = splits::pieces(tx, from).await?;
    let (goes, stays) = match apart(&said, chosen) {
        Ok(both) => both,
        Err(why) => return Err(who_was_quicker(tx, &said, chosen, why).await?),
    };
    let now = app.clock.now();
    let asked = |piece: &&&Piece| piece.direction == Direction::In;
    let opener = goes.iter().find(asked).expect("a patron's is among what goes").id;
    let opener = messages::by_id(tx, opener).await?.ok_or(Error::Missing("message"))?;
    let first = first(app, tx, &before, &opener).await?;
    let (id, number) = (first.id, first.number);
    let line = |conversation_id, kind, detail| Appending {
        at: now,
        kind,
        conversation_id,
        message_id: None,
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: Some(detail),
    };
    let size = size_in_words(goes.len());
    let there = format!("{} ({size})", number_in_words(number));
    // Its row comes first, since everything else refers to it; how it stands is known when all of it is there.
    let new = begin(&before, first.clone(), &Side::of(&goes, None, String::new()));
    conversations::insert(tx, &new).await?;
    let seq = events::append(tx, line(from, Kind::Split, there)).await?;
    let new_seq = events::append(tx, line(id, Kind::SplitOff, number_in_words(before.number))).await?;
    let split = Split {
        id: app.clock.id(),
        from_id: from,
        into_id: id,
        home_id: opener.home(),
        seq,
        at: now,
        staff_id: who.staff_id,
    };
    let gone: Vec<(Uuid, Uuid)> = goes.iter().map(|piece| (piece.id, piece.home_id)).collect();
    splits::go(tx, &split, &gone, new.patron_id).await?;
    if new.patron_id != before.patron_id {
        // Whom an answer went to is found by its name.
        for piece in goes.iter().filter(|piece| piece.direction == Direction::Out) {
            search::remove(tx, piece.seq).await?;
            search::index(tx, piece.seq).await?;
        }
    }
    let open = histories::keep_all(tx, id, || app.clock.id()).await?;
    let after = Conversation { seq, ..rest(&before, &side(app, tx, &before, &stays, &open, from).await?) };
    conversations::update(tx, &before, &after).await?;
    let settled = begin(&before, first, &side(app, tx, &before, &goes, &open, id).await?);
    let settled = Conversation { seq: new_seq, ..settled };
    conversations::update(tx, &new, &settled).await?;
    Ok(settled)
}

async fn first(app: &App, tx: &mut Tx, before: &Conversation, opener: &Message) -> Result<First> {
    let address = match opener.address_id {
        Some(id) => patrons::address_by_id(tx, id).await?,
        None => None,
    };
    let writer = match address.filter(|address| address.patron_id != before.patron_id) {
        Some(address) => patrons::by_id(tx, address.patron_id).await?,
        None => None,
    };
    let patron = writer
        .map_or_else(|| (before.patron_id, before.patron_name.clone()), |writer| (writer.id, writer.name));
    Ok(First {
        id: app.clock.id(),
        number: conversations::next_number(tx).await?,
        channel_id: opener.channel_id.unwrap_or(before.channel_id),
        patron,
        subject: subject(opener.subject.as_deref(), &line_of(opener)),
        visibility: opener.visibility,
        at: opener.at,
    })
}

fn line_of(message: &Message) -> String {
    preview(message.reply_text.as_ref().unwrap_or(&message.text))
}

/// What is in one of the two, with since when who waits there.
async fn side(
    app: &App,
    tx: &mut Tx,
    at: &Conversation,
    pieces: &[&Piece],
    open: &HashMap<Uuid, Option<Millis>>,
    id: Uuid,
) -> Result<Side> {
    let open = match open.get(&id).copied().flatten() {
        Some(since) => Some((since, app.calendars.due(tx, at.desk_id, since, app.clock.now()).await?)),
        None => None,
    };
    let last = pieces.iter().rev().find(|piece| piece.direction == Direction::In);
    let last = match last {
        Some(piece) => messages::by_id(tx, piece.id).await?,
        None => None,
    };
    Ok(Side::of(pieces, open, last.map(|message| line_of(&message)).unwrap_or_default()))
}

/// Of two who split the same at once, the second is told who was first and where it is.
async fn who_was_quicker(tx: &mut Tx, said: &[Piece], chosen: &Chosen, why: String) -> Result<Error> {
    let ids = match chosen {
        Chosen::These(ids) => ids.as_slice(),
        Chosen::From(id) => std::slice::from_ref(id),
    };
    let gone = ids.iter().find(|id| !said.iter().any(|piece| piece.id == **id));
    let into = match gone {
        Some(message) => splits::last_with(tx, *message).await?,
        None => None,
    };
    let Some(into) = into else { return Ok(Error::Invalid(why)) };
    let line = events::last_of_kind(tx, into, Kind::SplitOff).await?;
    let by = line.map_or_else(|| "A colleague".to_owned(), |line| line.actor_name);
    let number = conversations::by_id(tx, into).await?.map_or(0, |row| row.number);
    Ok(Error::Invalid(format!(
        "{by} has split this off already: it is in {}. Nothing was changed.",
        number_in_words(number)
    )))
}
