//! The first wall: markup taken apart by a real parser and put together again from an allow list.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use ammonia::{Builder, UrlRelative};

use super::{from_text, render, shape};

/// Where the pictures a mail brought itself can be fetched: Content-ID without brackets to URL.
///
/// Only paths of our own (`/…`, not `//…`) and `data:image/(png|jpeg|gif|webp);base64,` are used; anything else is dropped.
pub type Pictures = HashMap<String, String>;

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

/// Makes the HTML of a mail safe.
///
/// Kept: text, structure, tables, lists, quotes, `dir` and `lang`, links to the web, mail and telephone (opened apart,
/// telling nothing of us), and pictures the mail brought itself. Gone: everything else, styles and classes included.
/// Markup built to exhaust the parser is shown as text.
pub fn sanitise(html: &str, pictures: &Pictures) -> SafeHtml {
    let as_text;
    let html = match shape::is_reasonable(html) {
        true => html,
        false => {
            as_text = from_text(&render(html).text);
            &as_text
        }
    };
    let blocked = Arc::new(Mutex::new(Blocked::default()));
    let html = builder(pictures, &blocked).clean(html).to_string();
    let blocked = std::mem::take(
        &mut *blocked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    );
    SafeHtml {
        html,
        blocked_pictures: blocked.pictures,
        blocked_hosts: blocked.hosts,
    }
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

fn builder(pictures: &Pictures, blocked: &Arc<Mutex<Blocked>>) -> Builder<'static> {
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
            attributes
                .into_iter()
                .map(|(tag, names)| (tag, names.iter().copied().collect()))
                .collect(),
        )
        .set_tag_attribute_value("a", "target", "_blank")
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into())
        // Relative links of the mail are dropped below; what passes is a picture's place of our own.
        .url_relative(UrlRelative::PassThrough)
        .strip_comments(true);
    let (pictures, blocked) = (pictures.clone(), Arc::clone(blocked));
    builder.attribute_filter(move |tag, attribute, value| match (tag, attribute) {
        ("img", "src") => picture(&pictures, &blocked, value).map(Into::into),
        ("a", "href") => {
            let leads_out = ["http", "https", "mailto", "tel"].contains(&scheme(value).as_str());
            leads_out.then(|| value.into())
        }
        _ => Some(value.into()),
    });
    builder
}

/// Where the picture may come from, if at all.
fn picture(pictures: &Pictures, blocked: &Mutex<Blocked>, source: &str) -> Option<String> {
    let source = source.trim();
    if scheme(source) == "cid" {
        let id = source.split_once(':').map_or("", |(_, id)| id);
        let ours = pictures
            .get(id)
            .or_else(|| pictures.get(&percent_decoded(id)))?;
        return is_ours(ours).then(|| ours.clone());
    }
    let mut blocked = blocked
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    blocked.pictures += 1;
    if let Some(host) = url::Url::parse(source)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        && blocked.hosts.len() < 50
    {
        blocked.hosts.insert(host);
    }
    None
}

fn is_ours(url: &str) -> bool {
    let data = ["png", "jpeg", "gif", "webp"].iter().any(|kind| {
        url.strip_prefix("data:image/")
            .and_then(|rest| rest.strip_prefix(kind))
            .is_some_and(|rest| rest.starts_with(";base64,"))
    });
    data || (url.starts_with('/') && !url.starts_with("//") && !url.contains('\\'))
}

fn scheme(url: &str) -> String {
    url.trim_start()
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
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
