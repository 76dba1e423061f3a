//! What nobody takes is offered at further desks, by the clock or because somebody passes it on: each hop is a line of the
//! history, and the patron's desk, wait and promise stay what they were.

use super::abilities::live_channel;
use crate::support::app::{Client, TestApp, mail, on_each_engine};
use crate::waits::bed::agree;
use deskbell::conversation::cascade;
use deskbell::inbound;
use deskbell::model::channel::Channel;
use deskbell::model::hours::Interval;
use deskbell::model::people::Desk;
use deskbell::store::{Error, hours, people, stacks};
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;

/// Ana answers at Reference, Bryan at the shared desk, Lena at the back-up.
struct House {
    app: TestApp,
    shared: Desk,
    backup: Desk,
    ana: Client,
    bryan: Client,
    lena: Client,
}

impl House {
    /// With the steps: the shared desk after 40 seconds or 4 hours, the back-up after 60 or 2, everybody after 120 or 1.
    async fn open(app: TestApp) -> Self {
        let shared = named(&app, "Shared desk").await;
        let backup = named(&app, "Back-up").await;
        let members = [(app.desk.id, app.ana.id), (shared.id, app.bryan.id), (backup.id, app.lena.id)];
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for (desk, person) in members {
                        people::add_member(tx, desk, person).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let lena = app.signed_in(&app.lena).await;
        let house = Self { app, shared, backup, ana, bryan, lena };
        assert_eq!(house.decide(&house.steps()).await, 204);
        house
    }

    fn steps(&self) -> Value {
        json!({ "steps": [
            { "desk_id": self.shared.id, "live_seconds": 40, "seconds": 4 * 3600 },
            { "desk_id": self.backup.id, "live_seconds": 60, "seconds": 2 * 3600 },
            { "desk_id": null, "live_seconds": 120, "seconds": 3600 },
        ] })
    }

    async fn decide(&self, steps: &Value) -> u16 {
        let ada = self.app.signed_in(&self.app.ada).await;
        ada.put(&format!("/desks/{}/cascade", self.app.desk.id), steps.clone()).await.status
    }

    /// After so long, everything that the clock does.
    async fn later(&self, ms: i64) {
        self.app.clock.advance(ms);
        worker::settle(&self.app.app).await.unwrap();
    }

    async fn read(&self, id: Uuid) -> Value {
        self.ana.get(&format!("/conversations/{id}")).await.json()
    }

    /// What the history says since the patron asked.
    async fn told(&self, id: Uuid) -> Vec<String> {
        let whole = self.read(id).await;
        let lines = whole["events"].as_array().unwrap().iter().skip(1);
        lines.map(|line| line["words"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether claim next gives it to them; they put it back at once.
    async fn given(&self, client: &Client, id: Uuid) -> bool {
        let answer = client.post("/claims/next", json!({})).await.json();
        let given = answer["conversation"]["id"] == json!(id);
        if given {
            client.delete(&format!("/conversations/{id}/claim")).await.json();
        }
        given
    }

    /// Ana, Bryan, Lena.
    async fn to_whom(&self, id: Uuid) -> [bool; 3] {
        [self.given(&self.ana, id).await, self.given(&self.bryan, id).await, self.given(&self.lena, id).await]
    }

    async fn live(&self, chat: &Channel, name: &str) -> Uuid {
        let at = self.app.clock.now();
        inbound::accept(&self.app.app, chat, vec![mail(name, name, "Are you there?", &[], at)], None)
            .await
            .unwrap();
        let path = format!("/conversations?view=unclaimed&channel={}", chat.id);
        let items = self.ana.get(&path).await.json()["items"].clone();
        items.as_array().unwrap().last().unwrap()["id"].as_str().unwrap().parse().unwrap()
    }

    async fn agreed(&self) {
        assert_eq!(stacks::wrong(&mut self.app.db.read().await.unwrap()).await.unwrap(), []);
        agree(&self.app.app).await;
    }

    async fn pass(&self, client: &Client, id: Uuid, reason: &str) -> crate::support::app::Answer {
        client.post(&format!("/conversations/{id}/passes"), json!({ "reason": reason })).await
    }
}

async fn named(app: &TestApp, name: &str) -> Desk {
    let desk = Desk { id: app.clock.id(), name: name.to_owned(), ..app.desk.clone() };
    let kept = desk.clone();
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { people::insert_desk(tx, &kept).await }))
        .await
        .unwrap();
    desk
}

/// Open on each day between these hours, by the library's clock.
async fn open_between(app: &TestApp, desk: Uuid, from: u16, to: u16) {
    let day = Interval::new(from * 60, to * 60).unwrap();
    let week: [Vec<_>; 7] = std::array::from_fn(|_| vec![day]);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { hours::set_week(tx, desk, Some(&week)).await }))
        .await
        .unwrap();
    app.calendars.forget();
}

