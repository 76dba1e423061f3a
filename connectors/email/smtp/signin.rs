//! Signing in to send (RFC 4954): PLAIN, LOGIN, XOAUTH2.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;

use super::{Answer, Smtp, trouble};
use crate::contract::outside::is_loopback;
use crate::contract::{Account, Failure};
use crate::email::settings::{Auth, Config};

impl Smtp {
    /// Signs in; with a token that is refused, once more with a fresh one.
    pub(super) async fn sign_in(&mut self, account: &Account, config: &Config) -> Result<(), Failure> {
        let offered: Vec<String> =
            self.offer("AUTH").unwrap_or_default().split_whitespace().map(str::to_ascii_uppercase).collect();
        let offers = |mechanism: &str| offered.iter().any(|offered| offered == mechanism);
        let username = &config.username;
        match &config.auth {
            // A relay on this machine asks nobody who they are.
            Auth::Password(_) if offered.is_empty() && is_loopback(&self.server.host) => Ok(()),
            Auth::Password(password) => {
                let secret = password.expose_secret();
                let answer = if offers("PLAIN") || !offers("LOGIN") {
                    self.authenticate("PLAIN", &format!("\0{username}\0{secret}"), secret).await?
                } else {
                    self.login(username, secret).await?
                };
                self.judge(&answer, username, false)
            }
            Auth::Token => {
                let token = account.tokens.access_token(None).await?;
                let answer = self.token(username, token.expose_secret()).await?;
                match self.judge(&answer, username, true) {
                    Err(Failure::NeedsSignin { .. }) => {
                        let fresh = account.tokens.access_token(Some(token.expose_secret())).await?;
                        let answer = self.token(username, fresh.expose_secret()).await?;
                        self.judge(&answer, username, true)
                    }
                    judged => judged,
                }
            }
        }
    }

    async fn token(&mut self, username: &str, token: &str) -> Result<Answer, Failure> {
        self.authenticate("XOAUTH2", &format!("user={username}\x01auth=Bearer {token}\x01\x01"), token).await
    }

    async fn authenticate(
        &mut self,
        mechanism: &str,
        message: &str,
        secret: &str,
    ) -> Result<Answer, Failure> {
        let message = STANDARD.encode(message);
        let mut answer = self.ask(&format!("AUTH {mechanism} {message}")).await?;
        if answer.code == 334 {
            // XOAUTH2 tells why it refuses and goes on only after an empty line.
            answer = self.ask("").await?;
        }
        Ok(without_secrets(answer, &[secret, &message]))
    }

    async fn login(&mut self, username: &str, secret: &str) -> Result<Answer, Failure> {
        let mut answer = self.ask("AUTH LOGIN").await?;
        for text in [username, secret] {
            if answer.code == 334 {
                answer = self.ask(&STANDARD.encode(text)).await?;
            }
        }
        Ok(without_secrets(answer, &[secret, &STANDARD.encode(secret)]))
    }

    fn judge(&self, answer: &Answer, username: &str, token: bool) -> Result<(), Failure> {
        if answer.code == 235 {
            return Ok(());
        }
        Err(trouble::denied(&self.server.host, username, token, answer))
    }
}

/// A server may quote in its refusal what it was given.
fn without_secrets(answer: Answer, secrets: &[&str]) -> Answer {
    let text = answer.text();
    if secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret)) {
        return Answer { code: answer.code, lines: vec!["refused".to_owned()] };
    }
    answer
}
