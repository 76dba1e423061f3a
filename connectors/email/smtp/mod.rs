//! One conversation with a submission server (RFC 6409): the dialogue of RFC 5321, said slowly enough to know at each moment
//! whether the mail may have left.
//!
//! Written by hand: lettre's connection hides what the server offers beyond three extensions (SIZE and DSN among the rest),
//! cannot answer XOAUTH2's challenge, and cannot go on after a STARTTLS that is not its own.

mod signin;
mod trouble;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

pub use trouble::Refused;

use super::settings::{Config, Security, Server};
use crate::contract::{Account, Failure, Fence, Line, Tls};

/// RFC 5321 section 4.5.3.1.5 says 512; some servers are chattier.
const LONGEST_LINE: u64 = 8 * 1024;
const MOST_LINES: usize = 100;
/// RFC 5321 section 4.5.3.2.6: the server may think for ten minutes after the final dot, and a client that gives up early
/// sends the mail twice.
const FINAL_PATIENCE: Duration = Duration::from_secs(600);
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;

/// A signed-in session.
pub struct Smtp {
    line: BufReader<Line>,
    server: Server,
    patience: Duration,
    /// Keyword, upper case, and its parameters.
    offers: BTreeMap<String, String>,
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Three digits.
    pub code: u16,
    /// The text of all lines.
    pub lines: Vec<String>,
}

impl Answer {
    /// On one line.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// 2xx or 3xx.
    pub fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }
}

/// A mail for the way out.
pub struct Parcel<'a> {
    /// Reverse path.
    pub from: &'a str,
    /// Forward paths.
    pub to: &'a [String],
    /// Whole, with CRLF line ends.
    pub mail: &'a [u8],
    /// Named in delivery reports.
    pub envelope_id: &'a str,
    /// Asked before the final dot.
    pub fence: &'a dyn Fence,
}

impl Smtp {
    /// Connects and signs in.
    ///
    /// # Errors
    /// Nothing was sent: never [`Failure::Ambiguous`].
    pub async fn open(account: &Account, config: &Config) -> Result<Self, Failure> {
        let Server { host, port, security } = &config.sending;
        let tls = if *security == Security::Implicit { Tls::Implicit } else { Tls::Later };
        let line = account.outside.dial(host, *port, tls).await?;
        let mut session = Self {
            line: BufReader::new(line),
            server: config.sending.clone(),
            patience: config.patience,
            offers: BTreeMap::new(),
        };
        let greeting = session.answer(config.patience).await?;
        if greeting.code != 220 {
            return Err(trouble::unwelcome(host, &greeting));
        }
        session.hello().await?;
        if *security == Security::StartTls {
            session = session.secured(account).await?;
        }
        session.sign_in(account, config).await?;
        Ok(session)
    }

    async fn hello(&mut self) -> Result<(), Failure> {
        // An address literal is always right (RFC 5321 section 4.1.4), and tells nobody the name of the library's machine.
        let answer = self.ask("EHLO [127.0.0.1]").await?;
        if answer.code != 250 {
            return Err(trouble::unwelcome(&self.server.host, &answer));
        }
        self.offers = answer.lines.iter().skip(1).map(|line| offer(line)).collect();
        Ok(())
    }

    async fn secured(mut self, account: &Account) -> Result<Self, Failure> {
        let host = self.server.host.clone();
        if !self.offers.contains_key("STARTTLS") || self.ask("STARTTLS").await?.code != 220 {
            return Err(transient(format!(
                "{host} does not offer STARTTLS on port {}, so nothing was sent. Choose TLS from the start, usually port 465.",
                self.server.port
            )));
        }
        // Whatever was said in the clear after that answer is not carried over: somebody on the way may have said it.
        if !self.line.buffer().is_empty() {
            return Err(transient(format!(
                "{host} said more than it should before encryption began, so nothing was sent."
            )));
        }
        let line = account.outside.upgrade(self.line.into_inner(), &host).await?;
        let mut session = Self { line: BufReader::new(line), offers: BTreeMap::new(), ..self };
        session.hello().await?;
        Ok(session)
    }

    /// Whether the server offers an extension; with its parameters.
    pub fn offer(&self, keyword: &str) -> Option<&str> {
        self.offers.get(keyword).map(String::as_str)
    }

