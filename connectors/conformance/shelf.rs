//! Where tests keep the files that their drafts enclose.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use uuid::Uuid;

use crate::contract::{BoxFuture, Enclosure, Failure, Files, files};

static KEPT: Mutex<BTreeMap<Uuid, Bytes>> = Mutex::new(BTreeMap::new());
static DOOR: OnceLock<u16> = OnceLock::new();

/// The one shelf of all tests. What lies on it can also be fetched from this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shelf;

fn kept() -> MutexGuard<'static, BTreeMap<Uuid, Bytes>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a file on the shelf.
pub fn enclose(filename: &str, content_type: &str, bytes: impl Into<Bytes>) -> Enclosure {
    let bytes = bytes.into();
    let mut kept = kept();
    let id = Uuid::from_u128(0xF11E_0000 + kept.len() as u128);
    let size = bytes.len() as u64;
    kept.insert(id, bytes);
    Enclosure { id, filename: filename.to_owned(), content_type: content_type.to_owned(), size }
}

/// A file that nobody reads, only judges: its bytes are nowhere.
pub fn described(filename: &str, content_type: &str, size: u64) -> Enclosure {
    Enclosure { id: Uuid::nil(), filename: filename.to_owned(), content_type: content_type.to_owned(), size }
}

impl Files for Shelf {
    fn read<'a>(&'a self, file: &'a Enclosure) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async { kept().get(&file.id).cloned().ok_or_else(|| files::missing(file)) })
    }

    fn link(&self, file: &Enclosure) -> Option<String> {
        let kind = file.content_type.replace('/', "-");
        Some(format!("http://127.0.0.1:{}/{}/{kind}", DOOR.get_or_init(listen), file.id))
    }
}

fn listen() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its own address").port();
    std::thread::spawn(move || {
        for caller in listener.incoming().flatten() {
            // Whoever hangs up in the middle wants nothing more.
            let _ = answer(caller);
        }
    });
    port
}

fn answer(caller: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(&caller).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path: Vec<&str> = first.split(' ').nth(1).unwrap_or_default().split('/').collect();
    let id = path.get(1).and_then(|id| id.parse().ok()).unwrap_or_default();
    let found = kept().get(&id).cloned();
    let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
    let kind = path.get(2).copied().unwrap_or_default().replacen('-', "/", 1);
    let bytes = found.unwrap_or_default();
    write!(
        &caller,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    )?;
    (&caller).write_all(&bytes)
}
