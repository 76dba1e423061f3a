//! Simulated patrons: they ask, they read what comes back, and they may answer.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use lettre::message::Mailbox as Addressed;
use mail_parser::MessageParser;

use super::entry::{Accepted, Entry, Placed};
use super::letter::{self, Letter, Program, Quoted};
use super::office::Office;
use super::{MailError, date, text};
use crate::simulator::lock;

/// Who a simulated patron is.
pub struct PatronOptions {
    name: String,
    address: String,
    program: Program,
    answers: Answers,
}

impl PatronOptions {
    /// Somebody who writes with Gmail and answers nothing.
    pub fn new(name: &str, address: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_lowercase(),
            program: Program::default(),
            answers: Answers::default(),
        }
    }

    /// The mail program whose habits they have.
    #[must_use]
    pub fn program(mut self, program: Program) -> Self {
        self.program = program;
        self
    }

    /// Their next answer: the first to the first mail they get, the second to the second.
    #[must_use]
    pub fn answers(mut self, answer: Answer) -> Self {
        self.answers.next.push_back(answer);
        self
    }

    /// Decides about an answer to each mail for which none is laid ready.
    #[must_use]
    pub fn answers_with(mut self, decide: impl FnMut(&Heard) -> Option<Answer> + Send + 'static) -> Self {
        self.answers.decide = Some(Box::new(decide));
        self
    }
}

impl fmt::Debug for PatronOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatronOptions").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What a patron says to a mail they got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// How long they take, by the platform's clock.
    pub after_ms: i64,
    /// What they write above the quotation.
    pub text: String,
    /// It comes from a machine that says so (`Auto-Submitted: auto-replied`), such as an out-of-office note.
    pub automatic: bool,
}

impl Answer {
    /// An answer by the person, `after_ms` later.
    pub fn after(after_ms: i64, text: &str) -> Self {
        Self { after_ms, text: text.to_owned(), automatic: false }
    }
}

/// A mail in a patron's own inbox.
#[derive(Debug, Clone)]
pub struct Heard {
    /// When it came, by the platform's clock.
    pub at_ms: i64,
    /// The reverse path of its envelope.
    pub envelope_from: String,
    /// Name of the sender, empty where the mail gives none.
    pub from_name: String,
    /// Where an answer goes: Reply-To, or else From.
    pub reply_to: String,
    /// Decoded.
    pub subject: String,
    /// The text part, decoded.
    pub text: String,
    /// With angle brackets.
    pub message_id: Option<String>,
    /// The whole mail with its trace.
    pub raw: Bytes,
}

/// A patron on a running platform.
#[derive(Clone)]
pub struct Patron {
    resident: Arc<Resident>,
    office: Arc<Office>,
}

impl Patron {
    pub(super) fn settle(office: &Arc<Office>, options: PatronOptions) -> Result<Self, MailError> {
        let address = options.address.parse().map_err(|_| MailError::BadAddress(options.address.clone()))?;
        let resident = Arc::new(Resident {
            mailbox: Addressed::new(Some(options.name), address),
            program: options.program,
            answers: Mutex::new(options.answers),
            heard: Mutex::default(),
        });
        lock(&office.patrons).insert(options.address, Arc::clone(&resident));
        Ok(Self { resident, office: Arc::clone(office) })
    }

    /// Their address.
    pub fn address(&self) -> &str {
        self.resident.mailbox.email.as_ref()
    }

    /// Writes to a mailbox; the mail is there when this returns. Returns where it lies, with its Message-ID.
    ///
    /// # Errors
    /// When `to` is no mailbox of this platform, or the mail cannot be made.
    pub fn ask(&self, to: &str, subject: &str, text: &str) -> Result<Placed, MailError> {
        let no_mailbox = || MailError::NoMailbox(to.to_owned());
        let account = self.office.mailbox_of(to).ok_or_else(no_mailbox)?;
        let to_whom = to.parse().map_err(|_| MailError::BadAddress(to.to_owned()))?;
        let html = None;
        let message_id = self.resident.new_message_id(&self.office);
        let letter = Letter {
            from: self.resident.mailbox.clone(),
            to: vec![Addressed::new(None, to_whom)],
            subject,
            text,
            html,
            message_id: &message_id,
            in_reply_to: None,
            references: None,
            automatic: false,
            at_ms: self.office.stage.clock.now_ms(),
        };
        let raw = letter.write(&self.office.stage.random.word())?;
        let raw = self.resident.post(&self.office, raw);
        self.office.deliver(&account, &raw).ok_or_else(no_mailbox)
    }

    /// Lays one more answer ready.
    pub fn answer_next(&self, answer: Answer) {
        lock(&self.resident.answers).next.push_back(answer);
    }

    /// What came to them, in order.
    pub fn heard(&self) -> Vec<Heard> {
        lock(&self.resident.heard).clone()
    }
}

impl fmt::Debug for Patron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Patron").field(&self.address()).finish()
    }
}

type Decide = Box<dyn FnMut(&Heard) -> Option<Answer> + Send>;

