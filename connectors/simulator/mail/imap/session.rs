//! One client's conversation: reading commands whole, answering each, in order.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use super::command::{self, Command};
use super::parse::{Bad, literal_at_end};
use super::selected::Selected;
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::office::Office;
use crate::simulator::mail::store::Account;
use crate::simulator::mail::wire::Wire;

/// Room for a command around the mail it may carry.
const COMMAND_ROOM: usize = 64 * 1024;

pub(super) struct Session {
    pub office: Arc<Office>,
    pub wire: Wire,
    pub account: Option<Arc<Account>>,
    pub selected: Option<Selected>,
    /// What was said and not yet sent.
    pub out: Vec<u8>,
    /// The `no-idle` fault struck this session.
    pub no_idle: bool,
}

/// How a command ended; the text may begin with a response code in brackets.
#[derive(Debug)]
pub(super) enum Reply {
    Ok(String),
    No(String),
    Bad(String),
    /// All is said already.
    Silent,
    /// The client said LOGOUT.
    Goodbye,
}

impl Reply {
    pub fn ok(text: &str) -> io::Result<Self> {
        Ok(Self::Ok(text.to_owned()))
    }

    pub fn no(text: &str) -> io::Result<Self> {
        Ok(Self::No(text.to_owned()))
    }

    pub fn bad(text: &str) -> io::Result<Self> {
        Ok(Self::Bad(text.to_owned()))
    }
}

impl Session {
    pub fn new(office: Arc<Office>, wire: Wire) -> Self {
        Self { office, wire, account: None, selected: None, out: Vec::new(), no_idle: false }
    }

    /// Talks until either side has had enough.
    pub async fn run(mut self) -> io::Result<()> {
        if self.office.faults.strikes(MailFault::ServerBusy, "imap", None) {
            self.say("* BYE [UNAVAILABLE] Too busy, come back later");
            return self.flush().await;
        }
        let greeting = format!("* OK [CAPABILITY {}] {} ready", self.capabilities(), self.office.host);
        self.say(greeting);
        let ended = self.converse().await;
        if self.office.stage.stop.is_cancelled() {
            self.say("* BYE The platform stops");
        }
        // Best effort: mostly, who ended the conversation does not listen any more.
        let _ = self.flush().await;
        ended
    }

    async fn converse(&mut self) -> io::Result<()> {
        loop {
            self.flush().await?;
            let Some(line) = self.read_command().await? else {
                return Ok(());
            };
            let Some((tag, mut tokens)) = command::tag(&line) else {
                self.say("* BAD A command begins with a tag");
                continue;
            };
            let reply = match Command::parse(&mut tokens) {
                Ok((name, command)) => {
                    self.office.ledger.tally(&format!("imap {name}"));
                    self.obey(command, &tag).await?
                }
                Err(Bad(why)) => Reply::Bad(why.to_owned()),
            };
            match reply {
                Reply::Ok(text) => self.say(format!("{tag} OK {text}")),
                Reply::No(text) => self.say(format!("{tag} NO {text}")),
                Reply::Bad(text) => self.say(format!("{tag} BAD {text}")),
                Reply::Silent => {}
                Reply::Goodbye => {
                    self.say("* BYE Goodbye");
                    self.say(format!("{tag} OK Logged out"));
                    return Ok(());
                }
            }
        }
    }

    async fn obey(&mut self, command: Command, tag: &str) -> io::Result<Reply> {
        match command {
            Command::Capability => {
                let line = format!("* CAPABILITY {}", self.capabilities());
                self.say(line);
                Reply::ok("That is all")
            }
            Command::Logout => Ok(Reply::Goodbye),
            Command::Id => {
                self.say("* ID (\"name\" \"simulator\")");
                Reply::ok("Pleased to meet you")
            }
            Command::StartTls => self.start_tls(tag).await,
            Command::Login { user, password } => self.login(&user, &password).await,
            Command::Authenticate { mechanism, initial } => self.authenticate(&mechanism, initial).await,
            Command::Noop if self.account.is_none() => Reply::ok("Nothing done"),
            command => match self.account.clone() {
                Some(account) => self.obey_signed_in(&account, command).await,
                None => Reply::bad("Sign in first"),
            },
        }
    }

