//! Several reads that see one moment.

use super::bed::each_engine;
use deskbell::store::{Conn, Db, settings};
use futures::FutureExt;

const NAME: &str = "which moment";

async fn set(db: &Db, value: &'static str) {
    db.write(move |tx| async move { settings::set(tx, NAME, value).await }.boxed()).await.unwrap();
}

async fn get(conn: &mut Conn) -> Option<String> {
    settings::get(conn, NAME).await.unwrap()
}

each_engine! {
    async fn what_is_written_meanwhile_is_not_seen(bed: Bed) {
        set(&bed, "first").await;
        let mut moment = bed.snapshot().await.unwrap();
        assert_eq!(get(&mut moment).await.as_deref(), Some("first"));
        set(&bed, "second").await;
        assert_eq!(get(&mut moment).await.as_deref(), Some("first"), "the same moment");
        assert_eq!(get(&mut bed.read().await.unwrap()).await.as_deref(), Some("second"), "the next one");
    }

    async fn a_reader_that_goes_away_leaves_no_old_moment_to_the_next(bed: Bed) {
        // More than there are connections, so that each is given out again; some end before they have read anything.
        for round in 0..40 {
            set(&bed, if round % 2 == 0 { "even" } else { "odd" }).await;
            let mut moment = bed.snapshot().await.unwrap();
            if round % 3 != 0 {
                let expected = if round % 2 == 0 { "even" } else { "odd" };
                assert_eq!(get(&mut moment).await.as_deref(), Some(expected), "round {round}");
            }
        }
        set(&bed, "last").await;
        for _ in 0..20 {
            assert_eq!(get(&mut bed.read().await.unwrap()).await.as_deref(), Some("last"));
        }
    }
}
