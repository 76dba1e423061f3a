//! The second wall: a document of its own for the sandboxed frame.

use super::SafeHtml;

/// The policy the frame is under: its pictures are written into it, and nothing is asked of anybody, not of us either.
/// The response that carries the document should send it as a header too, with `sandbox allow-popups`, which a `meta`
/// element cannot.
pub const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole document for `<iframe sandbox="allow-popups">`: nothing may run, nothing may be fetched from other hosts.
///
/// Takes only [`SafeHtml`], so that forgetting the first wall does not compile.
pub fn frame_document(safe: &SafeHtml) -> String {
    let body = safe.as_str();
    let mut page = String::with_capacity(body.len() + 1600);
    page.push_str("<!doctype html><html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"");
    page.push_str(POLICY);
    page.push_str(
        "\"><meta name=\"referrer\" content=\"no-referrer\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Message</title><style>",
    );
    page.push_str(STYLE);
    page.push_str("</style></head><body>");
    page.push_str(body);
    page.push_str("</body></html>");
    page
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:.25rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
img{max-width:100%;height:auto}\
table{border-collapse:collapse;max-width:100%}\
td,th{padding:.1rem .4rem;vertical-align:top;text-align:start}\
pre{white-space:pre-wrap}\
blockquote{margin:.5rem 0;padding-inline-start:.75rem;border-inline-start:3px solid #9995}\
a{color:LinkText}";