    async fn obey_signed_in(&mut self, account: &Arc<Account>, command: Command) -> io::Result<Reply> {
        match command {
            Command::Namespace => {
                self.say("* NAMESPACE ((\"\" \"/\")) NIL NIL");
                Reply::ok("One, and it is yours")
            }
            Command::Enable => {
                self.say("* ENABLED");
                Reply::ok("There is nothing to switch on")
            }
            Command::Subscribe => Reply::ok("You are subscribed to everything"),
            Command::List { reference, patterns, special_only, word } => {
                self.list(account, &reference, &patterns, special_only, word)
            }
            Command::Select { folder, read_only } => self.select(account, &folder, read_only),
            Command::Create { folder } => self.create(account, &folder),
            Command::Delete { folder } => self.delete(account, &folder),
            Command::Status { folder, items } => self.status(account, &folder, &items),
            Command::Append { folder, flags, at_ms, raw } => {
                self.append(account, &folder, &flags, at_ms, raw)
            }
            Command::Idle => self.idle(account).await,
            Command::Noop => {
                self.tell(account, true)?;
                Reply::ok("Nothing done")
            }
            command if self.selected.is_some() => self.obey_selected(account, command).await,
            _ => Reply::bad("Select a folder first"),
        }
    }

    /// A whole command, literals included; `None` when the client has gone.
    async fn read_command(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut command = Vec::new();
        loop {
            let Some(line) = self.wire.line().await? else {
                return Ok(None);
            };
            command.extend_from_slice(&line);
            let Some((count, waits)) = literal_at_end(&line) else {
                return Ok(Some(command));
            };
            let room = self.office.max_mail_bytes.saturating_add(COMMAND_ROOM);
            if command.len().saturating_add(count) > room {
                if !waits {
                    // The bytes are already on their way, and there may be no end of them.
                    self.say("* BYE [TOOBIG] That is more than this server takes");
                    return Ok(None);
                }
                let tag = command::tag(&command).map_or("*".to_owned(), |(tag, _)| tag);
                self.say(format!("{tag} NO [TOOBIG] That is more than this server takes"));
                self.flush().await?;
                command.clear();
                continue;
            }
            if waits {
                self.say("+ Go on");
                self.flush().await?;
            }
            command.extend_from_slice(b"\r\n");
            self.wire.bytes(count, &mut command).await?;
        }
    }

    /// Tells the client what has changed in its folder; ends the session where that cannot be told.
    pub fn tell(&mut self, account: &Account, removals: bool) -> io::Result<()> {
        let Some(selected) = &mut self.selected else {
            return Ok(());
        };
        let name = selected.folder.clone();
        let out = &mut self.out;
        match account.read(&name, |folder| selected.tell(folder, removals, out)) {
            Some(Ok(())) => Ok(()),
            _ => {
                self.say("* BYE [UNAVAILABLE] The folder was replaced, open it again");
                Err(io::Error::other("the open folder was renumbered or deleted"))
            }
        }
    }

    pub fn capabilities(&self) -> String {
        let mut all = vec!["IMAP4rev1", "LITERAL+", "SASL-IR", "ID"];
        if self.account.is_none() {
            all.extend(["AUTH=PLAIN", "AUTH=XOAUTH2"]);
            if self.office.tls.is_some() && !self.wire.tls {
                all.push("STARTTLS");
            }
        } else {
            all.extend(["ENABLE", "NAMESPACE", "SPECIAL-USE", "UIDPLUS", "MOVE", "UNSELECT"]);
            if !self.no_idle {
                all.push("IDLE");
            }
        }
        all.join(" ")
    }

    pub fn say(&mut self, line: impl Display) {
        self.out.extend_from_slice(format!("{line}\r\n").as_bytes());
    }

    pub async fn flush(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        self.wire.send(&out).await
    }
}
