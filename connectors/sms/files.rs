//! Files that leave with a text (MMS): the platform fetches each from an address of ours, so without one none can go.

use super::outbound::refuse;
use crate::contract::{AttachmentRules, Enclosure, Level, Reason, Refusal};

/// The platform takes these up to its own limit and fits them to each carrier.
const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/gif"];
const PICTURE_BYTES: u64 = 5_000_000;
/// Others are passed on as they are, and carriers drop large ones.
const OTHERS: &[&str] = &[
    "application/pdf",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "video/mp4",
    "video/quicktime",
    "text/vcard",
    "text/calendar",
];
const OTHER_BYTES: u64 = 500_000;
const MOST_FILES: u32 = 10;
/// Elsewhere no carrier takes them.
const COUNTRIES: &[&str] = &["+1", "+61"];
const NO_ADDRESS: &str = "Text messages can carry files only when Deskbell has a public address, from which the platform can fetch them. Put a link into the text, or answer another way.";

/// What can go. `open`: whether the platform can reach us.
pub fn rules(open: bool) -> AttachmentRules {
    if !open {
        return AttachmentRules { needs_public_url: true, ..AttachmentRules::none(NO_ADDRESS) };
    }
    let kinds = |kinds: &[&str], most: u64| -> Vec<(String, u64)> {
        kinds.iter().map(|kind| ((*kind).to_owned(), most)).collect()
    };
    AttachmentRules {
        level: Level::Native,
        why_not: None,
        max_count: MOST_FILES,
        max_total_bytes: PICTURE_BYTES,
        kinds: [kinds(PICTURES, PICTURE_BYTES), kinds(OTHERS, OTHER_BYTES)].concat(),
        without_text: true,
        needs_public_url: true,
    }
}

/// Whether these can go to this number.
pub fn check(open: bool, files: &[Enclosure], to: &str) -> Result<(), Refusal> {
    if files.is_empty() {
        return Ok(());
    }
    let bad = |why: String| refuse(Reason::BadAttachment, why);
    let rules = rules(open);
    if let Some(why) = rules.why_not {
        return bad(why);
    }
    if !COUNTRIES.iter().any(|country| to.starts_with(country)) {
        return bad(
            "Text messages carry files only to numbers in the United States, Canada and Australia. Put a link into the text, or answer another way."
                .to_owned(),
        );
    }
    if files.len() > MOST_FILES as usize {
        return bad(format!("One text message carries at most {MOST_FILES} files."));
    }
    for file in files {
        let name: String = file.filename.chars().filter(|c| !c.is_control()).take(80).collect();
        match rules.most_bytes(&file.content_type) {
            None => {
                return bad(format!(
                    "\"{name}\" is of a kind that text messages do not carry. Pictures (JPEG, PNG, GIF), PDF, sounds and short videos can go."
                ));
            }
            Some(most) if file.size > most => {
                return bad(format!(
                    "\"{name}\" is larger than the {} KB that a text message carries of this kind.",
                    most / 1000
                ));
            }
            Some(_) => {}
        }
    }
    if files.iter().map(|file| file.size).sum::<u64>() > rules.max_total_bytes {
        return bad("All files of a text message together may have 5 MB.".to_owned());
    }
    Ok(())
}
