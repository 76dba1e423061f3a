//! A burst of signed webhook calls to the real program, each with another message, beside a bare web server that only
//! looks at the signature.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use connectors::contract::Settings;
use connectors::simulator::graph::{GraphOptions, GraphPlatform};
use deskbell::channel::connect::{self, Wanted};
use deskbell::config::Synchronous;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;
use tokio::net::TcpListener;

use super::Size;
use super::support::accounts::Time;
use super::support::burst::{self, Burst};
use super::support::cost;
use super::support::house;
use super::support::large;
use super::support::recorder::{Call, Recorder};
use super::support::table::Table;
use super::support::words::{Dice, Words};

const CALLS: usize = 10_000;
const CONNECTIONS: usize = 64;
/// Somebody writes so often.
const MESSAGES_EACH: usize = 4;
/// What has not been filed by then never will be.
const DEADLINE: Duration = Duration::from_secs(60);

pub async fn measure(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    let options = GraphOptions::new(Arc::new(Time::default()));
    let secret = options.app_secret.clone();
    let platform = GraphPlatform::start(options).await.unwrap();
    let (calls, said) = recorded(&platform, folder.path(), size.seed).await;
    assert_eq!((calls.len(), said.len()), (CALLS, CALLS), "one call for each message, each another");

    let mut floor = bare(&secret, &calls).await;
    assert!(floor.refused.is_empty(), "{:?}", floor.refused);
    let (child, page, _) = large::start(folder.path(), &["serve"]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = cost::cpu(child.id());
    let mut ours = burst::send(&page, &calls, CONNECTIONS).await;
    let answered = Instant::now();
    let cpu_us = (cost::cpu(child.id()) - before).as_secs_f64() * 1e6 / CALLS as f64;
    let (filed, took) = filed(folder.path(), &said, answered).await;
    large::stop(child);
    platform.stop().await;

    for (answer, often) in &ours.refused {
        println!("{often} times: {answer}");
    }
    let refused: usize = ours.refused.iter().map(|(_, often)| often).sum();
    let (p99, floor_p99) = (ours.ms(990), floor.ms(990));
    let what = format!("{CALLS} signed calls, {CONNECTIONS} connections");
    let held = refused == 0 && p99 < 50.0;
    let value = format!("{} (CPU {cpu_us:.0} us each); {refused} not 2xx", ours.shown());
    table.row(&what, value, floor.shown(), Some(p99 / floor_p99), ("all 2xx, p99 < 50 ms", held));
    let value = format!("{filed}, {:.0} ms after the last answer", took.as_secs_f64() * 1e3);
    table.row("  filed once each", value, CALLS.to_string(), None, ("every one, once", filed == CALLS));
}

/// A channel in a library of its own, and the calls that the platform makes for so many messages to it, with the
/// messages' ids there.
async fn recorded(platform: &GraphPlatform, folder: &Path, seed: u64) -> (Vec<Call>, HashSet<String>) {
    let app = house::open(folder, Synchronous::Full).await;
    let page = platform.add_page("Fernhill Library");
    let (app_id, app_secret) = platform.app();
    let settings = Settings::new()
        .with("auth", "token")
        .with("client_id", app_id)
        .with_secret("client_secret", app_secret)
        .with_secret("verify_token", "only for this measurement")
        .with("page_id", &page.id)
        .with_secret("page_token", &page.token)
        .with("api_base", platform.address())
        // What comes by calling is not also to be read.
        .with("import", "new");
    let wanted = Wanted {
        kind: "facebook".into(),
        name: "Page".into(),
        desk_id: house::found(&app).await,
        settings,
        schedule: Some("24h".into()),
        signin: None,
        signin_ends_at: None,
    };
    let (channel, _) = connect::add(&app.roster, wanted).await.unwrap();
    let recorder = Recorder::start().await;
    let url = format!("{}/hooks/{}", recorder.url, channel.id);
    let open = app.roster.get(channel.id).unwrap();
    open.channel.webhook().unwrap().ensure_subscribed(&url).await.unwrap();
    let (mut dice, words) = (Dice::new(seed), Words::new());
    let mut said = HashSet::new();
    for _ in 0..CALLS / MESSAGES_EACH {
        let who = format!("{} {}", words.name(&mut dice), words.name(&mut dice));
        let patron = platform.person(&who);
        for _ in 0..MESSAGES_EACH {
            let length = 8 + dice.below(30);
            said.insert(patron.write(&page.id, &words.text(&mut dice, length)));
        }
        platform.calls_settled().await;
    }
    app.close().await;
    (recorder.finish(), said)
}

/// The same calls to a server that does nothing but look at their signatures, on two threads of its own.
async fn bare(secret: &str, calls: &[Call]) -> Burst {
    let key: Arc<[u8]> = secret.as_bytes().into();
    let verify = move |headers: HeaderMap, body: Bytes| {
        let given = headers["x-hub-signature-256"].as_bytes().strip_prefix(b"sha256=").unwrap();
        let given: Vec<u8> = given
            .chunks(2)
            .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
            .collect();
        let mut mac: Hmac<Sha256> = Hmac::new_from_slice(&key).unwrap();
        mac.update(&body);
        let known = mac.verify_slice(&given).is_ok();
        std::future::ready(if known { StatusCode::OK } else { StatusCode::FORBIDDEN })
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let page = runtime
        .spawn(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let page = listener.local_addr().unwrap().to_string();
            let router = Router::new().fallback(post(verify));
            tokio::spawn(async move { axum::serve(listener, router).await });
            page
        })
        .await
        .unwrap();
    let burst = burst::send(&page, calls, CONNECTIONS).await;
    runtime.shutdown_background();
    burst
}

/// How many of the messages are in the store once and only once, and how long after `since` that was so of all of them.
async fn filed(folder: &Path, said: &HashSet<String>, since: Instant) -> (usize, Duration) {
    let store =
        Connection::open_with_flags(folder.join("deskbell.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    loop {
        let took = since.elapsed();
        let mut rows = store.prepare("SELECT external_id FROM messages WHERE direction = 'in'").unwrap();
        let kept: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut once: HashSet<&str> = HashSet::new();
        let doubled = kept.iter().filter(|id| !once.insert(id)).count();
        let known = said.iter().filter(|id| once.contains(id.as_str())).count();
        // Whatever is there twice, or that nobody said, counts against what is there once.
        let strange = once.len() - known;
        if (known == CALLS && doubled + strange == 0) || since.elapsed() > DEADLINE {
            return (known.saturating_sub(doubled + strange), took);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
