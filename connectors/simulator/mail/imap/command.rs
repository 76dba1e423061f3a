//! What a client can ask for (RFC 9051 section 6, and RFC 3501 where clients still speak it).

use super::fetch::Item;
use super::parse::{Bad, Parsed, Tokens};
use super::search::Key;
use super::set::Set;
use crate::simulator::mail::date;

/// Whether a command speaks of sequence numbers or of UIDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Seq,
    Uid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Capability,
    Noop,
    Logout,
    StartTls,
    Id,
    Namespace,
    Enable,
    Login {
        user: String,
        password: String,
    },
    Authenticate {
        mechanism: String,
        initial: Option<String>,
    },
    List {
        reference: String,
        patterns: Vec<String>,
        special_only: bool,
        word: &'static str,
    },
    /// SUBSCRIBE and UNSUBSCRIBE: everything is.
    Subscribe,
    Select {
        folder: String,
        read_only: bool,
    },
    Create {
        folder: String,
    },
    Delete {
        folder: String,
    },
    Status {
        folder: String,
        items: Vec<String>,
    },
    Append {
        folder: String,
        flags: Vec<String>,
        at_ms: Option<i64>,
        raw: Vec<u8>,
    },
    Check,
    /// CLOSE also expunges, UNSELECT (RFC 3691) does not.
    Close {
        expunge: bool,
    },
    Idle,
    Expunge {
        only: Option<Set>,
    },
    Fetch {
        by: By,
        set: Set,
        items: Vec<Item>,
    },
    Store {
        by: By,
        set: Set,
        change: Change,
        silent: bool,
        flags: Vec<String>,
    },
    Search {
        by: By,
        keys: Vec<Key>,
        known_charset: bool,
    },
    Copy {
        by: By,
        set: Set,
        folder: String,
        moved: bool,
    },
}

/// What STORE does with the flags it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Replace,
    Add,
    Remove,
}

/// Splits off the tag. `None`: the line has none, so that nobody can be answered.
pub(super) fn tag(line: &[u8]) -> Option<(String, Tokens<'_>)> {
    let mut tokens = Tokens::new(line);
    let tag = tokens.atom().ok().filter(|tag| !tag.contains('+'))?;
    Some((tag.to_owned(), tokens))
}

impl Command {
    /// Reads what follows the tag. Also returns the command's name for the ledger.
    pub fn parse(tokens: &mut Tokens<'_>) -> Parsed<(String, Self)> {
        tokens.space()?;
        let mut name = tokens.atom()?.to_ascii_uppercase();
        let mut by = By::Seq;
        if name == "UID" {
            tokens.space()?;
            by = By::Uid;
            name = format!("UID {}", tokens.atom()?.to_ascii_uppercase());
        }
        let command = Self::named(&name, by, tokens)?;
        tokens.end()?;
        Ok((name, command))
    }

    fn named(name: &str, by: By, tokens: &mut Tokens<'_>) -> Parsed<Self> {
        Ok(match name {
            "CAPABILITY" => Self::Capability,
            "NOOP" => Self::Noop,
            "LOGOUT" => Self::Logout,
            "STARTTLS" => Self::StartTls,
            "NAMESPACE" => Self::Namespace,
            "CHECK" => Self::Check,
            "CLOSE" => Self::Close { expunge: true },
            "UNSELECT" => Self::Close { expunge: false },
            "IDLE" => Self::Idle,
            "EXPUNGE" => Self::Expunge { only: None },
            _ => {
                tokens.space()?;
                return Self::with_arguments(name, by, tokens);
            }
        })
    }

