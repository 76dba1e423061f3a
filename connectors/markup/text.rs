//! Markup as text a person can read, with quotes marked by `>` as in plain mail.

use mail_parser::decoders::html::add_html_token;

use super::scan::{Attributes, Token, tokens};

/// Text of an HTML mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Where mail programs marked the mail being answered.
    pub marks: Vec<Mark>,
}

/// Hint from the markup: at this byte of the text a program began the message being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The line that introduces it, whatever its language.
    Attribution(usize),
    /// The message itself, with its header.
    Original(usize),
}

/// Deepest quote that still gets a `>` of its own.
const DEEPEST_QUOTE: usize = 20;

/// Renders HTML as text. Never fails, one pass, no recursion; works on the deepest and most broken markup.
pub fn render(html: &str) -> Rendered {
    let mut page = Page::default();
    for token in tokens(html) {
        match token {
            Token::Text(text) => page.text(text),
            Token::Open(name, attributes) => page.open(&name.to_ascii_lowercase(), attributes),
            Token::Close(name) => page.close(&name.to_ascii_lowercase()),
        }
    }
    page.out.truncate(page.out.trim_end().len());
    Rendered { text: page.out, marks: page.marks }
}

#[derive(Default)]
struct Page {
    out: String,
    marks: Vec<Mark>,
    /// Line ends owed before the next word: one ends the line, two leave a blank line.
    breaks: usize,
    space: bool,
    /// Element whose content is not shown, until its end tag.
    hidden: Option<&'static str>,
    preformatted: usize,
    /// Open blockquotes, innermost last: whether each is a quote or only an indent.
    quotes: Vec<bool>,
    /// Quote depth of the line before.
    depth_before: usize,
    /// Open lists: the number of the next item, or none for bullets.
    lists: Vec<Option<u32>>,
    /// Targets of open links, and where their text starts.
    links: Vec<Option<(String, usize)>>,
    pending_mark: Option<fn(usize) -> Mark>,
}

