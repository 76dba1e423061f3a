//! Message-IDs out of `Message-ID`, `In-Reply-To` and `References`.

/// More ids than this of one field are not read; the last ones matter most for threading and are kept.
const MOST: usize = 500;

/// All ids of a field that lists ids, without brackets, folds taken out, in order.
///
/// Tolerated: commas between ids, ids without brackets, a bracket that never closes.
pub fn list(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '>'));
        if rest.is_empty() {
            break;
        }
        let (id, after) = match rest.strip_prefix('<') {
            Some(inner) => {
                let end = inner.find(['>', '<']).unwrap_or(inner.len());
                (&inner[..end], &inner[end..])
            }
            None => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<'))
                    .unwrap_or(rest.len());
                (&rest[..end], &rest[end..])
            }
        };
        let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        if !id.is_empty() {
            ids.push(id);
        }
        rest = after;
    }
    if ids.len() > MOST {
        ids.drain(1..ids.len() - MOST + 1);
    }
    ids
}

/// Ids of an `In-Reply-To`, which old programs fill with prose: then only what can be an id counts.
pub fn in_reply_to(text: &str) -> Vec<String> {
    let mut ids = list(text);
    if ids.len() > 1 {
        ids.retain(|id| id.contains('@'));
    }
    ids
}

/// The one id of a `Message-ID` field.
pub fn single(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let inner = match trimmed.find('<') {
        Some(start) => {
            let inner = &trimmed[start + 1..];
            &inner[..inner.find('>').unwrap_or(inner.len())]
        }
        None => trimmed,
    };
    let id: String = inner.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(998).collect();
    (!id.is_empty()).then_some(id)
}
