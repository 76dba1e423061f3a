//! SEARCH (RFC 9051 section 6.4.4): reading its keys and asking a mail whether it is meant.

use super::parse::{Bad, Parsed, Tokens};
use super::set::Set;
use crate::simulator::mail::folder::{Folder, Mail};
use crate::simulator::mail::{date, text};

/// A NOT or a parenthesis inside another, so deep and no deeper.
const DEEPEST: usize = 16;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    All,
    /// None is: this server knows no `\Recent`.
    Recent,
    Flag {
        name: String,
        set: bool,
    },
    Header {
        name: String,
        has: String,
    },
    Body(String),
    Text(String),
    /// INTERNALDATE within these milliseconds, the second not included.
    Arrived(i64, i64),
    Larger(u32),
    Smaller(u32),
    Seq(Set),
    Uid(Set),
    Not(Box<Key>),
    Or(Box<Key>, Box<Key>),
    Every(Vec<Key>),
}

impl Key {
    pub fn parse(tokens: &mut Tokens<'_>) -> Parsed<Self> {
        Self::parse_at(tokens, 0)
    }

    fn parse_at(tokens: &mut Tokens<'_>, depth: usize) -> Parsed<Self> {
        if depth > DEEPEST {
            return Err(Bad("this search is nested too deep"));
        }
        match tokens.peek() {
            Some(b'(') => {
                let keys = tokens.list(|key| Self::parse_at(key, depth + 1))?;
                return Ok(Self::Every(keys));
            }
            Some(b'0'..=b'9' | b'*') => return Ok(Self::Seq(Set::parse(tokens)?)),
            _ => {}
        }
        let name = tokens.atom()?.to_ascii_uppercase();
        let flag = |name: &str, set| Self::Flag { name: name.to_owned(), set };
        let argument = |tokens: &mut Tokens<'_>| {
            tokens.space()?;
            tokens.astring()
        };
        Ok(match name.as_str() {
            "ALL" | "OLD" => Self::All,
            "RECENT" | "NEW" => Self::Recent,
            "SEEN" | "ANSWERED" | "FLAGGED" | "DELETED" | "DRAFT" => flag(&format!("\\{name}"), true),
            "UNSEEN" | "UNANSWERED" | "UNFLAGGED" | "UNDELETED" | "UNDRAFT" => {
                flag(&format!("\\{}", &name[2..]), false)
            }
            "KEYWORD" => flag(&argument(tokens)?, true),
            "UNKEYWORD" => flag(&argument(tokens)?, false),
            "FROM" | "TO" | "CC" | "BCC" | "SUBJECT" => Self::Header { name, has: argument(tokens)? },
            "HEADER" => Self::Header { name: argument(tokens)?, has: argument(tokens)? },
            "BODY" => Self::Body(argument(tokens)?),
            "TEXT" => Self::Text(argument(tokens)?),
            "SINCE" => Self::Arrived(day(&argument(tokens)?)?, i64::MAX),
            "BEFORE" => Self::Arrived(i64::MIN, day(&argument(tokens)?)?),
            "ON" => {
                let day = day(&argument(tokens)?)?;
                Self::Arrived(day, day + DAY_MS)
            }
            "LARGER" | "SMALLER" => {
                tokens.space()?;
                let size = tokens.number()?;
                if name == "LARGER" { Self::Larger(size) } else { Self::Smaller(size) }
            }
            "UID" => {
                tokens.space()?;
                Self::Uid(Set::parse(tokens)?)
            }
            "NOT" => {
                tokens.space()?;
                Self::Not(Box::new(Self::parse_at(tokens, depth + 1)?))
            }
            "OR" => {
                tokens.space()?;
                let one = Self::parse_at(tokens, depth + 1)?;
                tokens.space()?;
                Self::Or(Box::new(one), Box::new(Self::parse_at(tokens, depth + 1)?))
            }
            _ => return Err(Bad("this search key is not known here")),
        })
    }

    /// Whether the mail is meant; `last` are the highest sequence number and UID there are.
    fn holds(&self, seq: u32, mail: &Mail, last: (u32, u32)) -> bool {
        let within = |set: &Set, number, last| {
            let mut ranges = set.ranges(last).into_iter();
            ranges.any(|(from, to)| (from..=to).contains(&number))
        };
        match self {
            Self::All => true,
            Self::Recent => false,
            Self::Flag { name, set } => mail.flags.has(name) == *set,
            Self::Header { name, has } => {
                text::fields(&mail.raw).any(|field| field.is(name) && contains(field.text().as_bytes(), has))
            }
            Self::Body(has) => contains(text::split(&mail.raw).1, has),
            Self::Text(has) => contains(&mail.raw, has),
            Self::Arrived(from, to) => (*from..*to).contains(&mail.at_ms),
            Self::Larger(size) => mail.raw.len() > *size as usize,
            Self::Smaller(size) => mail.raw.len() < *size as usize,
            Self::Seq(set) => within(set, seq, last.0),
            Self::Uid(set) => within(set, mail.uid, last.1),
            Self::Not(key) => !key.holds(seq, mail, last),
            Self::Or(one, other) => one.holds(seq, mail, last) || other.holds(seq, mail, last),
            Self::Every(keys) => keys.iter().all(|key| key.holds(seq, mail, last)),
        }
    }
}

/// The mails for which all keys hold, as (sequence number, UID), out of those the session knows: `seqs` holds their UIDs.
pub(super) fn run(keys: &[Key], folder: &Folder, seqs: &dyn Seqs) -> Vec<(u32, u32)> {
    let last = (seqs.count(), folder.last_uid());
    let holds = |seq, mail: &Mail| keys.iter().all(|key| key.holds(seq, mail, last));
    let mut found = Vec::new();
    let mut look_at = |mail: &Mail| {
        if let Some(seq) = seqs.of(mail.uid)
            && holds(seq, mail)
        {
            found.push((seq, mail.uid));
        }
    };
    match uids_asked_for(keys, folder) {
        Some(ranges) => {
            for (from, to) in ranges {
                let mails = &folder.mails()[folder.index_from(from)..];
                mails.iter().take_while(|mail| mail.uid <= to).for_each(&mut look_at);
            }
        }
        None => folder.mails().iter().for_each(&mut look_at),
    }
    found
}

/// What a session calls the mails.
pub(super) trait Seqs {
    /// How many there are to its knowledge.
    fn count(&self) -> u32;
    /// The sequence number of a mail, if the session knows it.
    fn of(&self, uid: u32) -> Option<u32>;
}

/// Where one key alone says which few mails to look at, so that a large folder need not be read.
fn uids_asked_for(keys: &[Key], folder: &Folder) -> Option<Vec<(u32, u32)>> {
    keys.iter().find_map(|key| match key {
        Key::Uid(set) => Some(set.ranges(folder.last_uid())),
        Key::Header { name, has }
            if name.eq_ignore_ascii_case("Message-ID") && has.starts_with('<') && has.ends_with('>') =>
        {
            let uids = folder.with_message_id(has);
            Some(uids.iter().map(|uid| (*uid, *uid)).collect())
        }
        _ => None,
    })
}

fn day(text: &str) -> Parsed<i64> {
    date::parse_day(text).ok_or(Bad("this is no date"))
}

/// In small or large letters, as far as ASCII goes.
fn contains(text: &[u8], what: &str) -> bool {
    let what = what.as_bytes();
    what.is_empty() || text.windows(what.len()).any(|piece| piece.eq_ignore_ascii_case(what))
}
