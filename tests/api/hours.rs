//! When a desk is open, and what follows from other hours for those who wait.

use crate::support::app::{Client, TestApp, on_each_engine};
use crate::waits::bed::agree;
use deskbell::conversation::hours::{self, Change};
use deskbell::model::hours::written;
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 3_600_000;

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

/// It is 14:00 on Thursday in Berlin, and the desk is open until five; it answers within 24 open hours.
async fn week(app: &TestApp, text: &str) -> usize {
    let week = written::week(text).unwrap();
    hours::change(app, app.desk.id, Change::Week(Some(week))).await.unwrap()
}

on_each_engine! {
    async fn closed_today_moves_what_was_promised_and_says_so(app: TestApp) {
        let (ana, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.lena).await);
        let waits = app.patron_asks("Amara Osei", "Is my book in?").await;
        let answered = app.patron_asks("Rosa Diaz", "When is story time?").await;
        let done = json!({ "outcome": "patron_lost" });
        assert_eq!(ana.put(&format!("/conversations/{answered}/closure"), done).await.status, 200);
        let at_first = read(&ana, answered).await;
        assert_eq!(read(&ana, waits).await["due_at"], "2026-10-02T12:00:00.000Z", "day and night");
        assert_eq!(week(&app, "Mon-Fri 9-17").await, 1);
        assert_eq!(read(&ana, waits).await["due_at"], "2026-10-06T12:00:00.000Z", "3, 8, 8 and 5 hours of work");

        let path = format!("/desks/{}", app.desk.id);
        assert_eq!(ana.get(&format!("{path}/hours")).await.json()["open"], true);
        assert_eq!(ana.put(&format!("{path}/closed-today"), json!({})).await.problem(), "not-allowed");
        let closed = lena.put(&format!("{path}/closed-today"), json!({})).await;
        assert_eq!((closed.status, closed.json()["moved"].clone()), (200, json!(1)));
        assert_eq!(lena.put(&format!("{path}/closed-today"), json!({})).await.json()["moved"], 0, "twice is once");
        let shown = ana.get(&format!("{path}/hours")).await.json();
        assert_eq!((&shown["open"], &shown["week"]), (&json!(false), &json!("Mon-Fri 09:00-17:00")));
        assert_eq!(shown["days"], json!([{ "first": "2026-10-01", "last": "2026-10-01", "name": "Closed today", "intervals": "" }]));
        let moved = read(&ana, waits).await;
        assert_eq!(moved["due_at"], "2026-10-06T15:00:00.000Z", "three hours later");
        let words = moved["events"].as_array().unwrap().last().unwrap()["words"].clone();
        assert_eq!(words, "Due at another time: the desk's hours changed");
        assert_eq!(moved["waiting_since"], "2026-10-01T12:00:00.000Z", "nobody waits less for it");
        assert_eq!(read(&ana, answered).await, at_first, "whoever does not wait is left alone");

        assert_eq!(lena.delete(&format!("{path}/closed-today")).await.json()["moved"], 1);
        assert_eq!(lena.delete(&format!("{path}/closed-today")).await.json()["moved"], 0);
        assert_eq!(read(&ana, waits).await["due_at"], "2026-10-06T12:00:00.000Z");
        // Who writes from now on is promised by the hours of now.
        let later = app.patron_asks("Zoe Quist", "And mine?").await;
        assert_eq!(read(&ana, later).await["due_at"], "2026-10-06T12:00:00.000Z");
        agree(&app.app).await;
    }

    async fn what_was_decided_otherwise_stays_when_hours_change(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is my book in?").await;
        week(&app, "Mon-Fri 9-17").await;
        app.clock.advance(HOUR);
        let home = ana.put(&format!("/conversations/{id}/closure"), json!({ "outcome": "home_library" })).await;
        assert_eq!(home.status, 200, "{home:?}");
        let due = read(&ana, id).await["due_at"].clone();
        assert_ne!(due, "2026-10-06T12:00:00.000Z");
        assert_eq!(week(&app, "Mon-Fri 12-17").await, 0);
        assert_eq!(read(&ana, id).await["due_at"], due);
    }

    async fn a_calendar_is_taken_in_whole_shown_before_and_once(app: TestApp) {
        let (lena, ada) = (app.signed_in(&app.lena).await, app.signed_in(&app.ada).await);
        let id = app.patron_asks("Amara Osei", "Is my book in?").await;
        week(&app, "Mon-Fri 9-17").await;
        let path = format!("/desks/{}/calendar", app.desk.id);
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261002\nSUMMARY:Staff day\nEND:VEVENT\n\
            BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20261005T120000\nDURATION:PT2H\nSUMMARY:Drill\nEND:VEVENT\nEND:VCALENDAR\n";
        let file = |dry_run: bool| json!({ "text": text, "dry_run": dry_run });
        assert_eq!(lena.post(&path, file(false)).await.problem(), "not-allowed");
        let would = ada.post(&path, file(true)).await.json();
        assert_eq!(would["added"], json!([
            { "first": "2026-10-02", "last": "2026-10-02", "name": "Staff day", "intervals": "" },
            { "first": "2026-10-05", "last": "2026-10-05", "name": "Drill", "intervals": "09:00-12:00 14:00-17:00" },
        ]));
        assert_eq!(read(&ada, id).await["due_at"], "2026-10-06T12:00:00.000Z", "looking changes nothing");
        let did = ada.post(&path, file(false)).await.json();
        assert_eq!((&did["added"], &did["moved"]), (&would["added"], &json!(1)));
        assert_eq!(read(&ada, id).await["due_at"], "2026-10-07T14:00:00.000Z", "eight hours and two later");
        let again = ada.post(&path, file(false)).await.json();
        assert_eq!((&again["added"], &again["changed"], &again["same"], &again["moved"]), (&json!([]), &json!([]), &json!(2), &json!(0)));
        let half = json!({ "text": "2026-11-01\n2026-13-01\n" });
        let refused = ada.post(&path, half).await;
        assert_eq!(refused.status, 422);
        assert!(String::from_utf8_lossy(&refused.body).contains("Line 2: “2026-13-01” is no day."), "{refused:?}");
        let kept = ada.get(&format!("/desks/{}/hours", app.desk.id)).await.json();
        assert_eq!(kept["days"].as_array().unwrap().len(), 2);
        agree(&app.app).await;
    }
}
