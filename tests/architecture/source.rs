//! The files of the project as the rules see them: with or without tests, comments and strings.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One text file.
pub struct Source {
    /// Relative to the project, with forward slashes.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Rust without tests and comments, every line still at its number; other files as they are.
    pub code: String,
    /// `code` with its strings emptied too.
    pub bare: String,
    /// Whether the whole file is a test, or an example that nobody ships.
    pub is_test: bool,
}

impl Source {
    /// Takes `text` apart by the kind of file that `path` names.
    pub fn new(path: &str, text: &str) -> Self {
        let is_test = is_test(path);
        let (code, bare) = if path.ends_with(".rs") {
            let product = without_tests(text);
            (blank(&product, false), blank(&product, true))
        } else {
            (text.to_owned(), text.to_owned())
        };
        Self { path: path.to_owned(), text: text.to_owned(), code, bare, is_test }
    }

    /// Whether this is Rust or web code that ships, in one of `rooms` (paths, as prefixes).
    pub fn ships_in(&self, rooms: &[&str]) -> bool {
        !self.is_test && self.is_code() && rooms.iter().any(|room| self.path.starts_with(room))
    }

    /// Whether somebody wrote this file to be compiled.
    pub fn is_code(&self) -> bool {
        let written = [".rs", ".ts", ".svelte"].iter().any(|ending| self.path.ends_with(ending));
        written && !self.path.ends_with(".d.ts") && !self.path.contains("generated")
    }

    /// How many lines ship: without tests, but with comments and blank lines.
    pub fn lines(&self) -> usize {
        if self.path.ends_with(".rs") && !self.is_test {
            without_tests(&self.text).trim_end().lines().count()
        } else {
            self.text.trim_end().lines().count()
        }
    }
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/examples/")
        || ["tests.rs", "_tests.rs", ".test.ts", ".spec.ts"].iter().any(|ending| name.ends_with(ending))
}

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the project, build products aside.
pub fn tree() -> &'static [Source] {
    static TREE: OnceLock<Vec<Source>> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut files = Vec::new();
        walk(root(), &mut files);
        files.sort();
        let tree: Vec<Source> = files
            .iter()
            .filter_map(|path| {
                // A file that is not text has no rules to follow.
                let text = std::fs::read_to_string(path).ok()?;
                let path = path.strip_prefix(root()).expect("it was found below");
                Some(Source::new(path.to_str().expect("our names are plain ASCII"), &text))
            })
            .collect();
        let rust = tree.iter().filter(|file| file.path.starts_with("src/")).count();
        assert!(rust > 1, "the rules would read nothing");
        tree
    })
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("the project can be read").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let kind = entry.file_type().expect("it was just listed");
        if kind.is_dir() {
            if !["target", "node_modules", "dist", ".git", ".local"].iter().any(|other| name == *other) {
                walk(&path, files);
            }
        } else if kind.is_file() && name != ".git" {
            files.push(path);
        }
    }
}

/// Empties every `#[cfg(test)] mod … { … }`. Relies on rustfmt: the block ends at its own indentation.
fn without_tests(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            let indent = &line[..line.len() - line.trim_start().len()];
            let opens =
                lines.peek().is_some_and(|next| next.trim_start().starts_with("mod ") && next.ends_with('{'));
            if opens {
                let end = format!("{indent}}}");
                out.push('\n');
                for inner in lines.by_ref() {
                    out.push('\n');
                    if inner == end {
                        break;
                    }
                }
                continue;
            }
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Rust with its comments (and, when `strings`, the insides of its strings) replaced by blanks.
fn blank(text: &str, strings: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (length, hide) = token(rest);
        let (this, after) = rest.split_at(length);
        match hide {
            Token::Code => out.push_str(this),
            Token::Text if !strings => out.push_str(this),
            Token::Text => {
                out.push('"');
                out.extend(this.chars().filter(|c| *c == '\n'));
                out.push('"');
            }
            Token::Comment => out.extend(this.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
        }
        rest = after;
    }
    out
}

enum Token {
    Code,
    Text,
    Comment,
}

/// The length in bytes of what `rest` begins with, and what it is.
fn token(rest: &str) -> (usize, Token) {
    let bytes = rest.as_bytes();
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Token::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(bytes), Token::Comment);
    }
    if bytes[0] == b'"' {
        return (quoted(bytes, b'"'), Token::Text);
    }
    // 'a' and '\n' are characters, 'a alone is a lifetime.
    if bytes[0] == b'\'' {
        let mut chars = rest.char_indices().skip(1);
        let first = chars.next().map(|(_, c)| c);
        let closes = chars.next().is_some_and(|(_, c)| c == '\'');
        return if first == Some('\\') || closes {
            (quoted(bytes, b'\''), Token::Text)
        } else {
            (1, Token::Code)
        };
    }
    if bytes[0].is_ascii_alphanumeric() || bytes[0] == b'_' {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let hashes = rest[word..].bytes().take_while(|byte| *byte == b'#').count();
        if ["r", "br", "cr"].contains(&&rest[..word]) && bytes.get(word + hashes) == Some(&b'"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let start = word + hashes + 1;
            let end = rest[start..].find(&close).map_or(rest.len(), |at| start + at + close.len());
            return (end, Token::Text);
        }
        return (word, Token::Code);
    }
    (rest.chars().next().map_or(1, char::len_utf8), Token::Code)
}

fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[test]
fn comments_and_strings_are_told_from_code() {
    let text = "let a = \"// no comment\"; // a comment\nlet b = r#\"raw \" one\"#; /* two\nlines /* nested */ */ c::<'x>('\"', '\\'');\n";
    let source = Source::new("src/a.rs", text);
    assert_eq!(
        source.code.replace(' ', ""),
        "leta=\"//nocomment\";\nletb=r#\"raw\"one\"#;\nc::<'x>('\"','\\'');\n"
    );
    assert_eq!(source.bare.replace(' ', ""), "leta=\"\";\nletb=\"\";\nc::<'x>(\"\",\"\");\n");
}

#[test]
fn the_tests_in_a_file_do_not_ship() {
    let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n#[cfg(test)]\nmod apart;\n";
    let source = Source::new("src/a.rs", text);
    assert!(!source.bare.contains("fn b") && source.bare.contains("fn a") && source.bare.contains("fn c"));
    assert_eq!(source.code.lines().count(), text.lines().count(), "lines keep their numbers");
    assert_eq!(Source::new("src/a.rs", "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    x\n}\n").lines(), 1);
    assert!(
        Source::new("src/store/tests.rs", "").is_test && Source::new("src/store/lease_tests.rs", "").is_test
    );
    assert!(!Source::new("src/store/attests_to.rs", "").is_test);
}
