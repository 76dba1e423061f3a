use crate::support::PATIENCE;
use crate::support::app::{Client, TestApp, on_each_engine};
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use deskbell::access::session;
use deskbell::model::event::{Event, Kind};
use deskbell::store::{Error, Tx, events};
use futures::{FutureExt, StreamExt};
use serde_json::{Value, json};
use uuid::Uuid;

const MANY: i64 = 10_001;

/// So many lines of history in one commit.
async fn note_often(tx: &mut Tx, conversation: Uuid) -> Result<(), Error> {
    let first = events::numbers(tx, MANY as usize).await?;
    let line = |seq| Event {
        seq,
        at: 0,
        kind: Kind::Note,
        conversation_id: conversation,
        message_id: None,
        staff_id: None,
        actor_name: "Ana".to_owned(),
        detail: None,
    };
    events::append_numbered(tx, (first..first + MANY).map(line).collect()).await
}

/// An open stream of events.
pub(super) struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    pub(super) async fn open(client: &Client, query: &str, last: Option<i64>) -> Self {
        let mut request = Request::get(format!("/api/v1/live{query}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = client.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"), "an event leaves when it happens");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event's lines; none when the stream has ended.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(event);
            }
            let chunk = self.body.next().await?.expect("bytes");
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The next change, which its number names twice.
    async fn change(&mut self) -> Option<Value> {
        let next = async {
            loop {
                let event = self.next().await?;
                if event.contains("event: change") {
                    return Some(event);
                }
            }
        };
        // A stream that has nothing to say says so for ever.
        let event = tokio::time::timeout(PATIENCE, next).await.expect("something happens")?;
        let field =
            |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).expect("a field").trim();
        let data: Value = serde_json::from_str(field("data:")).expect("JSON");
        assert_eq!(data["seq"].to_string(), field("id:"));
        Some(data)
    }

    async fn numbers_until(&mut self, last: i64) -> Vec<i64> {
        let mut numbers = Vec::new();
        while numbers.last() != Some(&last) {
            numbers.push(self.change().await.expect("more to come")["seq"].as_i64().expect("a number"));
        }
        numbers
    }
}

on_each_engine! {
    async fn nothing_is_missed_and_nothing_comes_twice_while_many_write(app: TestApp) {
        let app = std::sync::Arc::new(app);
        let ana = app.signed_in(&app.ana).await;
        let first = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let begun = ana.get("/me").await.json()["seq"].as_i64().unwrap();

        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..4 {
            let (app, ana) = (app.clone(), ana.clone());
            writers.spawn(async move {
                for n in 0..40 {
                    if n % 4 == 0 {
                        app.patron_asks(&format!("Patron {writer}"), &format!("Question {writer} {n}")).await;
                    } else {
                        let note = json!({ "text": format!("Note {writer} {n}") });
                        ana.post(&format!("/conversations/{first}/notes"), note).await.json();
                    }
                }
            });
        }
        // Readers come and go all the while; each goes on from where the one before ended.
        let mut last = 0;
        let mut read = Vec::new();
        for _ in 0..20 {
            let mut stream = Stream::open(&ana, "", Some(last)).await;
            for _ in 0..7 {
                let seq = stream.change().await.expect("more to come")["seq"].as_i64().unwrap();
                read.push(seq);
                last = seq;
            }
        }
        writers.join_all().await;
        let newest = ana.get("/me").await.json()["seq"].as_i64().unwrap();
        assert!(newest >= begun + 160);
        if last < newest {
            read.extend(Stream::open(&ana, &format!("?after={last}"), None).await.numbers_until(newest).await);
        }
        assert_eq!(read, (1..=newest).collect::<Vec<_>>());
    }

    async fn who_falls_behind_reads_the_history_instead(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let begun = ana.get("/me").await.json()["seq"].as_i64().unwrap();
        let mut slow = Stream::open(&ana, "", None).await;
        // More than the bus remembers, while nobody reads.
        for _ in 0..600 {
            deskbell::conversation::claim::take(&app.app, &deskbell::access::who(&app.ana), id).await.unwrap();
            deskbell::conversation::claim::release(&app.app, &deskbell::access::who(&app.ana), id).await.unwrap();
        }
        let numbers = slow.numbers_until(begun + 1200).await;
        assert_eq!(numbers, (begun + 1..=begun + 1200).collect::<Vec<_>>());
    }

    async fn who_is_too_far_behind_is_told_to_load_again(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let begun = ana.get("/me").await.json()["seq"].as_i64().unwrap();
        let mut slow = Stream::open(&ana, "", None).await;
        let ((), committed) = app.app.db.write(move |tx| note_often(tx, id).boxed()).await.unwrap();
        app.bus.publish(committed);
        assert_eq!(slow.next().await, None, "ten thousand and one are too many");

        let newest = begun + MANY;
        let refused = ana.get(&format!("/live?after={begun}")).await;
        assert_eq!(refused.status, 422);
        let detail = refused.told()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("10001 events happened") && detail.contains(&newest.to_string()), "{detail}");
        let mut next = Stream::open(&ana, "", Some(begun + 1)).await;
        assert_eq!(next.numbers_until(newest).await.len() as i64, MANY - 1, "ten thousand are told");
    }

    async fn what_happens_is_told_in_words(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let mut stream = Stream::open(&ana, "", None).await;
        app.clock.advance(3_000);
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        let told = stream.change().await.unwrap();
        assert_eq!(told["kind"], "claimed");
        assert_eq!(told["conversation_id"], json!(id));
        assert_eq!(told["actor"], json!({ "staff_id": app.ana.id, "name": "Ana" }));
        assert_eq!(told["words"], "Ana claimed this after 3 seconds");

        app.bus.channel_changed(app.channel.id);
        let event = stream.next().await.unwrap();
        assert!(event.contains("event: channel") && !event.contains("id:"), "{event}");
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let data: Value = serde_json::from_str(data).unwrap();
        assert_eq!((&data["channel_id"], &data["state"]), (&json!(app.channel.id), &json!("active")));
    }

    async fn a_stream_ends_with_its_session(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (mut of_ana, mut of_bryan) = (Stream::open(&ana, "", None).await, Stream::open(&bryan, "", None).await);
        let open = session::list(&app.access, app.ana.id).await.unwrap();
        session::end(&app.access, app.ana.id, open[0].id).await.unwrap();
        assert_eq!(of_ana.next().await, None);

        app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        assert!(of_bryan.change().await.is_some(), "only theirs");
        app.stop.cancel();
        while of_bryan.next().await.is_some() {}
    }
}

#[tokio::test]
async fn a_silent_stream_shows_that_it_is_alive() {
    let app = TestApp::sqlite().await.expect("a file");
    let ana = app.signed_in(&app.ana).await;
    let mut stream = Stream::open(&ana, "", None).await;
    // From here on nothing is asked of the store: time passes as soon as everybody waits for it.
    tokio::time::pause();
    for _ in 0..3 {
        assert_eq!(stream.next().await.as_deref(), Some(": here"));
    }
}
