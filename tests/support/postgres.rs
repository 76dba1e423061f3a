//! One PostgreSQL server per test process, and a database of its own for each test that asks.

use super::leash::{self, Leash, Owner, directory};
use super::{eventually, log_of, skipped};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};

/// An empty database, dropped with this value.
pub struct Database {
    name: String,
    server: &'static Server,
}

/// An empty database on the shared server; `None`, said aloud, where PostgreSQL is not installed.
pub fn fresh_database() -> Option<Database> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let Some(server) = SERVER.get_or_init(|| Some(Server::start(&programs()?))) else {
        skipped("PostgreSQL");
        return None;
    };
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    // template0 takes no connections, so that creating from it never waits for another test.
    server.run(format!("CREATE DATABASE {name} TEMPLATE template0"));
    Some(Database { name, server })
}

impl Database {
    /// `postgres://` address of this database: a unix socket, so that no port is taken.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.run(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// Debian's own directory first; elsewhere, wherever `pg_config` says that the programs are.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    found.sort();
    if let Ok(told) = Command::new("pg_config").arg("--bindir").output() {
        found.insert(0, PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
    }
    found.into_iter().rev().find(|bin| bin.join("initdb").exists())
}

/// What the owner thread is asked: a statement, and where to say that it is done.
type Order = (String, mpsc::Sender<Result<(), sqlx::Error>>);

struct Server {
    dir: PathBuf,
    /// A thread with a runtime of its own holds the connection: a test's runtime ends with the test.
    orders: Mutex<mpsc::Sender<Order>>,
    _leash: Leash,
}

impl Server {
    fn start(bin: &Path) -> Self {
        let owner = Owner::for_servers();
        let dir = directory("bell-pg-", owner).expect("/tmp takes a directory");
        let data = dir.join("data");
        let mut initdb = Command::new(bin.join("initdb"));
        if let Some(Owner { uid, gid }) = owner {
            std::os::unix::process::CommandExt::uid(&mut initdb, uid);
            std::os::unix::process::CommandExt::gid(&mut initdb, gid);
        }
        let made = initdb
            .current_dir(&dir)
            .args(["--username=deskbell", "--auth=trust", "--no-sync"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8"])
            .arg("-D")
            .arg(&data)
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

        let socket = format!("unix_socket_directories={}", dir.display());
        let program = bin.join("postgres");
        let mut command = vec![path(&program), "-D", path(&data)];
        for setting in [
            socket.as_str(),
            "listen_addresses=",
            // A test's data is worth nothing after a power cut.
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
            "shared_buffers=64MB",
            "autovacuum=off",
        ] {
            command.extend(["-c", setting]);
        }
        // SIGINT to a postmaster is "fast": it ends sessions and stops.
        let leash =
            Leash::start(&leash::Server { dir: &dir, command: &command, signal: "INT", pid_file: "", owner })
                .expect("bash starts the server");
        let (orders, taken) = mpsc::channel::<Order>();
        let server = Self { orders: Mutex::new(orders), _leash: leash, dir };
        let url = server.url("postgres");
        let log = server.dir.join("output.log");
        std::thread::spawn(move || carry_out(&url, &taken));
        eventually("PostgreSQL takes connections", || {
            let answer = server.ask("SELECT 1".to_owned());
            if answer.is_err() && log_of(&log).contains("FATAL:  could not") {
                panic!("PostgreSQL: {}", log_of(&log));
            }
            answer.ok()
        });
        server
    }

    fn url(&self, database: &str) -> String {
        let dir = path(&self.dir).replace('/', "%2F");
        format!("postgres://deskbell@{dir}/{database}")
    }

    fn run(&self, statement: String) {
        if let Err(error) = self.ask(statement.clone())
            && !std::thread::panicking()
        {
            panic!("{statement}: {error}");
        }
    }

    fn ask(&self, statement: String) -> Result<(), sqlx::Error> {
        let (done, answer) = mpsc::channel();
        self.orders
            .lock()
            .expect("no panic while it is held")
            .send((statement, done))
            .expect("the thread lives as long as the process");
        answer.recv().expect("each order is answered")
    }
}

/// Carries out orders one by one on one connection, which it opens again if it has to.
fn carry_out(url: &str, orders: &mpsc::Receiver<Order>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs only a few descriptors");
    let options = PgConnectOptions::from_str(url).expect("our own address").disable_statement_logging();
    let mut connection: Option<PgConnection> = None;
    for (statement, done) in orders {
        let answer = runtime.block_on(async {
            if connection.is_none() {
                connection = Some(options.connect().await?);
            }
            let open = connection.as_mut().expect("opened above");
            let answer = open.execute(sqlx::AssertSqlSafe(statement)).await.map(drop);
            if open.ping().await.is_err() {
                connection = None;
            }
            answer
        });
        // Whoever asked may be gone: a test that panicked.
        let _ = done.send(answer);
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("our temporary directories are plain ASCII")
}
