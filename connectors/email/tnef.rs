//! winmail.dat (TNEF, MS-OXTNEF): what Outlook packs files and text into when it takes the recipient for another Outlook.
//!
//! Every length is checked against what is left, only the rich text is decompressed, up to a limit, and nothing inside is
//! opened again, so that the work and the memory are bounded by the size of the file.

use sha2::{Digest, Sha256};

use super::mail::Attachment;
use super::mime::charset;
use super::{names, rtf};

const SIGNATURE: u32 = 0x223e_9f78;
/// Files taken out of one winmail.dat.
const MOST_FILES: usize = 200;

/// What a winmail.dat held.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Plain body, if one was in it.
    pub text: String,
    /// HTML body, if one was in it.
    pub html: Option<String>,
    /// Files, marked as unpacked.
    pub attachments: Vec<Attachment>,
    /// It has words in a form that is not read here.
    pub unread: bool,
    /// It ended too early or contradicted itself.
    pub damaged: bool,
}

/// The attachment calls itself TNEF.
pub fn is_tnef(attachment: &Attachment) -> bool {
    matches!(attachment.content_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
        || attachment.filename.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// Opens it as far as it makes sense.
pub fn unpack(bytes: &[u8]) -> Unpacked {
    let mut unpacked = Unpacked::default();
    let mut rest = Reader(bytes);
    if rest.u32() != Some(SIGNATURE) || rest.u16().is_none() {
        unpacked.damaged = true;
        return unpacked;
    }
    let mut codepage = "windows-1252".to_owned();
    let mut files: Vec<File<'_>> = Vec::new();
    let mut words = Words::default();
    while !rest.0.is_empty() {
        let Some((id, data)) = attribute(&mut rest) else {
            unpacked.damaged = true;
            break;
        };
        match id {
            // attOemCodepage
            0x9007 => {
                if let Some(number) = Reader(data).u32() {
                    codepage = charset::of_codepage(number);
                }
            }
            // attBody
            0x800c => unpacked.text = text(data, &codepage),
            // attMsgProps
            0x9003 => {
                unpacked.damaged |= !properties(data, &mut |id, kind, value| match id {
                    0x1000 if unpacked.text.is_empty() => unpacked.text = string(kind, value, &codepage),
                    0x1009 => words.rich = value,
                    0x1013 => words.html = Some((kind, value)),
                    0x3fde => words.codepage = Reader(value).u32(),
                    _ => {}
                });
            }
            // attAttachRendData: the next file begins
            0x9002 if files.len() < MOST_FILES => files.push(File::default()),
            0x9002 => {
                unpacked.damaged = true;
                break;
            }
            // attAttachTitle, attAttachData, attAttachment
            0x8010 | 0x800f | 0x9005 => {
                let Some(file) = files.last_mut() else { continue };
                match id {
                    0x8010 => file.title = text(data, &codepage),
                    0x800f => file.data = data,
                    _ => unpacked.damaged |= !file.read(data, &codepage),
                }
            }
            _ => {}
        }
    }
    words.read(&mut unpacked);
    unpacked.attachments = files.into_iter().map(File::attachment).collect();
    unpacked
}

/// The body in its other forms. The code page that they are in may stand behind them.
#[derive(Default)]
struct Words<'a> {
    html: Option<(u16, &'a [u8])>,
    rich: &'a [u8],
    codepage: Option<u32>,
}

impl Words<'_> {
    fn read(self, unpacked: &mut Unpacked) {
        unpacked.html = self.html.map(|(kind, value)| {
            let declared = self.codepage.map(charset::of_codepage).or_else(|| charset::in_html(value));
            match kind {
                0x001f => string(kind, value, ""),
                _ => charset::decode(value, declared.as_deref()).trim_end_matches('\u{fffd}').to_owned(),
            }
        });
        if !unpacked.text.trim().is_empty() || unpacked.html.is_some() || self.rich.is_empty() {
            return;
        }
        match rtf::decompressed(self.rich).map(|rich| rtf::to_text(&rich)) {
            Some(text) => unpacked.text = text,
            None => unpacked.unread = true,
        }
    }
}

#[derive(Default)]
struct File<'a> {
    title: String,
    long_name: String,
    kind: String,
    content_id: String,
    data: &'a [u8],
}

