//! What these tests share.

use std::path::PathBuf;

use crate::email::mail::Mail;
use crate::email::read;

/// The mail of these header lines and this body.
pub fn mail(head: &str, body: &str) -> Mail {
    read::read(&bytes(head, body)).expect("small mails are always read")
}

/// The same as bytes, with CRLF line ends.
pub fn bytes(head: &str, body: &str) -> Vec<u8> {
    format!("{}\n\n{body}", head.trim()).replace('\n', "\r\n").into_bytes()
}

/// A folder of published test data, if `DESKBELL_REFERENCE` says where it is.
pub fn reference(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set");
        return None;
    };
    Some(PathBuf::from(root).join(folder))
}

/// Every fixture mail of this folder, with its name.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("email/fixtures");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures are part of the sources")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("readable"))
        })
        .collect();
    all.sort();
    assert!(all.len() >= 10, "only {} fixtures found", all.len());
    all
}
