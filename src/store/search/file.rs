//! How a file is asked for words.
//!
//! Its index gives a whole word's messages newest first and stops when it is told to; a beginning's it puts together from all
//! words that begin so, which takes as long as those were said often. So a beginning of few words is asked for as those words.
//! One of many is looked for in the newest messages first, whose words are read; where they do not hold it, it is seldom said.

use std::collections::HashMap;

use super::asked::{Asked, Item, Joints, Word};
use super::found::{Found, found};
use crate::store::file::File;

const WORDS_OF_A_BEGINNING: &str = "WITH RECURSIVE next (word) AS (\
     SELECT (SELECT term FROM said_words WHERE term >= $1 ORDER BY term LIMIT 1) UNION ALL \
     SELECT (SELECT term FROM said_words WHERE term >= next.word || ' ' ORDER BY term LIMIT 1) \
     FROM next WHERE next.word < $2 LIMIT $3) SELECT word FROM next WHERE word < $2";
// `CROSS JOIN` is how SQLite is told to begin with the words.
const MATCHING: &str = concat!(
    found!("w.rowid"),
    " FROM said w CROSS JOIN messages m ON m.seq = w.rowid CROSS JOIN conversations c \
     ON c.id = m.conversation_id WHERE said MATCH $1 AND w.rowid < $2 ORDER BY w.rowid DESC LIMIT $3"
);
/// What is in order in the brackets comes out in that order, and no further than it is needed.
macro_rules! read {
    ($newest:literal) => {
        concat!(
            found!("w.seq"),
            " FROM (",
            $newest,
            ") w CROSS JOIN messages m ON m.seq = w.seq CROSS JOIN conversations c ON c.id = m.conversation_id \
             WHERE (instr(w.words, $5) OR instr(w.words, $6) OR instr(w.words, $7)) LIMIT $3"
        )
    };
}
const READ_ALL: &str = read!(
    "SELECT id AS seq, ' ' || c0 || ' ' AS words FROM said_content WHERE id < $2 ORDER BY id DESC LIMIT $4"
);
const READ_MATCHING: &str = read!(
    "SELECT f.rowid AS seq, ' ' || t.c0 || ' ' AS words FROM said f CROSS JOIN said_content t ON t.id = f.rowid \
     WHERE said MATCH $1 AND f.rowid < $2 ORDER BY f.rowid DESC LIMIT $4"
);
const IS_MUCH: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM said WHERE said MATCH $1 AND rowid < $2 LIMIT $3)";

pub(super) const ONLY_SQLITE: &[&str] = &[WORDS_OF_A_BEGINNING, MATCHING, READ_ALL, READ_MATCHING, IS_MUCH];

/// A beginning of more words is not asked for as those.
const FEW: usize = 64;
/// For each message that is wanted so many are read. What is said in fewer is seldom enough for the index to put it together.
const READ: usize = 50;
/// So many alternatives can be looked for in the words of a message.
const ALTERNATIVES: usize = 3;

const JOINTS: Joints = Joints { and: " AND ", or: " OR " };

/// What a file is asked.
pub(super) struct Question {
    all: String,
    reading: Option<Reading>,
}

/// How the newest messages are read for what the index would be long at.
struct Reading {
    /// What the index is still asked; nothing: every message is read.
    matching: String,
    /// One of these stands in a message's words, between spaces.
    stands: [Option<String>; ALTERNATIVES],
}

impl Question {
    /// Looks up the words of each beginning.
    pub async fn of(asked: &Asked, file: &mut File) -> Result<Self, sqlx::Error> {
        let mut known = HashMap::new();
        for word in asked.words().filter(|word| word.goes_on) {
            let most = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
            let end = format!("{}{}", word.text, char::MAX);
            let words = file.add(WORDS_OF_A_BEGINNING).with(&word.text).with(end).with(most).ask().await?;
            let words: Vec<(String,)> = words.read()?;
            known.insert(word.text.clone(), words.into_iter().map(|(word,)| word).collect());
        }
        let beginnings = Beginnings(known);
        Ok(Self {
            all: JOINTS.join(&asked.0, |word| beginnings.matching(word)),
            reading: beginnings.reading(&asked.0),
        })
    }

