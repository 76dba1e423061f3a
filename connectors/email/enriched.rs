//! `text/enriched` (RFC 1896) and the `text/richtext` before it (RFC 1341): the words without the marks.

/// The text. Marks that never end are text.
pub fn to_text(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    // Inside `nofill` line ends are meant as they stand; inside `param` stands what the mark needs to know.
    let (mut unfilled, mut params) = (0u32, 0u32);
    while let Some(at) = rest.find(['<', '\n']) {
        let (said, from) = rest.split_at(at);
        push(&mut out, said, params);
        if from.starts_with('\n') {
            let tail = from.trim_start_matches('\n');
            let count = from.len() - tail.len();
            // One line end is a space, each further one is a line end.
            let ends = if unfilled > 0 { count } else { count - 1 };
            push(&mut out, if ends == 0 { " " } else { &from[..ends] }, params);
            rest = tail;
            continue;
        }
        if let Some(tail) = from.strip_prefix("<<") {
            push(&mut out, "<", params);
            rest = tail;
            continue;
        }
        let Some((mark, tail)) = mark(from) else {
            push(&mut out, "<", params);
            rest = &from[1..];
            continue;
        };
        match mark.to_ascii_lowercase().as_str() {
            "nofill" => unfilled += 1,
            "/nofill" => unfilled = unfilled.saturating_sub(1),
            "param" => params += 1,
            "/param" => params = params.saturating_sub(1),
            "lt" => push(&mut out, "<", params),
            "nl" | "np" | "/paragraph" => push(&mut out, "\n", params),
            _ => {}
        }
        rest = tail;
    }
    push(&mut out, rest, params);
    out
}

fn push(out: &mut String, text: &str, params: u32) {
    if params == 0 {
        out.push_str(text);
    }
}

/// The name between the signs, and what follows. RFC 1896 allows 60 letters, digits and hyphens.
fn mark(from: &str) -> Option<(&str, &str)> {
    let inner = &from[1..];
    let end = inner[..inner.floor_char_boundary(62)].find('>')?;
    let name = &inner[..end];
    let bare = name.strip_prefix('/').unwrap_or(name);
    let is_name = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then(|| (name, &inner[end + 1..]))
}
