//! STARTTLS, LOGIN and AUTHENTICATE.

use std::io;

use super::session::{Reply, Session};
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::sasl::{self, Claim};

impl Session {
    pub async fn start_tls(&mut self, tag: &str) -> io::Result<Reply> {
        if self.office.tls.is_none() || self.wire.tls || self.account.is_some() {
            return Reply::bad("TLS cannot be started now");
        }
        self.say(format!("{tag} OK Begin"));
        self.flush().await?;
        let office = self.office.clone();
        self.wire.start_tls(&office, "imap").await?;
        Ok(Reply::Silent)
    }

    pub async fn login(&mut self, user: &str, password: &str) -> io::Result<Reply> {
        self.sign_in(Claim::password(user, password)).await
    }

    /// PLAIN (RFC 4616) and XOAUTH2, with the first message in the command (RFC 4959) or after a `+`.
    pub async fn authenticate(&mut self, mechanism: &str, initial: Option<String>) -> io::Result<Reply> {
        let read: fn(&[u8]) -> Option<Claim> = match mechanism {
            "PLAIN" => Claim::plain,
            "XOAUTH2" => Claim::xoauth2,
            _ => return Reply::no("[CANNOT] This mechanism is not known here"),
        };
        let message = match initial {
            Some(message) => message.into_bytes(),
            None => self.ask("").await?,
        };
        if message == b"*" {
            return Reply::bad("Given up, as you wish");
        }
        match sasl::decode(&message).as_deref().and_then(read) {
            Some(claim) => self.sign_in(claim).await,
            None => Reply::bad("This is not how that mechanism works"),
        }
    }

    async fn sign_in(&mut self, claim: Claim) -> io::Result<Reply> {
        if self.account.is_some() {
            return Reply::bad("You are signed in already");
        }
        let user = claim.user.to_lowercase();
        let office = self.office.clone();
        let strikes = |fault| office.faults.strikes_now_known(fault, "imap", &user);
        if strikes(MailFault::Hang) {
            self.wire.hang().await?;
        }
        if strikes(MailFault::ServerBusy) {
            self.say("* BYE [UNAVAILABLE] Too busy, come back later");
            return Err(io::Error::other("busy on purpose"));
        }
        self.wire.slow |= strikes(MailFault::Slow);
        match office.admit("imap", &claim) {
            Ok(account) => {
                self.no_idle = office.faults.strikes(MailFault::NoIdle, "imap", Some(&account.address));
                self.account = Some(account);
                Ok(Reply::Ok(format!("[CAPABILITY {}] Signed in", self.capabilities())))
            }
            Err(denied) => {
                if denied.challenge {
                    // The client has to answer with an empty line before it is refused.
                    self.ask(&sasl::xoauth2_refusal()).await?;
                }
                Reply::no("[AUTHENTICATIONFAILED] Name, password or token is wrong")
            }
        }
    }

    async fn ask(&mut self, challenge: &str) -> io::Result<Vec<u8>> {
        self.say(format!("+ {challenge}"));
        self.flush().await?;
        let answer = self.wire.line().await?;
        answer.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
