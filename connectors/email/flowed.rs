//! `format=flowed` (RFC 3676): lines joined into paragraphs again, space stuffing taken out.

/// Undoes flowing. `delsp` says that the space that marks a soft break is not part of the text.
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Quote depth of the paragraph that the next line may continue.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let body = line.trim_start_matches('>');
        let depth = line.len() - body.len();
        let body = body.strip_prefix(' ').unwrap_or(body);
        let is_signature = body == "-- ";
        let flows = body.ends_with(' ') && !is_signature;
        if open != Some(depth) || is_signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        match flows {
            true => {
                out.push_str(if delsp { &body[..body.len() - 1] } else { body });
                open = Some(depth);
            }
            false => {
                out.push_str(body);
                out.push('\n');
                open = None;
            }
        }
    }
    out
}
