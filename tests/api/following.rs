//! `/live?desk=`: only what happens there, and to what whoever follows is asked to take. Who comes back misses nothing of that
//! and has nothing twice.

use super::live::Stream;
use super::next::another_desk;
use crate::support::PATIENCE;
use crate::support::app::{Client, on_each_engine};
use serde_json::{Value, json};
use uuid::Uuid;

/// What is told next: under which name, of which number. What is no line of the history is passed over.
async fn told(stream: &mut Stream) -> (String, i64) {
    loop {
        let event = tokio::time::timeout(PATIENCE, stream.next())
            .await
            .expect("something is told")
            .expect("it goes on");
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if let (Some(name @ ("change" | "gone")), Some(id)) = (field("event:"), field("id:")) {
            let data: Value = serde_json::from_str(field("data:").unwrap()).unwrap();
            assert_eq!(data["seq"].to_string(), id);
            return (name.to_owned(), id.parse().unwrap());
        }
    }
}

async fn told_until(stream: &mut Stream, last: i64) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    while all.last().is_none_or(|(_, seq)| *seq != last) {
        all.push(told(stream).await);
    }
    all
}

async fn newest(client: &Client) -> i64 {
    client.get("/me").await.json()["seq"].as_i64().unwrap()
}

async fn note(client: &Client, id: Uuid) -> i64 {
    client.post(&format!("/conversations/{id}/notes"), json!({ "text": "Hm" })).await.json();
    newest(client).await
}

async fn hand(client: &Client, id: Uuid, to: Value) -> i64 {
    let mut body = json!({ "reason": "other", "summary": "Her card was renewed" });
    body.as_object_mut().unwrap().extend(to.as_object().unwrap().clone());
    client.post(&format!("/conversations/{id}/handoffs"), body).await.json();
    newest(client).await
}

on_each_engine! {
    async fn a_desk_hears_of_its_own_and_of_what_leaves_it(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let children = another_desk(&app).await.id;
        let here = app.desk.id;
        let begun = newest(&ana).await;
        let mut streams = Vec::new();
        for query in [format!("?desk={here}"), format!("?desk={children}"), format!("?desk={here}&desk={children}")] {
            streams.push(Stream::open(&ana, &query, None).await);
        }
        let mut of_bryan = Stream::open(&bryan, &format!("?desk={children}"), None).await;
        let (mut at_here, mut at_children, mut his) = (Vec::new(), Vec::new(), Vec::new());
        let change = |seq: i64| ("change".to_owned(), seq);

        let one = app.patron_asks("Amara Osei", "Which picture books have whales?").await;
        at_here.push(change(newest(&ana).await));
        let other = app.patron_asks("Piotr Zak", "Where is my book?").await;
        at_here.push(change(newest(&ana).await));
        let went = hand(&ana, one, json!({ "to_desk_id": children })).await;
        at_here.push(("gone".to_owned(), went));
        at_children.push(change(went));
        his.push(change(went));
        let noted = note(&ana, one).await;
        at_children.push(change(noted));
        his.push(change(noted));
        at_here.push(change(note(&ana, other).await));
        // Asked, he hears of it wherever it is, until he has answered.
        app.clock.advance(1_000);
        let asked = hand(&ana, other, json!({ "to_staff_id": app.bryan.id })).await;
        let meanwhile = note(&ana, other).await;
        for seq in [asked, meanwhile] {
            at_here.push(change(seq));
            his.push(change(seq));
        }
        app.clock.advance(1_000);
        let handoff = bryan.get("/handoffs").await.json()["items"][0]["handoff"]["id"].as_str().unwrap().to_owned();
        bryan.put(&format!("/handoffs/{handoff}/refusal"), json!({ "why": "At the door" })).await.json();
        let refused = newest(&ana).await;
        at_here.push(change(refused));
        his.push(change(refused));
        app.clock.advance(1_000);
        at_here.push(change(note(&ana, other).await));
        let back = hand(&ana, one, json!({ "to_desk_id": here })).await;
        at_here.push(change(back));
        at_children.push(("gone".to_owned(), back));
        his.push(("gone".to_owned(), back));
        at_here.push(change(note(&ana, one).await));
        let last = app.patron_asks("Rosa Diaz", "Is there a story hour?").await;
        at_here.push(change(newest(&ana).await));
        let last = hand(&ana, last, json!({ "to_desk_id": children })).await;
        at_here.push(("gone".to_owned(), last));
        at_children.push(change(last));
        his.push(change(last));
        let mut at_both: Vec<_> = at_here.iter().chain(&at_children).filter(|(name, _)| name == "change").cloned().collect();
        at_both.sort_by_key(|(_, seq)| *seq);
        at_both.dedup();

        for (stream, expected) in streams.iter_mut().zip([&at_here, &at_children, &at_both]) {
            assert_eq!(told_until(stream, last).await, *expected);
        }
        assert_eq!(told_until(&mut of_bryan, last).await, his);
        // Whoever comes back, from wherever they were, is told the rest.
        for (at, (_, seq)) in his.iter().enumerate() {
            let mut again = Stream::open(&bryan, &format!("?desk={children}"), Some(*seq)).await;
            if at + 1 < his.len() {
                assert_eq!(told_until(&mut again, last).await, his[at + 1..]);
            }
        }
        let mut again = Stream::open(&ana, &format!("?desk={here}&after={begun}"), None).await;
        assert_eq!(told_until(&mut again, last).await, at_here);

        assert_eq!(ana.get(&format!("/live?desk={}", Uuid::nil())).await.problem(), "missing");
        assert_eq!(ana.get("/live?desk=reference").await.status, 400);
        assert_eq!(ana.get("/live?tag=1").await.status, 400);
    }

    async fn who_hears_nothing_for_long_is_not_behind(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let children = another_desk(&app).await.id;
        let mut quiet = Stream::open(&ana, &format!("?desk={children}"), None).await;
        app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let newest = newest(&ana).await;
        let number = async {
            loop {
                let event = quiet.next().await.expect("it goes on");
                assert!(!event.contains("data:"), "nothing of it was for this desk: {event}");
                if let Some(id) = event.lines().find_map(|line| line.strip_prefix("id:")) {
                    return id.trim().to_owned();
                }
            }
        };
        let number = tokio::time::timeout(PATIENCE, number).await.expect("a number by itself");
        assert_eq!(number, newest.to_string());
    }
}
