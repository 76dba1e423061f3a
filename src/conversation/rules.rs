//! The house's rules for what arrives: make them, change them, and say in which order they are asked.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::model::rule::{self, Body, MOST, Names, Rule, Written};
use crate::store::{Conn, Tx, rules};

/// Every rule in the order in which they are asked, and what their ids are called.
pub async fn list(app: &App) -> Result<(Vec<Rule>, Names)> {
    let mut conn = app.db.read().await?;
    Ok((rules::all(&mut conn).await?, rules::names(&mut conn).await?))
}

/// Makes a rule that is asked after all others.
///
/// # Errors
/// [`Error::Invalid`] names what it looks at or does that there is not, or says that there are too many.
pub async fn add(app: &App, written: Written) -> Result<Rule> {
    let (id, now) = (app.clock.id(), app.clock.now());
    write(app, move |tx| {
        Box::pin(async move {
            if rules::all(tx).await?.len() >= MOST {
                return Err(Error::Invalid(format!(
                    "There are {MOST} rules already, which is the most. Remove one first. Nothing was changed."
                )));
            }
            let Rule { name, active, body, .. } = read(tx, written).await?;
            let rule = Rule { id, name, active, body, version: 1, created_at: now, changed_at: now };
            rules::insert(tx, &rule).await?;
            Ok(rule)
        })
    })
    .await
}

/// Makes another of the rule that has this version.
///
/// # Errors
/// [`Error::Changed`] when it has another version by now, and as [`add`].
pub async fn change(app: &App, id: Uuid, version: i64, written: Written) -> Result<Rule> {
    let now = app.clock.now();
    write(app, move |tx| {
        Box::pin(async move {
            let before = one(tx, id).await?;
            let Rule { name, active, body, .. } = read(tx, written).await?;
            keep(tx, Rule { name, active, body, version, changed_at: now, ..before }).await
        })
    })
    .await
}

/// Has a rule asked, or asked no more. What is so already stays as it is.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn switch(app: &App, id: Uuid, active: bool) -> Result<Rule> {
    let now = app.clock.now();
    write(app, move |tx| {
        Box::pin(async move {
            let before = one(tx, id).await?;
            if before.active == active {
                return Ok(before);
            }
            keep(tx, Rule { active, changed_at: now, ..before }).await
        })
    })
    .await
}

/// Has the rules asked in this order, which names each of them once.
///
/// # Errors
/// [`Error::Changed`] when these are not the rules that there are by now.
pub async fn order(app: &App, ids: Vec<Uuid>) -> Result<Vec<Rule>> {
    write(app, move |tx| {
        Box::pin(async move {
            let known: BTreeSet<Uuid> = rules::all(tx).await?.into_iter().map(|rule| rule.id).collect();
            if ids.len() != known.len() || ids.iter().copied().collect::<BTreeSet<_>>() != known {
                return Err(Error::Changed);
            }
            rules::order(tx, &ids).await?;
            Ok(rules::all(tx).await?)
        })
    })
    .await
}

/// Takes the rule of this version away. What it did stays.
///
/// # Errors
/// [`Error::Changed`] when it has another version by now, [`Error::Missing`] when there is none.
pub async fn remove(app: &App, id: Uuid, version: i64) -> Result<()> {
    write(app, move |tx| {
        Box::pin(async move {
            one(tx, id).await?;
            if rules::remove(tx, id, version).await? { Ok(()) } else { Err(Error::Changed) }
        })
    })
    .await
}

/// A rule as it was written and not kept: to be tried.
///
/// # Errors
/// As [`add`].
pub async fn draft(app: &App, written: Written) -> Result<Rule> {
    read(&mut app.db.read().await?, written).await
}

/// The rule of this id.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn one(conn: &mut Conn, id: Uuid) -> Result<Rule> {
    rules::by_id(conn, id).await?.ok_or(Error::Missing("rule"))
}

async fn read(conn: &mut Conn, written: Written) -> Result<Rule> {
    let names = rules::names(conn).await?;
    let read = rule::read(written, &names);
    let Written { name, active, fit, conditions, acts } =
        read.map_err(|why| Error::Invalid(format!("{why} Nothing was changed.")))?;
    let body = Body { fit, conditions, acts };
    Ok(Rule { id: Uuid::nil(), name, active, body, version: 0, created_at: 0, changed_at: 0 })
}

async fn keep(tx: &mut Tx, rule: Rule) -> Result<Rule> {
    if !rules::change(tx, &rule).await? {
        return Err(Error::Changed);
    }
    one(tx, rule.id).await
}

type Doing<'t, T> = futures::future::BoxFuture<'t, Result<T>>;

async fn write<T: Send + 'static>(
    app: &App,
    act: impl for<'t> FnOnce(&'t mut Tx) -> Doing<'t, T> + Send + 'static,
) -> Result<T> {
    let (done, committed) = app.db.write(act).await?;
    app.bus.publish(committed);
    Ok(done)
}
