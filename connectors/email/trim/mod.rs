//! What a mail says anew, apart from the mail it answers.
//!
//! For display only; the whole is always kept and one click away. Only a trailing quote and signature are taken off. Where
//! answers stand between quoted lines, all of it is the reply. The reply is never empty unless the mail is.

mod apps;
mod attribution;
mod block;
mod signature;
mod vocabulary;

use super::mail::Mail;
use crate::markup::{self, Mark};

/// A mail cut in two.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Trimmed {
    /// What was written now.
    pub reply: String,
    /// What was taken off: quote, signature; empty if nothing was.
    pub elided: String,
}

/// Cuts a plain text. Linear in its length.
pub fn reply(text: &str) -> Trimmed {
    cut(text, &[])
}

/// Cuts the text of an HTML mail, using the marks that mail programs leave in it.
pub fn reply_html(source: &str) -> Trimmed {
    let rendered = markup::render(source);
    cut(&rendered.text, &rendered.marks)
}

/// Cuts the text of a mail. A forwarded mail is what the writer wants read: only the signature goes.
pub fn of_mail(mail: &Mail) -> Trimmed {
    let html_only = mail.plain.trim().is_empty();
    match mail.html.as_deref().filter(|_| html_only) {
        _ if is_forward(&mail.subject) => {
            Trimmed { reply: mail.text.trim_end().to_owned(), elided: String::new() }
        }
        Some(source) => {
            let trimmed = reply_html(source);
            // Text beyond the HTML (an invitation) belongs to the reply.
            if trimmed.reply.is_empty() { reply(&mail.text) } else { trimmed }
        }
        None => reply(&mail.text),
    }
}

/// The subject says that the mail passes on another one.
pub fn is_forward(subject: &str) -> bool {
    let prefix = subject.trim_start().split(':').next().unwrap_or_default();
    let is_prefix = prefix.len() < subject.trim_start().len() && prefix.chars().count() <= 6;
    is_prefix && vocabulary::FORWARDS.iter().any(|known| prefix.trim().eq_ignore_ascii_case(known))
}

#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    quoted: bool,
    /// Where it starts in the whole text.
    at: usize,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Unquoted and not blank.
    fn is_said(&self) -> bool {
        !self.quoted && !self.is_blank()
    }
}

