//! Signing in to read: PLAIN, LOGIN, XOAUTH2.

use async_imap::imap_proto::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::{Ended, Imap, quoted, trouble};
use crate::contract::{Account, Failure};
use crate::email::settings::{Auth, Config};

impl Imap {
    /// Signs in; with a token that is refused, once more with a fresh one.
    pub(super) async fn sign_in(&mut self, account: &Account, config: &Config) -> Result<(), Failure> {
        match &config.auth {
            Auth::Password(password) => {
                let ended = self.password(&config.username, password).await?;
                self.judge(&ended, &config.username, false)?;
            }
            Auth::Token => {
                let token = account.tokens.access_token(None).await?;
                let ended = self.token(&config.username, &token).await?;
                if !ended.ok && self.judge(&ended, &config.username, true).is_err_and(is_about_signin) {
                    let fresh = account.tokens.access_token(Some(token.expose_secret())).await?;
                    let ended = self.token(&config.username, &fresh).await?;
                    self.judge(&ended, &config.username, true)?;
                } else {
                    self.judge(&ended, &config.username, true)?;
                }
            }
        }
        // Servers tell more, or other things, to those who are signed in; most say so along with their OK.
        if !self.told_after_signin {
            self.ask_capabilities().await?;
        }
        Ok(())
    }

    async fn password(&mut self, username: &str, password: &SecretString) -> Result<Ended, Failure> {
        let secret = password.expose_secret();
        if self.can("AUTH=PLAIN") {
            return self.authenticate("PLAIN", &format!("\0{username}\0{secret}"), secret).await;
        }
        if self.can("LOGINDISABLED") {
            return Ok(Ended {
                ok: false,
                code: "PRIVACYREQUIRED".to_owned(),
                text: "this server takes no password here; the encryption or the way of signing in must be another".to_owned(),
            });
        }
        let tag = self.next_tag();
        if username.is_ascii() && secret.is_ascii() && !secret.contains(['\r', '\n', '\0']) {
            self.send(format!("{tag} LOGIN {} {}\r\n", quoted(username), quoted(secret)).as_bytes()).await?;
        } else {
            // RFC 3501 section 4.3: anything but plain ASCII goes as a literal, whose length the server must allow first.
            self.send(format!("{tag} LOGIN {{{}}}\r\n", username.len()).as_bytes()).await?;
            for (text, after) in
                [(username, format!(" {{{}}}\r\n", secret.len())), (secret, "\r\n".to_owned())]
            {
                if let Some(ended) = self.until_asked(&tag).await? {
                    return Ok(ended);
                }
                self.send(format!("{text}{after}").as_bytes()).await?;
            }
        }
        Ok(without_secrets(self.until_ended(&tag).await?, &[secret]))
    }

    async fn token(&mut self, username: &str, token: &SecretString) -> Result<Ended, Failure> {
        let token = token.expose_secret();
        self.authenticate("XOAUTH2", &format!("user={username}\x01auth=Bearer {token}\x01\x01"), token).await
    }

    /// RFC 3501 section 6.2.2, with the first response in the command where the server takes it (RFC 4959).
    async fn authenticate(&mut self, mechanism: &str, message: &str, secret: &str) -> Result<Ended, Failure> {
        let tag = self.next_tag();
        let message = STANDARD.encode(message);
        if self.can("SASL-IR") {
            self.send(format!("{tag} AUTHENTICATE {mechanism} {message}\r\n").as_bytes()).await?;
        } else {
            self.send(format!("{tag} AUTHENTICATE {mechanism}\r\n").as_bytes()).await?;
            if let Some(ended) = self.until_asked(&tag).await? {
                return Ok(ended);
            }
            self.send(format!("{message}\r\n").as_bytes()).await?;
        }
        Ok(without_secrets(self.until_ended(&tag).await?, &[secret, &message]))
    }

    /// Waits until the server wants more (none) or is done.
    pub(super) async fn until_asked(&mut self, tag: &str) -> Result<Option<Ended>, Failure> {
        loop {
            let (heard, capabilities) = self
                .next(self.patience, |response| match response {
                    Response::Continue(_) => (Heard::Asked, None),
                    Response::Capabilities(list) => (Heard::Other, Some(super::names(list))),
                    Response::Done { tag: ended, status, outcome } if ended.0 == tag => {
                        (Heard::Ended(Ended::of(status, outcome)), super::told(outcome))
                    }
                    _ => (Heard::Other, None),
                })
                .await?;
            if let Some(capabilities) = capabilities {
                self.capabilities = capabilities;
                self.told_after_signin = true;
            }
            match heard {
                Heard::Asked => return Ok(None),
                Heard::Ended(ended) => return Ok(Some(ended)),
                Heard::Other => {}
            }
        }
    }

    /// Waits until the server is done. XOAUTH2 says why it refuses and goes on only after an empty line; a client that
    /// keeps silent waits for ever.
    async fn until_ended(&mut self, tag: &str) -> Result<Ended, Failure> {
        loop {
            match self.until_asked(tag).await? {
                Some(ended) => return Ok(ended),
                None => self.send(b"\r\n").await?,
            }
        }
    }

    fn judge(&self, ended: &Ended, username: &str, token: bool) -> Result<(), Failure> {
        if ended.ok {
            return Ok(());
        }
        Err(trouble::denied(&self.server.host, username, token, &ended.code, &ended.text))
    }
}

enum Heard {
    Asked,
    Ended(Ended),
    Other,
}

fn is_about_signin(failure: Failure) -> bool {
    matches!(failure, Failure::NeedsSignin { .. })
}

/// A server may quote in its refusal what it was given.
fn without_secrets(mut ended: Ended, secrets: &[&str]) -> Ended {
    if secrets.iter().any(|secret| !secret.is_empty() && ended.text.contains(secret)) {
        ended.text = "refused".to_owned();
    }
    ended
}
