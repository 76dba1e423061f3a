//! Platforms call: whoever proves itself is believed, and what it brings is kept before it is answered.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use deskbell::access::token;
use deskbell::app::App;
use deskbell::channel::roster::Open;
use deskbell::model::channel::{Channel, State};
use deskbell::store::{self, streams};
use deskbell::{http, outbound};
use futures::future::join_all;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

use super::bed::{Desk, reply};
use super::bell::{MANIFEST, SECRET, Tower, note};
use crate::store::bed::{NOW, channel, each_engine};

/// Connects a tower with two streams.
pub async fn tower(desk: &Desk) -> (Channel, Tower) {
    tower_called(desk, "The tower").await
}

/// And another one.
pub async fn another_tower(desk: &Desk) -> (Channel, Tower) {
    tower_called(desk, "The other tower").await
}

async fn tower_called(desk: &Desk, name: &str) -> (Channel, Tower) {
    let row = Channel {
        kind: "bell".to_owned(),
        address: name.to_owned(),
        ours: name.to_owned(),
        schedule: None,
        ..channel(desk.app.clock.id(), name, desk.channel.desk_id)
    };
    let (kept, id) = (row.clone(), row.id);
    desk.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::channels::insert(tx, &kept).await?;
                store::channels::set_state(tx, id, State::Active, NOW, None).await?;
                for stream in ["notes", "shouts"] {
                    streams::put(tx, id, stream, stream, false).await?;
                }
                Ok::<_, store::Error>(())
            })
        })
        .await
        .expect("another channel");
    let tower = Tower::default();
    take_in(&desk.app, &row, &tower);
    (row, tower)
}

/// Opens the tower in this process, as each process opens every channel.
pub fn take_in(app: &App, row: &Channel, tower: &Tower) {
    let channel = std::sync::Arc::new(tower.clone());
    app.roster.take_in(Open { row: row.clone(), manifest: &MANIFEST, channel });
}

async fn ask(desk: &Desk, request: Request<Body>) -> Response<Body> {
    let router = http::router(desk.app.clone(), CancellationToken::new());
    router.oneshot(request).await.expect("always answers")
}

