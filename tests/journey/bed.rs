//! A library with a loft, ready to receive and to answer.

use deskbell::app::App;
use deskbell::channel::roster::Open;
use deskbell::clock::Clock;
use deskbell::config::Config;
use deskbell::model::channel::{Channel, Intake, State};
use deskbell::model::conversation::Conversation;
use deskbell::model::event::Kind;
use deskbell::model::people::{Role, Who};
use deskbell::outbound::{self, Reply};
use deskbell::store::{self, Conn, conversations, events, intake, messages, streams};
use deskbell::{inbound, worker};
use sqlx::{AssertSqlSafe, Executor, raw_sql};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::pigeon::{Loft, MANIFEST};
use crate::store::bed::{Bed, House, NOW, channel};

/// The running program without its page.
pub struct Desk {
    pub app: App,
    pub loft: Loft,
    pub channel: Channel,
    pub ana: Who,
    pub bryan: Who,
    _folder: TempDir,
    _bed: Bed,
}

impl Desk {
    /// On the engine of this bed, whose address the program opens a second time as another process would.
    pub async fn open(bed: Bed) -> Self {
        // What the workers complain of belongs to a failing test's output.
        let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        let house = House::build(&bed.db).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config {
            store: bed.address.clone(),
            public_url: Some("https://desk.example".parse().expect("an address")),
            ..Config::in_folder(folder.path())
        };
        let app = App::open_at(config, Clock::frozen(NOW)).await.expect("a sound store opens");
        let who = |staff: &deskbell::model::people::Staff| Who {
            staff_id: staff.id,
            name: staff.name.clone(),
            public_name: staff.public_name.clone(),
            role: Role::Staff,
        };
        let desk = Self {
            loft: Loft::default(),
            channel: house.channel.clone(),
            ana: who(&house.ana),
            bryan: who(&house.bryan),
            app,
            _folder: folder,
            _bed: bed,
        };
        desk.connect(desk.channel.clone(), desk.loft.clone()).await;
        desk
    }

    /// A second account of the same platform at the same desk.
    pub async fn second_loft(&self) -> (Channel, Loft) {
        let row = channel(self.app.clock.id(), "Ask us too", self.channel.desk_id);
        let kept = row.clone();
        self.app
            .db
            .write(move |tx| Box::pin(async move { store::channels::insert(tx, &kept).await }))
            .await
            .expect("another channel");
        let loft = Loft::default();
        self.connect(row.clone(), loft.clone()).await;
        (row, loft)
    }

    async fn connect(&self, row: Channel, loft: Loft) {
        let id = row.id;
        self.app
            .db
            .write(move |tx| Box::pin(streams::put(tx, id, "loft", "Loft", false)))
            .await
            .expect("a stream");
        take_in(&self.app, row, loft).await;
    }

    /// Another process on the same store, with the same time and the same pigeons.
    pub async fn other_process(&self) -> App {
        let app =
            App::open_at((*self.app.config).clone(), self.app.clock.clone()).await.expect("it opens again");
        take_in(&app, self.channel.clone(), self.loft.clone()).await;
        app
    }

    /// Opens the channel once more, as changed settings do.
    pub async fn open_anew(&self) {
        take_in(&self.app, self.channel.clone(), self.loft.clone()).await;
    }

    /// Has the store fail, for a reason of its own, whenever this is done to a row of which the condition holds.
    pub async fn poison(&self, done: &str, table: &str, condition: &str) {
        let sqlite = format!(
            "CREATE TRIGGER poisoned BEFORE {done} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'no'); END"
        );
        let postgres = format!(
            "CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} \
             THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER poisoned BEFORE {done} ON {table} FOR EACH ROW EXECUTE FUNCTION poisoned()"
        );
        self.run(sqlite, postgres).await;
    }

    /// The store works again.
    pub async fn heal(&self) {
        self.run("DROP TRIGGER poisoned".to_owned(), "DROP FUNCTION poisoned() CASCADE".to_owned()).await;
    }

    /// Has a server show each transaction of whoever comes from now on the past, where they do not ask for more.
    pub async fn shows_the_past(&self) {
        let postgres = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', \
             current_database(), 'repeatable read'); END $$";
        self.run("SELECT 1".to_owned(), postgres.to_owned()).await;
    }

