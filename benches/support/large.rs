//! Libraries of any size, made by `deskbell demo` through the door that all mail comes by, and kept for the next run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_deskbell");

/// The folder of a library with so many conversations, made if it is not there. A library of an older build is brought up
/// to date as any other; to have one made anew, remove its folder.
pub fn library(conversations: usize, seed: u64) -> PathBuf {
    let base = std::env::var_os("DESKBELL_BENCH_DIR")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench"), PathBuf::from);
    let folder = base.join(format!("{conversations}-{seed}"));
    if folder.join("whole").exists() {
        return folder;
    }
    std::fs::create_dir_all(&folder).unwrap();
    eprintln!("making a library of {conversations} conversations in {} …", folder.display());
    let wanted = conversations.to_string();
    let seed = seed.to_string();
    let (demo, ..) = start(&folder, &["demo", "--quiet", "--conversations", &wanted, "--seed", &seed]);
    stop(demo);
    std::fs::write(folder.join("whole"), "").unwrap();
    folder
}

/// A copy to write to.
pub fn copy_of(library: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(library).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Starts the program on any free port and waits until it says that it is ready; gives where, and how long that took.
pub fn start(data: &Path, arguments: &[&str]) -> (Child, String, Duration) {
    let since = Instant::now();
    let mut child = Command::new(BINARY)
        .args(arguments)
        // A library seeded elsewhere has channels that nobody answers for.
        .args(["--log", "error", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let page = lines.find_map(|line| line.unwrap().strip_prefix("ready http://").map(str::to_owned)).unwrap();
    let took = since.elapsed();
    // Whoever prints must not wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    (child, page, took)
}

/// Ends the program as an operator does, and waits until it has.
pub fn stop(mut child: Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = child.wait().unwrap();
    assert!(ended.success(), "{ended}");
}