fn cut(text: &str, marks: &[Mark]) -> Trimmed {
    let normal =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let lines = lines(&normal);
    let (from, to) = kept(&lines, marks);
    let join = |lines: &[Line<'_>]| lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
    let reply = trim_blank_lines(&join(&lines[from..to]));
    if reply.trim().is_empty() {
        // Nothing but quoted lines: nothing new was said. Anything else is shown rather than guessed away.
        let all_quoted = !lines.is_empty() && lines.iter().all(|line| line.quoted || line.is_blank());
        let whole = trim_blank_lines(&normal);
        return match all_quoted {
            true => Trimmed { reply: String::new(), elided: whole },
            false => Trimmed { reply: whole, elided: String::new() },
        };
    }
    let elided = [join(&lines[..from]), join(&lines[to..])];
    let elided: Vec<_> =
        elided.iter().map(|part| trim_blank_lines(part)).filter(|part| !part.is_empty()).collect();
    Trimmed { reply, elided: elided.join("\n\n") }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut lines: Vec<Line<'_>> = text
        .split('\n')
        .map(|text| {
            let start = at;
            at += text.len() + 1;
            // `> wrote:` is the end of a broken address, not a quote.
            let quoted = text.trim_start().starts_with(['>', '＞']) && !attribution::is_loose_end(text);
            Line { text, quoted, at: start }
        })
        .collect();
    // A long quoted line that a relay broke leaves its tail unquoted between two quoted lines.
    for index in 1..lines.len().saturating_sub(1) {
        let (before, after) = (lines[index - 1], lines[index + 1]);
        let is_tail =
            before.quoted && after.quoted && before.text.chars().count() >= 60 && lines[index].is_said();
        if is_tail {
            lines[index].quoted = true;
        }
    }
    lines
}

/// First and last line (exclusive) of what was written now.
fn kept(lines: &[Line<'_>], marks: &[Mark]) -> (usize, usize) {
    let answered = original(lines, marks);
    // What is passed on is what the writer wants read, unless it lies inside the mail being answered.
    let passed_on = forward(lines).filter(|index| answered.is_none_or(|start| start >= *index));
    if passed_on.is_some() {
        return (0, lines.len());
    }
    let mut end = answered.unwrap_or(lines.len());
    // Signatures stand above quotes and below them; more turns than these only a hostile mail needs.
    for _ in 0..12 {
        end = without_trailing_blanks(lines, end);
        let next = signature::trailing(&lines[..end])
            .or_else(|| trailing_quote(lines, end, marks))
            .or_else(|| signature::app(lines, end))
            // A rule that separated the reply from what is gone.
            .or_else(|| {
                (end > 0 && lines[end - 1].is_said() && block::is_rule(lines[end - 1].text)).then(|| end - 1)
            });
        match next {
            Some(next) if next < end => end = next,
            _ => break,
        }
    }
    (leading_quote(&lines[..end], marks), end)
}

/// Where a forwarded mail begins that the writer put in. One inside a quote counts only where the whole quote is the forward.
fn forward(lines: &[Line<'_>]) -> Option<usize> {
    let index = lines.iter().position(|line| block::is_forward(line.text))?;
    let above = lines[..index].iter().rfind(|line| !line.is_blank());
    let opens_quote = above.is_none_or(|line| !line.quoted && !attribution::ends_one(line.text));
    (!lines[index].quoted || opens_quote).then_some(index)
}

/// Where the mail being answered begins without quote signs: behind a header block, a separator or an attribution.
fn original(lines: &[Line<'_>], marks: &[Mark]) -> Option<usize> {
    let first_said = lines.iter().position(|line| !line.is_blank())?;
    let marked = |wanted: &dyn Fn(&Mark) -> Option<usize>| {
        marks.iter().filter_map(wanted).map(|byte| lines.partition_point(|line| line.at < byte)).min()
    };
    let by_markup = marked(&|mark| match mark {
        Mark::Original(byte) => Some(*byte),
        Mark::Attribution(_) => None,
    });
    let mut probes = 0;
    let by_text = (first_said..lines.len()).find_map(|index| {
        let line = &lines[index];
        if !line.is_said() {
            return None;
        }
        if block::starts_at(lines, index) || block::is_separator(line.text) {
            return Some(index);
        }
        probes += usize::from(attribution::ends_one(line.text));
        if probes > 300 {
            return None;
        }
        let start = attribution::ending_at(lines, index)?;
        // Quoted lines that follow are judged by where they end.
        let next = lines[index + 1..].iter().find(|line| !line.is_blank())?;
        let introduces = !next.quoted && attribution::is_firm(line.text);
        (introduces && attribution::is_by_program(&lines[start..=index])).then_some(start)
    });
    let start = match (by_markup, by_text) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
    let start = block::with_separator_above(lines, start);
    (start > first_said).then_some(start)
}

/// Start of the quote that ends the text, with the line that introduces it.
fn trailing_quote(lines: &[Line<'_>], end: usize, marks: &[Mark]) -> Option<usize> {
    if end == 0 || !lines[end - 1].quoted {
        // An attribution whose quote is gone.
        return (end > 0).then(|| attribution::ending_at(lines, end - 1)).flatten();
    }
    let start = lines[..end].iter().rposition(|line| line.is_said()).map_or(0, |index| index + 1);
    let above = without_trailing_blanks(lines, start);
    let by_markup = marks.iter().filter_map(|mark| match mark {
        Mark::Attribution(byte) => Some(lines.partition_point(|line| line.at < *byte)),
        Mark::Original(_) => None,
    });
    let introduced = above.checked_sub(1).and_then(|index| attribution::ending_at(lines, index));
    let introduced = introduced.or_else(|| by_markup.filter(|line| *line < above && above - line <= 4).max());
    Some(introduced.map_or(start, |line| block::with_separator_above(lines, line)))
}

/// End of a quote that the whole reply stands under: an introduced quote at the top and none further down.
fn leading_quote(lines: &[Line<'_>], marks: &[Mark]) -> usize {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else {
        return 0;
    };
    let mut intro = (first..lines.len().min(first + 6))
        .find(|index| lines[*index].is_said() && attribution::ending_at(lines, *index) == Some(first));
    if intro.is_none()
        && marks.iter().any(|mark| matches!(mark, Mark::Attribution(byte) if *byte == lines[first].at))
    {
        intro = Some(first);
    }
    let Some(intro) = intro else { return 0 };
    let rest = &lines[intro + 1..];
    let said = rest.iter().position(Line::is_said);
    let is_quoted = |lines: &[Line<'_>]| lines.iter().any(|line| line.quoted);
    match said {
        Some(said)
            if !is_quoted(&rest[said..])
                && (is_quoted(&rest[..said]) || attribution::is_by_program(&lines[first..=intro])) =>
        {
            intro + 1 + said
        }
        _ => 0,
    }
}

fn without_trailing_blanks(lines: &[Line<'_>], end: usize) -> usize {
    lines[..end].iter().rposition(|line| !line.is_blank()).map_or(0, |index| index + 1)
}

fn trim_blank_lines(text: &str) -> String {
    let text = text.trim_end();
    let start = text.find(|c: char| !c.is_whitespace()).unwrap_or(0);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    text[line_start..].to_owned()
}
