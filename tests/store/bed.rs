//! A store to test, on each engine, and the first rows that others refer to.

use std::ops::Deref;

use deskbell::clock::Clock;
use deskbell::model::channel::{Channel, State};
use deskbell::model::conversation::{self, Conversation, Visibility};
use deskbell::model::message::{self, Direction, Message};
use deskbell::model::people::{Address, Branch, Desk, Library, Patron, Role, Staff};
use deskbell::store::{Db, Error, Options, channels, patrons, people};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::postgres::{Database, fresh_database};

/// Noon on the first of October 2026, UTC.
pub const NOW: i64 = 1_790_856_000_000;

/// An empty store, gone with this value.
pub struct Bed {
    pub db: Db,
    pub address: String,
    _place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "held for its end")] TempDir),
    Server(#[expect(dead_code, reason = "held for its end")] Database),
}

impl Deref for Bed {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Bed {
    pub async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = format!("sqlite:{}", folder.path().join("deskbell.db").display());
        Some(Self::open(address, Place::Folder(folder)).await)
    }

    pub async fn postgres() -> Option<Self> {
        let database = fresh_database()?;
        Some(Self::open(database.url(), Place::Server(database)).await)
    }

    async fn open(address: String, place: Place) -> Self {
        let db = Db::open(&address, Options::default()).await.expect("an empty store opens");
        Self { db, address, _place: place }
    }
}

/// Writes each test twice: `NAME::sqlite` and `NAME::postgres`.
macro_rules! each_engine {
    ($(async fn $name:ident($bed:ident: Bed) $body:block)+) => {
        $(mod $name {
            use super::*;

            async fn check($bed: crate::store::bed::Bed) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some(bed) = crate::store::bed::Bed::sqlite().await {
                    check(bed).await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(bed) = crate::store::bed::Bed::postgres().await {
                    check(bed).await;
                }
            }
        })+
    };
}
pub(crate) use each_engine;

/// A library with one branch, two desks, two of us and a channel.
pub struct House {
    pub reference: Desk,
    pub children: Desk,
    pub ana: Staff,
    pub bryan: Staff,
    pub channel: Channel,
}

impl House {
    /// Sets the library up.
    pub async fn build(db: &Db) -> Self {
        let clock = Clock::frozen(NOW);
        let library = Library {
            id: clock.id(),
            name: "Harbour Library".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            created_at: NOW,
        };
        let branch = Branch { id: clock.id(), name: "Central".to_owned() };
        let desk = |name: &str| Desk {
            id: clock.id(),
            name: name.to_owned(),
            branch_id: branch.id,
            branch_name: branch.name.clone(),
            promise_ms: 86_400_000,
            library: None,
        };
        let house = Self {
            reference: desk("Reference"),
            children: desk("Children"),
            ana: staff(&clock, "Ana Lima", "ana@harbour.example"),
            bryan: staff(&clock, "Bryan Cole", "bryan@harbour.example"),
            channel: channel(clock.id(), "Ask us", desk("").id),
        };
        let channel = Channel { desk_id: house.reference.id, ..house.channel };
        let house = Self { channel, ..house };
        let rows = (library, branch, house.reference.clone(), house.children.clone());
        let (ana, bryan, channel) = (house.ana.clone(), house.bryan.clone(), house.channel.clone());
        db.write(move |tx| {
            Box::pin(async move {
                let (library, branch, reference, children) = rows;
                people::insert_library(tx, &library).await?;
                people::insert_branch(tx, library.id, &branch).await?;
                people::insert_desk(tx, &reference).await?;
                people::insert_desk(tx, &children).await?;
                people::insert_staff(tx, &ana, Some("hash of ana's")).await?;
                people::insert_staff(tx, &bryan, None).await?;
                channels::insert(tx, &channel).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .expect("an empty store takes a library");
        house
    }
}

/// One of us.
pub fn staff(clock: &Clock, name: &str, address: &str) -> Staff {
    Staff {
        id: clock.id(),
        name: name.to_owned(),
        public_name: name.split(' ').next().unwrap_or_default().to_owned(),
        email: address.to_owned(),
        role: Role::Staff,
        created_at: NOW,
        disabled_at: None,
    }
}

/// A connected account of no particular platform.
pub fn channel(id: Uuid, name: &str, desk_id: Uuid) -> Channel {
    Channel {
        id,
        name: name.to_owned(),
        kind: "pigeon".to_owned(),
        desk_id,
        address: "loft@harbour.example".to_owned(),
        ours: "loft@harbour.example".to_owned(),
        open_settings: "{}".to_owned(),
        sealed_settings: vec![0, 159, 146, 150],
        schedule: Some("5m".to_owned()),
        undo_hold_ms: None,
        budget_micros: None,
        state: State::Active,
        state_since: NOW,
        state_why: None,
        signin_ends_at: None,
        created_at: NOW,
        removed_at: None,
    }
}

/// A patron with one address.
pub async fn patron(db: &Db, name: &str, shown: &str) -> (Patron, Address) {
    let clock = Clock::frozen(NOW);
    let patron = Patron::met(clock.id(), name.to_owned(), NOW);
    let address = Address {
        id: clock.id(),
        patron_id: patron.id,
        kind: "pigeon".to_owned(),
        address: shown.to_lowercase(),
        shown: shown.to_owned(),
        verified_at: None,
    };
    let kept = (patron.clone(), address.clone());
    db.write(move |tx| {
        Box::pin(async move {
            patrons::insert(tx, &patron).await?;
            patrons::insert_address(tx, &address, NOW).await
        })
    })
    .await
    .expect("a patron nobody has met");
    kept
}

/// An open conversation that is nobody's, not yet kept.
pub fn conversation(house: &House, patron: &Patron, number: i64) -> Conversation {
    Conversation {
        id: Clock::frozen(NOW + number).id(),
        number,
        channel_id: house.channel.id,
        desk_id: house.reference.id,
        patron_id: patron.id,
        patron_name: patron.name.clone(),
        thread: None,
        subject: format!("Question {number}"),
        preview: String::new(),
        visibility: Visibility::Private,
        state: conversation::State::Open,
        owner_id: None,
        owner_since: None,
        waiting_since: Some(NOW),
        due_at: NOW + number,
        snoozed_until: None,
        last_patron_at: NOW,
        last_at: NOW + number,
        seq: 0,
        trouble: None,
        has_attachments: false,
        created_at: NOW,
        outcome: None,
        follow_up_at: None,
        tags: String::new(),
        urgent: false,
        merged_into: None,
        live: false,
        skill: String::new(),
        language: String::new(),
        offered: String::new(),
        kept_for: None,
        kept_until: 0,
        step: 0,
        hop_at: None,
    }
}

/// Something a patron said, not yet kept.
pub fn message(of: &Conversation, address: &Address, seq: i64, subject: &str, text: &str) -> Message {
    Message {
        id: Clock::frozen(NOW + seq).id(),
        seq,
        conversation_id: of.id,
        channel_id: Some(of.channel_id),
        direction: Direction::In,
        kind: message::Kind::Message,
        visibility: of.visibility,
        staff_id: None,
        address_id: Some(address.id),
        author_name: of.patron_name.clone(),
        external_id: Some(format!("<{seq}@harbour.example>")),
        refs: String::new(),
        at: NOW,
        subject: Some(subject.to_owned()),
        text: text.to_owned(),
        reply_text: None,
        html: None,
        envelope_id: None,
        automatic: false,
        unverified: false,
        link: None,
        home_id: None,
    }
}
