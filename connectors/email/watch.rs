//! Being told of new mail: IDLE (RFC 2177), one connection a folder.

use std::time::Duration;

use super::imap::Imap;
use super::{Mailbox, stream};
use crate::contract::{BoxFuture, Failure, Reason, Sink, StreamId, Watch};
use async_imap::imap_proto::{MailboxDatum, Response};

/// Asked anew before routers between us forget the connection. Servers allow 29 minutes.
const ANEW: Duration = Duration::from_secs(9 * 60);

impl Watch for Mailbox {
    fn watch<'a>(&'a self, stream: &'a StreamId, sink: &'a dyn Sink) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let folder = stream::parse(stream).map(|(folder, _)| folder).unwrap_or_default();
            let mut session = Imap::open(&self.account, &self.config).await?;
            if !session.can("IDLE") {
                return Err(Failure::Permanent {
                    reason: Reason::NotAllowed,
                    why: format!(
                        "{} does not tell when mail arrives; it is asked at intervals instead.",
                        self.config.reading.host
                    ),
                });
            }
            session.examine(folder, None).await?;
            // What came between the last poll and now is told by nobody.
            let mut news = true;
            loop {
                if std::mem::take(&mut news) {
                    sink.wake();
                }
                news = self.idle(&mut session).await?;
            }
        })
    }
}

impl Mailbox {
    /// One IDLE, until something comes or it is time to ask anew. Ending it is a question with an answer, so that a dead
    /// line is noticed however silently it died.
    async fn idle(&self, session: &mut Imap) -> Result<bool, Failure> {
        let tag = session.next_tag();
        session.send(format!("{tag} IDLE\r\n").as_bytes()).await?;
        // A quiet mailbox says nothing for minutes, or only that it is still there; neither is a failure.
        let mut news = match tokio::time::timeout(ANEW, news(session, &tag)).await {
            Ok(told) => told.map(|()| true)?,
            Err(_) => false,
        };
        session.send(b"DONE\r\n").await?;
        loop {
            match session.next(self.config.patience, |response| hear(response, &tag)).await? {
                Heard::News => news = true,
                Heard::End => return Ok(news),
                Heard::Other => {}
            }
        }
    }
}

/// Until something new is told. Called off between two answers it has lost none.
async fn news(session: &mut Imap, tag: &str) -> Result<(), Failure> {
    loop {
        match session.next(ANEW * 2, |response| hear(response, tag)).await? {
            Heard::News => return Ok(()),
            Heard::End => return Err(session.lost("it ended IDLE by itself")),
            Heard::Other => {}
        }
    }
}

enum Heard {
    News,
    End,
    Other,
}

fn hear(response: &Response<'_>, tag: &str) -> Heard {
    match response {
        Response::MailboxData(MailboxDatum::Exists(_)) => Heard::News,
        Response::Done { tag: ended, .. } if ended.0 == tag => Heard::End,
        _ => Heard::Other,
    }
}
