//! What somebody does all day, over HTTP, in a small library and in a large one, in a file and on a server: how much there is
//! must not be felt.

use std::path::Path;
use std::time::Duration;

use deskbell::config::Synchronous;
use deskbell::store::search;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Size;
use super::list::{LEAST, SMALLER, staffed};
use super::search::{WORDS_ALONE, escaped, questions};
use super::support::cost::per_mille;
use super::support::table::Table;
use super::support::web::Browser;
use super::support::{house, large, server};

/// So many times everything is done in each library, in turns, so that a busy moment of the machine meets both.
const TURNS: usize = 200;

pub async fn measure(size: Size, table: &mut Table) {
    let few = (size.large / SMALLER).max(LEAST);
    compare(few, size.large, size.seed, None, table).await;
    match server::address() {
        Some(server) => compare(few, size.server, size.seed, Some(&server), table).await,
        None => eprintln!("skipped: on a server (set DESKBELL_BENCH_POSTGRES)"),
    }
}

async fn compare(few: usize, many: usize, seed: u64, server: Option<&str>, table: &mut Table) {
    let stop = CancellationToken::new();
    let folder = large::library(many, seed);
    let mut small = Desk::open(&large::library(few, seed), server, &stop).await;
    let mut large = Desk::open(&folder, server, &stop).await;
    let questions = questions(&folder);
    let asked: Vec<Question> = questions
        .iter()
        .take(WORDS_ALONE)
        .map(|(what, text, most)| {
            let path = format!("/api/v1/conversations?limit=50&text={}", escaped(text));
            let most = if server.is_some() { most * if *most > 10.0 { 2.0 } else { 2.5 } } else { *most };
            (format!("search: {}", what.to_lowercase()), path, most)
        })
        .collect();
    let mut times: [Vec<Times>; 2] = Default::default();
    // What is said in the second half would be found in the first.
    for turn in 0..2 * TURNS {
        for (desk, times) in [&mut small, &mut large].into_iter().zip(&mut times) {
            let done = if turn < TURNS { desk.looks(turn, &asked).await } else { desk.acts(turn).await };
            for (what, most, took) in done {
                match times.iter_mut().find(|(known, ..)| known == what) {
                    Some((.., times)) => times.push(took),
                    None => times.push((what.to_owned(), most, vec![took])),
                }
            }
        }
    }
    let [small_times, large_times] = times;
    // What is seldom said in much is said hardly ever in little, and a short page is sooner written.
    for (what, path, _) in &asked {
        let found = [large.found(path).await, small.found(path).await];
        println!("{what}: {} and {} on a page", found[0], found[1]);
    }
    let engine = if server.is_some() { "server" } else { "file" };
    for ((what, most, mut large), (_, _, mut small)) in large_times.into_iter().zip(small_times) {
        let ms = |times: &mut Vec<Duration>, part| per_mille(times, part).as_secs_f64() * 1e3;
        let shown = |times: &mut Vec<Duration>| {
            format!("median {:.2} ms, p99 {:.2} ms", ms(times, 500), ms(times, 990))
        };
        let growth = ms(&mut large, 500) / ms(&mut small, 500);
        let p99 = ms(&mut large, 990);
        let (promise, held) = match most {
            Some(most) => (format!("<= 1.25 of {few}, p99 < {most} ms"), growth <= 1.25 && p99 < most),
            None => (format!("<= 1.25 of {few}"), growth <= 1.25),
        };
        let what = format!("{what}, of {many} ({engine})");
        table.row(&what, shown(&mut large), shown(&mut small), Some(growth), (&promise, held));
    }
    stop.cancel();
    small.app.close().await;
    large.app.close().await;
}

/// Somebody at work in one library.
struct Desk {
    browser: Browser,
    app: deskbell::app::App,
    unclaimed: Vec<String>,
    /// Where its file is: what is taken back leaves its traces, which the next run must not find.
    _own: tempfile::TempDir,
}

/// What was done, within how many milliseconds it is promised, and how long it took each time.
type Times = (String, Option<f64>, Vec<Duration>);

/// What is looked for, where, and within how many milliseconds it is promised.
type Question = (String, String, f64);

/// What was done, within how many milliseconds it is promised, and how long it took.
type Done<'w> = (&'w str, Option<f64>, Duration);

impl Desk {
    async fn open(folder: &Path, server: Option<&str>, stop: &CancellationToken) -> Self {
        let own = tempfile::tempdir().unwrap();
        let app = match server {
            Some(server) => {
                let store = server::copy_of(server, &server::library(server, folder).await).await;
                house::open_on(folder, Some(store), Synchronous::Normal).await
            }
            None => {
                large::copy_of(folder, own.path());
                house::open(own.path(), Synchronous::Normal).await
            }
        };
        while search::read_some(&app.db, 2_000).await.unwrap() > 0 {}
        let (mut browser, app) = staffed(app, stop).await;
        let page = browser.act("GET", "/api/v1/conversations?view=unclaimed&limit=50", &Value::Null).await.0;
        let ids = page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        Self { unclaimed: ids.collect(), browser, app, _own: own }
    }

    async fn found(&mut self, path: &str) -> usize {
        self.browser.act("GET", path, &Value::Null).await.0["items"].as_array().unwrap().len()
    }

    /// Everything once that changes nothing.
    async fn looks<'q>(&mut self, turn: usize, asked: &'q [Question]) -> Vec<Done<'q>> {
        let one = self.unclaimed(turn);
        let browser = &mut self.browser;
        let mut done: Vec<Done<'q>> = Vec::new();
        for (what, path) in [
            ("the 50 most urgent", "/api/v1/conversations?view=unclaimed&limit=50"),
            ("the 50 newest of all", "/api/v1/conversations?view=all&limit=50"),
            ("how many are in each view", "/api/v1/views"),
            ("open a conversation", &one),
        ] {
            done.push((what, None, browser.get(path).await.1));
        }
        for (what, path, most) in asked {
            done.push((what, Some(*most), browser.get(path).await.1));
        }
        done
    }

    /// Everything once that changes something; it is taken back, unmeasured.
    async fn acts(&mut self, turn: usize) -> Vec<Done<'static>> {
        let one = self.unclaimed(turn);
        let browser = &mut self.browser;
        let opened = browser.act("GET", &one, &Value::Null).await.0;
        let reply = json!({ "text": "Yes, from noon until six.", "seen": opened["seen"] });
        let (said, replied) = browser.act("POST", &format!("{one}/replies"), &reply).await;
        let said = said["id"].as_str().unwrap();
        browser.act("DELETE", &format!("{one}/replies/{said}"), &Value::Null).await;
        browser.act("DELETE", &format!("{one}/claim"), &Value::Null).await;

        let (next, claimed) = browser.act("POST", "/api/v1/claims/next", &json!({})).await;
        let next = next["conversation"]["id"].as_str().unwrap();
        browser.act("DELETE", &format!("/api/v1/conversations/{next}/claim"), &Value::Null).await;
        vec![("a reply is accepted", None, replied), ("claim next", None, claimed)]
    }

    fn unclaimed(&self, turn: usize) -> String {
        format!("/api/v1/conversations/{}", self.unclaimed[turn % self.unclaimed.len()])
    }
}
