//! Builds the staff's page (web/) into OUT_DIR/web, so that `cargo run` is all it takes.
//!
//! Without npm, or when its build fails, or with `DESKBELL_SKIP_WEB=1`, a plain page takes its place that says what is
//! missing and how to get it: the API works without the page, and a server must never fail to build for want of node.
//! Nothing but `web/node_modules` is written into the source tree.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What the page is made of; anything else under web/ (tests' results, node_modules) must not rebuild it.
const SOURCES: [&str; 7] = [
    "web/src",
    "web/public",
    "web/index.html",
    "web/package.json",
    "web/package-lock.json",
    "web/vite.config.ts",
    "web/svelte.config.js",
];

fn main() {
    // Naming any file turns off cargo's own rule (everything), so what else is compiled in is named too.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=DESKBELL_SKIP_WEB");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    small_relocations();

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    if env::var_os("DESKBELL_SKIP_WEB").is_some_and(|set| !set.is_empty() && set != "0") {
        return placeholder(&out, "It was left out of this build on purpose (DESKBELL_SKIP_WEB is set).");
    }
    if let Err(why) = build(&root.join("web"), &out) {
        println!("cargo::warning=The staff page was not built, the server runs without it. {why}");
        placeholder(&out, &why);
    }
}

/// The addresses that are filled in when the program starts are two megabytes of it, all of them read at once; packed
/// they are a few pages. The C libraries of Debian 12 and later read them so; a linker that cannot pack says so.
fn small_relocations() {
    let of = |name: &str| env::var(name).unwrap_or_default();
    if of("CARGO_CFG_TARGET_OS") == "linux" && of("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Installs what the lock names if it is newer than what is installed, then builds the page into `out`.
fn build(web: &Path, out: &Path) -> Result<(), String> {
    if !web.join("package.json").exists() {
        return Err("The folder web/ is not here.".to_owned());
    }
    let installed = web.join("node_modules/.package-lock.json");
    if newer(&web.join("package-lock.json"), &installed) {
        npm(web, out, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(web, out, &["run", "--silent", "build"])?;
    if out.join("index.html").exists() {
        Ok(())
    } else {
        Err("The build ended without an index.html.".to_owned())
    }
}

fn npm(web: &Path, out: &Path, arguments: &[&str]) -> Result<(), String> {
    // On Windows npm is a script, which only its full name finds.
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ran = Command::new(program).args(arguments).current_dir(web).env("WEB_OUT", out).output();
    match ran {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(format!("`npm {}` failed: {}", arguments.join(" "), reason(&done.stderr))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err("npm was not found. Install node 20.19 or newer, then build again.".to_owned())
        }
        Err(error) => Err(format!("npm could not be started: {error}")),
    }
}

/// A cargo warning is one line: from where npm first speaks of an error, without the calls that led to it.
fn reason(bytes: &[u8]) -> String {
    let text = uncoloured(&String::from_utf8_lossy(bytes));
    let told = |line: &&str| !line.is_empty() && !line.starts_with("at ");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(told).collect();
    let first = lines.iter().position(|line| line.to_lowercase().contains("error")).unwrap_or(0);
    lines[first..].iter().take(5).copied().collect::<Vec<_>>().join(" / ")
}

/// Without terminal colours, which not every tool leaves out when asked to.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

fn newer(lock: &Path, installed: &Path) -> bool {
    let modified =
        |path: &Path| fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    !installed.exists() || modified(lock) > modified(installed)
}

fn placeholder(out: &Path, why: &str) {
    let escaped = why.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Deskbell runs, without its page</title>\n<main>\n<h1>Deskbell runs, without its page</h1>\n\
         <p>This server was built without the page that staff work in. {escaped}</p>\n\
         <p>To get it: install node 20.19 or newer with npm, then run <code>cargo build</code> again \
         (without DESKBELL_SKIP_WEB).</p>\n\
         <p>Everything else works: channels are read, mail is kept, and the API answers under <code>/api/v1</code>.</p>\n</main>\n"
    );
    let written = fs::remove_dir_all(out)
        .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
        .and_then(|()| fs::create_dir_all(out))
        .and_then(|()| fs::write(out.join("index.html"), page));
    if let Err(error) = written {
        // The embedding needs the folder; without it the compiler's own message would point nowhere.
        panic!("{} cannot be written: {error}", out.display());
    }
}
