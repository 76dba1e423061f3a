//! What a file is, by what it holds rather than by what is said of it.

/// Files up to this size stay in their row, where they are pressed to disk with it; a file of their own would cost one more
/// pressing each. Larger ones go to the blob store.
pub const LARGEST_IN_ROW: usize = 64 * 1024;

/// Of a kind that cannot be told.
pub const ANYTHING: &str = "application/octet-stream";
const LONGEST_NAME: usize = 150;

/// By what a kind begins: at which byte, with which ones.
const BEGINNINGS: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xFF\xD8\xFF", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1A\x45\xDF\xA3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xFF\xFB", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
];

/// The kind of a file that begins with these bytes. What its browser declared counts only where the bytes do not tell and
/// nothing else can be said against it: no page and no picture is what it merely says it is.
pub fn kind(declared: &str, head: &[u8]) -> String {
    let begins =
        |(at, with, _): &&(usize, &[u8], &str)| head.get(*at..).is_some_and(|rest| rest.starts_with(with));
    if let Some((_, _, kind)) = BEGINNINGS.iter().find(begins) {
        return (*kind).to_owned();
    }
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let sound = |c: char| c.is_ascii_alphanumeric() || "/.+-_".contains(c);
    let family =
        declared.split_once('/').map_or("", |(family, rest)| if rest.is_empty() { "" } else { family });
    let has_beginning = BEGINNINGS.iter().any(|(_, _, kind)| *kind == declared);
    match family {
        "text" if head.contains(&0) => ANYTHING.to_owned(),
        "text" | "application" | "font" | "message" | "audio" | "video"
            if !has_beginning && declared.len() <= 100 && declared.chars().all(sound) =>
        {
            declared
        }
        _ => ANYTHING.to_owned(),
    }
}

/// The name as a recipient may see it: never a path, on one line, and what it shows is what it is.
pub fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let plain: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.trim_start_matches(['.', ' ']);
    if plain.is_empty() {
        return "file".to_owned();
    }
    if plain.chars().count() <= LONGEST_NAME {
        return plain.to_owned();
    }
    // Programs go by the ending.
    let (stem, ending) =
        plain.rsplit_once('.').filter(|(_, ending)| ending.len() <= 10).unwrap_or((plain, ""));
    let stem: String = stem.chars().take(LONGEST_NAME - ending.len() - 1).collect();
    let stem = stem.trim_end();
    if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") }
}

/// A size as people say it: "18 MB", "340 KB".
pub fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20).replace(".0 MB", " MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_tell_what_a_file_is_and_names_do_not() {
        for (declared, head, is) in [
            ("text/plain", &b"\x89PNG\r\n\x1a\n...."[..], "image/png"),
            ("image/png", b"<script>", ANYTHING),
            ("image/svg+xml", b"<svg xmlns=", ANYTHING),
            ("application/pdf", b"%PDF-1.7", "application/pdf"),
            ("application/pdf", b"MZ", ANYTHING),
            ("text/csv; charset=utf-8", b"a;b\n", "text/csv"),
            ("text/csv", b"a\0b", ANYTHING),
            ("audio/mp4", b"\0\0\0\x20ftypM4A ", "audio/mp4"),
            ("", b"\0\0\0\x18ftypmp42", "video/mp4"),
            (
                "application/vnd.oasis.opendocument.text",
                b"PK\x03\x04",
                "application/vnd.oasis.opendocument.text",
            ),
            ("application/x y", b"", ANYTHING),
            ("nonsense", b"", ANYTHING),
        ] {
            assert_eq!(kind(declared, head), is, "{declared}");
        }
    }

    #[test]
    fn a_name_is_no_path_and_keeps_its_ending() {
        for (given, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\Öffnungszeiten 图书馆.pdf", "Öffnungszeiten 图书馆.pdf"),
            ("a\r\nb.pdf", "ab.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("...", "file"),
            ("", "file"),
        ] {
            assert_eq!(name(given), shown);
        }
        let long = name(&format!("{}.pdf", "é".repeat(400)));
        assert!(long.ends_with("é.pdf") && long.chars().count() <= LONGEST_NAME, "{long}");
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = [0, 900, 2048, 18 << 20, (3 << 20) + (1 << 19)].map(size_in_words);
        assert_eq!(said, ["0 bytes", "900 bytes", "2 KB", "18 MB", "3.5 MB"]);
    }

    proptest! {
        #[test]
        fn no_name_breaks_out(given in ".*") {
            let shown = name(&given);
            prop_assert!(!shown.is_empty() && !shown.contains(['/', '\\', '\r', '\n', '\0']));
            prop_assert_eq!(name(&shown), shown);
        }
    }
}
