//! DATA: taking the message itself, and everything that can go wrong at its end.

use std::io;

use bytes::Bytes;

use super::session::Session;
use crate::simulator::mail::entry::{Accepted, Entry};
use crate::simulator::mail::fate::refusal;
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::text;

impl Session {
    pub async fn data(&mut self) -> io::Result<()> {
        let is_ready = self.envelope.as_ref().is_some_and(|envelope| !envelope.to.is_empty());
        if !is_ready {
            return self.say("503 5.5.1 Nobody to send it to").await;
        }
        self.say("354 Go on, end with a dot").await?;
        let Some(raw) = self.message().await? else {
            self.envelope = None;
            return self.say("552 5.3.4 That is more than this server takes").await;
        };
        let Some(envelope) = self.envelope.take() else {
            return Ok(());
        };
        let office = self.office.clone();
        let account = self.account.as_ref().map(|account| account.address.clone());
        let strikes = |fault| office.faults.strikes(fault, "smtp", account.as_deref());
        if strikes(MailFault::SmtpDropInData) {
            return Err(self.wire.cut().await);
        }
        for fault in [MailFault::Smtp4xx, MailFault::Smtp5xx] {
            if let Some(refusal) = refusal(fault)
                && strikes(fault)
            {
                return self.say(refusal).await;
            }
        }
        let lost = strikes(MailFault::SmtpLostAnswer);
        let half = !lost && strikes(MailFault::HalfAnswer);
        let accepted = Accepted {
            account: account.clone(),
            from: envelope.from,
            to: envelope.to,
            envelope_id: envelope.envelope_id,
            ret: envelope.ret,
            eight_bit: envelope.eight_bit,
            utf8: envelope.utf8,
            message_id: text::message_id(&raw),
            answer_lost: lost || half,
            raw,
        };
        // From here on the message is ours, whatever the client gets to know.
        office.ledger.write(Entry::Accepted(accepted.clone()));
        if let Some(account) = &self.account {
            office.file_sent(account, &accepted.raw);
        }
        office.carry(&accepted);
        if lost {
            return Err(self.wire.cut().await);
        }
        if half {
            self.wire.send(b"250 2.0").await?;
            return self.wire.hang().await;
        }
        let word = office.stage.random.word();
        self.say(format!("250 2.0.0 Ok: queued as {word}")).await
    }

    /// The message with its dots undone (RFC 5321 section 4.5.2); `None` where it is too large.
    ///
    /// Only CR LF, a dot and CR LF end it: whoever takes less for an end lets a message smuggle in another.
    async fn message(&mut self) -> io::Result<Option<Bytes>> {
        let mut message = Vec::new();
        let mut fits = true;
        let mut starts_line = true;
        loop {
            let Some(line) = self.wire.raw_line().await? else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            if starts_line && line == b".\r\n" {
                return Ok(fits.then(|| message.into()));
            }
            let undone = match &line[..] {
                [b'.', rest @ ..] if starts_line => rest,
                line => line,
            };
            starts_line = line.ends_with(b"\r\n") || line == b"\n" && message.ends_with(b"\r");
            fits &= message.len() + undone.len() <= self.office.max_mail_bytes;
            if fits {
                message.extend_from_slice(undone);
            }
        }
    }
}
