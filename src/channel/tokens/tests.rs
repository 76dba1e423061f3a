//! A sign-in is refreshed once for all who ask, and kept before anybody uses it.

use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use connectors::contract::{ClientAuth, Look, Oauth, Outside, Signin};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::super::vault::{Secrets, Vault};
use super::*;
use crate::bus::Bus;
use crate::clock::Clock;
use crate::model::channel::{Channel, State};
use crate::model::people::{Branch, Desk, Library};
use crate::store::blobs::Blobs;
use crate::store::{Db, Options, people};

static MANIFEST: Manifest = Manifest {
    name: "semaphore",
    title: "Semaphore",
    about: "Flags.",
    look: Look { word: "Semaphore", icon: "flag", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: None,
    vouches: true,
    fields: &[],
    signin: &[Signin::Oauth(Oauth {
        when: Some(("auth", "flags")),
        label: "Sign in",
        authorize_url: "http://127.0.0.1:{port}/authorize",
        token_url: "http://127.0.0.1:{port}/token",
        scopes: &[],
        pkce: false,
        client_auth: ClientAuth::Body,
        extra: &[],
        refresh: Refresh::Rotating,
        register_url: None,
    })],
};

/// A platform's sign-in: each refresh token works once.
#[derive(Default)]
struct Office {
    asked: AtomicUsize,
    bodies: StdMutex<Vec<String>>,
    /// Answers this instead of a new pair.
    instead: StdMutex<Option<(u16, &'static str)>>,
}

impl Office {
    async fn open() -> (Arc<Self>, u16) {
        let office = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = office.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let office = serving.clone();
                tokio::spawn(async move {
                    let mut request = String::new();
                    let mut buffer = [0; 4096];
                    loop {
                        let read = stream.read(&mut buffer).await.unwrap();
                        request += std::str::from_utf8(&buffer[..read]).unwrap();
                        if read == 0 || request.contains("refresh_token=") {
                            break;
                        }
                    }
                    let (status, body) = office.answer(&request);
                    let head = format!(
                        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        body.len()
                    );
                    stream.write_all((head + &body).as_bytes()).await.unwrap();
                });
            }
        });
        (office, port)
    }

    fn answer(&self, request: &str) -> (u16, String) {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let body = request.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned();
        let expected = format!("refresh_token=refresh-{}", number - 1);
        let fits = body.contains(&expected);
        self.bodies.lock().unwrap().push(body);
        if let Some((status, body)) = *self.instead.lock().unwrap() {
            return (status, body.to_owned());
        }
        if !fits {
            return (400, r#"{"error":"invalid_grant","error_description":"used already"}"#.to_owned());
        }
        let pair = format!(
            r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","token_type":"Bearer","expires_in":3600}}"#
        );
        (200, pair)
    }
}

async fn parts() -> Parts {
    let clock = Clock::frozen(1_790_856_000_000);
    let db = Db::open("sqlite::memory:", Options::default()).await.unwrap();
    let now = clock.clone();
    let outside = Outside::new(Arc::new(move || now.now()), None).unwrap();
    let vault = Vault::with_key([7; 32]);
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::folder(folder.path()).unwrap();
    Parts { db, blobs, clock, bus: Bus::new(), outside, vault, connectors: &[], public_url: None }
}

/// A stored channel with its first pair.
async fn channel(parts: &Parts, port: u16) -> (Uuid, Settings) {
    let id = parts.clock.id();
    let settings = Settings::new()
        .with("auth", "flags")
        .with("port", port.to_string())
        .with("client_id", "deskbell")
        .with_secret("client_secret", "the-client-secret");
    let secrets = Secrets {
        fields: [("client_secret".to_owned(), "the-client-secret".into())].into(),
        signin: Some(Pair { access: "access-0".into(), refresh: Some("refresh-0".into()), ends_at: Some(0) }),
    };
    let now = parts.clock.now();
    let library = Library { id: parts.clock.id(), name: "L".into(), zone: "UTC".into(), created_at: now };
    let branch = Branch { id: parts.clock.id(), name: "B".into() };
    let desk = Desk {
        id: parts.clock.id(),
        name: "D".into(),
        branch_id: branch.id,
        branch_name: "B".into(),
        promise_ms: 1,
        library: None,
    };
    let row = Channel {
        id,
        name: "Flags".into(),
        kind: MANIFEST.name.into(),
        desk_id: desk.id,
        address: "tower".into(),
        ours: "tower".into(),
        open_settings: format!(r#"{{"auth":"flags","port":"{port}","client_id":"deskbell"}}"#),
        sealed_settings: parts.vault.seal(id, &secrets).unwrap(),
        schedule: None,
        undo_hold_ms: None,
        budget_micros: None,
        state: State::Active,
        state_since: now,
        state_why: None,
        signin_ends_at: None,
        created_at: now,
        removed_at: None,
    };
    let written = parts.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            people::insert_library(tx, &library).await?;
            people::insert_branch(tx, library.id, &branch).await?;
            people::insert_desk(tx, &desk).await?;
            Ok(channels::insert(tx, &row).await?)
        })
    });
    written.await.unwrap();
    (id, settings)
}

