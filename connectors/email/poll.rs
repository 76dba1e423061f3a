//! Reading a folder: what is new since the cursor, each mail once, none skipped in silence.
//!
//! An empty poll is one round trip on a session that is kept open: `STATUS (UIDVALIDITY UIDNEXT)`, whatever the size of the
//! mailbox. A poll with news is three: the same, then EXAMINE with a listing of a bounded range of UIDs, then the mails.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use super::cursor::Cursor;
use super::envelope::{self, Found};
use super::imap::{Imap, Listed, Opened, Piece};
use super::settings::Import;
use super::{Mailbox, stream};
use crate::contract::{self, Batch, BoxFuture, Budget, Cost, Failure, Poll, Stream, StreamId};

/// UIDs listed at once; grows where a range turns out to be empty.
const WINDOW: u32 = 1000;
/// A header block is counted as this many bytes before it is here.
const HEAD_BYTES: u64 = 64 * 1024;
/// How many of the newest mails are looked at for the date up to which mail stays unread.
const NEWEST: u32 = 500;
/// After so many connections that broke over the same mail, it is the mail.
const TRIES: u32 = 3;
const DAY_MS: i64 = 86_400_000;

/// Mails over which a connection broke, and how often. Forgotten when the program ends: then they are tried again.
#[derive(Default)]
pub struct Suspects(Mutex<HashMap<String, u32>>);

impl Suspects {
    /// Counts a failure; true: it is the mail's.
    fn accuse(&self, id: &str) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(id.to_owned()).or_default();
        *count += 1;
        *count >= TRIES
    }

    fn acquit(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Poll for Mailbox {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        Box::pin(async move {
            let sent = self.sent_folder().await?;
            let read = self.config.folders.iter().filter(|folder| Some(*folder) != sent.as_ref());
            let mut streams: Vec<Stream> = read.map(|folder| stream::reading(folder)).collect();
            streams.extend(sent.as_deref().map(stream::echoing));
            Ok(streams)
        })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a contract::Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(async move {
            let Some((folder, echoes)) = stream::parse(stream) else {
                return Err(Failure::AccountBlocked {
                    until: None,
                    why: format!("\"{stream}\" is no folder of this mailbox."),
                });
            };
            let cursor = match cursor {
                None => None,
                Some(kept) => Some(Cursor::read(kept).ok_or_else(|| Failure::CursorInvalid {
                    reset: None,
                    why: format!("The place where reading {folder} was to go on cannot be read."),
                })?),
            };
            loop {
                let mut lease = self.pool.take(&self.account, &self.config).await?;
                let before = lease.session.round_trips;
                let mut reading =
                    Reading { mailbox: self, session: &mut lease.session, folder, echoes, budget };
                let result = reading.read(cursor).await;
                let requests = lease.session.round_trips - before;
                let died = lease.give_back();
                match result {
                    Err(Failure::Transient { .. }) if died => {}
                    Ok(batch) => return Ok(Batch { cost: Cost { requests, micros: 0 }, ..batch }),
                    Err(failure) => return Err(failure),
                }
            }
        })
    }
}

/// One poll of one folder.
struct Reading<'a> {
    mailbox: &'a Mailbox,
    session: &'a mut Imap,
    folder: &'a str,
    echoes: bool,
    budget: Budget,
}

