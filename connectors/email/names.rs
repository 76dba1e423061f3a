//! Names strangers choose, made harmless before they stand beside ours.

/// Longest name kept, in characters.
const LONGEST: usize = 250;

/// The name without control, bidirectional and invisible characters, white space collapsed, bounded in length.
///
/// Joiners stay between letters outside ASCII, where Persian, Indic scripts and emoji need them.
pub fn harmless(name: &str) -> String {
    let name = name.trim();
    let mut out = String::with_capacity(name.len().min(LONGEST * 4));
    let mut kept = 0;
    let mut chars = name.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        if kept == LONGEST {
            out.push('…');
            break;
        }
        let joins = matches!(c, '\u{200c}' | '\u{200d}')
            && !before.is_ascii()
            && chars.peek().is_some_and(|c| !c.is_ascii());
        if is_hidden(c) && !joins {
            continue;
        }
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        if c == ' ' && before == ' ' {
            continue;
        }
        out.push(c);
        kept += 1;
        before = c;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Takes up no room or turns the order of what follows.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
}

/// The text on one line, without control and bidirectional characters, otherwise as it is.
pub fn one_line(text: &str) -> String {
    let turned = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !turned(*c)).map(|c| if c.is_control() { ' ' } else { c }).take(2000).collect()
}
