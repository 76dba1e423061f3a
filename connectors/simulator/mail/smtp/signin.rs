//! AUTH (RFC 4954): PLAIN, LOGIN and XOAUTH2.

use std::io;

use super::session::Session;
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::sasl::{self, Claim};

const MALFORMED: &str = "501 5.5.2 This is not how that mechanism works";

/// `Username:` and `Password:`, as every server of AUTH LOGIN asks.
const ASK_NAME: &str = "VXNlcm5hbWU6";
const ASK_PASSWORD: &str = "UGFzc3dvcmQ6";

impl Session {
    pub async fn authenticate(&mut self, arguments: &str) -> io::Result<()> {
        if !self.greeted || self.account.is_some() || self.envelope.is_some() {
            return self.say("503 5.5.1 Not now").await;
        }
        let (mechanism, initial) = match arguments.split_once(' ') {
            Some((mechanism, initial)) => (mechanism, Some(initial.as_bytes().to_vec())),
            None => (arguments, None),
        };
        let claim = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => self.first(initial, "").await?.and_then(|said| Claim::plain(&said)),
            "XOAUTH2" => self.first(initial, "").await?.and_then(|said| Claim::xoauth2(&said)),
            "LOGIN" => match self.first(initial, ASK_NAME).await? {
                Some(user) => self.first(None, ASK_PASSWORD).await?.and_then(|password| {
                    let user = String::from_utf8(user).ok()?;
                    Some(Claim::password(&user, std::str::from_utf8(&password).ok()?))
                }),
                None => None,
            },
            _ => return self.say("504 5.5.4 This mechanism is not known here").await,
        };
        match claim {
            Some(claim) => self.sign_in(claim).await,
            None => self.say(MALFORMED).await,
        }
    }

    async fn sign_in(&mut self, claim: Claim) -> io::Result<()> {
        let user = claim.user.to_lowercase();
        let office = self.office.clone();
        let strikes = |fault| office.faults.strikes_now_known(fault, "smtp", &user);
        if strikes(MailFault::Hang) {
            self.wire.hang().await?;
        }
        if strikes(MailFault::ServerBusy) {
            self.say("421 4.3.2 Too busy, come back later").await?;
            return Err(io::Error::other("busy on purpose"));
        }
        self.wire.slow |= strikes(MailFault::Slow);
        match office.admit("smtp", &claim) {
            Ok(account) => {
                self.account = Some(account);
                self.say("235 2.7.0 Signed in").await
            }
            Err(denied) => {
                if denied.challenge {
                    // The client has to answer with an empty line before it is refused.
                    self.ask(&sasl::xoauth2_refusal()).await?;
                }
                self.say("535 5.7.8 Name, password or token is wrong").await
            }
        }
    }

    /// What the client sent along, or what it says when asked, base64 undone. `None`: nonsense, or `*` to give up.
    async fn first(&mut self, initial: Option<Vec<u8>>, challenge: &str) -> io::Result<Option<Vec<u8>>> {
        let said = match initial {
            Some(said) => said,
            None => self.ask(challenge).await?,
        };
        Ok(sasl::decode(&said))
    }

    async fn ask(&mut self, challenge: &str) -> io::Result<Vec<u8>> {
        self.say(format!("334 {challenge}")).await?;
        let answer = self.wire.line().await?;
        answer.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
