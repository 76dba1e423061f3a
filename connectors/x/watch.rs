//! A line held open to X's activity stream: one event a line, an empty line now and then to show that it is alive. What
//! comes over it is kept at once; polling goes on under it and fills what a broken line lost.

use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;

use super::channel::Handle;
use super::pushed;
use super::trouble::{self, Deed};
use crate::contract::{BoxFuture, Failure, Reason, Sink, StreamId, Watch};
use crate::web::Answer;

/// X shows at least every twenty seconds that the line is alive.
const SILENCE: Duration = Duration::from_secs(60);
/// Longer than the usual limit on a request: this one is meant to last.
const LASTS: Duration = Duration::from_secs(24 * 3600);
/// No event is longer.
const LONGEST_LINE: usize = 1 << 20;

impl Watch for Handle {
    fn watch<'a>(&'a self, stream: &'a StreamId, sink: &'a dyn Sink) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let first = crate::contract::Poll::streams(self).await?.into_iter().next();
            if first.is_none_or(|first| first.id != *stream) {
                return Err(Failure::Permanent {
                    reason: Reason::NotAllowed,
                    why: "One line brings everything of this account; it is held beside its first stream."
                        .to_owned(),
                });
            }
            self.see_to_events(None).await?;
            let response = self.open_line().await?;
            // What came before the line was open is told by nobody.
            sink.wake();
            self.listen(response, sink).await
        })
    }
}

impl Handle {
    async fn open_line(&self) -> Result<reqwest::Response, Failure> {
        let token = self.app_token()?;
        let request = self
            .api
            .request(Method::GET, "/2/activity/stream")
            .bearer_auth(token.expose_secret())
            .timeout(LASTS);
        let request = request.build().map_err(|error| Failure::Transient {
            after_ms: None,
            why: format!("The line to X could not be asked for ({}).", error.without_url()),
        })?;
        let opening = tokio::time::timeout(self.config.patience, self.account.outside.send(request));
        let response = match opening.await {
            Ok(Ok(response)) => response,
            Ok(Err(Failure::Ambiguous { why })) => return Err(Failure::Transient { after_ms: None, why }),
            Ok(Err(failure)) => return Err(failure),
            Err(_) => return Err(broken("X did not answer when a line was asked for")),
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = tokio::time::timeout(self.config.patience, response.bytes()).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default().to_vec();
        let outside = &self.account.outside;
        let answer = Answer { status, headers, body };
        Err(trouble::of(&answer, Deed::Subscribe, outside.now(), &|text| outside.redact(text)))
    }

    async fn listen(&self, mut response: reqwest::Response, sink: &dyn Sink) -> Result<(), Failure> {
        let mut kept: Vec<u8> = Vec::new();
        loop {
            let chunk = match tokio::time::timeout(SILENCE, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(_)) => return Err(broken("The line to X broke")),
                Err(_) => return Err(broken("The line to X has gone silent")),
            };
            kept.extend_from_slice(&chunk);
            while let Some(end) = kept.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = kept.drain(..=end).collect();
                let line = line.trim_ascii();
                if !line.is_empty() {
                    self.hear(line, sink).await?;
                }
            }
            if kept.len() > LONGEST_LINE {
                return Err(broken("X sent a line without an end"));
            }
        }
    }

    async fn hear(&self, line: &[u8], sink: &dyn Sink) -> Result<(), Failure> {
        let now = self.account.outside.now();
        let value: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        // X says over the line why it is about to end it.
        if value.get("data").is_none() && value.get("errors").is_some() {
            return Err(broken("X ended the line to itself"));
        }
        let found = pushed::found(line, &self.own(), now);
        let cost = self.charged(&found, now);
        sink.push(self.for_us(found, now), cost).await
    }
}

fn broken(what: &str) -> Failure {
    Failure::Transient {
        after_ms: None,
        why: format!("{what}. It is opened again; reading at intervals goes on meanwhile."),
    }
}
