//! What patrons are called, where that is learnt after they were met.

use axum::http::StatusCode;
use deskbell::model::event::Event;
use deskbell::store::{check, events, patrons};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bed::Desk;
use super::bell::note;
use super::hooks::{ring, tower};
use crate::store::bed::each_engine;

/// A note in a conversation that the platform itself keeps together, from somebody whom it shows as a number.
fn from_number(id: &str, text: &str, thread: &str) -> Value {
    let mut note = note(id, "77001", text);
    note["shown"] = "(406) 555-0193".into();
    note["thread"] = thread.into();
    note
}

fn named(mut note: Value, name: &str) -> Value {
    note["name"] = name.into();
    note
}

async fn names(desk: &Desk) -> Vec<String> {
    desk.conversations().await.into_iter().map(|conversation| conversation.patron_name).collect()
}

async fn history(desk: &Desk, after: i64) -> Vec<Event> {
    events::after(&mut desk.app.db.read().await.unwrap(), after, 100).await.unwrap()
}

async fn rename(desk: &Desk, patron: Uuid, before: &'static str, after: &'static str) {
    let write = desk
        .app
        .db
        .write(move |tx| Box::pin(async move { patrons::rename(tx, patron, before, after).await }));
    assert!(write.await.unwrap().0, "they were called {before}");
}

each_engine! {
    async fn a_name_that_asking_brings_after_a_call_is_shown_and_said(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let first = from_number("1", "Are you open?", "dm");
        assert_eq!(ring(&desk, row.id, std::slice::from_ref(&first)).await, StatusCode::OK);
        assert_eq!(ring(&desk, row.id, &[from_number("2", "And this?", "post")]).await, StatusCode::OK);
        assert_eq!(names(&desk).await, ["(406) 555-0193"; 2]);
        let before = history(&desk, 0).await.last().unwrap().seq;
        // The very same message, and nothing else new.
        tower.ring("notes", named(first, "Tamsin Ochieng"));
        desk.settle().await;
        let counts = desk.counts().await;
        assert_eq!((counts.received, counts.messages, counts.duplicates), (3, 2, 1));
        assert_eq!(names(&desk).await, ["Tamsin Ochieng"; 2], "in every conversation of theirs");
        let told = history(&desk, before).await;
        assert_eq!(told.len(), 2, "each page that shows one of them hears of it: {told:?}");
        for conversation in desk.conversations().await {
            let line = told.iter().find(|line| line.conversation_id == conversation.id).unwrap();
            assert_eq!(line.seq, conversation.seq);
            assert_eq!(line.words(), "(406) 555-0193 is called Tamsin Ochieng now");
        }
        // The next one comes without a name, and the one after it with what they call themselves by now.
        ring(&desk, row.id, &[from_number("3", "Hello again", "another")]).await;
        ring(&desk, row.id, &[named(from_number("4", "And again", "dm"), "T. (on holiday)")]).await;
        assert_eq!(names(&desk).await, ["Tamsin Ochieng"; 3]);
        assert_eq!(history(&desk, told[1].seq).await.len(), 2, "two messages, and no more names");
    }

    async fn a_later_message_brings_the_name_even_in_the_same_breath(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, _) = tower(&desk).await;
        let both = [from_number("1", "Are you open?", "dm"), named(from_number("2", "Well?", "dm"), "Tamsin Ochieng")];
        ring(&desk, row.id, &both).await;
        assert_eq!(names(&desk).await, ["Tamsin Ochieng"]);
        let conversation = desk.only_conversation().await;
        let mut conn = desk.app.db.read().await.unwrap();
        let patron = patrons::by_id(&mut conn, conversation.patron_id).await.unwrap().unwrap();
        assert_eq!(patron.name, "Tamsin Ochieng");
        assert_eq!(desk.texts(conversation.id).await.len(), 2);
    }

    async fn a_handle_that_was_changed_is_the_new_one(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, _) = tower(&desk).await;
        ring(&desk, row.id, &[json!({ "id": "1", "from": "77001", "shown": "@tamsin", "text": "Hi", "thread": "dm" })]).await;
        ring(&desk, row.id, &[json!({ "id": "2", "from": "77001", "shown": "@tamsin_reads", "text": "Hi", "thread": "dm" })]).await;
        assert_eq!(names(&desk).await, ["@tamsin_reads"]);
        let third = json!({ "id": "3", "from": "77001", "shown": "@tamsin_reads", "name": "Tamsin", "text": "Hi", "thread": "dm" });
        ring(&desk, row.id, &[third]).await;
        assert_eq!(names(&desk).await, ["Tamsin"]);
        // The words that a message is found by are those it came with.
        let found = check::check(&desk.app.db, &desk.app.blobs, &mut |_| ()).await.unwrap();
        assert!(found.wrong.is_empty(), "{:?}", found.wrong);
    }

    async fn a_name_that_was_given_stays_and_what_nobody_vouches_for_names_nobody(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        ring(&desk, row.id, &[from_number("1", "Are you open?", "dm")]).await;
        // Anybody may write such a sender into a mail.
        let mut forged = named(from_number("2", "It is me", ""), "The Director");
        forged["thread"] = Value::Null;
        ring(&desk, row.id, &[forged.clone()]).await;
        tower.ring("notes", forged);
        desk.settle().await;
        let known = desk.conversations().await;
        assert_eq!(known[0].patron_name, "(406) 555-0193");
        let patron = known[0].patron_id;
        let mut conn = desk.app.db.read().await.unwrap();
        assert_eq!(patrons::by_id(&mut conn, patron).await.unwrap().unwrap().name, "(406) 555-0193");
        drop(conn);
        rename(&desk, patron, "(406) 555-0193", "Mrs Ochieng, reading circle").await;
        ring(&desk, row.id, &[named(from_number("3", "Hello", "dm"), "Tamsin")]).await;
        let mut conn = desk.app.db.read().await.unwrap();
        assert_eq!(patrons::by_id(&mut conn, patron).await.unwrap().unwrap().name, "Mrs Ochieng, reading circle");
    }
}
