//! The two walls around the markup of strangers.

mod markdown;

use std::path::PathBuf;

use crate::markup::scan::{Token, tokens};
use crate::markup::{SafeHtml, again, frame_document, from_text, sanitise, to_text};

fn safe(markup: &str) -> SafeHtml {
    sanitise(markup, &|_| None)
}

#[test]
fn what_people_write_stays() {
    let shown = safe(
        "<h1 dir=rtl lang=he>שלום</h1><p>a <b>b</b> <i>c</i></p><ul><li>d</ul><table><tr><td colspan=2>e</td></tr></table><blockquote>f</blockquote><pre>g</pre>",
    );
    for piece in [
        "<h1 dir=\"rtl\" lang=\"he\">",
        "<b>b</b>",
        "<li>d</li>",
        "colspan=\"2\"",
        "<blockquote>f</blockquote>",
        "<pre>g</pre>",
    ] {
        assert!(shown.as_str().contains(piece), "{piece} in {}", shown.as_str());
    }
}

#[test]
fn links_open_apart_and_lead_only_to_the_web_to_mail_and_to_telephones() {
    let link = |href: &str| safe(&format!("<a href=\"{href}\">x</a>")).as_str().to_owned();
    let good = link("https://example.org/");
    for piece in
        ["href=\"https://example.org/\"", "target=\"_blank\"", "rel=\"noopener noreferrer nofollow\""]
    {
        assert!(good.contains(piece), "{good}");
    }
    assert!(link("mailto:a@example.org").contains("href") && link("tel:+4912345").contains("href"));
    for href in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "cid:1",
        "/channels/1/delete",
        "//evil.example",
        "blob:x",
        "?delete",
    ] {
        assert!(!link(href).contains("href"), "{href}: {}", link(href));
    }
}

#[test]
fn pictures_are_our_own_or_counted() {
    let places = |id: &str| match id {
        "p1@x" => Some("/attachments/7".to_owned()),
        "evil" => Some("//evil.example/x".to_owned()),
        "data" => Some("data:image/svg+xml;base64,x".to_owned()),
        "bytes" => Some("data:image/png;base64,x".to_owned()),
        _ => None,
    };
    let shown = sanitise(
        "<img src='cid:p1@x' alt=map><img src='CID:p1%40x'><img src=cid:unknown><img src=cid:evil><img src=cid:data><img src=cid:bytes>\
         <img src='https://track.example/p.gif'><img src='http://other.example/q'><img src='data:image/png;base64,x'>\
         <img src=x><img src='/attachments/8'>",
        &places,
    );
    assert_eq!(again(shown.as_str()).as_str(), shown.as_str(), "the second pass keeps what the first kept");
    assert_eq!(shown.as_str().matches("src=").count(), 2, "{}", shown.as_str());
    assert_eq!(shown.as_str().matches("/attachments/7").count(), 2);
    assert!(shown.as_str().contains("alt=\"map\""));
    assert_eq!(shown.blocked_hosts().collect::<Vec<_>>(), ["other.example", "track.example"]);
    assert!(shown.blocked_pictures() >= 2);
}

#[test]
fn styles_classes_forms_and_everything_foreign_go() {
    let shown = safe(
        "<div style='position:fixed' class=a id=b onclick=c()>x</div><form action=/x><input name=y><button>z</button></form><style>p{}</style><svg><a href=javascript:x>1</a></svg><math><mi>2</mi></math><meta http-equiv=refresh content=0><base href=//e><link rel=stylesheet href=//e><object data=x>o</object><iframe srcdoc=x>i</iframe><video src=//e></video><body background=//e><td background=//e>",
    );
    assert_eq!(shown.as_str().trim(), "<div>x</div>z", "{}", shown.as_str());
}

#[test]
fn the_frame_brings_its_own_policy() {
    let page = frame_document(&safe("<p>hello</p>"));
    let policy = page.find("Content-Security-Policy").expect("a policy");
    assert!(
        policy < page.find("<style>").expect("styles")
            && policy < page.find("<p>hello</p>").expect("the mail")
    );
    assert!(
        page.contains("default-src 'none'") && !page.contains("unsafe-eval") && !page.contains("script-src")
    );
    assert!(page.starts_with("<!doctype html>"));
}

