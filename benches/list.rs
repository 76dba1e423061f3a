//! The fifty most urgent conversations that are nobody's, over HTTP, in a small library and in a large one, beside a bare
//! web server that sends as many bytes.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use deskbell::access::token;
use deskbell::app::App;
use deskbell::config::Synchronous;
use deskbell::http;
use deskbell::store::people;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Size;
use super::support::cost::per_mille;
use super::support::house;
use super::support::large;
use super::support::table::Table;
use super::support::web::Browser;

/// The small library is so many times smaller.
pub(crate) const SMALLER: usize = 100;
pub(crate) const LEAST: usize = 1_000;
/// Rounds of so many questions to each.
const ROUNDS: usize = 6;
const ASKED: usize = 1_000;
const PATH: &str = "/api/v1/conversations?view=unclaimed&limit=50";

/// Median and 99th percentile, milliseconds.
type Times = (f64, f64);

pub async fn measure(size: Size, table: &mut Table) {
    let stop = CancellationToken::new();
    let few = (size.large / SMALLER).max(LEAST);
    let (mut small, small_app) = library(&large::library(few, size.seed), &stop).await;
    let (mut large, large_app) = library(&large::library(size.large, size.seed), &stop).await;
    let (body, _) = large.get(PATH).await;
    let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), 50, "a full page");
    let mut bare = bare(body.len(), &stop).await;
    // Others use this machine too: what counts is the round in which the bare server was disturbed least.
    let mut quietest: Option<[Times; 3]> = None;
    for _ in 0..ROUNDS {
        let round = round([&mut bare, &mut small, &mut large]).await;
        if quietest.is_none_or(|known| round[0].1 < known[0].1) {
            quietest = Some(round);
        }
    }
    stop.cancel();
    small_app.close().await;
    large_app.close().await;
    let [floor, small, large] = quietest.unwrap();
    let shown = |(median, p99): Times| format!("median {median:.2} ms, p99 {p99:.2} ms");
    let what = format!("50 most urgent of {}", size.large);
    table.row(&what, shown(large), shown(floor), Some(large.1 / floor.1), ("p99 < 2 ms", large.1 < 2.0));
    let growth = large.0 / small.0;
    let what = format!("  beside those of {few}, medians");
    table.row(&what, shown(large), shown(small), Some(growth), ("<= 1.25 of the small", growth <= 1.25));
}

/// One question to each after the other, so that a busy moment of the machine meets all three.
async fn round(mut browsers: [&mut Browser; 3]) -> [Times; 3] {
    let mut times = [const { Vec::<Duration>::new() }; 3];
    for _ in 0..ASKED {
        for (times, browser) in times.iter_mut().zip(&mut browsers) {
            times.push(browser.get(PATH).await.1);
        }
    }
    times.map(|mut times| {
        let ms = |times: &mut Vec<Duration>, part| per_mille(times, part).as_secs_f64() * 1e3;
        (ms(&mut times, 500), ms(&mut times, 990))
    })
}

/// A browser before the real program on this folder.
pub(crate) async fn library(folder: &Path, stop: &CancellationToken) -> (Browser, App) {
    staffed(house::open(folder, Synchronous::Normal).await, stop).await
}

/// The same where the program is open already.
pub(crate) async fn staffed(app: App, stop: &CancellationToken) -> (Browser, App) {
    let staff = people::all_staff(&mut app.db.read().await.unwrap()).await.unwrap();
    let (_, secret) = token::make(&app.access, staff[0].id, "speed").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = listener.local_addr().unwrap().to_string();
    tokio::spawn(http::serve(app.clone(), listener, stop.clone()));
    (Browser::to(&page, &secret).await, app)
}

/// A browser before a server that does nothing but send so many bytes of JSON.
async fn bare(bytes: usize, stop: &CancellationToken) -> Browser {
    let said = "a".repeat(bytes.saturating_sub(8));
    let hello = get(move || async move { axum::Json([said]) });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = listener.local_addr().unwrap().to_string();
    let router = Router::new().route("/api/v1/conversations", hello);
    let stop = stop.clone();
    tokio::spawn(async move {
        axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
    });
    Browser::to(&page, "nobody").await
}
