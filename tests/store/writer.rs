//! The one writer: many jobs, one commit, each its own fate.

use super::bed::{House, NOW, channel, each_engine, staff};
use deskbell::clock::Clock;
use deskbell::store::{Conn, Db, Error, Options, channels, conversations, people, settings};
use futures::FutureExt;
use futures::future::join_all;
use sqlx::Executor;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A job that waits inside its transaction, so that others gather behind it.
fn hold(db: &Db) -> (oneshot::Receiver<()>, oneshot::Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
    let (entered, inside) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let db = db.clone();
    let held = tokio::spawn(async move {
        let job = db.write(move |_| {
            async move {
                let _ = entered.send(());
                let _ = released.await;
                Ok::<_, Error>(())
            }
            .boxed()
        });
        job.await.map(|_| ())
    });
    (inside, release, held)
}

async fn value(db: &Db, name: &str) -> Option<String> {
    settings::get(&mut db.read().await.unwrap(), name).await.unwrap()
}

each_engine! {
    async fn every_job_of_a_group_has_its_own_fate(bed: Bed) {
        let house = House::build(&bed).await;
        let (inside, release, held) = hold(&bed);
        inside.await.unwrap();
        let desk = house.reference.id;
        // Every third name is taken: those break their own statement, the two beside them must not notice.
        let jobs = join_all((0..90).map(|number| {
            let name = if number % 3 == 0 { "Ask us".to_owned() } else { format!("Channel {number}") };
            let new = channel(Clock::frozen(NOW).id(), &name, desk);
            let db = bed.db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    async move {
                        settings::set(tx, &format!("tried {number}"), "yes").await?;
                        channels::insert(tx, &new).await
                    }
                    .boxed()
                })
                .await
            })
        }));
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        for (number, outcome) in jobs.await.into_iter().enumerate() {
            let outcome = outcome.unwrap();
            assert_eq!(outcome.is_err(), number % 3 == 0, "{number}");
            assert!(outcome.err().is_none_or(|error| error.is_taken()), "each gets its own error");
            let kept = value(&bed, &format!("tried {number}")).await;
            assert_eq!(kept.is_some(), number % 3 != 0, "what a refused job did first is undone: {number}");
        }
        assert_eq!(channels::all(&mut bed.read().await.unwrap()).await.unwrap().len(), 61);
    }

    async fn a_job_that_panics_takes_nobody_with_it(bed: Bed) {
        let (inside, release, held) = hold(&bed);
        inside.await.unwrap();
        let write = |name: &'static str, panics: bool| {
            let db = bed.db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    async move {
                        settings::set(tx, name, "kept").await?;
                        assert!(!panics, "on purpose");
                        Ok::<_, Error>(())
                    }
                    .boxed()
                })
                .await
                .map(|_| ())
            })
        };
        let (before, panicking, after) = (write("before", false), write("panicking", true), write("after", false));
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        before.await.unwrap().unwrap();
        after.await.unwrap().unwrap();
        let refused = panicking.await.unwrap().unwrap_err().to_string();
        assert!(refused.contains("on purpose"), "{refused}");
        write("alone", true).await.unwrap().unwrap_err();
        write("later", false).await.unwrap().unwrap();
        let mut kept = Vec::new();
        for name in ["before", "panicking", "after", "alone", "later"] {
            kept.push(value(&bed, name).await.is_some());
        }
        assert_eq!(kept, [true, false, true, false, true]);
    }

    async fn a_job_whose_caller_goes_away_is_done_all_the_same(bed: Bed) {
        let (inside, release, held) = hold(&bed);
        inside.await.unwrap();
        let db = bed.db.clone();
        let mut write = Box::pin(db.write(|tx| async move { settings::set(tx, "kept", "yes").await }.boxed()));
        assert!(futures::poll!(&mut write).is_pending(), "it is queued");
        drop(write);
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        // The next one's answer comes after it.
        bed.write(|tx| async move { settings::set(tx, "next", "yes").await }.boxed()).await.unwrap();
        assert!(value(&bed, "kept").await.is_some());
    }

    async fn what_a_job_reads_cannot_change_before_it_commits(bed: Bed) {
        // Two processes.
        let other = Db::open(&bed.address, Options::default()).await.unwrap();
        let count = |db: Db| async move {
            db.write(|tx| {
                async move {
                    let now = settings::get(tx, "count").await?.and_then(|text| text.parse().ok()).unwrap_or(0);
                    settings::set(tx, "count", &(now + 1).to_string()).await
                }
                .boxed()
            })
            .await
            .map(|_| ())
        };
        let both = (0..100).map(|n| tokio::spawn(count(if n % 2 == 0 { bed.db.clone() } else { other.clone() })));
        for done in join_all(both).await {
            done.unwrap().unwrap();
        }
        assert_eq!(value(&bed, "count").await.as_deref(), Some("100"));
        other.close().await;
    }

    async fn numbers_are_read_anew_in_each_transaction(bed: Bed) {
        let other = Db::open(&bed.address, Options::default()).await.unwrap();
        let mut given = Vec::new();
        for turn in 0..6 {
            let db = if turn % 2 == 0 { &bed.db } else { &other };
            // Nothing in it asks, so whatever it reads comes with its end.
            db.write(|_| async { Ok::<_, Error>(()) }.boxed()).await.unwrap();
            let db = if turn % 2 == 0 { &other } else { &bed.db };
            given.push(db.write(|tx| conversations::next_number(tx).boxed()).await.unwrap().0);
            let db = if turn % 2 == 0 { &bed.db } else { &other };
            given.push(db.write(|tx| conversations::next_number(tx).boxed()).await.unwrap().0);
        }
        assert_eq!(given, (20_001..=20_012).collect::<Vec<i64>>());
        other.close().await;
    }

    async fn closing_lets_the_queue_run_dry(bed: Bed) {
        let (inside, release, held) = hold(&bed);
        inside.await.unwrap();
        let db = bed.db.clone();
        let mut queued = Box::pin(join_all((0..20).map(|n| {
            db.write(move |tx| async move { settings::set(tx, &n.to_string(), "yes").await }.boxed())
        })));
        assert!(futures::poll!(&mut queued).is_pending());
        let closing = bed.db.clone();
        let closed = tokio::spawn(async move { closing.close().await });
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        assert!(queued.await.iter().all(Result::is_ok), "each was promised an answer");
        closed.await.unwrap();
        let late = bed.write(|tx| async move { settings::set(tx, "late", "yes").await }.boxed()).await;
        assert!(matches!(late, Err(Error::Closed)), "{late:?}");
        let again = Db::open(&bed.address, Options::default()).await.unwrap();
        assert_eq!(value(&again, "19").await.as_deref(), Some("yes"));
        again.close().await;
    }

    async fn whoever_only_reads_cannot_write(bed: Bed) {
        const WRITE: &str = "INSERT INTO settings (name, value) VALUES ('x', 'y')";
        let refused = match &mut bed.read().await.unwrap() {
            Conn::Sqlite(file) => file.ready().await.unwrap().execute(WRITE).await.err(),
            Conn::Postgres(conn) => conn.execute(WRITE).await.err(),
        };
        assert!(refused.expect("it is refused").to_string().contains("read"), "by the engine itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_memory_is_one_store_for_readers_and_writer() {
    let db = Db::open("sqlite::memory:", Options::default()).await.unwrap();
    let ana = staff(&Clock::frozen(NOW), "Ana Lima", "ana@harbour.example");
    let id: Uuid = ana.id;
    let writers = (0..50)
        .map(|n| db.write(move |tx| async move { settings::set(tx, &n.to_string(), "yes").await }.boxed()));
    assert!(join_all(writers).await.iter().all(Result::is_ok));
    db.write(move |tx| async move { people::insert_staff(tx, &ana, None).await }.boxed()).await.unwrap();
    let reading =
        (0..20).map(|_| async { people::staff(&mut db.read().await.unwrap(), id).await.unwrap().is_some() });
    assert!(join_all(reading).await.into_iter().all(|found| found));
    db.close().await;
}

#[tokio::test]
async fn an_address_that_is_no_store_says_what_to_write() {
    for address in ["", "mysql://somewhere", "deskbell.db"] {
        let refused = Db::open(address, Options::default()).await.err().expect("it is no store").to_string();
        assert!(refused.contains("sqlite:PATH"), "{refused}");
    }
}