impl Page {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '&' || is_space(c)).unwrap_or(rest.len());
            if end > 0 {
                self.word(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            if rest.starts_with('&') {
                rest = self.entity(rest);
                continue;
            }
            let blank = rest.len() - rest.trim_start_matches(is_space).len();
            match self.preformatted > 0 {
                true => rest[..blank].chars().for_each(|c| match c {
                    '\n' => self.line(1, true),
                    '\r' => {}
                    c => self.word(if c == '\t' { "\t" } else { " " }),
                }),
                false => self.space = true,
            }
            rest = &rest[blank..];
        }
    }

    /// Decodes the entity at the start of `text` and returns what follows.
    fn entity<'a>(&mut self, text: &'a str) -> &'a str {
        let end =
            text.bytes().skip(1).take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count() + 1;
        let closed = text[end..].starts_with(';');
        let (name, rest) = (&text[..end], &text[end + usize::from(closed)..]);
        // Only the oldest names count without their semicolon; `&copy=1` is part of an address.
        if !closed && !matches!(name, "&nbsp" | "&lt" | "&gt" | "&amp" | "&quot") {
            self.word(name);
            return rest;
        }
        let mut decoded = String::new();
        add_html_token(&mut decoded, format!("{name};").as_bytes(), false);
        match decoded.as_str() {
            "\u{a0}" | " " => self.space = true,
            "\u{200b}" | "\u{200c}" | "\u{34f}" | "\u{ad}" | "\0" => {}
            word => self.word(word),
        }
        rest
    }

    fn word(&mut self, word: &str) {
        if self.breaks > 0 || self.out.is_empty() {
            let depth = self.quotes.iter().filter(|is_quote| **is_quote).count().min(DEEPEST_QUOTE);
            if !self.out.is_empty() {
                self.out.push('\n');
                if self.breaks > 1 {
                    self.out.extend(std::iter::repeat_n('>', depth.min(self.depth_before)));
                    self.out.push('\n');
                }
            }
            if let Some(mark) = self.pending_mark.take() {
                self.marks.push(mark(self.out.len()));
            }
            self.out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                self.out.push(' ');
            }
            self.depth_before = depth;
            self.breaks = 0;
            self.space = false;
        } else if self.space {
            self.out.push(' ');
            self.space = false;
        }
        self.out.push_str(word);
    }

    /// Ends the line; `again` adds to line ends already owed instead of merging with them.
    fn line(&mut self, breaks: usize, again: bool) {
        // What only looks different stands within its line: the space before it stays.
        if breaks == 0 {
            return;
        }
        self.breaks = if again { (self.breaks + breaks).min(2) } else { self.breaks.max(breaks) };
        self.space = false;
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        if self.hidden.is_some() {
            // An unclosed head must not hide the whole mail.
            if name == "body" {
                self.hidden = None;
            }
            return;
        }
        self.marks_of(name, attributes);
        match name {
            "head" => self.hidden = Some("head"),
            "style" => self.hidden = Some("style"),
            "script" => self.hidden = Some("script"),
            "title" => self.hidden = Some("title"),
            "textarea" => self.hidden = Some("textarea"),
            "template" => self.hidden = Some("template"),
            "iframe" => self.hidden = Some("iframe"),
            "br" => self.line(1, true),
            "hr" => {
                self.line(1, false);
                self.word("---");
                self.line(1, false);
            }
            "img" => {
                if let Some(alt) =
                    attributes.get("alt").filter(|alt| !alt.trim().is_empty() && alt.len() < 300)
                {
                    let alt = alt.to_owned();
                    self.text(&alt);
                }
            }
            "td" | "th" => self.space = true,
            "li" => {
                self.line(1, false);
                let item = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                };
                self.word(&item);
            }
            "ul" | "ol" => {
                self.line(if self.lists.is_empty() { 2 } else { 1 }, false);
                self.lists.push((name == "ol").then_some(1));
            }
            "blockquote" => {
                self.line(2, false);
                let indents = attributes.get("style").is_some_and(|style| {
                    let style: String =
                        style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
                    style.contains("border:none") || style.contains("border-left:none")
                });
                if self.quotes.len() < 200 {
                    self.quotes.push(!indents);
                }
            }
            "pre" => {
                self.line(2, false);
                self.preformatted += 1;
            }
            "a" => {
                let target = attributes
                    .get("href")
                    .map(str::trim)
                    .filter(|href| href.len() <= 300 && href.starts_with("http"));
                self.links.push(target.map(|href| (href.replace("&amp;", "&"), self.out.len())));
            }
            _ => self.line(block_breaks(name), false),
        }
        self.links.truncate(100);
        self.lists.truncate(100);
    }

    fn close(&mut self, name: &str) {
        if let Some(hidden) = self.hidden {
            if hidden == name {
                self.hidden = None;
            }
            return;
        }
        match name {
            "ul" | "ol" => {
                self.lists.pop();
                self.line(if self.lists.is_empty() { 2 } else { 1 }, false);
            }
            "blockquote" => {
                self.line(2, false);
                self.quotes.pop();
            }
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.line(2, false);
            }
            "a" => {
                if let Some(Some((href, start))) = self.links.pop() {
                    let shown = self.out.get(start..).unwrap_or_default().trim();
                    let bare = |text: &str| {
                        text.trim_start_matches("https://")
                            .trim_start_matches("http://")
                            .trim_end_matches('/')
                            .to_owned()
                    };
                    if !shown.is_empty() && self.breaks == 0 && bare(shown) != bare(&href) {
                        self.space = false;
                        self.word(&format!(" <{href}>"));
                    }
                }
            }
            "li" | "br" => self.line(1, false),
            "td" | "th" => self.space = true,
            _ => self.line(block_breaks(name), false),
        }
    }

    /// The signs mail programs leave where the mail being answered begins.
    fn marks_of(&mut self, name: &str, attributes: Attributes<'_>) {
        if !matches!(name, "div" | "hr" | "span" | "blockquote" | "p" | "a" | "table") {
            return;
        }
        let id = attributes.get("id").unwrap_or_default();
        let class = attributes.get("class").unwrap_or_default();
        let original = [
            "divRplyFwdMsg",
            "appendonsend",
            "stopSpelling",
            "OLK_SRC_BODY_SECTION",
            "mail-editor-reference-message-container",
            "ms-outlook-mobile-reference-message",
            "yahoo_quoted",
            "zmail_extra",
        ];
        let attribution = ["gmail_attr", "moz-cite-prefix", "protonmail_quote", "tutanota_quote"];
        let has = |names: &[&str]| {
            names.iter().any(|known| id.ends_with(known) || class.split_whitespace().any(|one| one == *known))
        };
        if has(&original) {
            self.line(1, false);
            self.pending_mark = Some(Mark::Original);
        } else if has(&attribution) {
            self.line(1, false);
            self.pending_mark = Some(Mark::Attribution);
        }
    }
}

fn block_breaks(name: &str) -> usize {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "figure" => 2,
        "div" | "tr" | "table" | "section" | "article" | "header" | "footer" | "center" | "form" | "dt"
        | "dd" | "address" | "main" | "aside" | "nav" | "fieldset" | "body" | "caption" | "tbody"
        | "thead" => 1,
        _ => 0,
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}' | '\u{a0}')
}
