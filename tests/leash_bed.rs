//! A server under test ends with the test, however the test ends.

use crate::support::eventually;
use crate::support::leash::{Leash, Server, directory};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A stand-in for a server with a child of its own; its directory holds the pids of both.
fn start() -> (Leash, PathBuf) {
    let dir = directory("bell-leash-", None).expect("/tmp takes a directory");
    let script = "sleep 1000 & echo $$ $! > pids.new; mv pids.new pids; wait";
    let leash = Leash::start(&Server {
        dir: &dir,
        command: &["bash", "-c", script],
        signal: "TERM",
        pid_file: "",
        owner: None,
    });
    (leash.expect("bash starts"), dir)
}

fn pids(dir: &Path) -> Vec<PathBuf> {
    let written = eventually("the stand-in runs", || std::fs::read_to_string(dir.join("pids")).ok());
    written.split_whitespace().map(|pid| Path::new("/proc").join(pid)).collect()
}

/// A process that has ended but that nobody has asked about keeps its place in /proc, without a command line.
fn runs(process: &Path) -> bool {
    std::fs::read(process.join("cmdline")).is_ok_and(|line| !line.is_empty())
}

#[test]
fn dropping_the_leash_stops_the_server_and_removes_its_directory() {
    let (leash, dir) = start();
    let pids = pids(&dir);
    assert!(pids.iter().all(|pid| runs(pid)));
    drop(leash);
    assert!(!dir.exists() && !pids.iter().any(|pid| runs(pid)));
}

const HOLD: &str = "DESKBELL_TEST_HOLD";

#[test]
fn killing_the_test_process_stops_the_server_too() {
    // The same test again in a process of its own, which is then killed in the middle.
    if std::env::var_os(HOLD).is_some() {
        let (_leash, dir) = start();
        pids(&dir);
        println!("\nholding {}", dir.display());
        loop {
            std::thread::park();
        }
    }
    let mut holder = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "leash_bed::killing_the_test_process_stops_the_server_too", "--nocapture"])
        .env(HOLD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let mut lines = BufReader::new(holder.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let dir = lines.find_map(|line| line.strip_prefix("holding ").map(PathBuf::from));
    let dir = dir.expect("it says where the server lives");
    let pids = pids(&dir);
    holder.kill().expect("it is ours");
    holder.wait().expect("it is ours");
    eventually("the server ends", || (!pids.iter().any(|pid| runs(pid))).then_some(()));
    eventually("the directory goes", || (!dir.exists()).then_some(()));
}
