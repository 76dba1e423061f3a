//! Markup of strangers: as text, and as markup that is safe to show. The same whatever platform it came by.
//!
//! Two walls stand between a message and the desk. The first is [`sanitise`], an allow list over a real parser. The second is
//! the frame of [`frame_document`], sandboxed by the page and under its own policy, in which nothing may run or be fetched
//! even if the first wall were gone.

mod frame;
mod markdown;
mod sanitise;
pub mod scan;
mod shape;
mod text;

#[cfg(test)]
mod tests;

pub use frame::{POLICY, frame_document};
pub use markdown::from_markdown;
pub use sanitise::{SafeHtml, again, sanitise};
pub use text::{Mark, Rendered, render};

/// HTML as readable text.
pub fn to_text(html: &str) -> String {
    render(html).text
}

/// Plain text as HTML, line breaks kept.
pub fn from_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 16);
    out.push_str("<div>");
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        escape(line, &mut out);
    }
    out.push_str("</div>");
    out
}

/// Appends the text with everything escaped that means something in HTML, in attributes too.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}
