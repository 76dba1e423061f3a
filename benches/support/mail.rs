//! Letters to a library, as a mailbox holds them: threads, markup, files, the headers that relays leave.

use std::fmt::Write;

use super::words::{Dice, Words};

/// Writes one letter after the other; the same seed writes the same ones.
pub struct Letters {
    dice: Dice,
    words: Words,
    threads: Vec<Thread>,
    written: usize,
    seed: u64,
}

struct Thread {
    writer: (String, String),
    subject: String,
    ids: Vec<String>,
    last: String,
}

impl Letters {
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), words: Words::new(), threads: Vec::new(), written: 0, seed }
    }

    /// The next letters.
    pub fn take(&mut self, letters: usize) -> Vec<Vec<u8>> {
        (0..letters).map(|_| self.letter()).collect()
    }

    fn letter(&mut self) -> Vec<u8> {
        self.written += 1;
        let id = format!("{:x}.{}.{}@post.example", self.dice.next(), self.seed, self.written);
        let answers = !self.threads.is_empty() && self.dice.percent(50);
        let length = if self.dice.percent(20) { 250 } else { 70 } + self.dice.below(60);
        let text = self.words.text(&mut self.dice, length);
        let index = if answers { self.recent() } else { self.begin() };
        let thread = &mut self.threads[index];
        let mut plain = format!("Good day,\n\n{text}\n\nYours\n{}\n", thread.writer.0);
        let mut raw = String::with_capacity(8_000);
        for hop in 0..2 + self.dice.below(3) {
            let (by, number) = (self.dice.next(), self.dice.below(250));
            let _ = write!(
                raw,
                "Received: from relay{hop}.post.example (relay{hop}.post.example [192.0.2.{number}])\r\n \
                 by mx.library.example with ESMTPS id {by:X}; Tue, 6 Oct 2026 09:02:11 +0000\r\n"
            );
        }
        if self.dice.percent(70) {
            let signed: String = (0..20).map(|_| format!("{:016x}", self.dice.next())).collect();
            let _ =
                write!(raw, "DKIM-Signature: v=1; a=rsa-sha256; d=post.example; s=a; bh=x; b={signed}\r\n");
        }
        let (name, address) = &thread.writer;
        let re = if answers { "Re: " } else { "" };
        let _ = write!(
            raw,
            "Date: Tue, 6 Oct 2026 09:02:11 +0000\r\nFrom: \"{name}\" <{address}>\r\n\
             To: Ask us <ask@library.example>\r\nSubject: {re}{}\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n",
            thread.subject
        );
        if answers {
            let last = thread.ids.last().map(String::as_str).unwrap_or_default();
            let chain: Vec<String> =
                thread.ids.iter().rev().take(10).rev().map(|id| format!("<{id}>")).collect();
            let _ = write!(raw, "In-Reply-To: <{last}>\r\nReferences: {}\r\n", chain.join("\r\n "));
            plain.push_str("\nOn Mon, 5 Oct 2026 at 17:40, Ask us <ask@library.example> wrote:\n");
            for line in thread.last.lines().take(30) {
                let _ = writeln!(plain, "> {line}");
            }
        }
        thread.ids.push(id);
        thread.last = text;
        self.body(&mut raw, &plain);
        raw.into_bytes()
    }

    /// Half of the letters have markup beside their text, one in seven brings a file.
    fn body(&mut self, raw: &mut String, plain: &str) {
        let plain = plain.replace('\n', "\r\n");
        let file = self.dice.percent(14).then(|| 2_000 + self.dice.below(12_000));
        if file.is_some() {
            raw.push_str("Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n");
        }
        if self.dice.percent(50) {
            let markup = plain.replace("\r\n", "<br>\r\n");
            let _ = write!(
                raw,
                "Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n\
                 --inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n\
                 --inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
                 <html><head><style>p {{ margin: 0; color: #222 }}</style></head><body><div dir=\"ltr\">\
                 <p style=\"font-size: 11pt\">{markup}</p>\
                 <p><a href=\"https://post.example/app\">Sent from my tablet</a>\
                 <img src=\"https://post.example/seen.gif\" width=1 height=1></p></div></body></html>\r\n\
                 --inner--\r\n"
            );
        } else {
            let _ = write!(raw, "Content-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n");
        }
        if let Some(bytes) = file {
            let number = self.dice.below(10_000);
            let _ = write!(
                raw,
                "--outer\r\nContent-Type: application/pdf; name=\"slip {number}.pdf\"\r\n\
                 Content-Disposition: attachment; filename=\"slip {number}.pdf\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n"
            );
            const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            for _ in 0..bytes / 57 {
                raw.extend((0..76).map(|_| char::from(*self.dice.pick(SIGNS))));
                raw.push_str("\r\n");
            }
            raw.push_str("--outer--\r\n");
        }
    }

    /// Most answers are to what was written lately.
    fn recent(&mut self) -> usize {
        let back = self.dice.below(self.threads.len()).min(self.dice.below(self.threads.len()));
        self.threads.len() - 1 - back.min(self.dice.below(400))
    }

    fn begin(&mut self) -> usize {
        let known = !self.threads.is_empty() && self.dice.percent(30);
        let writer = if known {
            let index = self.dice.below(self.threads.len());
            self.threads[index].writer.clone()
        } else {
            let (first, last) = (self.words.name(&mut self.dice), self.words.name(&mut self.dice));
            let address = format!("{first}.{last}.{}@post.example", self.written).to_lowercase();
            (format!("{first} {last}"), address)
        };
        let words = 3 + self.dice.below(4);
        let subject = self.words.text(&mut self.dice, words).trim_end_matches('.').to_owned();
        self.threads.push(Thread { writer, subject, ids: Vec::new(), last: String::new() });
        self.threads.len() - 1
    }
}