on_each_engine! {
    async fn a_live_question_goes_on_after_forty_seconds_and_then_to_everybody(app: TestApp) {
        let house = House::open(app).await;
        let chat = live_channel(&house.app).await;
        let id = house.live(&chat, "Amara Osei").await;
        let begun = house.read(id).await;
        assert_eq!(house.to_whom(id).await, [true, false, false]);
        // Putting it back begins its time at the desk anew.
        house.later(40 * SECOND - 1).await;
        assert_eq!(house.read(id).await["offered"], json!([]));
        house.later(1).await;
        assert_eq!(house.read(id).await["offered"], json!([house.shared.id]));
        assert_eq!(house.to_whom(id).await, [true, true, false]);
        let last = |told: Vec<String>| told.last().unwrap().clone();
        house.later(60 * SECOND - 1).await;
        assert_eq!(house.read(id).await["offered"], json!([house.shared.id]));
        house.later(1).await;
        assert_eq!(last(house.told(id).await), "Offered to Back-up too: nobody at Shared desk took it for 1 minute");
        assert_eq!(house.to_whom(id).await, [true, true, true]);
        assert_eq!(house.read(id).await["urgent"], false);
        house.later(120 * SECOND).await;
        assert_eq!(
            last(house.told(id).await),
            "This waits for everybody: nobody at Back-up took it for 2 minutes, and there is no further desk to ask"
        );
        let now = house.read(id).await;
        assert_eq!((&now["urgent"], &now["state"], &now["owner_id"]), (&json!(true), &json!("open"), &Value::Null));
        for same in ["desk_id", "due_at", "waiting_since", "channel_id", "number"] {
            assert_eq!(now[same], begun[same], "{same}");
        }
        let (told, seq) = (house.told(id).await, now["seq"].clone());
        house.later(48 * HOUR).await;
        assert_eq!((house.told(id).await, &house.read(id).await["seq"]), (told, &seq), "nothing comes after that");
        house.agreed().await;
    }

    async fn a_letter_goes_on_in_open_hours_and_a_closed_desk_is_passed_over_in_words(app: TestApp) {
        let house = House::open(app).await;
        // It is 14:00 there.
        open_between(&house.app, house.app.desk.id, 9, 17).await;
        open_between(&house.app, house.shared.id, 12, 20).await;
        let id = house.app.patron_asks("Amara Osei", "Where is my hold?").await;
        // Three hours today and one tomorrow, when the shared desk is not open yet; the back-up always is.
        house.later(19 * HOUR).await;
        assert_eq!(house.told(id).await, Vec::<String>::new());
        house.later(HOUR).await;
        assert_eq!(
            house.told(id).await,
            ["Not offered to Shared desk, which is closed", "Offered to Back-up too: nobody at Reference took it for 4 hours"]
        );
        assert_eq!(house.to_whom(id).await, [true, false, true]);
        house.agreed().await;
        // Who waits at their screen does not wait for a desk that is closed.
        open_between(&house.app, house.app.desk.id, 11, 17).await;
        let chat = live_channel(&house.app).await;
        let live = house.live(&chat, "Piotr Zak").await;
        house.later(0).await;
        assert_eq!(
            house.told(live).await,
            ["Not offered to Shared desk, which is closed", "Offered to Back-up too: Reference is closed"]
        );
        // What somebody has, and what nobody waits for, goes nowhere.
        let taken = house.app.patron_asks("Efua Mensah", "May I bring my dog?").await;
        house.lena.put(&format!("/conversations/{taken}/claim"), json!({})).await.json();
        let done = house.app.patron_asks("Sunniva Berg", "Is the lift mended?").await;
        house.ana.put(&format!("/conversations/{done}/closure"), json!({})).await.json();
        house.later(72 * HOUR).await;
        assert_eq!(house.read(taken).await["offered"], json!([]));
        assert_eq!(house.read(done).await["offered"], json!([]));
        house.agreed().await;
    }

    async fn passing_on_needs_a_reason_asks_the_next_desk_and_never_closes(app: TestApp) {
        let house = House::open(app).await;
        let id = house.app.patron_asks("Amara Osei", "My PIN does not work").await;
        assert_eq!(house.pass(&house.ana, id, " ").await.problem(), "invalid");
        house.lena.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        assert_eq!(house.pass(&house.ana, id, "Not ours").await.problem(), "claimed", "somebody else has it");
        let row = house.pass(&house.lena, id, "We cannot see  accounts").await.json();
        assert_eq!((&row["offered"], &row["owner_id"]), (&json!([house.shared.id]), &Value::Null));
        assert_eq!(house.told(id).await[1], "Lena passed this on to Shared desk: We cannot see accounts");
        assert_eq!(house.to_whom(id).await, [false, true, false], "whoever passed it on is not given it again");
        house.agreed().await;
        house.pass(&house.bryan, id, "Nor can we").await.json();
        assert_eq!(house.to_whom(id).await, [false, false, true]);
        let row = house.pass(&house.lena, id, "Nor I").await.json();
        assert_eq!((&row["urgent"], &row["state"]), (&json!(true), &json!("open")));
        assert_eq!(house.to_whom(id).await, [true, true, true]);
        let refused = house.pass(&house.ana, id, "Once more").await;
        assert!(refused.told()["detail"].as_str().unwrap().contains("Every desk was asked already"), "{refused:?}");
        // Handed to another desk it begins there anew.
        let handoff = json!({ "to_desk_id": house.shared.id, "reason": "other", "summary": "PIN" });
        house.ana.post(&format!("/conversations/{id}/handoffs"), handoff).await.json();
        assert_eq!(house.read(id).await["offered"], json!([]));
        let nowhere = house.pass(&house.bryan, id, "No").await;
        assert!(nowhere.told()["detail"].as_str().unwrap().contains("passes nothing on"), "{nowhere:?}");
        let vera = house.app.signed_in(&house.app.vera).await;
        assert_eq!(house.pass(&vera, id, "No").await.problem(), "not-allowed");
        house.agreed().await;
    }

    async fn two_processes_make_each_hop_once_and_a_new_one_goes_on(app: TestApp) {
        let house = House::open(app).await;
        let mut asked = Vec::new();
        for n in 0..10 {
            asked.push(house.app.patron_asks(&format!("Patron {n}"), "Where is my hold?").await);
        }
        let other = house.app.another().await;
        house.app.clock.advance(4 * HOUR);
        let mut racing = tokio::task::JoinSet::new();
        for id in &asked {
            for app in [house.app.app.clone(), other.clone()] {
                let id = *id;
                racing.spawn(async move { cascade::hop_if_due(&app, id).await.unwrap() });
            }
        }
        let hops = racing.join_all().await.into_iter().filter(|hopped| *hopped).count();
        assert_eq!(hops, 10);
        for id in &asked {
            assert_eq!(house.told(*id).await, ["Offered to Shared desk too: nobody at Reference took it for 4 hours"]);
        }
        // Whoever is started later makes the next.
        other.close().await;
        let later = house.app.another().await;
        house.app.clock.advance(2 * HOUR);
        worker::settle(&later).await.unwrap();
        for id in &asked {
            assert_eq!(house.told(*id).await.len(), 2);
            assert_eq!(house.read(*id).await["offered"], json!([house.shared.id, house.backup.id]));
        }
        house.agreed().await;
    }

    async fn managers_decide_the_steps_and_none_leads_back(app: TestApp) {
        let house = House::open(app).await;
        let path = format!("/desks/{}/cascade", house.app.desk.id);
        let kept = house.ana.get(&path).await.json()["items"].clone();
        assert_eq!(kept, house.steps()["steps"]);
        assert_eq!(house.lena.put(&path, house.steps()).await.problem(), "not-allowed");
        let step = |desk: Uuid| json!({ "desk_id": desk, "live_seconds": 1, "seconds": 1 });
        for wrong in [vec![step(house.app.desk.id)], vec![step(house.shared.id), step(house.shared.id)]] {
            assert_eq!(house.decide(&json!({ "steps": wrong })).await, 422);
        }
        assert_eq!(house.decide(&json!({ "steps": [step(Uuid::from_u128(7))] })).await, 404);
        assert_eq!(house.ana.get(&path).await.json()["items"], kept, "nothing was changed");
        assert_eq!(house.decide(&json!({ "steps": [] })).await, 204);
        let id = house.app.patron_asks("Amara Osei", "Where is my hold?").await;
        house.later(48 * HOUR).await;
        assert_eq!(house.told(id).await, Vec::<String>::new());
    }
}
