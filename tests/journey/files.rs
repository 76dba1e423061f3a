//! Files that a platform keeps elsewhere, and platforms that forget to call.

use std::collections::VecDeque;

use bytes::Bytes;
use connectors::contract::{Failure, Subscription};
use deskbell::model::channel::State;
use deskbell::model::event::Kind;
use deskbell::model::message::Attachment;
use deskbell::store::{events, messages, subscriptions};
use serde_json::json;

use super::bed::Desk;
use super::bell::{Tower, note};
use super::hooks::{ring, shown, tower};
use crate::store::bed::each_engine;

const HOUR: i64 = 3_600_000;

fn transient() -> Failure {
    Failure::Transient { after_ms: None, why: "The platform stumbled.".to_owned() }
}

fn gives(tower: &Tower, reference: &str, outcomes: Vec<Result<(&'static str, Bytes), Failure>>) {
    tower.state().files.insert(reference.to_owned(), VecDeque::from(outcomes));
}

async fn only_file(desk: &Desk) -> Attachment {
    let conversation = desk.only_conversation().await;
    let mut conn = desk.app.db.read().await.unwrap();
    messages::attachments_in(&mut conn, conversation.id).await.unwrap().remove(0)
}

async fn told(desk: &Desk) -> Vec<String> {
    let mut conn = desk.app.db.read().await.unwrap();
    let history = events::after(&mut conn, 0, 100).await.unwrap();
    history
        .iter()
        .filter(|event| event.kind == Kind::File)
        .map(deskbell::model::event::Event::words)
        .collect()
}

each_engine! {
    async fn a_file_comes_after_its_message_with_patience(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        gives(&tower, "m1", vec![Err(transient()), Ok(("image/png", Bytes::from_static(b"a picture")))]);
        let mut photo = note("1", "efua", "See the photo");
        photo["file"] = json!("m1");
        ring(&desk, row.id, &[photo]).await;
        let file = only_file(&desk).await;
        assert_eq!((file.state.as_str(), file.sha256.is_none()), ("to_fetch", true), "the message does not wait for it");
        desk.settle().await;
        let file = only_file(&desk).await;
        assert_eq!((file.state.as_str(), file.why.as_deref()), ("to_fetch", Some("The platform stumbled.")));
        desk.later(10_000).await;
        let file = only_file(&desk).await;
        assert_eq!((file.state.as_str(), file.size, file.content_type.as_str()), ("kept", 9, "image/png"));
        assert_eq!((file.filename.as_deref(), file.why), (Some("photo.jpg"), None));
        let bytes = desk.app.blobs.get(&file.sha256.unwrap()).await.unwrap();
        assert_eq!(&bytes[..], b"a picture");
        assert_eq!(told(&desk).await, ["photo.jpg has come"]);
    }

    async fn a_file_that_never_comes_says_why(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        gives(&tower, "m1", vec![Ok(("video/mp4", Bytes::from(vec![0; (64 << 20) + 1])))]);
        let mut film = note("1", "efua", "See the film");
        film["file"] = json!("m1");
        ring(&desk, row.id, &[film]).await;
        desk.settle().await;
        let file = only_file(&desk).await;
        assert_eq!((file.state.as_str(), file.sha256), ("refused", None));
        assert_eq!(file.why.as_deref(), Some("The platform no longer has this file."));
        assert_eq!(told(&desk).await, ["A file could not be fetched: The platform no longer has this file."]);
        desk.later(100 * HOUR).await;
        assert_eq!(told(&desk).await.len(), 1);
    }

    async fn a_subscription_that_lapsed_is_renewed_and_the_gap_is_read(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        desk.settle().await;
        let url = format!("https://desk.example/hooks/{}", row.id);
        assert_eq!(tower.state().told, [url.as_str()], "where to call");
        tower.state().asked.clear();
        // The schedule would not read for another day.
        let id = row.id;
        desk.app
            .db
            .write(move |tx| Box::pin(async move { deskbell::store::channels::set_schedule(tx, id, Some("24h"), None).await }))
            .await
            .unwrap();
        desk.app.roster.reload(id).await.unwrap();
        desk.later(HOUR / 2).await;
        tower.state().asked.clear();
        tower.ring("notes", note("7", "efua", "I called while nobody listened"));
        tower.state().subscriptions.push_back(Ok(Subscription::Renewed));
        desk.later(HOUR / 2).await;
        assert_eq!(tower.state().told.len(), 2, "once an hour");
        assert_eq!(desk.conversations().await.len(), 1, "read at once");
        let known = subscriptions::all(&mut desk.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!(known[0].renewed_at, Some(desk.app.clock.now()));
    }

    async fn a_platform_that_does_not_say_whether_it_calls_is_asked_again(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        tower.state().subscriptions.extend([Err(transient()), Err(transient())]);
        desk.settle().await;
        assert_eq!(shown(&desk, row.id).await["state"], "active", "one that stumbles once is no news");
        desk.later(60_000).await;
        let known = subscriptions::all(&mut desk.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!((known[0].failures, known[0].last_error.as_deref()), (2, Some("The platform stumbled.")));
        let board = shown(&desk, row.id).await;
        assert_eq!((board["state"].as_str(), board["todo"].as_str()), (Some("degraded"), Some("The platform stumbled.")));
        assert!(board["health"].as_str().unwrap().starts_with("It may not call us since "), "{board}");
        desk.later(120_000).await;
        assert_eq!(shown(&desk, row.id).await["state"], "active");
        assert_eq!(tower.state().told.len(), 3);
        let known = subscriptions::all(&mut desk.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!((known[0].failures, known[0].checked_at), (0, Some(desk.app.clock.now())));
        assert_eq!(desk.app.roster.get(row.id).unwrap().row.state, State::Active, "reading goes on");
    }
}