impl Reading<'_> {
    async fn read(&mut self, cursor: Option<Cursor>) -> Result<Batch, Failure> {
        let Some(cursor) = cursor else {
            return self.begin().await;
        };
        let seen = self.session.status(self.folder).await?;
        let next = cursor.last.saturating_add(1);
        if seen.uid_validity == cursor.uid_validity && seen.uid_next.is_some_and(|uid_next| uid_next <= next)
        {
            return Ok(nothing(cursor));
        }
        let to = seen
            .uid_next
            .map_or(u32::MAX, |uid_next| uid_next.saturating_sub(1))
            .min(next.saturating_add(WINDOW));
        let (opened, listed) = self.session.examine(self.folder, Some((next, to.max(next)))).await?;
        if opened.uid_validity != cursor.uid_validity {
            let end = self.end(opened).await?;
            let cursor = cursor.renumbered(opened.uid_validity, end);
            let listed = self.list(1, end.min(WINDOW)).await?;
            let note = format!(
                "The mail server has given the mails of {} new numbers. All are read again; those already here are not shown twice.",
                self.folder
            );
            let batch = self.go_on(cursor, opened, end, listed, end.min(WINDOW)).await?;
            return Ok(Batch { note: Some(note), ..batch });
        }
        let end = self.end(opened).await?;
        self.go_on(cursor, opened, end, listed, to.max(next)).await
    }

    /// The first poll of a folder: decides what becomes of the mail that is there.
    async fn begin(&mut self) -> Result<Batch, Failure> {
        let (opened, _) = self.session.examine(self.folder, None).await?;
        let end = self.end(opened).await?;
        let floor = match self.mailbox.config.import {
            Import::Everything => None,
            Import::Days(days) => Some(self.mailbox.account.outside.now() - i64::from(days) * DAY_MS),
            Import::New => {
                // Only the server's own dates: its clock may differ from ours.
                let newest = self.session.newest(self.folder, opened, NEWEST).await?;
                let floor = newest.iter().filter_map(|mail| mail.at).max();
                let cursor = Cursor::first(opened.uid_validity, end, floor, 0);
                let note = match opened.exists {
                    0 => None,
                    1 => Some(format!(
                        "One older mail stays unread in {}; new mail is read from now on.",
                        self.folder
                    )),
                    count => Some(format!(
                        "{count} older mails stay unread in {}; new mail is read from now on.",
                        self.folder
                    )),
                };
                return Ok(Batch { note, ..nothing(cursor) });
            }
        };
        let cursor = Cursor::first(opened.uid_validity, 0, floor, end);
        let to = end.min(WINDOW);
        let listed = self.list(1, to).await?;
        self.go_on(cursor, opened, end, listed, to).await
    }

    /// The highest UID given so far.
    async fn end(&mut self, opened: Opened) -> Result<u32, Failure> {
        match opened.uid_next {
            Some(uid_next) => Ok(uid_next.saturating_sub(1)),
            // RFC 3501 lets very old servers keep UIDNEXT to themselves.
            None => Ok(self.session.newest(self.folder, opened, 1).await?.last().map_or(0, |mail| mail.uid)),
        }
    }

    async fn list(&mut self, from: u32, to: u32) -> Result<Vec<Listed>, Failure> {
        if from > to { Ok(Vec::new()) } else { self.session.list(self.folder, from, to).await }
    }

    /// Reads on from `cursor`, where everything up to `listed_to` is listed and nothing lies beyond `end`.
    async fn go_on(
        &mut self,
        cursor: Cursor,
        opened: Opened,
        end: u32,
        mut listed: Vec<Listed>,
        mut listed_to: u32,
    ) -> Result<Batch, Failure> {
        let end = end.max(cursor.last);
        let mut window = WINDOW;
        // Numbers may have great gaps; old mail that stays unread is passed over here as well.
        while listed.iter().all(|mail| cursor.leaves(mail.uid, mail.at)) && listed_to < end {
            window = window.saturating_mul(8);
            let from = listed_to.saturating_add(1);
            listed_to = listed_to.saturating_add(window).min(end);
            listed = self.list(from, listed_to).await?;
        }
        let listed_to = listed_to.min(end).max(cursor.last);
        let wanted: Vec<&Listed> = listed.iter().filter(|mail| !cursor.leaves(mail.uid, mail.at)).collect();
        let chosen = self.choose(&wanted);
        let all_chosen = chosen.len() == wanted.len();
        let Some(newest) = chosen.last() else {
            let cursor = cursor.at(listed_to);
            return Ok(Batch { more: listed_to < end, ..nothing(cursor) });
        };
        let covered = if all_chosen { listed_to } else { newest.uid };
        let place = newest.place;
        let got = self.get(&chosen, opened.uid_validity).await?;
        let covered = got.stopped_before.map_or(covered, |uid| uid - 1);
        let more = covered < end;
        let mut envelopes = Vec::with_capacity(chosen.len());
        for mail in chosen.iter().filter(|mail| mail.uid <= covered) {
            let Some(content) = got.contents.get(&mail.uid) else { continue };
            let found = Found {
                folder: self.folder.to_owned(),
                uid_validity: opened.uid_validity,
                mail: (*mail).clone(),
                content: content.clone(),
                renumbered: cursor.may_know(mail.uid),
                echoes: self.echoes,
            };
            envelopes.push(envelope::make(self.mailbox, found).await);
        }
        let backlog = if more { u64::from(opened.exists.saturating_sub(place)) } else { 0 };
        Ok(Batch { envelopes, more, backlog: Some(backlog), ..nothing(cursor.at(covered)) })
    }

    /// As many as the budget allows, at least one.
    fn choose<'m>(&self, wanted: &[&'m Listed]) -> Vec<&'m Listed> {
        let mut bytes = 0;
        let fits = |mail: &&&Listed| {
            bytes += if self.is_too_large(mail) { HEAD_BYTES } else { mail.size };
            bytes <= self.budget.max_bytes as u64
        };
        let count = wanted.iter().take(self.budget.max_items).take_while(fits).count();
        wanted[..count.max(1).min(wanted.len())].to_vec()
    }

    fn is_too_large(&self, mail: &Listed) -> bool {
        mail.size > self.mailbox.config.max_mail_bytes
    }

    /// Gets the chosen mails, in order and as far as the server gives them.
    async fn get(&mut self, chosen: &[&Listed], uid_validity: u32) -> Result<Got, Failure> {
        let mut wanted: Vec<(Piece, Vec<u32>)> = Vec::new();
        let mut bytes = 0;
        for mail in chosen {
            let piece = if self.is_too_large(mail) { Piece::Head } else { Piece::Whole };
            bytes += if piece == Piece::Head { HEAD_BYTES } else { mail.size };
            match wanted.last_mut().filter(|(last, _)| *last == piece) {
                Some((_, uids)) => uids.push(mail.uid),
                None => wanted.push((piece, vec![mail.uid])),
            }
        }
        let mut got = BTreeMap::new();
        let ended = self.session.fetch(&wanted, bytes, &mut got).await;
        let missing: Vec<u32> =
            chosen.iter().map(|mail| mail.uid).filter(|uid| !got.contains_key(uid)).collect();
        let (refused, words) = match ended {
            Ok(_) if missing.is_empty() => (Vec::new(), String::new()),
            Ok(ended) => {
                let words = ended.iter().find(|ended| !ended.ok).map(|ended| super::imap::said(&ended.text));
                // Mails vanish while they are read; only what is still there was refused.
                let there = self.session.still_there(self.folder, &missing).await?;
                (there, words.unwrap_or_else(|| "it said nothing".to_owned()))
            }
            Err(failure) if missing.is_empty() => return Err(failure),
            // The line broke over a mail: what came before it counts.
            Err(failure) => {
                let first = missing[0];
                got.retain(|uid, _| *uid < first);
                let words = failure.to_string();
                let mut got = self.sort(chosen, got, uid_validity);
                if self.mailbox.suspects.accuse(&self.id(uid_validity, first)) {
                    got.contents.insert(first, Content::Refused(words));
                    got.stopped_before = first.checked_add(1);
                } else if got.contents.is_empty() {
                    return Err(failure);
                } else {
                    got.stopped_before = Some(first);
                }
                return Ok(got);
            }
        };
        self.ask_again_where_short(chosen, &mut got).await?;
        let mut got = self.sort(chosen, got, uid_validity);
        for uid in refused {
            // A mail that is never given must not stop all that come after it.
            if self.mailbox.suspects.accuse(&self.id(uid_validity, uid)) {
                got.contents.insert(uid, Content::Refused(words.clone()));
            } else if got.contents.keys().next().is_some_and(|first| *first < uid) {
                got.stopped_before = Some(uid);
                break;
            } else {
                return Err(Failure::Transient {
                    after_ms: None,
                    why: format!(
                        "The server does not give mail {uid} of {} (\"{words}\"). It is tried again.",
                        self.folder
                    ),
                });
            }
        }
        Ok(got)
    }

    fn sort(&self, chosen: &[&Listed], got: BTreeMap<u32, Bytes>, uid_validity: u32) -> Got {
        let content = |(uid, bytes): (u32, Bytes)| {
            self.mailbox.suspects.acquit(&self.id(uid_validity, uid));
            let mail = chosen.iter().find(|mail| mail.uid == uid)?;
            Some((uid, if self.is_too_large(mail) { Content::Head(bytes) } else { Content::Whole(bytes) }))
        };
        Got { contents: got.into_iter().filter_map(content).collect(), stopped_before: None }
    }

    /// A body shorter than the size the server itself gave may have been cut on the way: asked for once more. Some servers
    /// only estimate sizes; the longer answer is believed then.
    async fn ask_again_where_short(
        &mut self,
        chosen: &[&Listed],
        got: &mut BTreeMap<u32, Bytes>,
    ) -> Result<(), Failure> {
        let is_short = |mail: &&&Listed| {
            !self.is_too_large(mail)
                && got.get(&mail.uid).is_some_and(|bytes| (bytes.len() as u64) < mail.size)
        };
        let short: Vec<&Listed> = chosen.iter().filter(is_short).copied().collect();
        if short.is_empty() {
            return Ok(());
        }
        let uids = short.iter().map(|mail| mail.uid).collect();
        let bytes = short.iter().map(|mail| mail.size).sum();
        let mut again = BTreeMap::new();
        self.session.fetch(&[(Piece::Whole, uids)], bytes, &mut again).await?;
        for (uid, bytes) in again {
            if got.get(&uid).is_some_and(|first| first.len() < bytes.len()) {
                got.insert(uid, bytes);
            }
        }
        Ok(())
    }

    fn id(&self, uid_validity: u32, uid: u32) -> String {
        envelope::external_id(self.folder, uid_validity, uid)
    }
}

/// What the server gave.
struct Got {
    contents: BTreeMap<u32, Content>,
    stopped_before: Option<u32>,
}

/// What is here of one mail.
#[derive(Clone, Debug)]
pub enum Content {
    /// All.
    Whole(Bytes),
    /// Its head; the rest is larger than the channel takes.
    Head(Bytes),
    /// Nothing: the server would not give it, with its words.
    Refused(String),
}

fn nothing(cursor: Cursor) -> Batch {
    Batch {
        envelopes: Vec::new(),
        next: cursor.write(),
        more: false,
        not_before: None,
        backlog: Some(0),
        note: None,
        cost: Cost::default(),
    }
}
