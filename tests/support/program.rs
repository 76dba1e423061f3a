//! The program itself, as people start it: its command line, and `serve` as a process that can be killed.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::dovecot::{Dovecot, PASSWORD};
use super::http::Api;
use super::{eventually, log_of};

/// A library's data folder, and the store it uses.
pub struct House {
    dir: tempfile::TempDir,
    store: Option<String>,
    told: Vec<(&'static str, String)>,
}

/// A running `serve`. Dropping it kills it.
pub struct Serving {
    child: Child,
}

impl House {
    /// An empty one; `store` names a server's database, otherwise it is a file.
    pub fn new(store: Option<String>) -> Self {
        Self { dir: tempfile::tempdir().expect("the system has a place for files"), store, told: Vec::new() }
    }

    /// One whose folder lies on this disk.
    pub fn on(disk: &Path) -> Self {
        let dir = tempfile::tempdir_in(disk).expect("it has room for a folder");
        Self { dir, store: None, told: Vec::new() }
    }

    /// The same, where each process finds these in its environment.
    pub fn telling(self, told: Vec<(&'static str, String)>) -> Self {
        Self { told, ..self }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The address of the server's database that it uses; none: a file.
    pub fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// Everything that `serve` has logged, of all its processes.
    pub fn log(&self) -> String {
        log_of(&self.path().join("serve.log"))
    }

    /// Runs a command that must succeed; gives what it prints.
    pub fn run(&self, arguments: &[&str]) -> String {
        let end = self.command(arguments).stdin(Stdio::null()).output().expect("the program starts");
        let (said, complained) = (String::from_utf8_lossy(&end.stdout), String::from_utf8_lossy(&end.stderr));
        assert!(end.status.success(), "{arguments:?}: {complained}\n{said}");
        said.trim().to_owned()
    }

    /// A member of the staff; gives a way to ask the program at `port` in their name.
    pub fn hire(&self, port: u16) -> Api {
        self.run(&["staff", "add", "ana@fernhill.example", "--name", "Ana Ruiz", "--role", "admin"]);
        Api { port, token: self.run(&["staff", "token", "ana@fernhill.example"]) }
    }

    /// Connects the mailbox `ask` of `dovecot`, everything in it included, to be read each second.
    pub fn connect(&self, dovecot: &Dovecot) {
        let imap = format!("imap_port={}", dovecot.imap);
        let smtp = format!("smtp_port={}", dovecot.submission);
        let mut arguments = vec!["channel", "add", "email", "--name", "Ask us", "--schedule", "1s"];
        let settings = [
            "address=ask@example.test",
            "imap_host=127.0.0.1",
            &imap,
            "imap_tls=none",
            "smtp_host=127.0.0.1",
            &smtp,
            "smtp_tls=none",
            "import=everything",
        ];
        settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
        arguments.extend(["--secret", "password=env:ASK_PASSWORD"]);
        self.run(&arguments);
    }

    /// Starts `serve` on `port`, without waiting for it.
    pub fn serve(&self, port: u16) -> Serving {
        self.serve_told(port, None)
    }

    /// The same for one that finds this in its environment besides.
    pub fn serve_told(&self, port: u16, told: Option<(&str, String)>) -> Serving {
        let listen = format!("127.0.0.1:{port}");
        let path = self.path().join("serve.log");
        let log =
            OpenOptions::new().create(true).append(true).open(path).expect("our own folder takes a file");
        let output = |log: &File| Stdio::from(log.try_clone().expect("a handle more"));
        let child = self
            .command(&["serve", "--listen", &listen])
            .envs(told)
            .stdin(Stdio::null())
            .stdout(output(&log))
            .stderr(output(&log))
            .spawn()
            .expect("the program starts");
        Serving { child }
    }

    /// `setpriv` becomes the program and has the kernel kill it when the thread that started it ends.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("setpriv");
        command
            // Who may write no more files is told by an error, not killed (setrlimit(2), RLIMIT_FSIZE).
            .args(["--pdeathsig", "KILL", "env", "--ignore-signal=XFSZ", env!("CARGO_BIN_EXE_deskbell")])
            .args(arguments)
            .arg("--data")
            .arg(self.path())
            .env("ASK_PASSWORD", PASSWORD)
            .env_remove("DESKBELL_STORE")
            .envs(self.told.iter().map(|(name, value)| (name, value)));
        if let Some(store) = &self.store {
            command.env("DESKBELL_STORE", store);
        }
        command
    }
}

impl Serving {
    /// Ends it as a power cut would: no handler runs, nothing is written any more.
    pub fn kill(mut self) {
        self.end();
    }

    /// Stops it where it stands, as a machine that sleeps does.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    /// It goes on as if no time had passed.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    /// It may write nothing more to any file, or as much as it likes.
    pub fn may_write(&self, may: bool) {
        let limit = if may { "--fsize=unlimited" } else { "--fsize=0:unlimited" };
        let told = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), limit]).status();
        assert!(told.expect("there is `prlimit`").success(), "it is our child");
    }

    fn signal(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(told.expect("there is `kill`").success(), "it is our child");
    }

    /// Whether it stands still, stopped by itself or by us.
    pub fn is_stopped(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // proc_pid_stat(5): its name in brackets, then a letter for what it does.
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> bool {
        self.child.try_wait().expect("it is our child").is_some()
    }

    fn end(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits until the program answers.
pub fn answers(api: &Api) {
    eventually("the program answers", || api.get("/health").ok().filter(|answer| answer.status == 200));
}
