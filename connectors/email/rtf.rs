//! Rich text (RTF): the words without the looks, and what Outlook squeezes it into (MS-OXRTFCP).
//!
//! The one crate for the squeezed form reserves as much memory as the file says, and stops at its first damage.

use super::mime::{charset, transfer};
use crate::markup;

/// More than this is not unpacked, in bytes.
const MOST: usize = 8 << 20;
/// More groups inside each other than any program writes.
const DEEPEST: usize = 500;

const COMPRESSED: u32 = 0x7546_5a4c;
const UNCOMPRESSED: u32 = 0x414c_454d;
/// What the window holds before the first byte (MS-OXRTFCP section 2.1.3.1).
const KNOWN: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The rich text in `bytes`, as far as they go; none where they are nothing of the kind.
pub fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| {
        let four = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    };
    let data = bytes.get(16..)?;
    match number(8)? {
        UNCOMPRESSED => Some(data.to_vec()),
        COMPRESSED => {
            let whole = usize::try_from(number(4)?).ok()?;
            Some(expand(data, whole.min(MOST)))
        }
        _ => None,
    }
}

fn expand(data: &[u8], whole: usize) -> Vec<u8> {
    let mut window = [b' '; 4096];
    window[..KNOWN.len()].copy_from_slice(KNOWN);
    let mut next = KNOWN.len();
    let mut out = Vec::new();
    let mut rest = data.iter().copied();
    'all: while let Some(control) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else { break 'all };
            let (from, length) = if control >> bit & 1 == 0 {
                window[next] = first;
                (next, 1)
            } else {
                let Some(second) = rest.next() else { break 'all };
                let pair = usize::from(first) << 8 | usize::from(second);
                (pair >> 4, (pair & 15) + 2)
            };
            // A reference to where the next byte goes is the end.
            if length > 1 && from == next {
                break 'all;
            }
            for step in 0..length {
                let byte = window[(from + step) % window.len()];
                window[next] = byte;
                next = (next + 1) % window.len();
                out.push(byte);
            }
            if out.len() >= whole {
                break 'all;
            }
        }
    }
    out.truncate(whole);
    out
}

/// The words of a rich text. Where it only wraps HTML (MS-OXRTFEX), the words of that.
pub fn to_text(source: &[u8]) -> String {
    let (text, is_html) = read(source);
    let text = if is_html { markup::to_text(&text) } else { text };
    text.trim().to_owned()
}

#[derive(Clone)]
struct Group {
    /// Its words are not shown: fonts, colours, pictures, marks for other programs.
    hidden: bool,
    /// It holds a piece of the HTML that is wrapped.
    is_tag: bool,
    /// How many characters a reader of Unicode skips behind each `\u`.
    skips: usize,
}

struct Reading {
    out: String,
    /// Bytes of the code page that are not text yet, since a character may be several.
    bytes: Vec<u8>,
    codepage: String,
    group: Group,
    is_html: bool,
    /// Looks that stand in for the HTML around them.
    is_doubled: bool,
    /// Characters left to skip.
    skip: usize,
    /// Half of a character that `\u` writes as two.
    half: Option<u16>,
}

fn read(source: &[u8]) -> (String, bool) {
    let top = Group { hidden: false, is_tag: false, skips: 1 };
    let mut reading = Reading {
        out: String::new(),
        bytes: Vec::new(),
        codepage: "windows-1252".to_owned(),
        group: top,
        is_html: false,
        is_doubled: false,
        skip: 0,
        half: None,
    };
    let mut above: Vec<Group> = Vec::new();
    let mut at = 0;
    while let Some(byte) = source.get(at) {
        at += 1;
        match byte {
            b'{' => {
                if above.len() >= DEEPEST {
                    break;
                }
                above.push(reading.group.clone());
                reading.skip = 0;
            }
            b'}' => {
                reading.flush();
                reading.skip = 0;
                reading.group = above.pop().unwrap_or_else(|| reading.group.clone());
            }
            b'\\' => at = reading.control(source, at),
            b'\r' | b'\n' | 0 => {}
            byte => reading.byte(*byte),
        }
    }
    reading.flush();
    (reading.out, reading.is_html)
}