    /// Hands over a mail. Answers the recipients that were refused although others were not.
    ///
    /// # Errors
    /// [`Failure::Ambiguous`] only after the final dot.
    pub async fn send(&mut self, parcel: &Parcel<'_>) -> Result<Vec<(String, String)>, Failure> {
        let from = self.reverse_path(parcel)?;
        let answer = self.ask(&from).await?;
        if !answer.is_positive() {
            return Err(trouble::refused(&self.server.host, Refused::Sender, &answer));
        }
        let notify = if self.offer("DSN").is_some() { " NOTIFY=FAILURE,DELAY" } else { "" };
        let mut refused: Vec<(String, Answer)> = Vec::new();
        for to in parcel.to {
            let answer = self.ask(&format!("RCPT TO:<{to}>{notify}")).await?;
            if !answer.is_positive() {
                refused.push((to.clone(), answer));
            }
        }
        if refused.len() == parcel.to.len() {
            // One who may be reached later is worth the waiting; if none is, there is nothing to wait for.
            let (to, answer) = refused.iter().find(|(_, answer)| answer.code < 500).unwrap_or(&refused[0]);
            return Err(trouble::refused(&self.server.host, Refused::Recipient(to), answer));
        }
        let answer = self.ask("DATA").await?;
        if answer.code != 354 {
            return Err(trouble::refused(&self.server.host, Refused::Content, &answer));
        }
        self.content(parcel).await?;
        Ok(refused.into_iter().map(|(to, answer)| (to, trouble::aside(&answer))).collect())
    }

    fn reverse_path(&self, parcel: &Parcel<'_>) -> Result<String, Failure> {
        let mut from = format!("MAIL FROM:<{}>", parcel.from);
        if let Some(most) = self.offer("SIZE") {
            let size = parcel.mail.len() as u64;
            // Zero, or nothing at all, is no limit (RFC 1870).
            let most = most.parse().ok().filter(|most| *most > 0);
            if let Some(most) = most.filter(|most| size > *most) {
                return Err(trouble::too_large(&self.server.host, size, most));
            }
            from.push_str(&format!(" SIZE={}", parcel.mail.len()));
        }
        let foreign = !parcel.from.is_ascii() || parcel.to.iter().any(|to| !to.is_ascii());
        if foreign {
            if self.offer("SMTPUTF8").is_none() {
                return Err(trouble::foreign(&self.server.host));
            }
            from.push_str(" SMTPUTF8");
        }
        if !parcel.mail.is_ascii() && self.offer("8BITMIME").is_some() {
            from.push_str(" BODY=8BITMIME");
        }
        if self.offer("DSN").is_some() {
            from.push_str(&format!(" RET=HDRS ENVID={}", parcel.envelope_id));
        }
        Ok(from)
    }

    /// The mail and its final dot. Until that dot has left whole the server cannot have taken it.
    async fn content(&mut self, parcel: &Parcel<'_>) -> Result<(), Failure> {
        let mut stuffed = stuff(parcel.mail);
        let dot = stuffed.split_off(stuffed.len() - FINAL.len());
        self.say(&stuffed).await?;
        // Without its dot the mail is forgotten with the connection (RFC 5321 section 4.1.1.10).
        parcel.fence.pass().await?;
        let unclear = |why: &str| Failure::Ambiguous {
            why: format!(
                "The mail was handed to {} whole, but whether it was taken is not known ({why}).",
                self.server.host
            ),
        };
        let unclear_at_dot = unclear("the connection broke at its end");
        let unclear_after = unclear("no answer came");
        if self.say(&dot).await.is_err() {
            return Err(unclear_at_dot);
        }
        let answer = self
            .answer(self.patience.max(FINAL_PATIENCE.min(self.patience * 10)))
            .await
            .map_err(|_| unclear_after)?;
        if answer.is_positive() {
            Ok(())
        } else {
            Err(trouble::refused(&self.server.host, Refused::Content, &answer))
        }
    }

