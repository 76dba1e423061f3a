//! Several reads that see one moment.

use std::ops::{Deref, DerefMut};

use sqlx::Executor;

use super::{Conn, Db, Error};

// On a file the first read takes the snapshot, so that this may travel with it.
const BEGIN_FILE: &str = "BEGIN";
const BEGIN_SERVER: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const END: &str = "ROLLBACK";

/// A connection whose every read sees the store as it was at the first of them, whatever is written meanwhile. Keep it
/// for a moment only: a file's log cannot be taken in beyond what somebody still reads.
pub struct Snapshot {
    conn: Option<Conn>,
}

impl Db {
    /// Begins to read one moment. Reads that must agree with each other (a row, and what was said in it) use this;
    /// [`Db::read`] lets a commit fall between any two.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let mut conn = self.read().await?;
        match &mut conn {
            Conn::Sqlite(file) => file.add(BEGIN_FILE).tell().await?,
            Conn::Postgres(pooled) => pooled.execute(BEGIN_SERVER).await.map(|_| ())?,
        }
        Ok(Snapshot { conn: Some(conn) })
    }
}

const HELD: &str = "only the drop takes it";

impl Deref for Snapshot {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect(HELD)
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect(HELD)
    }
}

impl Drop for Snapshot {
    /// Also where the reader went away half-way: the next one must not find an old moment.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            close(&mut conn);
            return;
        };
        runtime.spawn(async move {
            let ended = match &mut conn {
                Conn::Sqlite(file) => file.add(END).ask().await.map(|_| ()),
                Conn::Postgres(pooled) => pooled.execute(END).await.map(|_| ()),
            };
            if ended.is_err() {
                close(&mut conn);
            }
        });
    }
}

fn close(conn: &mut Conn) {
    match conn {
        Conn::Sqlite(file) => file.close_on_drop(),
        Conn::Postgres(pooled) => pooled.close_on_drop(),
    }
}
