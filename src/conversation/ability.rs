//! What people can, what a conversation needs of whoever is given it as the next, and how long it is kept for who knows
//! its patron.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::ability::{Abilities, Needs, folded, language_in_words};
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::model::helper::LONGEST_HEAD_START_MS;
use crate::model::people::Role;
use crate::store::{abilities, helpers};

/// Decides what a person can, for managers.
///
/// # Errors
/// [`Error::Invalid`] for what is no skill and no language, [`Error::Missing`] where there is no such person.
pub async fn decide(app: &App, who: &Who, staff: Uuid, able: Abilities) -> Result<Abilities> {
    require(who, Role::Manager)?;
    keep_abilities(app, staff, able).await
}

/// The same on the command line, where nobody is asked who they are.
///
/// # Errors
/// As [`decide`].
pub async fn keep_abilities(app: &App, staff: Uuid, able: Abilities) -> Result<Abilities> {
    let able = able.read().map_err(|why| Error::Invalid(format!("{why} Nothing was changed.")))?;
    let kept = able.clone();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if abilities::set(tx, staff, &kept).await? { Ok(()) } else { Err(Error::Missing("person")) }
            })
        })
        .await?;
    Ok(able)
}

/// Decides how long a patron's question is kept for who knows them, milliseconds of its desk's open time; 0: not at all.
/// For managers.
///
/// # Errors
/// [`Error::Invalid`] for more than an hour.
pub async fn decide_head_start(app: &App, who: &Who, ms: i64) -> Result<()> {
    require(who, Role::Manager)?;
    keep_head_start(app, ms).await
}

/// The same on the command line.
///
/// # Errors
/// As [`decide_head_start`].
pub async fn keep_head_start(app: &App, ms: i64) -> Result<()> {
    if !(0..=LONGEST_HEAD_START_MS).contains(&ms) {
        return Err(Error::Invalid("A head start is an hour at most. Nothing was changed.".to_owned()));
    }
    app.db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(helpers::set_head_start(tx, ms).await?) }))
        .await?;
    Ok(())
}

/// Says what a conversation needs, empty for nothing. What it needs already changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for what nobody can: it would wait for ever.
pub async fn need(app: &App, who: &Who, id: Uuid, needs: Needs) -> Result<Conversation> {
    may_answer(who)?;
    let needs = Needs { skill: folded(&needs.skill), language: folded(&needs.language) };
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if (&before.skill, &before.language) == (&needs.skill, &needs.language) {
                    return Ok(before);
                }
                let (skills, languages) = abilities::known(tx).await?;
                somebody_has(&needs, &skills, &languages)?;
                let detail = (needs != Needs::default()).then(|| needs.in_words());
                let Needs { skill, language } = needs;
                let after = Conversation { skill, language, ..before.clone() };
                keep(tx, &before, after, Line { at: now, kind: Kind::Needs, who: &who, detail }).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

fn somebody_has(needs: &Needs, skills: &BTreeSet<String>, languages: &BTreeSet<String>) -> Result<()> {
    let nobody = |what: String| {
        Error::Invalid(format!(
            "Nobody here {what}, so it would wait for ever. Nothing was changed; a manager says who does."
        ))
    };
    if !needs.skill.is_empty() && !skills.contains(&needs.skill) {
        return Err(nobody(format!("has the skill {}", needs.skill)));
    }
    if !needs.language.is_empty() && !languages.contains(&needs.language) {
        return Err(nobody(format!("is known to speak {}", language_in_words(&needs.language))));
    }
    Ok(())
}
