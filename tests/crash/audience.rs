//! Two hundred pages follow everything while five colleagues work and patrons write. They come and go, some are slow, and
//! the program is killed once: in the end each knows what somebody knows who loads everything anew.

use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::Arc;
use std::time::Duration;

use connectors::simulator::Random;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::follower::{Town, follow};
use super::{chance, kept, post};
use crate::support::dovecot::{Dovecot, Wanted};
use crate::support::eventually;
use crate::support::http::Api;
use crate::support::leash::free_ports;
use crate::support::program::{House, answers};

const PAGES: usize = 200;
/// Each tenth page reads nothing until so much has happened: more than the program keeps at hand.
const LAG: i64 = 1_500;
const EVENTS: i64 = 5_000;
const MAILS: usize = 40;
const COLLEAGUES: [&str; 4] = ["Bryan", "Chioma", "Dmitri", "Esra"];

#[test]
fn two_hundred_pages_know_what_a_fresh_load_shows() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    let chance = chance();
    let house = House::new(None);
    let [port] = free_ports();
    let ana = house.hire(port);
    let desk: Vec<Api> =
        COLLEAGUES.iter().map(|name| hired(&house, port, name)).chain([ana.clone()]).collect();
    house.connect(&dovecot);
    let mails = post::mails(MAILS, &chance);
    let pace = Random::seeded(chance.number());

    let serving = house.serve(port);
    answers(&ana);
    let (newest, end) = (watch::Sender::new(0), watch::Sender::new(None));
    let town = Arc::new(Town { api: ana.clone(), chance: Random::seeded(chance.number()), newest, end });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut pages = JoinSet::new();
    for number in 0..PAGES {
        let lag = if number % 10 == 0 { LAG } else { 0 };
        pages.spawn_on(follow(town.clone(), lag), runtime.handle());
    }
    let _serving = std::thread::scope(|scope| {
        let postman = scope.spawn(|| post::deliver(&dovecot, &mails, Duration::from_secs(10), &pace));
        let at_work: Vec<_> = desk
            .iter()
            .map(|colleague| {
                let (town, chance) = (&town, Random::seeded(chance.number()));
                scope.spawn(move || work(colleague, town, &chance))
            })
            .collect();
        eventually("half of it is done", || (*town.newest.borrow() > EVENTS / 2).then_some(()));
        serving.kill();
        let serving = house.serve(port);
        at_work.into_iter().for_each(|colleague| colleague.join().expect("a colleague"));
        let taken = MAILS - postman.join().expect("the postman").len();
        eventually("every mail is read", || {
            let intake = kept::intake(&ana);
            (intake.messages + intake.held >= taken).then_some(())
        });
        serving
    });
    let newest = ana.read("/me")["seq"].as_i64().expect("a number");
    assert!(newest >= EVENTS, "{newest}");
    town.end.send_replace(Some(newest));
    let views = runtime.block_on(pages.join_all());
    let fresh = runtime.block_on(follow(town.clone(), 0));
    let shown = owners(&ana);
    assert!(!shown.is_empty() && fresh.owners == shown, "{:?} {shown:?}", fresh.owners);
    for view in &views {
        assert_eq!((view.last, view.told.finish()), (fresh.last, fresh.told.finish()));
        assert_eq!(view.owners, shown);
    }
    let opened: usize = views.iter().map(|view| view.opened).sum();
    eprintln!("{PAGES} pages, {newest} events each, {opened} lines opened");
}

fn hired(house: &House, port: u16, name: &str) -> Api {
    let address = format!("{}@fernhill.example", name.to_lowercase());
    house.run(&["staff", "add", &address, "--name", name]);
    Api { port, token: house.run(&["staff", "token", &address]) }
}

/// Takes, puts back and notes until enough has happened; whoever finds nobody at home asks again.
fn work(colleague: &Api, town: &Town, chance: &Random) {
    let questions = eventually("there are questions", || {
        let answer = colleague.get("/conversations?view=all").ok().filter(|answer| answer.status == 200)?;
        let ids = answer.json()["items"].as_array()?.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        (ids.len() >= 5).then_some(ids)
    });
    while *town.newest.borrow() < EVENTS {
        let question =
            format!("/conversations/{}", questions[chance.below(questions.len())].as_str().expect("an id"));
        let answer = match chance.below(4) {
            0 => colleague.put(&format!("{question}/claim"), &json!({})),
            1 => colleague.delete(&format!("{question}/claim")),
            _ => colleague.post(&format!("{question}/notes"), &json!({ "text": "Looked at it." })),
        };
        match answer {
            Ok(answer) => {
                let said = String::from_utf8_lossy(&answer.body);
                assert!(answer.status < 300 || answer.status == 409, "{}: {said}", answer.status);
            }
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Who has what, as a fresh load shows it.
fn owners(api: &Api) -> HashMap<String, String> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let all = api.all("/conversations?view=all");
    all.iter().filter_map(|row| Some((text(&row["id"])?, text(&row["owner_id"])?))).collect()
}
