//! Keeps a sign-in alive: one refresh at a time, in this process and in all others of the store, and the new pair is kept
//! before anybody uses it, because a platform that rotates them takes the old one back at once.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use connectors::contract::{
    BoxFuture, ExposeSecret, Failure, Manifest, Refresh, SecretString, Settings, Tokens,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::oauth::{Granted, Office, transient};
use super::roster::{self, Parts};
use super::vault::Pair;
use crate::error::Error;
use crate::failpoint::{self, At};
use crate::store::{channels, refreshes};

const NEVER: &str = "This account has never been signed in to, which takes a browser: connect it on Deskbell's page, under Channels.";

/// How long before its end a token is no longer handed out, milliseconds.
const MARGIN_MS: i64 = 60_000;
/// How long a process may be about a refresh before another takes over: longer than the door waits for an answer.
const TURN_MS: i64 = failpoint::shortened(90_000);
/// How often one that waits for another's refresh looks for the new pair.
const LOOKED_FOR_EVERY: Duration = Duration::from_millis(100);

/// One channel's sign-in.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Inner>);

struct Inner {
    parts: Parts,
    channel: Uuid,
    manifest: &'static Manifest,
    /// An account that is being connected has no row yet: its settings, and its pair as it is now.
    in_hand: Option<(Settings, std::sync::Mutex<Option<Pair>>)>,
    /// Who this is among those who refresh.
    holder: Uuid,
    /// Whoever holds this is the one in this process who refreshes.
    turn: Mutex<Option<Pair>>,
}

impl Keeper {
    /// For a channel that is kept. None when these settings need no sign-in.
    pub fn new(
        parts: &Parts,
        channel: Uuid,
        manifest: &'static Manifest,
        settings: &Settings,
    ) -> Option<Self> {
        Self::with(parts, channel, manifest, settings, None)
    }

    /// For an account that is being connected or given other settings: nothing is written down. None when these settings
    /// need no sign-in.
    pub fn in_hand(
        parts: &Parts,
        channel: Uuid,
        manifest: &'static Manifest,
        settings: &Settings,
        pair: Option<Pair>,
    ) -> Option<Self> {
        let in_hand = (settings.clone(), std::sync::Mutex::new(pair));
        Self::with(parts, channel, manifest, settings, Some(in_hand))
    }

    fn with(
        parts: &Parts,
        channel: Uuid,
        manifest: &'static Manifest,
        settings: &Settings,
        in_hand: Option<(Settings, std::sync::Mutex<Option<Pair>>)>,
    ) -> Option<Self> {
        Office::of(manifest, settings)?;
        let holder = parts.clock.id();
        let parts = parts.clone();
        Some(Self(Arc::new(Inner { parts, channel, manifest, in_hand, holder, turn: Mutex::default() })))
    }

    /// The pair in hand as it is now, to be kept with the channel.
    pub fn pair(&self) -> Option<Pair> {
        let (_, pair) = self.0.in_hand.as_ref()?;
        pair.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tokens for Keeper {
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        let inner = self.0.clone();
        let rejected = rejected.map(str::to_owned);
        Box::pin(async move {
            // A caller who gives up must not take a new pair with it that is not kept yet.
            tokio::spawn(async move { inner.access(rejected.as_deref()).await }).await.unwrap_or_else(
                |panic| Err(transient(format!("The sign-in could not be refreshed: {panic}."))),
            )
        })
    }
}

impl Inner {
    async fn access(&self, rejected: Option<&str>) -> Result<SecretString, Failure> {
        let mut turn = self.turn.lock().await;
        if let Some(pair) = turn.as_ref().filter(|pair| self.serves(pair, rejected)) {
            return Ok(pair.access.clone());
        }
        let pair = match self.stored().await? {
            (_, Some(pair)) if self.serves(&pair, rejected) => pair,
            _ => self.renewed(rejected).await?,
        };
        Ok(turn.insert(pair).access.clone())
    }

    fn serves(&self, pair: &Pair, rejected: Option<&str>) -> bool {
        let token = pair.access.expose_secret();
        !token.is_empty()
            && rejected != Some(token)
            && pair.ends_at.is_none_or(|end| end - MARGIN_MS > self.parts.clock.now())
    }

    async fn stored(&self) -> Result<(Settings, Option<Pair>), Failure> {
        if let Some((settings, pair)) = &self.in_hand {
            return Ok((settings.clone(), pair.lock().unwrap_or_else(PoisonError::into_inner).clone()));
        }
        let mut conn = self.parts.db.read().await.map_err(unkept)?;
        let row = channels::by_id(&mut conn, self.channel).await.map_err(unkept)?;
        drop(conn);
        let row = row.filter(|row| row.removed_at.is_none());
        let row = row.ok_or_else(|| signed_out("This channel was taken away."))?;
        let secrets = self.parts.vault.open(row.id, &row.sealed_settings).map_err(unkept)?;
        let settings = roster::settings(&row.open_settings, &secrets).map_err(unkept)?;
        Ok((settings, secrets.signin))
    }

