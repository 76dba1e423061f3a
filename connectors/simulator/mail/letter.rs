//! What patrons write: a mail as their mail program would make it, and an answer with what it answers below.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::date;

/// The mail programs whose habits a patron can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Program {
    /// `On Tue, Oct 6, 2026 at 9:02 AM … wrote:`, with an HTML part.
    #[default]
    Gmail,
    /// A line and a block of `From:`, `Sent:`, `To:`, `Subject:`, with an HTML part.
    Outlook,
    /// The attribution line itself quoted, text only.
    AppleMail,
    /// `On 06/10/2026 09:02, … wrote:`, text only.
    Thunderbird,
}

/// One mail to be made.
#[derive(Debug)]
pub(super) struct Letter<'a> {
    pub from: Mailbox,
    pub to: Vec<Mailbox>,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: Option<String>,
    pub message_id: &'a str,
    pub in_reply_to: Option<&'a str>,
    pub references: Option<&'a str>,
    /// Says of itself that no person wrote it (RFC 3834).
    pub automatic: bool,
    pub at_ms: i64,
}

impl Letter<'_> {
    /// The mail's bytes. `boundary` separates the parts, if there are any.
    pub fn write(self, boundary: &str) -> Result<Vec<u8>, lettre::error::Error> {
        let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(self.at_ms).unwrap_or(0));
        let mut message = Message::builder()
            .from(self.from)
            .subject(self.subject)
            .date(at)
            .message_id(Some(self.message_id.to_owned()));
        for to in self.to {
            message = message.to(to);
        }
        if let Some(parent) = self.in_reply_to {
            message = message.in_reply_to(parent.to_owned());
        }
        if let Some(references) = self.references {
            message = message.references(references.to_owned());
        }
        if self.automatic {
            message = message.raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-replied".to_owned(),
            ));
        }
        let text = SinglePart::plain(self.text.trim_end().to_owned());
        let message = match self.html {
            None => message.singlepart(text),
            Some(html) => message.multipart(
                MultiPart::alternative()
                    .boundary(boundary)
                    .singlepart(text)
                    .singlepart(SinglePart::html(html)),
            ),
        };
        Ok(message?.formatted())
    }
}

/// The message that is being answered, as a mail program quotes it.
#[derive(Debug)]
pub(super) struct Quoted<'a> {
    pub name: &'a str,
    pub address: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub at_ms: i64,
}

/// The answer with what it answers below it: plain text, and HTML where the program writes it.
pub(super) fn answer(program: Program, text: &str, quoted: &Quoted<'_>) -> (String, Option<String>) {
    let Quoted { name, address, .. } = quoted;
    match program {
        Program::Gmail => {
            let when = date::format(quoted.at_ms, "%a, %b %-d, %Y at %-I:%M %p");
            let intro = format!("On {when} {name} <{address}> wrote:");
            let plain = format!("{text}\n\n{intro}\n\n{}", marked(quoted.text));
            let html = format!(
                "<div dir=\"ltr\">{}</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" \
                 class=\"gmail_attr\">{}<br></div><blockquote class=\"gmail_quote\" \
                 style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);\
                 padding-left:1ex\">{}</blockquote></div>\n",
                as_html(text),
                as_html(&intro),
                as_html(quoted.text),
            );
            (plain, Some(html))
        }
        Program::Outlook => {
            let when = date::format(quoted.at_ms, "%A, %B %-d, %Y %-I:%M %p");
            let intro = [
                ("From", format!("{name} <{address}>")),
                ("Sent", when),
                ("To", quoted.to.to_owned()),
                ("Subject", quoted.subject.to_owned()),
            ];
            let plain_intro = intro.each_ref().map(|(word, value)| format!("{word}: {value}"));
            let html_intro =
                intro.each_ref().map(|(word, value)| format!("<b>{word}:</b> {}", as_html(value)));
            let plain =
                format!("{text}\n\n{}\n{}\n\n{}", "_".repeat(32), plain_intro.join("\n"), quoted.text);
            let html = format!(
                "<html><body><div class=\"elementToProof\">{}</div><div id=\"appendonsend\"></div>\
                 <hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\">\
                 {}</div><div>{}</div></body></html>\n",
                as_html(text),
                html_intro.join("<br>"),
                as_html(quoted.text),
            );
            (plain, Some(html))
        }
        Program::AppleMail => {
            let when = date::format(quoted.at_ms, "%b %-d, %Y, at %H:%M");
            let below = format!("On {when}, {name} <{address}> wrote:\n\n{}", quoted.text);
            (format!("{text}\n\n{}", marked(&below)), None)
        }
        Program::Thunderbird => {
            let when = date::format(quoted.at_ms, "%d/%m/%Y %H:%M");
            let below = marked(quoted.text);
            (format!("{text}\n\nOn {when}, {name} wrote:\n{below}"), None)
        }
    }
}

/// Each line with a `>` before it; lines that are quoted already get no further space.
fn marked(text: &str) -> String {
    let mut out = String::new();
    for line in text.trim_end().lines() {
        out.push('>');
        if !line.is_empty() && !line.starts_with('>') {
            out.push(' ');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn as_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace("\r\n", "\n")
        .replace('\n', "<br>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_above_what_they_answer() {
        let quoted = Quoted {
            name: "Reference desk",
            address: "ask@library.example",
            to: "Abena <a@patron.example>",
            subject: "Opening hours",
            text: "We open at 9.\r\n\r\n> When do you open?\r\n",
            at_ms: 1_791_277_331_000,
        };
        let (plain, html) = answer(Program::Gmail, "Thanks <3", &quoted);
        assert_eq!(
            plain,
            "Thanks <3\n\nOn Tue, Oct 6, 2026 at 9:02 AM Reference desk <ask@library.example> wrote:\n\n\
             > We open at 9.\n>\n>> When do you open?\n"
        );
        assert!(html.is_some_and(|html| html.contains("Thanks &lt;3</div>")));
        let (plain, html) = answer(Program::Outlook, "Thanks", &quoted);
        assert!(plain.contains("\nSent: Tuesday, October 6, 2026 9:02 AM\nTo: Abena"));
        assert!(html.is_some_and(|html| html.contains("&lt;a@patron.example&gt;")));
        let (plain, html) = answer(Program::AppleMail, "Thanks", &quoted);
        assert!(plain.starts_with("Thanks\n\n> On Oct 6, 2026, at 09:02, Reference desk"));
        assert!(html.is_none());
        let (plain, _) = answer(Program::Thunderbird, "Thanks", &quoted);
        assert!(plain.starts_with("Thanks\n\nOn 06/10/2026 09:02, Reference desk wrote:\n> We"));
    }
}
