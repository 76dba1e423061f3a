//! Whether somebody's address is the one that people wrote down.

/// Somebody's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    /// As the platform tells it from others: folded.
    pub id: &'a str,
    /// As people write it.
    pub shown: &'a str,
}

impl Sender<'_> {
    /// Whether this is `written`: an address, a number however it is grouped, a handle; or `@example.org`, which is every
    /// address of that domain and those below it.
    pub fn is(&self, written: &str) -> bool {
        let written = folded(written);
        if written.is_empty() {
            return false;
        }
        if written == folded(self.id) || written == folded(self.shown) {
            return true;
        }
        let Some(domain) = written.strip_prefix('@').filter(|domain| domain.contains('.')) else {
            return number(&written).is_some_and(|one| number(self.id) == Some(one));
        };
        let own = folded(self.id);
        let Some((_, own)) = own.rsplit_once('@') else { return false };
        own == domain || own.strip_suffix(domain).is_some_and(|below| below.ends_with('.'))
    }
}

/// As addresses are compared.
fn folded(written: &str) -> String {
    written.trim().to_lowercase()
}

/// A telephone number without what people put between its digits. None for what is none.
pub(in crate::model) fn number(written: &str) -> Option<String> {
    let between = |c: &char| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}');
    let bare: String = written.trim().chars().filter(between).collect();
    let digits = bare.strip_prefix('+')?;
    (digits.len() >= 6 && digits.chars().all(|c| c.is_ascii_digit())).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_itself_and_its_domain_and_no_other() {
        let jo = Sender { id: "jo@post.example.org", shown: "Jo@Post.example.org" };
        for written in ["jo@post.example.org", " JO@post.Example.org", "@post.example.org", "@example.org"] {
            assert!(jo.is(written), "{written}");
        }
        for written in [
            "",
            " ",
            "@",
            "@org",
            "example.org",
            "@ample.org",
            "@st.example.org",
            "jo@example.org",
            "@post.example.org.uk",
        ] {
            assert!(!jo.is(written), "{written}");
        }
    }

    #[test]
    fn a_number_is_itself_however_it_is_grouped() {
        let caller = Sender { id: "+14065550193", shown: "(406) 555-0193" };
        for written in ["+14065550193", "+1 (406) 555-0193", "+1.406.555.0193", "(406) 555-0193"] {
            assert!(caller.is(written), "{written}");
        }
        for written in ["+1406555019", "+", "4065550194", "+1 406 555 0193 ext"] {
            assert!(!caller.is(written), "{written}");
        }
    }

    #[test]
    fn a_handle_is_known_by_what_people_see() {
        let tamsin = Sender { id: "77120", shown: "@Tamsin" };
        assert!(tamsin.is("@tamsin") && tamsin.is("77120"));
        assert!(!tamsin.is("tamsin") && !tamsin.is("@tam"));
    }
}