/// The channel as the board shows it.
pub async fn shown(desk: &Desk, channel: Uuid) -> Value {
    let (_, secret) = token::make(&desk.app.access, desk.ana.staff_id, "board").await.unwrap();
    let request = Request::get("/api/v1/channels").header("authorization", format!("Bearer {secret}"));
    let answer = ask(desk, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let board: Value = serde_json::from_slice(&body).unwrap();
    let all = board["items"].as_array().unwrap();
    all.iter().find(|one| one["id"] == channel.to_string()).unwrap().clone()
}

/// A call as the tower makes it.
pub async fn ring(desk: &Desk, channel: Uuid, notes: &[Value]) -> StatusCode {
    ask(desk, call(channel, notes)).await.status()
}

fn call(channel: Uuid, notes: &[Value]) -> Request<Body> {
    let request = Request::post(format!("/hooks/{channel}"))
        .header("host", "desk.example")
        .header("x-bell", SECRET)
        .body(Body::from(Value::from(notes.to_vec()).to_string()));
    request.expect("a request")
}

each_engine! {
    async fn what_a_call_brings_is_kept_once_whichever_way_it_comes(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let notes = [note("1", "efua", "Are you open?"), note("2", "kofi", "Do you have maps?")];
        assert_eq!(ring(&desk, row.id, &notes).await, StatusCode::OK);
        assert_eq!(desk.conversations().await.len(), 2, "kept before the answer, no worker has run");
        assert_eq!(ring(&desk, row.id, &notes[..1]).await, StatusCode::OK, "called again");
        tower.ring("notes", notes[1].clone());
        desk.settle().await;
        assert_eq!(desk.conversations().await.len(), 2);
        let counts = desk.counts().await;
        assert_eq!((counts.received, counts.messages, counts.duplicates), (4, 2, 2));
    }

    async fn calls_that_come_at_once_are_each_kept_once(bed: Bed) {
        let desk = Desk::open(bed).await;
        let ((row, _), (other, _)) = (tower(&desk).await, another_tower(&desk).await);
        let router = http::router(desk.app.clone(), CancellationToken::new());
        // A platform that is not sure calls again with the same: here each tenth is the one before it.
        let calls = (0..400).map(|n| {
            let said = if n % 10 == 9 { n - 1 } else { n };
            let (channel, who) = (if n < 300 { row.id } else { other.id }, format!("patron {}", said % 50));
            router.clone().oneshot(call(channel, &[note(&said.to_string(), &who, &format!("Question {said}"))]))
        });
        for answer in join_all(calls).await {
            assert_eq!(answer.expect("always answers").status(), StatusCode::OK);
        }
        let counts = desk.counts().await;
        assert_eq!((counts.received, counts.messages, counts.duplicates), (400, 360, 40));
        let mut said = desk.said().await;
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), 360, "every question, none twice");
    }

    async fn a_call_that_cannot_be_kept_does_not_fail_those_that_came_with_it(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, _) = tower(&desk).await;
        desk.poison("INSERT", "messages", "NEW.text = 'poison'").await;
        let router = http::router(desk.app.clone(), CancellationToken::new());
        let calls = (0..20).map(|n| {
            let text = if n == 7 { "poison".to_owned() } else { format!("Question {n}") };
            router.clone().oneshot(call(row.id, &[note(&n.to_string(), &format!("patron {n}"), &text)]))
        });
        let answers = join_all(calls).await;
        for (n, answer) in answers.into_iter().enumerate() {
            let status = answer.expect("always answers").status();
            assert_eq!(status.is_success(), n != 7, "{n}: {status}");
        }
        assert_eq!((desk.counts().await.messages, desk.said().await.len()), (19, 19));
    }

    async fn whoever_proves_nothing_changes_nothing(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let body = || Body::from(json!([note("1", "efua", "Are you open?")]).to_string());
        let to = |path: String| Request::post(path).header("host", "elsewhere.example");
        let here = format!("/hooks/{}", row.id);
        let cases = [
            (to(here.clone()).body(body()), 401),
            (to(here.clone()).header("x-bell", "guessed").body(body()), 403),
            (to(here.clone()).header("x-bell", SECRET).body(Body::from(vec![b' '; 5 << 20])), 413),
            (to(format!("/hooks/{}", Uuid::from_u128(1))).header("x-bell", SECRET).body(body()), 404),
            (to(format!("/hooks/{}", desk.channel.id)).header("x-bell", SECRET).body(body()), 404),
            (to("/hooks/tower".to_owned()).header("x-bell", SECRET).body(body()), 400),
            (Request::delete(here.clone()).body(body()), 405),
            (Request::get(format!("{here}?mode=subscribe")).body(Body::empty()), 403),
        ];
        for (request, status) in cases {
            let request = request.expect("a request");
            let what = format!("{} {}", request.method(), request.uri());
            let answer = ask(&desk, request).await;
            assert_eq!(answer.status().as_u16(), status, "{what}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{what}");
        }
        assert_eq!(desk.counts().await.received, 0);
        let here = format!("https://desk.example{here}");
        assert!(tower.state().called.iter().all(|url| url.starts_with(&here)), "whatever the caller's Host says");
    }

    async fn a_handshake_is_answered_as_the_platform_demands(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        let request = Request::get(format!("/hooks/{}?mode=subscribe&challenge=1158201444", row.id))
            .header("host", "127.0.0.1:8080")
            // A platform is no browser: what it says of its origin counts for nothing.
            .header("origin", "https://tower.example");
        let answer = ask(&desk, request.body(Body::empty()).expect("a request")).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"text/plain".parse().unwrap()));
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(&body[..], b"1158201444");
        let called = tower.state().called.clone();
        assert_eq!(called, [format!("https://desk.example/hooks/{}?mode=subscribe&challenge=1158201444", row.id)]);
    }

    async fn a_gap_that_the_platform_tells_of_is_filled_by_reading(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        desk.settle().await;
        tower.ring("notes", note("7", "efua", "You may have missed me"));
        desk.settle().await;
        assert!(desk.conversations().await.is_empty(), "the schedule has its time");
        assert_eq!(ring(&desk, row.id, &[json!({ "id": "g1", "gap": "Some calls were lost." })]).await, 200);
        desk.settle().await;
        assert_eq!(desk.conversations().await.len(), 1);
    }

    async fn a_withdrawn_sign_in_is_on_the_card_at_once(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, _) = tower(&desk).await;
        let word = json!({ "id": "r1", "revoked": "Somebody removed Deskbell from the account." });
        assert_eq!(ring(&desk, row.id, &[word]).await, StatusCode::OK);
        let open = desk.app.roster.get(row.id).unwrap();
        assert_eq!(open.row.state, State::NeedsSignin);
        assert_eq!(open.row.state_why.as_deref(), Some("Somebody removed Deskbell from the account."));
    }

    async fn a_patron_who_said_stop_is_left_alone_until_they_say_start(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, tower) = tower(&desk).await;
        ring(&desk, row.id, &[note("1", "efua", "Are you open?")]).await;
        let asked = desk.only_conversation().await;
        desk.answer(&asked, "Until six.").await;
        ring(&desk, row.id, &[json!({ "id": "2", "from": "efua", "stop": true, "at": NOW + 1 })]).await;
        let told = desk.only_conversation().await;
        assert!(told.seq > asked.seq, "a line in the conversation");
        let refused = outbound::send(&desk.app, &desk.ana, told.id, reply("And tomorrow?", told.seq));
        let refused = refused.await.unwrap_err().to_string();
        assert!(refused.contains("efua asked us to stop writing here"), "{refused}");
        desk.settle().await;
        assert!(tower.state().sent.is_empty(), "written before the stop, not yet sent");
        let failed = desk.only_conversation().await;
        assert!(failed.trouble.as_deref().is_some_and(|why| why.contains("stop writing")), "{failed:?}");
        ring(&desk, row.id, &[json!({ "id": "3", "from": "efua", "stop": false, "at": NOW + 2 })]).await;
        let allowed = desk.only_conversation().await;
        desk.answer(&allowed, "Tomorrow from nine.").await;
        desk.settle().await;
        assert_eq!(tower.state().sent, ["Tomorrow from nine."]);
    }
}
