//! IDLE (RFC 2177): the client is told of changes as they happen.

use std::io;
use std::sync::Arc;

use super::session::{Reply, Session};
use crate::simulator::mail::faults::MailFault;
use crate::simulator::mail::store::Account;

impl Session {
    pub async fn idle(&mut self, account: &Arc<Account>) -> io::Result<Reply> {
        if self.no_idle {
            return Reply::bad("this command is not known here");
        }
        let is_deaf = self.office.faults.strikes(MailFault::DeafIdle, "imap", Some(&account.address));
        // Before the first look, so that nothing falls between the two.
        let mut changes = account.watch();
        self.say("+ idling");
        loop {
            if !is_deaf {
                self.tell(account, true)?;
            }
            self.flush().await?;
            tokio::select! {
                line = self.wire.line() => return match line? {
                    Some(line) if line.eq_ignore_ascii_case(b"DONE") => {
                        self.tell(account, true)?;
                        Reply::ok("That was that")
                    }
                    Some(_) => Reply::bad("DONE was expected"),
                    None => Err(io::ErrorKind::UnexpectedEof.into()),
                },
                // Never fails: the account is held here.
                _ = changes.changed() => {}
            }
        }
    }
}