impl<'a> File<'a> {
    fn read(&mut self, properties_of: &'a [u8], codepage: &str) -> bool {
        properties(properties_of, &mut |id, kind, value| match id {
            0x3707 => self.long_name = string(kind, value, codepage),
            0x370e => self.kind = string(kind, value, codepage),
            0x3712 => self.content_id = string(kind, value, codepage),
            // An object starts with the id of its interface.
            0x3701 if self.data.is_empty() => {
                self.data = if kind == OBJECT { value.get(16..).unwrap_or_default() } else { value }
            }
            _ => {}
        })
    }

    fn attachment(self) -> Attachment {
        let name = [&self.long_name, &self.title]
            .into_iter()
            .map(|name| names::harmless(name))
            .find(|name| !name.is_empty());
        let kind = self.kind.trim().to_ascii_lowercase();
        let is_kind = kind.contains('/') && kind.bytes().all(|byte| byte.is_ascii_graphic());
        Attachment {
            filename: name,
            content_type: if is_kind { kind } else { "application/octet-stream".to_owned() },
            inline: !self.content_id.is_empty(),
            content_id: Some(self.content_id.trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty()),
            unpacked: true,
            sha256: Sha256::digest(self.data).into(),
            bytes: self.data.to_vec(),
        }
    }
}

/// Level, id with type, length, data, checksum. The id alone without its type comes back.
fn attribute<'a>(rest: &mut Reader<'a>) -> Option<(u32, &'a [u8])> {
    rest.take(1)?;
    let id = rest.u32()?;
    let length = rest.u32()?;
    let data = rest.take(usize::try_from(length).ok()?)?;
    rest.u16()?;
    Some((id & 0xffff, data))
}

const OBJECT: u16 = 0x000d;

/// Calls `found` with id, type and value of each property; says whether all could be read.
fn properties<'a>(data: &'a [u8], found: &mut dyn FnMut(u16, u16, &'a [u8])) -> bool {
    let mut rest = Reader(data);
    let mut all = || {
        for _ in 0..rest.u32()? {
            let kind = rest.u16()?;
            let id = rest.u16()?;
            if id >= 0x8000 {
                // A named property: the set it belongs to, then a number or a name.
                rest.take(16)?;
                match rest.u32()? {
                    0 => rest.take(4)?,
                    _ => rest.padded()?,
                };
            }
            let single = kind & 0x0fff;
            let many = kind & 0x1000 != 0;
            let sized = matches!(single, OBJECT | 0x001e | 0x001f | 0x0102);
            let count = if many || sized { rest.u32()? } else { 1 };
            for _ in 0..count {
                let value = match single {
                    OBJECT | 0x001e | 0x001f | 0x0102 => rest.padded()?,
                    0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => rest.take(4)?,
                    0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => rest.take(8)?,
                    0x0048 => rest.take(16)?,
                    _ => return None,
                };
                if !many {
                    found(id, single, value);
                }
            }
        }
        Some(())
    };
    all().is_some()
}

fn string(kind: u16, value: &[u8], codepage: &str) -> String {
    match kind {
        0x001f => charset::decode(value, Some("utf-16le")).trim_end_matches(['\0', '\u{fffd}']).to_owned(),
        _ => text(value, codepage),
    }
}

fn text(value: &[u8], codepage: &str) -> String {
    let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
    charset::decode(&value[..end], Some(codepage)).into_owned()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A length, so many bytes, and bytes up to the next multiple of four.
    fn padded(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        let value = self.take(length)?;
        // The last one may lack its padding.
        let padding = (4 - length % 4) % 4;
        self.take(padding.min(self.0.len()))?;
        Some(value)
    }
}
