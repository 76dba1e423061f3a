//! A library of its own in a temporary folder: the real program, opened as `serve` opens it, without sockets.

use std::path::Path;

use connectors::contract::Envelope;
use connectors::email::inbound::{self, Own};
use deskbell::app::App;
use deskbell::config::{Config, Synchronous};
use deskbell::error::Error;
use deskbell::model::channel::{Channel, State};
use deskbell::model::people::{Branch, Desk, Library, Role, Staff};
use deskbell::store::{channels, people};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The program with a library in it.
pub struct House {
    pub app: App,
    pub channel: Channel,
}

impl House {
    /// In an empty folder.
    pub async fn build(folder: &Path, synchronous: Synchronous) -> Self {
        let app = open(folder, synchronous).await;
        let channel = Channel {
            id: app.clock.id(),
            name: "Ask us".into(),
            kind: "email".into(),
            desk_id: found(&app).await,
            address: "ask@library.example".into(),
            ours: "ask@library.example".into(),
            open_settings: "{}".into(),
            sealed_settings: Vec::new(),
            schedule: None,
            undo_hold_ms: None,
            budget_micros: None,
            state: State::Active,
            state_since: app.clock.now(),
            state_why: None,
            signin_ends_at: None,
            created_at: app.clock.now(),
            removed_at: None,
        };
        let kept = channel.clone();
        app.db
            .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(channels::insert(tx, &kept).await?) }))
            .await
            .unwrap();
        Self { app, channel }
    }

    /// A library that is there already, by its first channel.
    pub async fn enter(folder: &Path, synchronous: Synchronous) -> Self {
        let app = open(folder, synchronous).await;
        let channel = channels::all(&mut app.db.read().await.unwrap()).await.unwrap().remove(0);
        Self { app, channel }
    }
}

/// A library with one desk and one person; gives the desk.
pub async fn found(app: &App) -> Uuid {
    let now = app.clock.now();
    let library = Library {
        id: app.clock.id(),
        name: "Fernhill Library".into(),
        zone: "Europe/London".into(),
        created_at: now,
    };
    let branch = Branch { id: app.clock.id(), name: "Central".into() };
    let desk = Desk {
        id: app.clock.id(),
        name: "Reference".into(),
        branch_id: branch.id,
        branch_name: branch.name.clone(),
        promise_ms: 86_400_000,
        library: None,
    };
    let ana = Staff {
        id: app.clock.id(),
        name: "Ana Lima".into(),
        public_name: "Ana".into(),
        email: "ana@library.example".into(),
        role: Role::Staff,
        created_at: now,
        disabled_at: None,
    };
    let id = desk.id;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                people::insert_library(tx, &library).await?;
                people::insert_branch(tx, library.id, &branch).await?;
                people::insert_desk(tx, &desk).await?;
                people::insert_staff(tx, &ana, None).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    id
}

/// The program on a folder that may have a library in it.
pub async fn open(folder: &Path, synchronous: Synchronous) -> App {
    open_on(folder, None, synchronous).await
}

/// The same with its store elsewhere.
pub async fn open_on(folder: &Path, store: Option<String>, synchronous: Synchronous) -> App {
    let mut config = Config::in_folder(folder);
    config.store = store.unwrap_or(config.store);
    config.synchronous = synchronous;
    App::open(config).await.unwrap()
}

/// A mail as the mailbox's reader hands it on.
pub fn envelope(raw: Vec<u8>) -> Envelope {
    let own = Own {
        ours: vec!["ask@library.example".into()],
        proof_key: vec![7; 32].into(),
        domain: "library.example".into(),
        max_bytes: 64 << 20,
    };
    let event = inbound::event(&raw, &own, false);
    let name: String = Sha256::digest(&raw)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Envelope {
        external_id: name.clone(),
        fingerprint: Some(name),
        renumbered: false,
        raw: raw.into(),
        content_type: "message/rfc822",
        at: 1_790_856_000_000,
        event,
    }
}
