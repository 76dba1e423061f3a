//! Where old mail lies: a folder of `.eml` files, a Maildir, or an mbox file; mail by mail, never all of it in memory.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::tz::TimeZone;

/// One mail where it lies.
#[derive(Debug, PartialEq, Eq)]
pub struct Old {
    /// Its name in its source: the file's, or the place in the file. The same whenever it is read.
    pub name: String,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// When it came, as the source says, epoch milliseconds.
    pub came_at: Option<i64>,
    /// How far this is through the source: files, or bytes.
    pub progress: u64,
}

/// Old mail to be read one after the other.
#[derive(Debug)]
pub enum Source {
    /// Files with one mail each.
    Files { left: std::vec::IntoIter<PathBuf>, base: PathBuf, total: u64, read: u64 },
    /// One file with many.
    Mbox(Mbox),
}

impl Source {
    /// Finds out what lies at `path`.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if path.is_file() {
            return Ok(Self::Mbox(Mbox::open(path)?));
        }
        if !path.is_dir() {
            bail!("{} is neither a folder nor a file that can be read.", path.display());
        }
        let mut files = Vec::new();
        let (new, cur) = (path.join("new"), path.join("cur"));
        if new.is_dir() && cur.is_dir() {
            find(&cur, false, &mut files)?;
            find(&new, false, &mut files)?;
        } else {
            find(path, true, &mut files)?;
        }
        if files.is_empty() {
            bail!(
                "There is no mail in {}: no .eml file, and it is no Maildir (new and cur).",
                path.display()
            );
        }
        // By name: in a Maildir that is by time, so that answers come after what they answer.
        files.sort_by(|one, other| one.file_name().cmp(&other.file_name()).then_with(|| one.cmp(other)));
        let total = files.len() as u64;
        Ok(Self::Files { left: files.into_iter(), base: path.to_owned(), total, read: 0 })
    }

    /// How much there is: files, or bytes.
    pub fn total(&self) -> u64 {
        match self {
            Self::Files { total, .. } => *total,
            Self::Mbox(mbox) => mbox.size,
        }
    }

    /// The next mail; none after the last.
    pub fn next(&mut self) -> anyhow::Result<Option<Old>> {
        match self {
            Self::Mbox(mbox) => mbox.next(),
            Self::Files { left, base, read, .. } => {
                let Some(path) = left.next() else { return Ok(None) };
                let raw =
                    std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
                *read += 1;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let came_at = maildir_time(&name).filter(|_| path.parent() != Some(base));
                // A Maildir's flags stand behind the colon and change.
                let name = name.split(":2,").next().unwrap_or_default().to_owned();
                Ok(Some(Old { name, raw, came_at, progress: *read }))
            }
        }
    }
}

fn find(folder: &Path, eml_only: bool, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            if eml_only && !hidden {
                find(&path, eml_only, files)?;
            }
        } else if !hidden
            && (!eml_only || path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml")))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// A Maildir's file is called after the second it came in.
fn maildir_time(name: &str) -> Option<i64> {
    let seconds: i64 = name.split('.').next()?.parse().ok()?;
    (1_000_000..100_000_000_000).contains(&seconds).then(|| seconds * 1000)
}

/// An mbox file (RFC 4155): mails behind lines that begin with `From `.
#[derive(Debug)]
pub struct Mbox {
    lines: BufReader<File>,
    size: u64,
    at: u64,
    /// The `From ` line before the next mail, and its place.
    ahead: Option<(Vec<u8>, u64)>,
}

impl Mbox {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let size = file.metadata().map_or(0, |about| about.len());
        let mut lines = BufReader::new(file);
        let mut first = Vec::new();
        lines.read_until(b'\n', &mut first)?;
        if !first.starts_with(b"From ") {
            bail!(
                "{} is no mbox file: its first line does not begin with \"From \". A single mail is imported from the \
                 folder it lies in.",
                path.display()
            );
        }
        let at = first.len() as u64;
        Ok(Self { lines, size, at, ahead: Some((first, 0)) })
    }

    fn next(&mut self) -> anyhow::Result<Option<Old>> {
        let Some((from, place)) = self.ahead.take() else { return Ok(None) };
        let mut raw = Vec::new();
        let mut after_blank = false;
        loop {
            let mut line = Vec::new();
            if self.lines.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let start = self.at;
            self.at += line.len() as u64;
            if after_blank && line.starts_with(b"From ") {
                self.ahead = Some((line, start));
                break;
            }
            after_blank = matches!(line.as_slice(), b"\n" | b"\r\n");
            // What would have looked like the next mail was quoted with a sign more (mboxrd).
            let signs = line.iter().take_while(|byte| **byte == b'>').count();
            if signs > 0 && line[signs..].starts_with(b"From ") {
                line.remove(0);
            }
            raw.extend_from_slice(&line);
        }
        // The empty line before the next mail is the file's, not the mail's.
        if after_blank {
            let end = if raw.ends_with(b"\r\n") { 2 } else { 1 };
            raw.truncate(raw.len() - end);
        }
        Ok(Some(Old { name: format!("at {place}"), raw, came_at: envelope_time(&from), progress: self.at }))
    }
}