impl Reading {
    /// What follows a backslash; says where it ends.
    fn control(&mut self, source: &[u8], at: usize) -> usize {
        let Some(first) = source.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    if let (Some(high), Some(low)) =
                        (transfer::hex(source.get(at + 1)), transfer::hex(source.get(at + 2)))
                    {
                        self.byte(high << 4 | low);
                        return at + 3;
                    }
                }
                b'*' => self.group.hidden = true,
                b'~' => self.push('\u{a0}'),
                b'_' => self.push('\u{2011}'),
                b'\n' | b'\r' => self.push('\n'),
                b'\\' | b'{' | b'}' => self.byte(*first),
                _ => {}
            }
            return at + 1;
        }
        let letters = source[at..].iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&source[at..at + letters]).into_owned();
        let mut end = at + letters;
        let sign = usize::from(source.get(end) == Some(&b'-'));
        let digits = source[end + sign..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = (digits > 0)
            .then(|| String::from_utf8_lossy(&source[end..end + sign + digits]).parse::<i64>().ok())
            .flatten();
        if digits > 0 {
            end += sign + digits;
        }
        end += usize::from(source.get(end) == Some(&b' '));
        if word == "bin" {
            let length = number.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
            return end.saturating_add(length).min(source.len());
        }
        self.word(&word, number);
        end
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        match word {
            "par" | "line" | "row" | "sect" | "page" => self.push('\n'),
            "tab" | "cell" => self.push('\t'),
            "emdash" => self.push('\u{2014}'),
            "endash" => self.push('\u{2013}'),
            "lquote" => self.push('\u{2018}'),
            "rquote" => self.push('\u{2019}'),
            "ldblquote" => self.push('\u{201c}'),
            "rdblquote" => self.push('\u{201d}'),
            "bullet" => self.push('\u{2022}'),
            "ansicpg" => {
                if let Some(number) = number.and_then(|number| u32::try_from(number).ok()) {
                    self.codepage = charset::of_codepage(number);
                }
            }
            "uc" => {
                self.group.skips = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(8)
            }
            "u" => self.unicode(number.unwrap_or(0)),
            "fromhtml" => self.is_html = number != Some(0),
            "htmltag" => (self.group.hidden, self.group.is_tag) = (false, true),
            "htmlrtf" => self.is_doubled = number != Some(0),
            "fonttbl" | "colortbl" | "stylesheet" | "info" | "pict" | "object" | "header" | "footer"
            | "themedata" | "listtable" | "fldinst" | "mhtmltag" => self.group.hidden = true,
            _ => {}
        }
    }

    /// Half or all of a character, as a signed number of 16 bits.
    fn unicode(&mut self, number: i64) {
        self.flush();
        self.skip = self.group.skips;
        let unit = (number & 0xffff) as u16;
        let units = [self.half.take().unwrap_or(unit), unit];
        let units = if units[0] == unit { &units[1..] } else { &units[..] };
        match char::decode_utf16(units.iter().copied()).find_map(Result::ok) {
            Some(c) => self.show(c),
            _ if (0xd800..0xdc00).contains(&unit) => self.half = Some(unit),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.is_shown() {
            self.bytes.push(byte);
        }
    }

    fn push(&mut self, c: char) {
        self.flush();
        self.skip = 0;
        self.show(c);
    }

    fn show(&mut self, c: char) {
        if self.is_shown() && c != '\0' {
            self.out.push(c);
        }
    }

    fn is_shown(&self) -> bool {
        !self.group.hidden && (self.group.is_tag || !(self.is_html && self.is_doubled))
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.out.push_str(&charset::decode(&self.bytes, Some(&self.codepage)));
            self.bytes.clear();
        }
    }
}
