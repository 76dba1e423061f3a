//! What every test of waits looks at in the end.

use deskbell::app::App;
use deskbell::report::rebuild::{self, News, Read};
use deskbell::store::waits;
use uuid::Uuid;

use crate::journey::bed::Desk;

/// What differs between what is kept and what the history says, in words; mended where that is asked.
pub async fn differences(app: &App, mend: bool) -> (Read, Vec<String>) {
    let mut told = Vec::new();
    let mut tell = |news: News<'_>| {
        if let News::Differs(said) = news {
            told.push(said.to_owned());
        }
    };
    let read = rebuild::rebuild(app, mend, &mut tell).await;
    (read.expect("the store is read"), told)
}

/// The history says what is kept.
pub async fn agree(app: &App) -> Read {
    let (read, told) = differences(app, false).await;
    assert_eq!(told, [""; 0]);
    read
}

/// Each wait of a conversation: from, to.
pub async fn kept(desk: &Desk, conversation: Uuid) -> Vec<(i64, Option<i64>)> {
    let mut conn = desk.app.db.read().await.expect("a connection");
    let waits = waits::of_conversation(&mut conn, conversation).await.expect("waits");
    waits.into_iter().map(|wait| (wait.opened_at, wait.closed_at)).collect()
}
