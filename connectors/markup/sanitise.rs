//! The first wall: markup taken apart by a real parser and put together again from an allow list.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use ammonia::{Builder, UrlRelative};

use super::scan::{self, Token};
use super::{from_text, render, shape};

/// HTML in which nothing can run and nothing is fetched from elsewhere. Made by [`sanitise`] and by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeHtml {
    html: String,
    blocked_pictures: usize,
    blocked_hosts: BTreeSet<String>,
}

impl SafeHtml {
    /// The markup, to be put into [`super::frame_document`]. Never change it: sanitising is the last step.
    pub fn as_str(&self) -> &str {
        &self.html
    }

    /// As text for storage; what is read from there goes through [`again`].
    pub fn into_string(self) -> String {
        self.html
    }

    /// How many pictures of other hosts were taken out.
    pub fn blocked_pictures(&self) -> usize {
        self.blocked_pictures
    }

    /// The hosts they would have come from.
    pub fn blocked_hosts(&self) -> impl Iterator<Item = &str> {
        self.blocked_hosts.iter().map(String::as_str)
    }
}

#[derive(Default)]
struct Blocked {
    pictures: usize,
    hosts: BTreeSet<String>,
}

/// Makes the markup of a message safe.
///
/// Kept: text, structure, tables, lists, quotes, `dir` and `lang`, links to the web, mail and telephone (opened apart,
/// telling nothing of us), and pictures that came along. Gone: everything else, styles and classes included. Markup built
/// to exhaust the parser is shown as text.
///
/// `shown_at` says where a picture that came along (Content-ID without brackets) can be had. Only paths of our own
/// (`/…`, not `//…`) are used; anything else is dropped.
pub fn sanitise(html: &str, shown_at: &dyn Fn(&str) -> Option<String>) -> SafeHtml {
    let mut pictures = Pictures::new();
    for token in scan::tokens(html) {
        let Token::Open(name, attributes) = token else { continue };
        if name.eq_ignore_ascii_case("img")
            && let Some(id) = attributes.get("src").and_then(content_id)
            && let Some(place) = shown_at(&id).filter(|place| is_ours(place))
        {
            pictures.insert(id, place);
        }
    }
    clean(html, Arc::new(move |source| content_id(source).and_then(|id| pictures.get(&id).cloned())))
}

/// The same for what [`sanitise`] once made and the store kept: a second look by what is known today. Pictures stay where
/// the first put them.
pub fn again(stored: &str) -> SafeHtml {
    clean(stored, Arc::new(|source| is_ours(source).then(|| source.to_owned())))
}

/// Content-ID to place.
type Pictures = HashMap<String, String>;

/// Where the source of a picture may be, if anywhere.
type Place = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

fn clean(html: &str, place: Place) -> SafeHtml {
    let as_text;
    let html = match shape::is_reasonable(html) {
        true => html,
        false => {
            as_text = from_text(&render(html).text);
            &as_text
        }
    };
    let blocked = Arc::new(Mutex::new(Blocked::default()));
    let html = builder(place, Arc::clone(&blocked)).clean(html).to_string();
    let blocked = std::mem::take(&mut *blocked.lock().unwrap_or_else(PoisonError::into_inner));
    SafeHtml { html, blocked_pictures: blocked.pictures, blocked_hosts: blocked.hosts }
}

const TAGS: [&str; 63] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
];

fn builder(place: Place, blocked: Arc<Mutex<Blocked>>) -> Builder<'static> {
    let mut builder = Builder::empty();
    let attributes: [(&str, &[&str]); 9] = [
        ("a", &["href", "target"]),
        ("img", &["src", "alt", "width", "height"]),
        ("td", &["colspan", "rowspan", "align", "valign"]),
        ("th", &["colspan", "rowspan", "align", "valign", "scope"]),
        ("tr", &["align", "valign"]),
        ("col", &["span"]),
        ("colgroup", &["span"]),
        ("ol", &["start", "reversed"]),
        ("li", &["value"]),
    ];
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(
            [
                "script",
                "style",
                "title",
                "textarea",
                "select",
                "iframe",
                "object",
                "svg",
                "math",
                "template",
                "noembed",
                "noframes",
                "xmp",
                "plaintext",
            ]
            .into(),
        )
        .generic_attributes(["dir", "lang", "title"].into())
        .tag_attributes(
            attributes.into_iter().map(|(tag, names)| (tag, names.iter().copied().collect())).collect(),
        )
        .set_tag_attribute_value("a", "target", "_blank")
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into())
        // Relative links of the mail are dropped below; what passes is a picture's place of our own.
        .url_relative(UrlRelative::PassThrough)
        .strip_comments(true);
    builder.attribute_filter(move |tag, attribute, value| match (tag, attribute) {
        ("img", "src") => place(value.trim()).or_else(|| blocked_picture(&blocked, value)).map(Into::into),
        ("a", "href") => {
            let leads_out = ["http", "https", "mailto", "tel"].contains(&scheme(value).as_str());
            leads_out.then(|| value.into())
        }
        _ => Some(value.into()),
    });
    builder
}

/// Notes a picture that is not shown.
fn blocked_picture(blocked: &Mutex<Blocked>, source: &str) -> Option<String> {
    let url = url::Url::parse(source.trim()).ok().filter(|url| url.scheme() != "cid")?;
    let mut blocked = blocked.lock().unwrap_or_else(PoisonError::into_inner);
    blocked.pictures += 1;
    if let Some(host) = url.host_str().filter(|_| blocked.hosts.len() < 50) {
        blocked.hosts.insert(host.to_owned());
    }
    None
}

/// The Content-ID that a `cid:` URL names.
fn content_id(source: &str) -> Option<String> {
    let source = source.trim();
    let id = source.get(..4).filter(|head| head.eq_ignore_ascii_case("cid:")).map(|_| &source[4..])?;
    Some(percent_decoded(&id.replace("&amp;", "&")))
}

fn is_ours(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && !url.contains('\\')
}

fn scheme(url: &str) -> String {
    url.trim_start().split(':').next().unwrap_or_default().to_ascii_lowercase()
}

fn percent_decoded(id: &str) -> String {
    let mut out = Vec::with_capacity(id.len());
    let bytes = id.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let code = id
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
