//! The program itself: how soon it is ready, how much memory it holds at rest and at work.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use deskbell::access::token;
use deskbell::config::Synchronous;
use deskbell::store::people;

use super::Size;
use super::support::cost::resident_mib;
use super::support::house::{self, House};
use super::support::table::Table;
use super::support::web::Browser;
use super::support::{cost, large};

/// Browsers that work at once, and what each asks for in turn.
const BROWSERS: usize = 8;
const TURNS: usize = 200;
const VIEWS: [&str; 5] = ["unclaimed", "mine", "waiting", "done", "all"];
const STARTS: usize = 7;

pub async fn measure(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    House::build(folder.path(), Synchronous::Full).await.app.close().await;
    let (child, ..) = large::start(folder.path(), &["serve"]);
    rest().await;
    let idle = resident_mib(child.id());
    large::stop(child);
    table.row(
        "serve at rest",
        format!("{idle:.1} MiB"),
        "-".into(),
        None,
        ("< 20 MiB resident", idle < 20.0),
    );

    let library = large::library(size.large, size.seed);
    let token = token(&library).await;
    let mut starts: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        let (child, _, took) = large::start(&library, &["serve"]);
        large::stop(child);
        starts.push(took);
    }
    let ready = cost::per_mille(&mut starts, 500).as_secs_f64() * 1e3;
    let bare = bare_start();
    let floor = format!("{bare:.0} ms (--version)");
    let what = format!("serve is ready on {}", size.large);
    table.row(&what, format!("{ready:.0} ms"), floor, None, ("<= 100 ms", ready <= 100.0));

    let (child, page, _) = large::start(&library, &["serve"]);
    rest().await;
    let idle = resident_mib(child.id());
    let mut browsers = tokio::task::JoinSet::new();
    for number in 0..BROWSERS {
        let (page, token) = (page.clone(), token.clone());
        browsers.spawn(async move { look_around(Browser::to(&page, &token).await, number).await });
    }
    let mut most = 0.0_f64;
    loop {
        most = most.max(resident_mib(child.id()));
        tokio::select! {
            ended = browsers.join_next() => if ended.map(Result::unwrap).is_none() { break },
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
    }
    large::stop(child);
    let value = format!("{most:.1} MiB");
    table.row(
        "  in use there",
        value,
        format!("{idle:.1} MiB at rest"),
        None,
        ("< 96 MiB resident", most < 96.0),
    );
}

async fn rest() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

async fn token(library: &Path) -> String {
    let app = house::open(library, Synchronous::Normal).await;
    let staff = people::all_staff(&mut app.db.read().await.unwrap()).await.unwrap();
    let (_, secret) = token::make(&app.access, staff[0].id, "speed").await.unwrap();
    app.close().await;
    secret
}

/// Lists, words and whole conversations, as somebody at work asks for them.
async fn look_around(mut browser: Browser, number: usize) {
    for turn in 0..TURNS {
        let view = VIEWS[(turn + number) % VIEWS.len()];
        let (page, _) = browser.get(&format!("/api/v1/conversations?view={view}&limit=50")).await;
        let page: serde_json::Value = serde_json::from_slice(&page).unwrap();
        if let Some(id) = page["items"][turn % 50]["id"].as_str() {
            browser.get(&format!("/api/v1/conversations/{id}")).await;
        }
        if turn % 10 == 0 {
            browser.get("/api/v1/conversations?view=all&text=renew%20card").await;
        }
    }
}

/// What it takes to start the program when it has nothing to do, milliseconds.
fn bare_start() -> f64 {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        let since = std::time::Instant::now();
        assert!(
            Command::new(env!("CARGO_BIN_EXE_deskbell")).arg("--version").output().unwrap().status.success()
        );
        times.push(since.elapsed());
    }
    cost::per_mille(&mut times, 500).as_secs_f64() * 1e3
}