    /// So many messages before a number in which the words were said, newest first.
    pub async fn ask(&self, file: &mut File, before: i64, limit: usize) -> Result<Vec<Found>, sqlx::Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        if let Some(reading) = &self.reading {
            let read = i64::try_from(limit.saturating_mul(READ)).unwrap_or(i64::MAX);
            let found = reading.ask(file, before, most, read).await?;
            if found.len() == limit || !reading.leaves_some(file, before, read).await? {
                return Ok(found);
            }
        }
        file.add(MATCHING).with(&self.all).with(before).with(most).ask().await?.read()
    }
}

impl Reading {
    async fn ask(
        &self,
        file: &mut File,
        before: i64,
        most: i64,
        read: i64,
    ) -> Result<Vec<Found>, sqlx::Error> {
        let text = if self.matching.is_empty() { READ_ALL } else { READ_MATCHING };
        file.add(text).with(&self.matching).with(before).with(most).with(read);
        for alternative in &self.stands {
            file.with(alternative);
        }
        file.ask().await?.read()
    }

    /// Whether there were more messages to read.
    async fn leaves_some(&self, file: &mut File, before: i64, read: i64) -> Result<bool, sqlx::Error> {
        if self.matching.is_empty() {
            return Ok(true);
        }
        let answer = file.add(IS_MUCH).with(&self.matching).with(before).with(read).ask().await?;
        Ok(answer.read::<(i64,)>()?.first().is_some_and(|(matching,)| *matching == read))
    }
}

/// The words of each beginning, in their order; one more than few where there are many.
struct Beginnings(HashMap<String, Vec<String>>);

impl Beginnings {
    fn has_many(&self, word: &Word) -> bool {
        word.goes_on && self.0.get(&word.text).is_some_and(|words| words.len() > FEW)
    }

    fn matching(&self, word: &Word) -> String {
        let quoted = |word: &String| format!("\"{word}\"");
        match self.0.get(&word.text).filter(|_| word.goes_on) {
            None => quoted(&word.text),
            Some(words) if words.len() > FEW => format!("\"{}\" *", word.text),
            // No word begins so: neither is it one.
            Some(words) if words.is_empty() => quoted(&word.text),
            Some(words) => format!("({})", words.iter().map(quoted).collect::<Vec<_>>().join(JOINTS.or)),
        }
    }

    /// None where no beginning has many words, or where too much is asked for at once.
    fn reading(&self, clauses: &[Vec<Item>]) -> Option<Reading> {
        let has_many = |item: &Item| item.iter().any(|word| self.has_many(word));
        let (long, mut quick): (Vec<_>, Vec<_>) =
            clauses.iter().cloned().partition(|clause| clause.iter().any(has_many));
        let [clause] = &long[..] else { return None };
        let alternatives: Vec<Word> = match &clause[..] {
            [item] => {
                let (many, few): (Item, Item) = item.iter().cloned().partition(|word| self.has_many(word));
                quick.extend((!few.is_empty()).then(|| vec![few]));
                (many.len() == 1).then_some(many)?
            }
            items => {
                let alone = |item: &Item| if let [word] = &item[..] { Some(word.clone()) } else { None };
                items.iter().map(alone).collect::<Option<_>>()?
            }
        };
        let mut stands = [const { None }; ALTERNATIVES];
        for (place, word) in alternatives.iter().enumerate() {
            let end = if word.goes_on { "" } else { " " };
            *stands.get_mut(place)? = Some(format!(" {}{end}", word.text));
        }
        Some(Reading { matching: JOINTS.join(&quick, |word| self.matching(word)), stands })
    }
}