    async fn run(&self, sqlite: String, postgres: String) {
        let write = self.app.db.write(move |tx| {
            Box::pin(async move {
                match &mut **tx {
                    Conn::Sqlite(file) => {
                        file.ready().await?.execute(AssertSqlSafe(sqlite)).await?.rows_affected()
                    }
                    Conn::Postgres(conn) => {
                        raw_sql(AssertSqlSafe(postgres)).execute(&mut **conn).await?.rows_affected()
                    }
                };
                Ok::<_, store::Error>(())
            })
        });
        write.await.expect("the store takes it");
    }

    /// Runs the workers until nothing is due, aside.
    pub fn settle_aside(&self) -> JoinHandle<()> {
        let app = self.app.clone();
        tokio::spawn(async move {
            worker::settle(&app).await.expect("the workers settle");
        })
    }

    /// Runs the workers until nothing is due.
    pub async fn settle(&self) {
        worker::settle(&self.app).await.expect("the workers settle");
    }

    /// Lets time pass, then settles.
    pub async fn later(&self, ms: i64) {
        self.app.clock.advance(ms);
        self.settle().await;
    }

    pub async fn accept(&self, envelopes: Vec<connectors::contract::Envelope>) -> Intake {
        inbound::accept(&self.app, &self.channel, envelopes, None).await.expect("envelopes are kept")
    }

    /// Every conversation, oldest first.
    pub async fn conversations(&self) -> Vec<Conversation> {
        let mut conn = self.app.db.read().await.expect("a connection");
        let mut found: Vec<Conversation> = Vec::new();
        for event in events::after(&mut conn, 0, 1_000).await.expect("the history") {
            if matches!(event.kind, Kind::Opened | Kind::SplitOff) {
                let row = conversations::by_id(&mut conn, event.conversation_id).await.expect("a read");
                found.push(row.expect("what was opened is there"));
            }
        }
        found
    }

    pub async fn only_conversation(&self) -> Conversation {
        let mut all = self.conversations().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    pub async fn conversation(&self, id: Uuid) -> Conversation {
        let mut conn = self.app.db.read().await.expect("a connection");
        conversations::by_id(&mut conn, id).await.expect("a read").expect("the conversation")
    }

    pub async fn texts(&self, conversation: Uuid) -> Vec<String> {
        let mut conn = self.app.db.read().await.expect("a connection");
        let found = messages::of_conversation(&mut conn, conversation, None, 100).await.expect("messages");
        found.into_iter().map(|message| message.text).collect()
    }

    pub async fn counts(&self) -> Intake {
        let mut conn = self.app.db.read().await.expect("a connection");
        let all = intake::all(&mut conn).await.expect("counts");
        all.into_iter().fold(Intake::default(), |sum, one| Intake {
            received: sum.received + one.counts.received,
            messages: sum.messages + one.counts.messages,
            held: sum.held + one.counts.held,
            duplicates: sum.duplicates + one.counts.duplicates,
        })
    }

    /// What patrons said, in every conversation.
    pub async fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        for conversation in self.conversations().await {
            said.extend(self.texts(conversation.id).await);
        }
        said
    }

    /// Ana answers, having seen everything.
    pub async fn answer(&self, conversation: &Conversation, text: &str) -> deskbell::model::message::Message {
        let reply = reply(text, conversation.seq);
        outbound::send(&self.app, &self.ana, conversation.id, reply).await.expect("an answer is kept")
    }
}

/// The roster knows no pigeons and has said so on the channel's card: that is taken back.
async fn take_in(app: &App, row: Channel, loft: Loft) {
    let id = row.id;
    app.db
        .write(move |tx| {
            Box::pin(async move { store::channels::set_state(tx, id, State::Active, NOW, None).await })
        })
        .await
        .expect("an active channel");
    app.roster.take_in(Open { row, manifest: &MANIFEST, channel: std::sync::Arc::new(loft) });
}

/// A plain answer.
pub fn reply(text: &str, seen: i64) -> Reply {
    Reply { text: text.to_owned(), seen, ..Reply::default() }
}

/// Waits until it is so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    for _ in 0..1_500 {
        if so().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}
