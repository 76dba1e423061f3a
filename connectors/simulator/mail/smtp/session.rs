//! One client's conversation with the submission server.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use super::envelope::Envelope;
use crate::simulator::mail::fate::Fate;
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::office::Office;
use crate::simulator::mail::store::Account;
use crate::simulator::mail::wire::Wire;

pub(super) struct Session {
    pub office: Arc<Office>,
    pub wire: Wire,
    pub greeted: bool,
    pub account: Option<Arc<Account>>,
    pub envelope: Option<Envelope>,
}

impl Session {
    pub fn new(office: Arc<Office>, wire: Wire) -> Self {
        Self { office, wire, greeted: false, account: None, envelope: None }
    }

    /// Talks until either side has had enough.
    pub async fn run(mut self) -> io::Result<()> {
        if self.office.faults.strikes(MailFault::ServerBusy, "smtp", None) {
            return self.say("421 4.3.2 Too busy, come back later").await;
        }
        let greeting = format!("220 {} ESMTP ready", self.office.host);
        self.say(greeting).await?;
        while let Some(line) = self.wire.line().await? {
            let line = String::from_utf8_lossy(&line);
            let (verb, arguments) = line.split_once(' ').unwrap_or((&line, ""));
            let verb = verb.to_ascii_uppercase();
            if verb == "QUIT" {
                return self.say("221 2.0.0 Goodbye").await;
            }
            self.obey(&verb, arguments).await?;
        }
        if self.office.stage.stop.is_cancelled() {
            self.say("421 4.3.2 The platform stops").await?;
        }
        Ok(())
    }

    async fn obey(&mut self, verb: &str, arguments: &str) -> io::Result<()> {
        let known = ["EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY"];
        if known.contains(&verb) {
            self.office.ledger.tally(&format!("smtp {verb}"));
        }
        match verb {
            "EHLO" | "HELO" => self.greet(verb == "EHLO", arguments).await,
            "STARTTLS" => self.start_tls().await,
            "AUTH" => self.authenticate(arguments).await,
            "MAIL" => self.mail(arguments).await,
            "RCPT" => self.recipient(arguments).await,
            "DATA" => self.data().await,
            "RSET" => {
                self.envelope = None;
                self.say("250 2.0.0 Forgotten").await
            }
            "NOOP" => self.say("250 2.0.0 Nothing done").await,
            "VRFY" => self.say("252 2.5.0 Send it and see").await,
            _ => self.say("500 5.5.2 This command is not known here").await,
        }
    }

    async fn greet(&mut self, extended: bool, client: &str) -> io::Result<()> {
        if client.trim().is_empty() {
            return self.say("501 5.5.4 Who are you?").await;
        }
        self.greeted = true;
        self.envelope = None;
        let host = self.office.host.clone();
        if !extended {
            return self.say(format!("250 {host}")).await;
        }
        let mut lines = vec![
            host,
            "PIPELINING".to_owned(),
            format!("SIZE {}", self.office.max_mail_bytes),
            "8BITMIME".to_owned(),
            "SMTPUTF8".to_owned(),
            "DSN".to_owned(),
            "ENHANCEDSTATUSCODES".to_owned(),
        ];
        if self.office.tls.is_some() && !self.wire.tls {
            lines.push("STARTTLS".to_owned());
        }
        lines.push("AUTH PLAIN LOGIN XOAUTH2".to_owned());
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate().map(|(at, line)| {
            let separator = if at == last { ' ' } else { '-' };
            format!("250{separator}{line}")
        });
        let lines: Vec<String> = lines.collect();
        self.say(lines.join("\r\n")).await
    }

    async fn start_tls(&mut self) -> io::Result<()> {
        if self.office.tls.is_none() || self.wire.tls {
            return self.say("503 5.5.1 TLS cannot be started now").await;
        }
        self.say("220 2.0.0 Begin").await?;
        let office = self.office.clone();
        self.wire.start_tls(&office, "smtp").await?;
        // What was said in the clear is forgotten (RFC 3207 section 4.2).
        self.greeted = false;
        self.account = None;
        self.envelope = None;
        Ok(())
    }

    async fn mail(&mut self, arguments: &str) -> io::Result<()> {
        if !self.greeted {
            return self.say("503 5.5.1 Say EHLO first").await;
        }
        if self.envelope.is_some() {
            return self.say("503 5.5.1 One message after the other").await;
        }
        if self.account.is_none() && self.office.sign_in_to_send {
            return self.say("530 5.7.0 Sign in first").await;
        }
        match Envelope::mail(arguments, self.office.max_mail_bytes) {
            Ok(envelope) => {
                self.envelope = Some(envelope);
                self.say("250 2.1.0 Ok").await
            }
            Err(refusal) => self.say(refusal).await,
        }
    }

    async fn recipient(&mut self, arguments: &str) -> io::Result<()> {
        let Some(envelope) = &mut self.envelope else {
            return self.say("503 5.5.1 Say MAIL first").await;
        };
        let recipient = match envelope.recipient(arguments) {
            Ok(recipient) => recipient,
            Err(refusal) => return self.say(refusal).await,
        };
        for fate in self.office.fates.of(&recipient.address) {
            if let Fate::Refused { code, text } = fate {
                let code = if (400..600).contains(&code) { code } else { 550 };
                let text = text.replace(['\r', '\n'], " ");
                return self.say(format!("{code} {text}")).await;
            }
        }
        envelope.to.push(recipient);
        self.say("250 2.1.5 Ok").await
    }

    pub async fn say(&mut self, line: impl Display) -> io::Result<()> {
        self.wire.send(format!("{line}\r\n").as_bytes()).await
    }
}