/// `From ana@patron.example Tue Oct  6 09:02:11 2026`, in UTC as the RFC says.
fn envelope_time(line: &[u8]) -> Option<i64> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    let words: Vec<&str> = line.split_ascii_whitespace().skip(2).take(5).collect();
    let time = jiff::civil::DateTime::strptime("%a %b %d %H:%M:%S %Y", words.join(" ")).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &Path) -> Vec<Old> {
        let mut source = Source::open(path).unwrap();
        std::iter::from_fn(|| source.next().unwrap()).collect()
    }

    fn text(old: &Old) -> &str {
        std::str::from_utf8(&old.raw).unwrap()
    }

    #[test]
    fn an_mbox_is_cut_only_between_mails_and_gives_back_what_it_quoted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.mbox");
        let mbox = "From ana@patron.example Tue Oct  6 09:02:11 2026\nSubject: one\n\nHello\nFrom here to there\n\n>From now on\n>>From twice\n\n\
                    From bo@patron.example Tue Oct  6 09:03:00 2026\nSubject: two\n\nlast";
        std::fs::write(&path, mbox).unwrap();
        let mails = all(&path);
        assert_eq!(mails.len(), 2);
        assert_eq!(
            text(&mails[0]),
            "Subject: one\n\nHello\nFrom here to there\n\nFrom now on\n>From twice\n"
        );
        assert_eq!(text(&mails[1]), "Subject: two\n\nlast");
        assert_eq!(mails[0].came_at, Some(1_791_277_331_000));
        assert_eq!((mails[0].name.as_str(), mails[1].progress), ("at 0", mbox.len() as u64));
        assert_eq!(all(&path), mails, "a second reading finds the same");
    }

    #[test]
    fn a_maildir_mail_keeps_its_name_when_somebody_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        std::fs::write(dir.path().join("tmp/1791277330.a.host"), "half done").unwrap();
        std::fs::write(dir.path().join("new/1791277331.b.host"), "Subject: b\n\n").unwrap();
        let before = all(dir.path());
        std::fs::rename(
            dir.path().join("new/1791277331.b.host"),
            dir.path().join("cur/1791277331.b.host:2,S"),
        )
        .unwrap();
        let after = all(dir.path());
        assert_eq!(before, after);
        assert_eq!((before.len(), before[0].came_at), (1, Some(1_791_277_331_000)));
    }

    #[test]
    fn a_folder_gives_its_eml_files_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("2019")).unwrap();
        std::fs::write(dir.path().join("2019/a.eml"), "a").unwrap();
        std::fs::write(dir.path().join("B.EML"), "b").unwrap();
        std::fs::write(dir.path().join("notes.txt"), "no").unwrap();
        assert_eq!(all(dir.path()).len(), 2);
        let empty = tempfile::tempdir().unwrap();
        assert!(Source::open(empty.path()).is_err());
    }
}
