//! X's way of writing a text, made readable: its short links are whole again, its escapes undone.

use super::wire::Link;

/// What a person would read on X.
pub fn readable(text: &str, links: &[Link]) -> String {
    let mut text = unescaped(text);
    for link in links {
        text = if link.is_media {
            // Stands at the end for the picture that is shown below.
            text.replace(&format!(" {}", link.short), "").replace(&link.short, "")
        } else {
            text.replace(&link.short, &link.whole)
        };
    }
    text
}

/// X writes three characters as HTML does.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Without the names that X itself puts before an answer (`all`), or without our own before a question.
pub fn without_names<'a>(text: &'a str, ours: Option<&str>, all: bool) -> &'a str {
    let mut rest = text.trim_start();
    loop {
        let Some(after) = rest.strip_prefix(['@', '＠']) else { return rest };
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let (name, behind) = after.split_at(end);
        let is_ours = ours.is_some_and(|ours| ours.eq_ignore_ascii_case(name));
        if name.is_empty() || !(is_ours || all) {
            return rest;
        }
        let trimmed = behind.trim_start_matches([',', ':']).trim_start();
        // A name alone is all there is to read.
        if trimmed.is_empty() {
            return rest;
        }
        rest = trimmed;
    }
}

/// Two texts that a reader would take for the same.
pub fn is_same(one: &str, other: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let folded = |text: &str| {
        let words: Vec<String> =
            text.nfc().collect::<String>().split_whitespace().map(str::to_owned).collect();
        words.join(" ")
    };
    folded(one) == folded(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(readable("Fish &amp; chips &lt;3 &amp;lt;", &[]), "Fish & chips <3 &lt;");
    }

    #[test]
    fn short_links_are_whole_again_and_those_of_pictures_gone() {
        let links = [
            Link {
                short: "https://t.co/a".into(),
                whole: "https://library.example/hours".into(),
                is_media: false,
            },
            Link {
                short: "https://t.co/b".into(),
                whole: "https://x.com/a/status/1/photo/1".into(),
                is_media: true,
            },
        ];
        let text = "See https://t.co/a https://t.co/b";
        assert_eq!(readable(text, &links), "See https://library.example/hours");
    }

    #[test]
    fn only_names_that_say_nothing_go() {
        let ours = Some("FernhillLib");
        assert_eq!(without_names("@fernhilllib are you open?", ours, false), "are you open?");
        assert_eq!(
            without_names("@ana @FernhillLib are you open?", ours, false),
            "@ana @FernhillLib are you open?"
        );
        assert_eq!(without_names("@ana @FernhillLib are you open?", ours, true), "are you open?");
        assert_eq!(without_names("are you open @FernhillLib?", ours, true), "are you open @FernhillLib?");
        assert_eq!(without_names("@FernhillLib", ours, true), "@FernhillLib");
        assert_eq!(without_names("@ what", ours, true), "@ what");
    }
}
