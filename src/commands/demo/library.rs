//! Sets the library of the demonstration up: people, desks, and accounts in a town of its own.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use connectors::simulator;
use connectors::simulator::town::Town;

use super::story::{self, Tales};
use crate::access;
use crate::app::App;
use crate::channel::vault::Pair;
use crate::channel::{change, connect};
use crate::clock::Clock;
use crate::error::Error;
use crate::model::people::{Branch, Desk, Library, Staff, Who};
use crate::store::{channels, people};

/// The time in the town: the past while stories are told, then the machine's own.
#[derive(Debug)]
pub struct TownTime(Mutex<Clock>);

impl TownTime {
    pub fn new(clock: Clock) -> Self {
        Self(Mutex::new(clock))
    }

    pub fn follow(&self, clock: Clock) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }
}

impl simulator::Clock for TownTime {
    fn now_ms(&self) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }
}

/// Writes down the library, its desks and its staff.
pub async fn found(app: &App, library: &story::Library) -> anyhow::Result<()> {
    let clock = app.clock.clone();
    let now = clock.now();
    let row =
        Library { id: clock.id(), name: library.name.clone(), zone: library.zone.clone(), created_at: now };
    let mut branches: BTreeMap<String, Branch> = BTreeMap::new();
    let mut desks = Vec::new();
    for desk in &library.desks {
        let fresh = || Branch { id: clock.id(), name: desk.branch.clone() };
        let branch = branches.entry(desk.branch.clone()).or_insert_with(fresh);
        desks.push(Desk {
            id: clock.id(),
            name: desk.name.clone(),
            branch_id: branch.id,
            branch_name: branch.name.clone(),
            promise_ms: desk.promise_hours * 3_600_000,
            library: None,
        });
    }
    let mut staff = Vec::new();
    for person in &library.staff {
        staff.push(Staff {
            id: clock.id(),
            name: person.name.clone(),
            public_name: person.name.clone(),
            email: address_of(person),
            role: person.role.parse().map_err(|why: String| anyhow::anyhow!(why))?,
            created_at: now,
            disabled_at: None,
        });
    }
    let write = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            people::insert_library(tx, &row).await?;
            for branch in branches.values() {
                people::insert_branch(tx, row.id, branch).await?;
            }
            for desk in &desks {
                people::insert_desk(tx, desk).await?;
            }
            for person in &staff {
                people::insert_staff(tx, person, None).await?;
                for desk in &desks {
                    people::add_member(tx, desk.id, person.id).await?;
                }
            }
            Ok(())
        })
    });
    write.await?;
    Ok(())
}

/// Connects each desk's account in the town, or connects it again after the town was built anew.
pub async fn connect(app: &App, town: &Town, library: &story::Library) -> anyhow::Result<()> {
    let mut conn = app.db.read().await?;
    let (known, desks) = (channels::all(&mut conn).await?, people::desks(&mut conn).await?);
    drop(conn);
    for desk in &library.desks {
        let title = format!("{}, {}", library.name, desk.name);
        let door = town.account(&desk.account, &title);
        if let Some(channel) = known.iter().find(|channel| channel.name == desk.channel) {
            change::replace(&app.roster, channel.id, door.settings).await?;
            continue;
        }
        let row = desks.iter().find(|row| row.name == desk.name).context("The desk was just made")?;
        let wanted = connect::Wanted {
            kind: door.kind.to_owned(),
            name: desk.channel.clone(),
            desk_id: row.id,
            settings: door.settings,
            schedule: None,
            signin: None,
            signin_ends_at: None,
        };
        connect::add(&app.roster, wanted).await?;
    }
    Ok(())
}

/// Connects the library's accounts on further platforms, each at a desk in turn, or connects them again after the town was
/// built anew.
pub async fn connect_further(app: &App, town: &Town) -> anyhow::Result<()> {
    let mut conn = app.db.read().await?;
    let (known, desks) = (channels::all(&mut conn).await?, people::desks(&mut conn).await?);
    drop(conn);
    for ((name, door), desk) in town.further_accounts().into_iter().zip(desks.iter().cycle()) {
        if let Some(channel) = known.iter().find(|channel| channel.name == name) {
            change::replace(&app.roster, channel.id, door.settings).await?;
            continue;
        }
        let wanted = connect::Wanted {
            kind: door.kind.to_owned(),
            name: name.to_owned(),
            desk_id: desk.id,
            settings: door.settings,
            schedule: None,
            signin: town.refresh_token(door.kind).map(Pair::to_come),
            signin_ends_at: None,
        };
        connect::add(&app.roster, wanted).await?;
    }
    Ok(())
}

/// The staff by the key they have in the stories.
pub async fn staff(app: &App, tales: &Tales) -> anyhow::Result<BTreeMap<String, Who>> {
    let rows = people::all_staff(&mut app.db.read().await?).await?;
    let mut staff = BTreeMap::new();
    for person in &tales.library.staff {
        let address = address_of(person);
        let row = rows.iter().find(|row| row.email == address).context("The staff are not all there")?;
        staff.insert(person.key.clone(), access::who(row));
    }
    Ok(staff)
}

/// Where a member of the staff signs in.
pub fn address_of(person: &story::Person) -> String {
    format!("{}@fernhill.example", person.key)
}