#[test]
fn markup_that_would_exhaust_a_parser_is_shown_as_text() {
    for markup in [
        format!("{}words", "<div>".repeat(100_000)),
        format!("{}words", "<b><i a=1>".repeat(3000)),
        (0..900)
            .map(|n| format!("<font size={n}>"))
            .chain((0..20_000).map(|_| "<p>x".to_owned()))
            .chain(["words".to_owned()])
            .collect(),
        format!("{}words", "<table><tr><td>".repeat(2000)),
        format!("<svg>{}words", "<x><![CDATA[></x>]]>".repeat(5000)),
        format!("{}words", "<div><!-- </div> -->".repeat(5000)),
        format!("{}words", "<div title='</div>'>".repeat(5000)),
        format!("{}words", "<div><title></div></title>".repeat(5000)),
        format!("{}words", "<a href=x>".repeat(20_000)),
    ] {
        let shown = std::thread::Builder::new()
            .stack_size(512 << 10)
            .spawn(move || safe(&markup))
            .expect("a thread")
            .join()
            .expect("no overflow");
        assert!(shown.as_str().contains("words"), "{}", &shown.as_str()[..200.min(shown.as_str().len())]);
        assert!(shown.as_str().len() < 4 << 20);
    }
    let thread = format!("{}deep{}", "<blockquote>".repeat(150), "</blockquote>".repeat(150));
    assert_eq!(safe(&thread).as_str().matches("<blockquote>").count(), 150);
}

#[test]
fn plain_text_becomes_markup_that_says_the_same() {
    let shown = safe(&from_text("<b>a</b> & \"c\"\n'd'"));
    assert_eq!(to_text(shown.as_str()), "<b>a</b> & \"c\"\n'd'");
}

#[test]
fn what_only_looks_different_keeps_the_spaces_around_it() {
    assert_eq!(to_text("Please <b>note</b> <i>this</i>, <code>x </code>y"), "Please note this, x y");
}

/// A folder of published test data, if `DESKBELL_REFERENCE` says where it is.
fn reference(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set");
        return None;
    };
    Some(PathBuf::from(root).join(folder))
}

/// Takes safe HTML apart again and complains of anything that is not on the list.
fn complaint(markup: &str) -> Option<String> {
    const ELEMENTS: &str = " a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr u ";
    const ATTRIBUTES: &str = " href target rel src alt width height colspan rowspan align valign scope span start reversed value dir lang title ";
    for token in tokens(markup) {
        let Token::Open(name, attributes) = token else {
            continue;
        };
        if !ELEMENTS.contains(&format!(" {name} ")) {
            return Some(format!("element {name}"));
        }
        for attribute in attributes.names() {
            if !ATTRIBUTES.contains(&format!(" {attribute} ")) {
                return Some(format!("attribute {attribute} on {name}"));
            }
        }
        if let Some(href) = attributes.get("href")
            && !["http:", "https:", "mailto:", "tel:"]
                .iter()
                .any(|scheme| href.trim().to_ascii_lowercase().starts_with(scheme))
        {
            return Some(format!("href {href}"));
        }
        if let Some(src) = attributes.get("src") {
            return Some(format!("src {src}"));
        }
    }
    None
}

/// The tags with their attributes in a fixed order, and the text.
fn tags(markup: &str) -> Vec<String> {
    tokens(markup)
        .map(|token| match token {
            Token::Open(name, attributes) => {
                let mut names: Vec<_> =
                    attributes.names().map(|one| format!("{one}={:?}", attributes.get(one))).collect();
                names.sort();
                format!("{name} {names:?}")
            }
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn no_published_payload_keeps_anything_that_could_run_or_fetch() {
    assert!(
        complaint("<p onclick=x>").is_some()
            && complaint("<svg>").is_some()
            && complaint("<a href='javascript:x'>").is_some()
    );
    let Some(folder) = reference("corpora/dev") else {
        return;
    };
    let rows = std::fs::read_to_string(folder.join("expected/xss.jsonl")).expect("the rows");
    let mut tried = 0;
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
        let variants = row["variants"].as_array().cloned().unwrap_or_default();
        for payload in std::iter::once(&row["payload"]).chain(&variants).filter_map(serde_json::Value::as_str)
        {
            tried += 1;
            let shown = safe(payload);
            assert_eq!(complaint(shown.as_str()), None, "{}\n{payload}\n{}", row["id"], shown.as_str());
            // Parsing it once more changes nothing: it cannot mutate into something else.
            assert_eq!(tags(safe(shown.as_str()).as_str()), tags(shown.as_str()), "{}", row["id"]);
        }
    }
    eprintln!("{tried} payloads");
    assert!(tried > 3000);
}