async fn stored(parts: &Parts, id: Uuid) -> Pair {
    let row = channels::by_id(&mut parts.db.read().await.unwrap(), id).await.unwrap().unwrap();
    parts.vault.open(id, &row.sealed_settings).unwrap().signin.unwrap()
}

async fn token(keeper: &Keeper, rejected: Option<&str>) -> Result<String, Failure> {
    keeper.access_token(rejected).await.map(|token| token.expose_secret().to_owned())
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_refreshes_and_the_pair_is_kept_first() {
    let (office, port) = Office::open().await;
    let parts = parts().await;
    let (id, settings) = channel(&parts, port).await;
    let keeper = Keeper::new(&parts, id, &MANIFEST, &settings).unwrap();
    let all = futures::future::join_all((0..20).map(|_| token(&keeper, None))).await;
    assert!(all.into_iter().all(|token| token.unwrap() == "access-1"));
    assert_eq!(office.asked.load(Ordering::SeqCst), 1);
    let kept = stored(&parts, id).await;
    assert_eq!(kept.refresh.unwrap().expose_secret(), "refresh-1");
    assert_eq!(kept.ends_at, Some(parts.clock.now() + 3_600_000));
    let body = office.bodies.lock().unwrap()[0].clone();
    assert!(
        body.contains("client_secret=the-client-secret") && body.contains("grant_type=refresh_token"),
        "{body}"
    );

    // Near its end, or when the platform has just refused it, it is not given again; the new refresh token is used.
    parts.clock.advance(3_590_000);
    assert_eq!(token(&keeper, None).await.unwrap(), "access-2");
    assert_eq!(token(&keeper, Some("access-2")).await.unwrap(), "access-3");
    assert_eq!(token(&keeper, Some("access-2")).await.unwrap(), "access-3", "that one was refused, not this");
}

#[tokio::test]
async fn a_caller_who_goes_away_loses_no_pair() {
    let (office, port) = Office::open().await;
    let parts = parts().await;
    let (id, settings) = channel(&parts, port).await;
    let keeper = Keeper::new(&parts, id, &MANIFEST, &settings).unwrap();
    let mut asking = Box::pin(token(&keeper, None));
    assert!(futures::poll!(&mut asking).is_pending());
    drop(asking);
    assert_eq!(token(&keeper, None).await.unwrap(), "access-1");
    assert_eq!(office.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_another_process_refreshed_is_used() {
    let (office, port) = Office::open().await;
    let parts = parts().await;
    let (id, settings) = channel(&parts, port).await;
    let (here, there) = (
        Keeper::new(&parts, id, &MANIFEST, &settings).unwrap(),
        Keeper::new(&parts, id, &MANIFEST, &settings).unwrap(),
    );
    assert_eq!(token(&here, None).await.unwrap(), "access-1");
    assert_eq!(token(&there, None).await.unwrap(), "access-1");
    assert_eq!(office.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_withdrawn_sign_in_asks_for_a_person_and_a_tired_platform_for_patience() {
    let (office, port) = Office::open().await;
    let parts = parts().await;
    let (id, settings) = channel(&parts, port).await;
    let keeper = Keeper::new(&parts, id, &MANIFEST, &settings).unwrap();
    *office.instead.lock().unwrap() = Some((503, "closed for lunch"));
    assert!(matches!(token(&keeper, None).await, Err(Failure::Transient { .. })));
    *office.instead.lock().unwrap() = Some((400, r#"{"error":"invalid_grant"}"#));
    let failure = token(&keeper, None).await.unwrap_err();
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure}");
    assert!(!failure.to_string().contains("refresh-0"));
    assert_eq!(
        stored(&parts, id).await.refresh.unwrap().expose_secret(),
        "refresh-0",
        "nothing is thrown away"
    );
}

#[tokio::test]
async fn an_account_in_hand_leaves_its_newest_pair_to_be_kept() {
    let (_office, port) = Office::open().await;
    let parts = parts().await;
    let settings =
        Settings::new().with("auth", "flags").with("port", port.to_string()).with("client_id", "d");
    let pair = Pair { access: "".into(), refresh: Some("refresh-0".into()), ends_at: None };
    let keeper = Keeper::in_hand(&parts, Uuid::nil(), &MANIFEST, &settings, Some(pair)).unwrap();
    assert_eq!(token(&keeper, None).await.unwrap(), "access-1");
    assert_eq!(keeper.pair().unwrap().refresh.unwrap().expose_secret(), "refresh-1");
    let passwords = Settings::new().with("auth", "password");
    assert!(Keeper::in_hand(&parts, Uuid::nil(), &MANIFEST, &passwords, None).is_none());
}
