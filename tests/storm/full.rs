//! The disk is full while mails come, platforms call and staff answer: nothing is lost, whoever asks is told so in words, and
//! it goes on by itself when there is room again.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::books::{self, Books};
use super::staff::Staff;
use super::{
    Machine, STILL, autopsy, connect, not_wrong, open_house, patrons, platform, settle_in, until_all_is_here,
    until_settled,
};
use crate::crash::chance;
use crate::support::eventually;
use crate::support::leash::free_ports;
use crate::support::program::{House, Serving, answers};

const BEFORE: usize = 50;
const MESSAGES: usize = 250;
/// More than the store, its log and some hundred questions take up.
const SIZE: &str = "size=48m";

#[test]
fn a_full_disk_loses_nothing_and_says_so_and_goes_on_by_itself() {
    let chance = chance();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime needs only a few descriptors");
    let _inside = runtime.enter();
    let platforms = runtime.block_on(platform::all(Arc::new(Machine), chance.number()));
    let disk = Disk::small();
    let [port] = free_ports();
    let house = open_house(House::on(&disk.path).telling(not_wrong()), port, &platforms);
    let staff = Staff { api: house.hire(port), house: &house };
    platforms.iter().for_each(|platform| connect(&house, platform.as_ref()));
    let mut serving = house.serve(port);
    answers(&staff.api);
    let kinds = settle_in(&staff);
    patrons::ask_at_once(&platforms, 0..BEFORE, MESSAGES);
    until_all_is_here(&staff, &kinds, &platforms, STILL);

    let said = disk.full_while(&serving, || {
        patrons::ask_at_once(&platforms, BEFORE..MESSAGES, MESSAGES);
        eventually("platforms that call are turned away, so that they call again", || {
            platforms.iter().filter(|one| one.calls()).all(|one| one.turned_away() > 0).then_some(())
        });
        let refused =
            eventually("an answer is refused", || answer(&staff).filter(|(status, _)| *status == 503));
        let health = eventually("whoever asks is told", || {
            let health = staff.api.get("/health").ok()?.json();
            (health["status"] == "trouble").then_some(health)
        });
        assert_eq!(autopsy::wrong(&staff, &platforms), [""; 0], "while the disk is full");
        (refused.1, health["why"].as_str().expect("in words").to_owned())
    });
    eprintln!("full: {said:?}");
    assert!(said.1.starts_with("The disk that the store is on "), "{said:?}");

    eventually("all is well again", || {
        (staff.api.get("/health").ok()?.json()["status"] == "ok").then_some(())
    });
    until_all_is_here(&staff, &kinds, &platforms, STILL);
    eventually("the answer is taken", || answer(&staff).filter(|(status, _)| *status == 201));
    until_settled(&staff, STILL);
    assert!(!serving.ended(), "it lives");
    let counted = books::intake(&staff, &kinds).expect("the program answers");
    let books = Books::read(&staff);
    for platform in &platforms {
        let intake = counted.get(platform.kind()).copied().unwrap_or_default();
        books::nothing_lost_nothing_doubled(platform.as_ref(), &books, intake);
    }
    let log = house.log();
    assert!(!log.contains("panicked") && !log.contains("made a mistake"), "{log}");
    house.run(&["store", "check"]);
}

/// Answers the newest question, helping whoever has it; gives the status and the sentence.
fn answer(staff: &Staff) -> Option<(u16, String)> {
    let page = staff.api.get("/conversations?view=all&limit=1").ok()?.json();
    let row = page["items"].as_array()?.first()?.clone();
    let path = format!("/conversations/{}/replies", row["id"].as_str()?);
    let body = json!({ "text": "We have it.", "seen": row["seq"], "key": Uuid::now_v7() });
    let said = staff.api.post(&path, &body).ok()?;
    let detail = said.json().get("detail").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some((said.status, detail))
}

/// A disk that can be full without harm to anybody else.
struct Disk {
    path: PathBuf,
    /// Of its own; none: whoever is not root may not have one, and the program is kept from writing instead.
    mounted: bool,
    _dir: tempfile::TempDir,
}

impl Disk {
    fn small() -> Self {
        let dir = tempfile::tempdir().expect("the system has a place for files");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(dir.path()).output();
        let mounted = mount.is_ok_and(|mount| mount.status.success());
        eprintln!("a disk of its own: {mounted}");
        Self { path: dir.path().to_owned(), mounted, _dir: dir }
    }

    /// There is no room while `what` is done.
    fn full_while<T>(&self, serving: &Serving, what: impl FnOnce() -> T) -> T {
        if !self.mounted {
            serving.may_write(false);
            let said = what();
            serving.may_write(true);
            return said;
        }
        let ballast = self.path.join("ballast");
        let over = AtomicBool::new(false);
        let said = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut file = File::create(&ballast).expect("a name takes no room");
                // Whatever becomes free is taken at once.
                while !over.load(Ordering::Relaxed) {
                    if file.write_all(&[1; 4096]).is_err() {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                }
            });
            let _over = super::End(&over);
            what()
        });
        std::fs::remove_file(ballast).expect("it is ours");
        said
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // Whoever still has a file open there keeps it until they close it.
            let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
        }
    }
}
