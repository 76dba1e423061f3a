//! How long patrons waited, as managers ask.

use super::replies::connect;
use crate::support::app::on_each_engine;
use deskbell::model::hours::written;
use deskbell::store::{self, hours};
use serde_json::json;

const MINUTE: i64 = 60_000;

const REFUSED: [(&str, &str); 3] = [
    ("from=2026-10-02&to=2026-10-01", "comes before the first"),
    ("from=yesterday", "from"),
    ("by=mood", "by"),
];

on_each_engine! {
    async fn those_who_still_wait_count(app: TestApp) {
        let _loft = connect(&app);
        // Three ask; one is answered after ten minutes, one done without an answer after twenty, one waits on.
        let first = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let second = app.patron_asks("Bo Lind", "Thanks, that helped.").await;
        app.patron_asks("Chidi Eze", "Can you renew my card?").await;
        let lead = app.signed_in(&app.lena).await;
        app.clock.advance(10 * MINUTE);
        let seen = lead.get(&format!("/conversations/{first}")).await.json()["seen"].clone();
        let reply = lead.post(&format!("/conversations/{first}/replies"), json!({ "text": "Yes, from ten.", "seen": seen })).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        app.clock.advance(10_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        app.clock.advance(10 * MINUTE);
        let done = json!({ "why": "A word of thanks" });
        assert_eq!(lead.put(&format!("/conversations/{second}/closure"), done).await.status, 200);
        app.clock.advance(40 * MINUTE);

        let report = lead.get("/reports/waits?from=2026-09-30&to=2026-10-02&by=channel").await;
        assert_eq!(report.status, 200, "{report:?}");
        let report = report.json();
        let all = &report["all"];
        let counts = ["count", "answered", "waiting_now", "no_answer_needed"].map(|name| all[name].as_u64().unwrap());
        assert_eq!(counts, [2, 1, 1, 1], "{report:#}");
        assert!(report["definition"].as_str().unwrap().contains("Kaplan-Meier"));
        let median = all["wall"]["median_ms"].as_i64().unwrap();
        assert!((10 * MINUTE..11 * MINUTE).contains(&median), "{median}");
        assert!(all["wall"]["p90_ms"].is_null(), "nobody knows yet how long the one who waits will have waited");
        assert_eq!(report["lines"].as_array().unwrap().len(), 1, "{report:#}");
        assert_eq!(report["lines"][0]["name"], "Ask us");

        let people = lead.get("/reports/waits?from=2026-09-30&to=2026-10-02&by=person").await.json();
        let names: Vec<_> = people["lines"].as_array().unwrap().iter().map(|line| line["name"].clone()).collect();
        assert_eq!(names, [json!(app.lena.name), json!("Nobody here")], "{people:#}");
        let before = lead.get("/reports/waits?from=2026-09-01&to=2026-09-30").await.json();
        assert_eq!(before["all"]["count"], 0);
    }

    async fn open_hours_are_those_of_the_desk(app: TestApp) {
        // Asked on a Thursday at two in Berlin; the desk opens at half past.
        let desk = app.channel.desk_id;
        app.db
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    let week = written::week("Mon-Fri 14:30-20:00").expect("a week");
                    hours::set_week(tx, desk, Some(&week)).await
                })
            })
            .await
            .unwrap();
        let _loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let lead = app.signed_in(&app.lena).await;
        app.clock.advance(50 * MINUTE);
        let seen = lead.get(&format!("/conversations/{id}")).await.json()["seen"].clone();
        lead.post(&format!("/conversations/{id}/replies"), json!({ "text": "Yes.", "seen": seen })).await;
        app.clock.advance(10_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        let all = lead.get("/reports/waits?from=2026-10-01&to=2026-10-01").await.json()["all"].clone();
        let (wall, open) = (all["wall"]["median_ms"].as_i64().unwrap(), all["open_hours"]["median_ms"].as_i64().unwrap());
        assert_eq!(wall - open, 30 * MINUTE, "{all:#}");
    }

    async fn a_period_that_is_none_is_refused_in_words(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(ana.get("/reports/waits").await.problem(), "not-allowed", "how colleagues do is a lead's to ask");
        let lead = app.signed_in(&app.lena).await;
        for (query, words) in REFUSED {
            let answer = lead.get(&format!("/reports/waits?{query}")).await;
            assert!((400..500).contains(&answer.status), "{answer:?}");
            assert!(answer.told()["detail"].as_str().unwrap().contains(words), "{answer:?}");
        }
    }
}
