//! An answer leaves, and is looked for afterwards.
//!
//! Mail has no send that can be repeated safely, and SMTP cannot be asked what became of a mail. What can be known:
//!
//! - until the final dot has left whole, the server cannot have taken the mail: it may be sent again;
//! - a mail that lies in the folder of sent mail was sent: we put it there after the server's yes, never before;
//! - a mail that does *not* lie there was surely not sent only where the server itself files what it takes. Elsewhere a crash
//!   between the server's yes and our copy leaves no trace, so that "not there" is no answer: a person decides.
//!
//! So a copy that is missing never leads to a second mail, and a second mail would carry the same Message-ID.

use std::time::Duration;

use super::channel::Mailbox;
use super::imap::Imap;
use super::outbound::{self, Letter};
use super::settings::{Auth, SaveSent};
use super::smtp::{Parcel, Smtp};
use super::{token, write};
use crate::contract::{BoxFuture, Deliver, Draft, Failure, Fence, Key, Part, Reason, Refusal, Sent};

/// Filing a copy must not hold up the answer of a mail that is long gone.
const FILING: Duration = Duration::from_secs(60);

impl Deliver for Mailbox {
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal> {
        outbound::compose(&self.config, self.most_enclosed(), draft, now)
    }

    fn expected_id(&self, key: &Key) -> Option<String> {
        Some(self.message_id(key))
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(self.hand_over(part, key, fence))
    }

    /// Providers that file sent mail do so a moment later, which the half minute before this is asked leaves them.
    fn find<'a>(&'a self, _part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async move {
            let message_id = self.message_id(key);
            let places = self.places().await?;
            loop {
                let mut lease = self.pool.take(&self.account, &self.config).await?;
                let mut found = Ok(false);
                for folder in places.sent.iter().chain(&places.all) {
                    found = lease.session.holds(folder, &message_id).await;
                    if !matches!(found, Ok(false)) {
                        break;
                    }
                }
                let absence_is_proof = places.sent.is_some() && self.server_surely_files(&lease.session);
                let died = lease.give_back();
                return match found {
                    Err(Failure::Transient { .. }) if died => continue,
                    Err(failure) => Err(failure),
                    Ok(true) => Ok(Some(Sent { id: Some(message_id), refused: Vec::new() })),
                    Ok(false) if absence_is_proof => Ok(None),
                    Ok(false) => Err(Failure::Ambiguous {
                        why: "This answer may have left: the connection ended before anybody could tell, and there is no copy among the sent mail. Ask the patron, or send it again knowing that it may arrive twice.".to_owned(),
                    }),
                };
            }
        })
    }
}

impl Mailbox {
    async fn hand_over(&self, part: &Part, key: &Key, fence: &dyn Fence) -> Result<Sent, Failure> {
        let letter = letter(part)?;
        let message_id = self.message_id(key);
        let mark = token::loop_mark(&self.account.proof_key, self.account.channel.0);
        let mut files = Vec::with_capacity(letter.files.len());
        for file in &letter.files {
            files.push(self.account.files.read(file).await?);
        }
        let mail = write::mail(&letter, &files, &self.config.address, &message_id, &mark)
            .map_err(|why| Failure::Permanent { reason: Reason::NotAllowed, why })?;
        let to: Vec<String> = letter.to.iter().chain(&letter.cc).map(|one| one.address.clone()).collect();
        let parcel = Parcel {
            from: &self.config.address,
            to: &to,
            mail: &mail,
            // With its proof, so that a forged report settles nothing.
            envelope_id: message_id.trim_matches(['<', '>']).split('@').next().unwrap_or_default(),
            fence,
        };
        let mut session = Smtp::open(&self.account, &self.config).await?;
        let refused = session.send(&parcel).await?;
        session.quit().await;
        match tokio::time::timeout(FILING, self.file(&mail, &message_id)).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => self.warn(&failure.to_string()),
            Err(_) => self.warn("the server took too long"),
        }
        Ok(Sent { id: Some(message_id), refused })
    }

    fn message_id(&self, key: &Key) -> String {
        token::mint(&self.account.proof_key, key.0, &self.config.domain)
    }

    /// Puts a copy among the sent mail where nobody else does.
    async fn file(&self, mail: &[u8], message_id: &str) -> Result<(), Failure> {
        match self.config.save_sent {
            SaveSent::No | SaveSent::Server => return Ok(()),
            // Gmail and Exchange file what they send.
            SaveSent::Auto if matches!(self.config.auth, Auth::Token) => return Ok(()),
            SaveSent::Auto | SaveSent::Yes => {}
        }
        let Some(folder) = self.sent_folder().await? else {
            return Err(Failure::AccountBlocked {
                until: None,
                why: "no folder of sent mail is known".to_owned(),
            });
        };
        loop {
            let mut lease = self.pool.take(&self.account, &self.config).await?;
            if self.config.save_sent == SaveSent::Auto && is_gmail(&lease.session) {
                lease.give_back();
                return Ok(());
            }
            // A server that files by itself although nobody said so must not make two of it.
            let there = lease.session.holds(&folder, message_id).await;
            let filed = match there {
                Ok(true) => Ok(()),
                Ok(false) => lease.session.append(&folder, mail).await,
                Err(failure) => {
                    if lease.give_back() {
                        continue;
                    }
                    return Err(failure);
                }
            };
            lease.give_back();
            return filed;
        }
    }

    /// Whether what is not among the sent mail was not sent. Not Exchange: it may give a mail another Message-ID on its way.
    fn server_surely_files(&self, session: &Imap) -> bool {
        match self.config.save_sent {
            SaveSent::Server => true,
            SaveSent::Auto => is_gmail(session),
            SaveSent::Yes | SaveSent::No => false,
        }
    }

    fn warn(&self, why: &str) {
        let why = self.account.outside.redact(why);
        tracing::warn!(channel = %self.account.channel, why, "a sent mail could not be put among the sent mail");
    }
}

fn is_gmail(session: &Imap) -> bool {
    session.can("X-GM-EXT-1")
}

fn letter(part: &Part) -> Result<Letter, Failure> {
    serde_json::from_value::<Letter>(part.body.clone()).ok().filter(|letter| letter.v == 1).ok_or_else(|| {
        Failure::Permanent {
            reason: Reason::NotAllowed,
            why: "This answer was written by another version of Deskbell and cannot be sent by this one. Write it again.".to_owned(),
        }
    })
}
