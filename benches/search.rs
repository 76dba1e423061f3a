//! Words with conditions looked for over HTTP, in a small library and in a large one; words by themselves are part of the day.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use deskbell::store::search;
use rusqlite::{Connection, OpenFlags};
use tokio_util::sync::CancellationToken;

use super::Size;
use super::list::{LEAST, SMALLER, library};
use super::support::cost::per_mille;
use super::support::large;
use super::support::table::Table;
use super::support::web::Browser;

/// Each question is asked so many times.
const ASKED: usize = 200;
/// So many questions are about words alone: the first ones.
pub(crate) const WORDS_ALONE: usize = 7;
/// Words of so many messages are counted to know what is common.
const COUNTED: i64 = 5_000;

pub async fn measure(size: Size, table: &mut Table) {
    let stop = CancellationToken::new();
    let few = (size.large / SMALLER).max(LEAST);
    let (small_folder, large_folder) =
        (large::library(few, size.seed), large::library(size.large, size.seed));
    let (mut small, small_app) = library(&small_folder, &stop).await;
    let (mut large, large_app) = library(&large_folder, &stop).await;
    for app in [&small_app, &large_app] {
        // A library of an older build still has its words to be read.
        while search::read_some(&app.db, 2_000).await.unwrap() > 0 {}
    }
    for (what, text, bound) in questions(&large_folder).into_iter().skip(WORDS_ALONE) {
        let path = format!("/api/v1/conversations?limit=50&text={}", escaped(&text));
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for _ in 0..ASKED {
            here.push(large.get(&path).await.1);
            there.push(small.get(&path).await.1);
        }
        let found = count(&mut large, &path).await;
        let ms = |times: &mut Vec<Duration>, part| per_mille(times, part).as_secs_f64() * 1e3;
        let (median, p99) = (ms(&mut here, 500), ms(&mut here, 990));
        let (small_median, small_p99) = (ms(&mut there, 500), ms(&mut there, 990));
        table.row(
            &format!("{what}: {text} ({found} on a page)"),
            format!("median {median:.2} ms, p99 {p99:.2} ms"),
            format!("of {few}: {small_median:.2} ms, {small_p99:.2} ms"),
            Some(median / small_median),
            (&format!("p99 < {bound} ms"), p99 < bound),
        );
    }
    stop.cancel();
    small_app.close().await;
    large_app.close().await;
}

async fn count(browser: &mut Browser, path: &str) -> usize {
    let page: serde_json::Value = serde_json::from_slice(&browser.get(path).await.0).unwrap();
    page["items"].as_array().unwrap().len()
}

/// What is asked, and within how many milliseconds it is to be answered.
pub(crate) fn questions(folder: &Path) -> Vec<(&'static str, String, f64)> {
    let file =
        Connection::open_with_flags(folder.join("deskbell.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut newest = file.prepare("SELECT c0 FROM said_content ORDER BY id DESC LIMIT ?1").unwrap();
    let mut said: HashMap<String, usize> = HashMap::new();
    let mut begun: HashMap<String, HashSet<String>> = HashMap::new();
    for words in newest.query_map([COUNTED], |row| row.get::<_, String>(0)).unwrap() {
        let words = words.unwrap();
        for word in words.split(' ').filter(|word| word.len() > 3 && word.is_ascii()) {
            begun.entry(word[..3].to_owned()).or_default().insert(word.to_owned());
        }
        for word in
            words.split(' ').filter(|word| word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase()))
        {
            *said.entry(word.to_owned()).or_default() += 1;
        }
    }
    let mut by_count: Vec<(usize, String)> = said.into_iter().map(|(word, count)| (count, word)).collect();
    by_count.sort_unstable();
    let word = |of_hundred: usize| by_count[(by_count.len() - 1) * of_hundred / 100].1.clone();
    let (common, other, middling, seldom) = (word(100), word(98), word(70), word(0));
    let begins = |word: &str| word[..3].to_owned();
    let of_many = begun.into_iter().max_by_key(|(_, words)| words.len()).unwrap().0;
    vec![
        ("A common word", format!("\"{common}\""), 10.0),
        ("A middling word", format!("\"{middling}\""), 10.0),
        ("A seldom word", format!("\"{seldom}\""), 10.0),
        ("Two words", format!("{other} \"{common}\""), 10.0),
        ("A common beginning", begins(&common), 20.0),
        ("A seldom beginning", begins(&seldom), 20.0),
        ("A beginning of many words", of_many, 20.0),
        ("Side by side", format!("\"{other} {common}\""), 300.0),
        ("What is not to be said", format!("{other} -{common}"), 300.0),
        ("Common, of few", format!("\"{common}\" is:late"), 300.0),
        ("Common, of few", format!("\"{common}\" is:snoozed"), 300.0),
        ("Common, of nobody", format!("\"{common}\" owner:zzz"), 300.0),
        ("Of few", "is:late".to_owned(), 300.0),
        ("Of many", "is:done".to_owned(), 300.0),
    ]
}

pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