    fn with_arguments(name: &str, by: By, tokens: &mut Tokens<'_>) -> Parsed<Self> {
        Ok(match name {
            // What a client says of itself, and wants switched on, is of no matter here.
            "ID" | "ENABLE" => {
                tokens.remainder();
                if name == "ID" { Self::Id } else { Self::Enable }
            }
            "LOGIN" => {
                let user = tokens.astring()?;
                tokens.space()?;
                let password = tokens.astring()?;
                Self::Login { user, password }
            }
            "AUTHENTICATE" => {
                let mechanism = tokens.atom()?.to_ascii_uppercase();
                let initial = if tokens.eat(" ") { Some(tokens.remainder()) } else { None };
                Self::Authenticate { mechanism, initial }
            }
            "LIST" => list(tokens, "LIST")?,
            "LSUB" => list(tokens, "LSUB")?,
            "SUBSCRIBE" | "UNSUBSCRIBE" => {
                tokens.astring()?;
                Self::Subscribe
            }
            "SELECT" | "EXAMINE" => Self::Select { folder: tokens.astring()?, read_only: name == "EXAMINE" },
            "CREATE" => Self::Create { folder: tokens.astring()? },
            "DELETE" => Self::Delete { folder: tokens.astring()? },
            "STATUS" => {
                let folder = tokens.astring()?;
                tokens.space()?;
                let items = tokens.list(|item| Ok(item.atom()?.to_ascii_uppercase()))?;
                Self::Status { folder, items }
            }
            "APPEND" => append(tokens)?,
            "UID EXPUNGE" => Self::Expunge { only: Some(Set::parse(tokens)?) },
            "FETCH" | "UID FETCH" => {
                let set = Set::parse(tokens)?;
                tokens.space()?;
                let items = Item::parse_all(tokens)?;
                Self::Fetch { by, set, items }
            }
            "STORE" | "UID STORE" => store(by, tokens)?,
            "SEARCH" | "UID SEARCH" => search(by, tokens)?,
            "COPY" | "UID COPY" | "MOVE" | "UID MOVE" => {
                let set = Set::parse(tokens)?;
                tokens.space()?;
                let folder = tokens.astring()?;
                let moved = name.ends_with("MOVE");
                Self::Copy { by, set, folder, moved }
            }
            _ => return Err(Bad("this command is not known here")),
        })
    }
}

/// LIST as in RFC 3501, with as much of RFC 5258 and RFC 6154 as clients put around it.
fn list(tokens: &mut Tokens<'_>, word: &'static str) -> Parsed<Command> {
    let mut special_only = false;
    if tokens.peek() == Some(b'(') {
        let options = tokens.list(|option| Ok(option.atom()?.to_ascii_uppercase()))?;
        special_only = options.iter().any(|option| option == "SPECIAL-USE");
        tokens.space()?;
    }
    let reference = tokens.astring()?;
    tokens.space()?;
    let patterns = match tokens.peek() {
        Some(b'(') => tokens.list(Tokens::pattern)?,
        _ => vec![tokens.pattern()?],
    };
    if tokens.eat(" RETURN ") {
        tokens.list(Tokens::atom)?;
    }
    Ok(Command::List { reference, patterns, special_only, word })
}

fn append(tokens: &mut Tokens<'_>) -> Parsed<Command> {
    let folder = tokens.astring()?;
    tokens.space()?;
    let mut flags = Vec::new();
    if tokens.peek() == Some(b'(') {
        flags = tokens.list(Tokens::flag)?;
        tokens.space()?;
    }
    let mut at_ms = None;
    if tokens.peek() == Some(b'"') {
        let written = tokens.astring()?;
        at_ms = Some(date::parse_internal(&written).ok_or(Bad("this is no date"))?);
        tokens.space()?;
    }
    let raw = tokens.literal()?.to_vec();
    Ok(Command::Append { folder, flags, at_ms, raw })
}

fn store(by: By, tokens: &mut Tokens<'_>) -> Parsed<Command> {
    let set = Set::parse(tokens)?;
    tokens.space()?;
    let change = if tokens.eat("+") {
        Change::Add
    } else if tokens.eat("-") {
        Change::Remove
    } else {
        Change::Replace
    };
    tokens.need("FLAGS", "FLAGS is missing")?;
    let silent = tokens.eat(".SILENT");
    tokens.space()?;
    let flags = if tokens.peek() == Some(b'(') {
        tokens.list(Tokens::flag)?
    } else {
        let mut flags = vec![tokens.flag()?];
        while tokens.eat(" ") {
            flags.push(tokens.flag()?);
        }
        flags
    };
    Ok(Command::Store { by, set, change, silent, flags })
}

fn search(by: By, tokens: &mut Tokens<'_>) -> Parsed<Command> {
    let mut known_charset = true;
    if tokens.eat("CHARSET ") {
        let charset = tokens.astring()?;
        tokens.space()?;
        known_charset = ["UTF-8", "US-ASCII"].iter().any(|known| known.eq_ignore_ascii_case(&charset));
    }
    let mut keys = vec![Key::parse(tokens)?];
    while tokens.eat(" ") {
        keys.push(Key::parse(tokens)?);
    }
    Ok(Command::Search { by, keys, known_charset })
}
