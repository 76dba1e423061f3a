//! Numbers become visible in their order, and every process hears of every event.

use std::sync::{Arc, Mutex};

use super::bed::{Bed, House, NOW, conversation, each_engine, patron};
use crate::support::eventually;
use deskbell::model::event::Kind;
use deskbell::store::events::{self, Appending};
use deskbell::store::{Db, Error, Options, conversations, wake};
use futures::FutureExt;
use futures::future::join_all;
use sqlx::{Connection, Executor, PgConnection};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

async fn one_conversation(bed: &Bed) -> Uuid {
    let house = House::build(bed).await;
    let (patron, _) = patron(bed, "Efua Osei", "efua@patrons.example").await;
    let row = conversation(&house, &patron, 1);
    let id = row.id;
    bed.write(move |tx| async move { conversations::insert(tx, &row).await }.boxed()).await.unwrap();
    id
}

/// Appends one line, and undoes it if told so.
async fn append(db: &Db, conversation_id: Uuid, keep: bool) {
    let line = Appending {
        at: NOW,
        kind: Kind::Note,
        conversation_id,
        message_id: None,
        staff_id: None,
        actor_name: "Ana".to_owned(),
        detail: None,
    };
    let outcome = db
        .write(move |tx| {
            async move {
                events::append(tx, line).await?;
                if keep { Ok(()) } else { Err(Error::Group("on purpose".to_owned())) }
            }
            .boxed()
        })
        .await;
    assert_eq!(outcome.is_ok(), keep, "{outcome:?}");
}

each_engine! {
    async fn a_reader_sees_every_number_up_to_the_newest_it_sees(bed: Bed) {
        let conversation = one_conversation(&bed).await;
        let other = Db::open(&bed.address, Options::default()).await.unwrap();
        let stop = CancellationToken::new();
        let watching = {
            let (db, stop) = (bed.db.clone(), stop.clone());
            tokio::spawn(async move {
                let mut most = 0;
                while !stop.is_cancelled() {
                    let seen = events::after(&mut db.read().await.unwrap(), 0, 1_000).await.unwrap();
                    let numbers: Vec<i64> = seen.iter().map(|event| event.seq).collect();
                    let all: Vec<i64> = (1..=i64::try_from(numbers.len()).unwrap()).collect();
                    assert_eq!(numbers, all, "a number was visible before one below it");
                    most = most.max(numbers.len());
                }
                most
            })
        };
        // Two processes at once; every fourth line is undone, and its number must be used again.
        let writing = (0..120).map(|n| {
            let db = if n % 2 == 0 { bed.db.clone() } else { other.clone() };
            tokio::spawn(async move { append(&db, conversation, n % 4 != 3).await })
        });
        for written in join_all(writing).await {
            written.unwrap();
        }
        stop.cancel();
        watching.await.unwrap();
        assert_eq!(events::newest(&mut bed.read().await.unwrap()).await.unwrap(), 90);
        assert_eq!(events::after(&mut bed.read().await.unwrap(), 0, 1_000).await.unwrap().len(), 90);
        other.close().await;
    }

    async fn a_process_hears_what_another_keeps_in_order_and_once(bed: Bed) {
        let conversation = one_conversation(&bed).await;
        let other = Db::open(&bed.address, Options::default()).await.unwrap();
        append(&bed, conversation, true).await;
        let heard: Arc<Mutex<Vec<i64>>> = Arc::default();
        let stop = CancellationToken::new();
        let following = {
            let (db, heard, stop) = (other.clone(), heard.clone(), stop.clone());
            tokio::spawn(async move {
                wake::follow(&db, 1, |event| heard.lock().unwrap().push(event.seq), &stop).await;
            })
        };
        let writing = (0..40).map(|_| append(&bed, conversation, true));
        join_all(writing).await;
        tokio::task::spawn_blocking({
            let heard = heard.clone();
            move || eventually("all forty are heard", || (heard.lock().unwrap().len() >= 40).then_some(()))
        })
        .await
        .unwrap();
        stop.cancel();
        following.await.unwrap();
        assert_eq!(*heard.lock().unwrap(), (2..=41).collect::<Vec<i64>>());
        other.close().await;
    }
}

/// Two writers; the second commits first. Gives what a reader sees then, as (first's number seen, second's number seen).
async fn second_commits_first(bed: &Bed, number: &'static str) -> Option<(bool, bool)> {
    let mut first = PgConnection::connect(&bed.address).await.unwrap();
    let mut second = PgConnection::connect(&bed.address).await.unwrap();
    let mut reader = PgConnection::connect(&bed.address).await.unwrap();
    reader.execute("CREATE TABLE IF NOT EXISTS lines (number BIGINT)").await.unwrap();
    let append = move || sqlx::AssertSqlSafe(format!("INSERT INTO lines (number) {number}"));
    first.execute("BEGIN").await.unwrap();
    first.execute(append()).await.unwrap();
    let committing = tokio::spawn(async move {
        second.execute("BEGIN").await.unwrap();
        second.execute(append()).await.unwrap();
        second.execute("COMMIT").await.unwrap();
    });
    // Either the second one got through, or the server says that it waits for the first.
    let waits = loop {
        if committing.is_finished() {
            break false;
        }
        let (waiting,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE NOT l.granted AND a.datname = current_database()",
        )
        .fetch_one(&mut reader)
        .await
        .unwrap();
        if waiting > 0 {
            break true;
        }
    };
    let seen: Vec<(i64,)> = sqlx::query_as("SELECT number FROM lines").fetch_all(&mut reader).await.unwrap();
    first.execute("COMMIT").await.unwrap();
    committing.await.unwrap();
    (!waits || seen.is_empty()).then_some((seen.contains(&(1,)), seen.contains(&(2,))))
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_the_second_number_before_the_first_although_a_sequence_would_show_it() {
    let Some(bed) = Bed::postgres().await else { return };
    let mut raw = PgConnection::connect(&bed.address).await.unwrap();
    raw.execute("CREATE SEQUENCE plain; CREATE TABLE lines (number BIGINT)").await.unwrap();
    let seen = second_commits_first(&bed, "SELECT nextval('plain')").await;
    assert_eq!(seen, Some((false, true)), "this is the trap: 2 is there and 1 is not");
    raw.execute("TRUNCATE lines").await.unwrap();

    // The history's own way. An INSERT cannot hold an UPDATE's answer, so a function carries it.
    let next = deskbell::store::texts::ONLY_POSTGRES
        .iter()
        .filter(|(file, _)| *file == "sequences")
        .flat_map(|(_, texts)| texts.iter())
        .find(|text| text.contains("'event'"))
        .expect("the history takes its numbers so")
        .replace("$1", "1");
    let function = format!("CREATE FUNCTION next() RETURNS BIGINT LANGUAGE SQL AS $$ {next} $$");
    raw.execute(sqlx::AssertSqlSafe(function)).await.unwrap();
    let seen = second_commits_first(&bed, "SELECT next()").await;
    assert_eq!(seen, Some((false, false)), "the second waits for the first");
    let (numbers,): (Vec<i64>,) = sqlx::query_as("SELECT array_agg(number ORDER BY number) FROM lines")
        .fetch_one(&mut raw)
        .await
        .unwrap();
    assert_eq!(numbers, [1, 2]);
}
