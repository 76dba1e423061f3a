//! The small things IMAP commands are made of (RFC 9051 section 9): atoms, strings, literals, numbers, lists.

/// Why a command cannot be understood, in words for whoever wrote the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bad(pub &'static str);

pub(super) type Parsed<T> = Result<T, Bad>;

/// What is left of a command. Literals stand inside it as they came: `{5}` CR LF and five bytes.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub fn new(command: &'a [u8]) -> Self {
        Self { rest: command }
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes `what` if it is next, in small or large letters.
    pub fn eat(&mut self, what: &str) -> bool {
        match self.rest.split_at_checked(what.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(what.as_bytes()) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub fn need(&mut self, what: &str, complaint: &'static str) -> Parsed<()> {
        if self.eat(what) { Ok(()) } else { Err(Bad(complaint)) }
    }

    pub fn space(&mut self) -> Parsed<()> {
        self.need(" ", "a space is missing")
    }

    /// Nothing may be left.
    pub fn end(&self) -> Parsed<()> {
        if self.is_done() { Ok(()) } else { Err(Bad("there is more than the command takes")) }
    }

    /// ATOM-CHARs, at least one.
    pub fn atom(&mut self) -> Parsed<&'a str> {
        self.word(is_atom, "a word is missing")
    }

    pub fn number(&mut self) -> Parsed<u32> {
        let digits = self.word(|byte| byte.is_ascii_digit(), "a number is missing")?;
        digits.parse().map_err(|_| Bad("a number is too large"))
    }

    /// A flag: `\Seen` or a keyword.
    pub fn flag(&mut self) -> Parsed<String> {
        let slash = if self.eat("\\") { "\\" } else { "" };
        Ok(format!("{slash}{}", self.atom()?))
    }

    /// An atom, a quoted string or a literal, as text; `]` may stand in the atom.
    pub fn astring(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(b'"' | b'{') => Ok(String::from_utf8_lossy(&self.string()?).into_owned()),
            _ => self.word(|byte| is_atom(byte) || byte == b']', "a string is missing").map(str::to_owned),
        }
    }

    /// As [`Tokens::astring`], where `%` and `*` may stand in the atom too.
    pub fn pattern(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(b'"' | b'{') => self.astring(),
            _ => self
                .word(|byte| is_atom(byte) || b"]%*".contains(&byte), "a pattern is missing")
                .map(str::to_owned),
        }
    }

    /// A quoted string or a literal, as bytes.
    pub fn string(&mut self) -> Parsed<Vec<u8>> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'{') => self.literal().map(<[u8]>::to_vec),
            _ => Err(Bad("a string is missing")),
        }
    }

    /// `{5}` CR LF and the bytes; with LITERAL+ also `{5+}`.
    pub fn literal(&mut self) -> Parsed<&'a [u8]> {
        self.need("{", "a literal is missing")?;
        let length = self.number()? as usize;
        self.eat("+");
        self.need("}\r\n", "a literal has no end")?;
        let (literal, rest) = self.rest.split_at_checked(length).ok_or(Bad("a literal is too short"))?;
        self.rest = rest;
        Ok(literal)
    }

    /// `(one two)`, empty allowed.
    pub fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.need("(", "a list is missing")?;
        let mut all = Vec::new();
        while !self.eat(")") {
            if !all.is_empty() {
                self.space()?;
            }
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// All that is left, as text.
    pub fn remainder(&mut self) -> String {
        String::from_utf8_lossy(std::mem::take(&mut self.rest)).into_owned()
    }

    fn quoted(&mut self) -> Parsed<Vec<u8>> {
        self.need("\"", "a quoted string is missing")?;
        let mut text = Vec::new();
        loop {
            match self.rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return Ok(text);
                }
                [b'\\', byte @ (b'"' | b'\\'), rest @ ..] => {
                    text.push(*byte);
                    self.rest = rest;
                }
                [b'\\', ..] => return Err(Bad("only \" and \\ can be escaped")),
                [b'\r' | b'\n' | 0, ..] | [] => return Err(Bad("a quoted string has no end")),
                [byte, rest @ ..] => {
                    text.push(*byte);
                    self.rest = rest;
                }
            }
        }
    }

    fn word(&mut self, fits: impl Fn(u8) -> bool, complaint: &'static str) -> Parsed<&'a str> {
        let length = self.rest.iter().take_while(|byte| fits(**byte)).count();
        let (word, rest) = self.rest.split_at(length);
        match std::str::from_utf8(word) {
            Ok(word) if length > 0 => {
                self.rest = rest;
                Ok(word)
            }
            _ => Err(Bad(complaint)),
        }
    }
}

/// How many bytes of literal a line asks for at its end, and whether the client waits to be asked for them (it does not
/// with LITERAL+, RFC 7888).
pub(super) fn literal_at_end(line: &[u8]) -> Option<(usize, bool)> {
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|byte| *byte == b'{')?;
    let inner = &inner[open + 1..];
    let (digits, waits) = match inner.strip_suffix(b"+") {
        Some(digits) => (digits, false),
        None => (inner, true),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count = std::str::from_utf8(digits).ok()?.parse();
    Some((count.unwrap_or(usize::MAX), waits))
}

/// Puts a string between quotes; what cannot stand there is left out.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_in_three_shapes() {
        let mut tokens = Tokens::new(b"plain \"quo\\\"ted {3}\" {5+}\r\na\r\n)b rest");
        assert_eq!(tokens.astring().unwrap(), "plain");
        tokens.space().unwrap();
        assert_eq!(tokens.astring().unwrap(), "quo\"ted {3}");
        tokens.space().unwrap();
        assert_eq!(tokens.literal().unwrap(), b"a\r\n)b");
        assert_eq!(tokens.remainder(), " rest");
    }

    #[test]
    fn broken_ones_are_refused() {
        for text in ["\"open", "\"a\\n\"", "{9}\r\nshort", "{1}x", "{x}\r\n", "{99999999999}\r\n", "", "("] {
            assert!(Tokens::new(text.as_bytes()).string().is_err(), "{text}");
        }
        assert!(Tokens::new(b"(a b").list(Tokens::flag).is_err());
    }

    #[test]
    fn a_line_says_when_a_literal_follows() {
        assert_eq!(literal_at_end(b"a1 LOGIN {3}"), Some((3, true)));
        assert_eq!(literal_at_end(b"a1 LOGIN {3+}"), Some((3, false)));
        assert_eq!(literal_at_end(b"{99999999999999999999999}"), Some((usize::MAX, true)));
        for line in [b"a1 NOOP".as_slice(), b"{}", b"{+}", b"{-1}", b"}", b"{1} "] {
            assert_eq!(literal_at_end(line), None);
        }
        assert_eq!(quote("a\"b\\c\r\n"), "\"a\\\"b\\\\c\"");
    }
}