    /// Says goodbye, as servers like it; what comes of it does not matter any more.
    pub async fn quit(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.ask("QUIT")).await;
    }

    /// One line out, one answer in.
    async fn ask(&mut self, command: &str) -> Result<Answer, Failure> {
        if command.contains(['\r', '\n', '\0']) {
            // Checked where drafts are composed; a command that could be two must not leave all the same.
            return Err(trouble::unsayable());
        }
        self.say(format!("{command}\r\n").as_bytes()).await?;
        let answer = self.answer(self.patience).await?;
        // RFC 5321 section 3.8: it may say so in answer to anything, and hangs up.
        if answer.code == 421 { Err(trouble::unwelcome(&self.server.host, &answer)) } else { Ok(answer) }
    }

    async fn say(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let patience = self.patience + Duration::from_secs(bytes.len() as u64 / SLOWEST_BYTES_PER_S);
        let line = self.line.get_mut();
        let saying = async {
            line.write_all(bytes).await?;
            line.flush().await
        };
        match tokio::time::timeout(patience, saying).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.lost(&error.kind().to_string())),
            Err(_) => Err(self.lost("it took nothing for too long")),
        }
    }

    async fn answer(&mut self, patience: Duration) -> Result<Answer, Failure> {
        match tokio::time::timeout(patience, self.read_answer()).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None)) => Err(self.lost("it closed the connection, or said something that is not SMTP")),
            Ok(Err(error)) => Err(self.lost(&error.kind().to_string())),
            Err(_) => Err(self.lost(&format!("nothing came for {} s", patience.as_secs()))),
        }
    }

    /// None: the end, or nonsense.
    async fn read_answer(&mut self) -> std::io::Result<Option<Answer>> {
        let mut lines = Vec::new();
        loop {
            let mut bytes = Vec::new();
            (&mut self.line).take(LONGEST_LINE).read_until(b'\n', &mut bytes).await?;
            // Servers answer in the charset of their makers.
            let text = String::from_utf8_lossy(&bytes);
            let Some((code, rest)) = text.strip_suffix('\n').and_then(|line| line.split_at_checked(3)) else {
                return Ok(None);
            };
            let Some(code) = code.parse().ok().filter(|code| (200..600).contains(code)) else {
                return Ok(None);
            };
            lines.push(rest.get(1..).unwrap_or_default().trim_end().to_owned());
            if !rest.starts_with('-') {
                return Ok(Some(Answer { code, lines }));
            }
            if lines.len() > MOST_LINES {
                return Ok(None);
            }
        }
    }

    fn lost(&self, why: &str) -> Failure {
        transient(format!(
            "The connection to {} broke before the mail had been handed over ({why}). It is tried again.",
            self.server.host
        ))
    }
}

const FINAL: &[u8] = b"\r\n.\r\n";

/// RFC 5321 section 4.5.2: a dot that begins a line is doubled; then the end. Lone CR and LF become line ends, so that no
/// server can see an end where there is none.
fn stuff(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len() + mail.len() / 60 + FINAL.len());
    let mut rest = mail;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        rest = match after {
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => after,
        };
        // The last line's end belongs to the final dot.
        if !rest.is_empty() {
            out.extend_from_slice(b"\r\n");
        }
    }
    out.extend_from_slice(FINAL);
    out
}

fn offer(line: &str) -> (String, String) {
    // `AUTH=LOGIN` is how it was written before RFC 4954.
    let (keyword, parameters) = line.split_once([' ', '=']).unwrap_or((line, ""));
    (keyword.to_ascii_uppercase(), parameters.trim().to_owned())
}

fn transient(why: String) -> Failure {
    Failure::Transient { after_ms: None, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_mail_can_end_it() {
        let stuffed = |mail: &str| String::from_utf8(stuff(mail.as_bytes())).unwrap();
        assert_eq!(
            stuffed("a\r\n.\r\nRCPT TO:<x@y.example>\r\n"),
            "a\r\n..\r\nRCPT TO:<x@y.example>\r\n.\r\n"
        );
        assert_eq!(stuffed("a\n.\nb\r.\rc"), "a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n");
        assert_eq!(stuffed(".a\r\n\r\n..b"), "..a\r\n\r\n...b\r\n.\r\n");
        assert_eq!(stuffed(""), "\r\n.\r\n");
    }
}