#[derive(Default)]
struct Answers {
    next: VecDeque<Answer>,
    decide: Option<Decide>,
}

impl Answers {
    fn to(&mut self, heard: &Heard) -> Option<Answer> {
        let decide = self.decide.as_mut();
        self.next.pop_front().or_else(|| decide.and_then(|decide| decide(heard)))
    }
}

/// A patron as the platform keeps them.
pub(super) struct Resident {
    mailbox: Addressed,
    program: Program,
    answers: Mutex<Answers>,
    heard: Mutex<Vec<Heard>>,
}

impl Resident {
    /// Takes a mail into the patron's inbox and sees to their answer.
    pub fn hear(self: &Arc<Self>, office: &Arc<Office>, message: &Accepted, raw: &Bytes) {
        let now_ms = office.stage.clock.now_ms();
        let heard = Heard::read(now_ms, &message.from, raw);
        lock(&self.heard).push(heard.clone());
        office.ledger.write(Entry::Heard {
            patron: self.mailbox.email.to_string(),
            message_id: heard.message_id.clone(),
        });
        // Two machines that answer each other would never stop (RFC 3834 section 2).
        let by_machine = text::field(raw, "Auto-Submitted").is_some_and(|said| said != "no");
        if by_machine || message.from.is_empty() {
            return;
        }
        let Some(answer) = lock(&self.answers).to(&heard) else {
            return;
        };
        let at_ms = now_ms.saturating_add(answer.after_ms);
        let (resident, later) = (Arc::clone(self), Arc::clone(office));
        office.stage.agenda.enter(at_ms, move || {
            if let Err(error) = resident.answer(&later, &heard, &answer) {
                tracing::warn!(%error, "a simulated patron could not answer");
            }
        });
    }

    fn answer(&self, office: &Office, heard: &Heard, answer: &Answer) -> Result<(), MailError> {
        let to = &heard.reply_to;
        let Some(account) = office.mailbox_of(to) else {
            return Err(MailError::NoMailbox(to.clone()));
        };
        let to_whom = to.parse().map_err(|_| MailError::BadAddress(to.clone()))?;
        let name = Some(heard.from_name.clone()).filter(|name| !name.is_empty());
        let quoted = Quoted {
            name: name.as_deref().unwrap_or(to),
            address: to,
            to: &self.mailbox.to_string(),
            subject: &heard.subject,
            text: &heard.text,
            at_ms: heard.at_ms,
        };
        let (plain, html) = letter::answer(self.program, &answer.text, &quoted);
        let subject = match heard.subject.get(..3) {
            Some(start) if start.eq_ignore_ascii_case("re:") => heard.subject.clone(),
            _ => format!("Re: {}", heard.subject),
        };
        let earlier = text::field(&heard.raw, "References").unwrap_or_default();
        let parent = heard.message_id.as_deref();
        let references = format!("{earlier} {}", parent.unwrap_or_default());
        let letter = Letter {
            from: self.mailbox.clone(),
            to: vec![Addressed::new(name, to_whom)],
            subject: &subject,
            text: &plain,
            html,
            message_id: &self.new_message_id(office),
            in_reply_to: parent,
            references: Some(references.trim()).filter(|references| !references.is_empty()),
            automatic: answer.automatic,
            at_ms: office.stage.clock.now_ms(),
        };
        let raw = letter.write(&office.stage.random.word())?;
        office.deliver(&account, &self.post(office, raw));
        Ok(())
    }

    /// The trace a mail from outside has when it reaches the library.
    fn post(&self, office: &Office, raw: Vec<u8>) -> Bytes {
        let email = &self.mailbox.email;
        let (host, word) = (&office.host, office.stage.random.word());
        let now = date::header(office.stage.clock.now_ms());
        let trace = format!(
            "Return-Path: <{email}>\r\nReceived: from mail.{} by {host} with ESMTPS id {word};\r\n\t{now}\r\n",
            email.domain(),
        );
        [trace.into_bytes(), raw].concat().into()
    }

    fn new_message_id(&self, office: &Office) -> String {
        format!("<{}@mail.{}>", office.stage.random.word(), self.mailbox.email.domain())
    }
}

impl Heard {
    fn read(at_ms: i64, envelope_from: &str, raw: &Bytes) -> Self {
        let parsed = MessageParser::default().parse(&raw[..]);
        let from = parsed.as_ref().and_then(|mail| mail.from()?.first());
        let reply_to = parsed.as_ref().and_then(|mail| mail.reply_to()?.first());
        let address = reply_to.or(from).and_then(|who| who.address());
        let said = parsed.as_ref().and_then(|mail| mail.body_text(0));
        Self {
            at_ms,
            envelope_from: envelope_from.to_owned(),
            from_name: from.and_then(|who| who.name()).unwrap_or_default().to_owned(),
            reply_to: address.unwrap_or(envelope_from).to_owned(),
            subject: parsed.as_ref().and_then(|mail| mail.subject()).unwrap_or_default().to_owned(),
            text: said.unwrap_or_default().into_owned(),
            message_id: text::message_id(raw),
            raw: raw.clone(),
        }
    }
}