    /// Waits for the turn among all processes, and refreshes unless somebody else did meanwhile.
    async fn renewed(&self, rejected: Option<&str>) -> Result<Pair, Failure> {
        while !self.take_turn().await? {
            tokio::time::sleep(LOOKED_FOR_EVERY).await;
            if let (_, Some(pair)) = self.stored().await?
                && self.serves(&pair, rejected)
            {
                return Ok(pair);
            }
        }
        failpoint::pass(At::RefreshBegun);
        let renewed = match self.stored().await {
            Ok((_, Some(pair))) if self.serves(&pair, rejected) => Ok(pair),
            Ok((settings, stored)) => self.renew(&settings, stored).await,
            Err(failure) => Err(failure),
        };
        self.give_back_turn().await;
        renewed
    }

    async fn renew(&self, settings: &Settings, stored: Option<Pair>) -> Result<Pair, Failure> {
        let never = || Failure::NeedsSignin { why: NEVER.to_owned() };
        let old = stored.ok_or_else(never)?;
        let office = Office::of(self.manifest, settings).ok_or_else(never)?;
        let with = match office.oauth.refresh {
            Refresh::None | Refresh::Exchange => return Err(signed_out("This sign-in has ended.")),
            Refresh::Rotating | Refresh::Static => old.refresh.as_ref(),
        };
        let with = with.ok_or_else(|| match old.access.expose_secret() {
            "" => never(),
            _ => signed_out("This sign-in has ended."),
        })?;
        match office.refresh(&self.parts.outside, with).await {
            Ok(granted) => {
                failpoint::pass(At::PairGiven);
                self.keep(with, granted).await
            }
            Err(Failure::NeedsSignin { why }) => Err(signed_out(&why)),
            Err(failure) => Err(failure),
        }
    }

    /// Keeps the new pair within the sealed settings, whatever else of them was changed meanwhile. Where the channel was
    /// signed in again while the old sign-in was being refreshed, the person's counts.
    async fn keep(&self, used: &SecretString, granted: Granted) -> Result<Pair, Failure> {
        if let Some((_, in_hand)) = &self.in_hand {
            *in_hand.lock().unwrap_or_else(PoisonError::into_inner) = Some(granted.pair.clone());
            return Ok(granted.pair);
        }
        let (vault, channel, used) = (self.parts.vault.clone(), self.channel, used.clone());
        let kept = self
            .parts
            .db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let row = channels::by_id(tx, channel).await?.ok_or(Error::Missing("channel"))?;
                    let mut secrets = vault.open(channel, &row.sealed_settings)?;
                    let stored = secrets.signin.as_ref().and_then(|pair| pair.refresh.as_ref());
                    if let Some(newer) = secrets.signin.as_ref()
                        && stored.map(ExposeSecret::expose_secret) != Some(used.expose_secret())
                    {
                        return Ok(newer.clone());
                    }
                    secrets.signin = Some(granted.pair.clone());
                    let sealed = vault.seal(channel, &secrets)?;
                    channels::set_settings(tx, channel, &row.open_settings, &sealed).await?;
                    if granted.signin_ends_at.is_some() {
                        channels::set_signin_end(tx, channel, granted.signin_ends_at).await?;
                    }
                    Ok(granted.pair)
                })
            })
            .await;
        let (pair, committed) = kept.map_err(unkept)?;
        failpoint::pass(At::PairKept);
        self.parts.bus.publish(committed);
        Ok(pair)
    }

    async fn take_turn(&self) -> Result<bool, Failure> {
        if self.in_hand.is_some() {
            return Ok(true);
        }
        let (channel, holder, now) = (self.channel, self.holder, self.parts.clock.now());
        let taken = self
            .parts
            .db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(refreshes::take(tx, channel, holder, now + TURN_MS, now).await?) })
            })
            .await;
        Ok(taken.map_err(unkept)?.0)
    }

    async fn give_back_turn(&self) {
        if self.in_hand.is_some() {
            return;
        }
        let (channel, holder) = (self.channel, self.holder);
        let given = self
            .parts
            .db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(refreshes::give_back(tx, channel, holder).await?) })
            })
            .await;
        if let Err(error) = given {
            tracing::warn!(%channel, %error, "the turn to refresh a sign-in was not given back; it ends by itself");
        }
    }
}

fn signed_out(why: &str) -> Failure {
    Failure::NeedsSignin { why: format!("{why} Sign it in again; messages and answers wait meanwhile.") }
}

fn unkept(error: impl std::fmt::Display) -> Failure {
    transient(format!("The sign-in could not be read or kept: {error}"))
}

#[cfg(test)]
mod tests;
