//! Words: the index of what was said, and finding it, newest first.
//!
//! Both engines are given the same tokens: runs of letters and digits, with case and accents folded. All the words asked
//! for must occur in one message; the last one may be the beginning of a word.

use std::collections::HashSet;

use sqlx::FromRow;

use super::several::tell_all;
use super::{Conn, Error, Tx};
use crate::model::conversation::Conversation;

macro_rules! found {
    ($seq:literal) => {
        concat!(
            "SELECT ",
            $seq,
            " AS found, c.id, c.number, c.channel_id, c.desk_id, c.patron_id, c.patron_name, c.thread, c.subject, \
             c.preview, c.visibility, c.state, c.owner_id, c.owner_since, c.waiting_since, c.due_at, c.snoozed_until, \
             c.last_patron_at, c.last_at, c.seq, c.trouble, c.has_attachments, c.created_at, c.outcome, c.follow_up_at, c.tags, c.urgent"
        )
    };
}
/// Accents apart and away. Case was folded before.
macro_rules! folded {
    ($text:literal) => {
        concat!(r"regexp_replace(normalize(", $text, r", NFKD), '[\u0300-\u036F]+', '', 'g')")
    };
}

const INDEX_SQLITE: &str = "INSERT INTO message_words (rowid, subject, body, people) \
     SELECT seq, subject, body, people FROM message_sources WHERE seq BETWEEN $1 AND $2";
// `CROSS JOIN` is how SQLite is told to begin with the words.
const FOUND_SQLITE: &str = concat!(
    found!("w.rowid"),
    " FROM message_words w CROSS JOIN messages m ON m.seq = w.rowid CROSS JOIN conversations c \
     ON c.id = m.conversation_id WHERE message_words MATCH $1 AND w.rowid < $2 ORDER BY w.rowid DESC LIMIT $3"
);
const SOURCES: &str = "SELECT seq, subject, body, people FROM message_sources WHERE seq BETWEEN $1 AND $2";
const INDEX_POSTGRES: &str = concat!(
    "INSERT INTO message_words (seq, words) VALUES ($1, \
     array_to_tsvector(array_remove(string_to_array(",
    folded!("CAST($2 AS text)"),
    ", ' '), ''))) ON CONFLICT (seq) DO UPDATE SET words = excluded.words"
);
const FOLD_POSTGRES: &str = concat!("SELECT ", folded!("CAST($1 AS text)"));
/// What is often said is said in the newest few thousand messages: one short walk down the numbers finds it.
const FOUND_OFTEN_POSTGRES: &str = concat!(
    found!("w.seq"),
    " FROM (SELECT seq FROM (SELECT seq, words FROM message_words WHERE seq < $2 ORDER BY seq DESC LIMIT 5000) newest \
     WHERE words @@ (SELECT CAST($1 AS tsquery)) ORDER BY seq DESC LIMIT $3) w \
     JOIN messages m ON m.seq = w.seq JOIN conversations c ON c.id = m.conversation_id ORDER BY w.seq DESC"
);
/// What is seldom said is taken from the index of words. `seq + 0` keeps the planner from walking down the numbers.
const FOUND_SELDOM_POSTGRES: &str = concat!(
    found!("w.seq"),
    " FROM (SELECT seq FROM message_words WHERE words @@ (SELECT CAST($1 AS tsquery)) AND seq < $2 \
     ORDER BY seq + 0 DESC LIMIT $3) w \
     JOIN messages m ON m.seq = w.seq JOIN conversations c ON c.id = m.conversation_id ORDER BY w.seq DESC"
);
const REMOVE_SQLITE: &str = "DELETE FROM message_words WHERE rowid = $1";
const REMOVE_POSTGRES: &str = "DELETE FROM message_words WHERE seq = $1";

pub(super) const ONLY_SQLITE: &[&str] = &[INDEX_SQLITE, FOUND_SQLITE, REMOVE_SQLITE];
pub(super) const ONLY_POSTGRES: &[&str] =
    &[SOURCES, INDEX_POSTGRES, FOLD_POSTGRES, FOUND_OFTEN_POSTGRES, FOUND_SELDOM_POSTGRES, REMOVE_POSTGRES];

/// What is asked for, in the language of each engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    sqlite: String,
    postgres: String,
}

/// A message in which the words were said.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Found {
    /// Its number.
    #[sqlx(rename = "found")]
    pub seq: i64,
    /// Where.
    #[sqlx(flatten)]
    pub conversation: Conversation,
}

/// Longer tokens are cut: the server refuses a word of more than 2046 bytes, and folding may make 33 of one character.
const LONGEST_TOKEN: usize = 60;
/// The server refuses a message whose different words exceed a megabyte after folding.
const MOST_TOKEN_BYTES: usize = 64 * 1024;
/// Whoever pastes a page into the search box does not mean every word of it.
const MOST_WORDS: usize = 12;

/// Takes what a person typed apart; none: there is no word in it. Nothing typed can be understood as a command.
pub fn words(typed: &str) -> Option<Words> {
    let tokens: Vec<String> = tokens(typed).take(MOST_WORDS).collect();
    let open_ended = typed.chars().last().is_some_and(in_token)
        && tokens.last().is_some_and(|last| last.chars().count() > 2 || !last.is_ascii());
    let last = tokens.len().checked_sub(1)?;
    let ends = |index| if index == last && open_ended { (" *", ":*") } else { ("", "") };
    let each = |write: &dyn Fn(&str, (&str, &str)) -> String, between: &str| {
        let written: Vec<String> =
            tokens.iter().enumerate().map(|(index, token)| write(token, ends(index))).collect();
        written.join(between)
    };
    Some(Words {
        sqlite: each(&|token, (end, _)| format!("\"{token}\"{end}"), " "),
        postgres: each(&|token, (_, end)| format!("'{token}'{end}"), " & "),
    })
}

/// Runs of letters and digits in lower case, each at most [`LONGEST_TOKEN`] long. An accent written apart stays with its
/// letter.
fn tokens(text: &str) -> impl Iterator<Item = String> {
    text.split(|c| !in_token(c))
        .filter(|token| token.chars().any(char::is_alphanumeric))
        .map(|token| token.to_lowercase().chars().take(LONGEST_TOKEN).collect())
}

fn in_token(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Lets a message be found. Its row, and the address it is from or to, must be kept already.
pub async fn index(tx: &mut Tx, seq: i64) -> Result<(), Error> {
    index_all(tx, seq, seq).await
}

/// The same of every message from this number to that. Of many, they are best the last that is written: a file takes new
/// words to its pages whenever a statement of several rows begins after them.
pub async fn index_all(tx: &mut Tx, first: i64, last: i64) -> Result<(), Error> {
    let sources: Vec<(i64, String, String, String)> = match &mut **tx {
        Conn::Sqlite(file) => return Ok(file.add(INDEX_SQLITE).with(first).with(last).tell().await?),
        Conn::Postgres(conn) => sqlx::query_as(SOURCES).bind(first).bind(last).fetch_all(&mut **conn).await?,
    };
    let indexed: Vec<(i64, String)> = sources
        .into_iter()
        .map(|(seq, subject, body, people)| (seq, different_tokens([&subject, &people, &body])))
        .collect();
    Ok(tell_all!(&mut **tx, INDEX_POSTGRES, &indexed[..], (seq, words) => *seq, words)?)
}

/// Each once, as many as the server takes.
fn different_tokens(texts: [&str; 3]) -> String {
    let mut room = MOST_TOKEN_BYTES;
    let mut different = HashSet::new();
    for token in texts.into_iter().flat_map(tokens) {
        if token.len() > room {
            break;
        }
        let length = token.len();
        if different.insert(token) {
            room -= length;
        }
    }
    let tokens: Vec<String> = different.into_iter().collect();
    tokens.join(" ")
}

/// Takes a message's words out of the index, to the last byte. Must come before its row or its address is changed or
/// deleted: a file's index is cleaned by what it reads there.
pub async fn remove(tx: &mut Tx, seq: i64) -> Result<(), Error> {
    match &mut **tx {
        Conn::Sqlite(file) => file.add(REMOVE_SQLITE).with(seq).tell().await,
        Conn::Postgres(conn) => sqlx::query(REMOVE_POSTGRES).bind(seq).execute(&mut **conn).await.map(|_| ()),
    }?;
    Ok(())
}

/// Messages before a number in which all the words were said, newest first.
pub async fn found(conn: &mut Conn, words: &Words, before: i64, limit: usize) -> Result<Vec<Found>, Error> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    match conn {
        Conn::Sqlite(file) => {
            let answer = file.add(FOUND_SQLITE).with(&words.sqlite).with(before).with(most).ask().await?;
            Ok(answer.read()?)
        }
        Conn::Postgres(conn) => {
            let (asked,): (String,) =
                sqlx::query_as(FOLD_POSTGRES).bind(&words.postgres).fetch_one(&mut **conn).await?;
            for text in [FOUND_OFTEN_POSTGRES, FOUND_SELDOM_POSTGRES] {
                let found: Vec<Found> =
                    sqlx::query_as(text).bind(&asked).bind(before).bind(most).fetch_all(&mut **conn).await?;
                if found.len() == limit || text == FOUND_SELDOM_POSTGRES {
                    return Ok(found);
                }
            }
            Ok(Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_a_command() {
        let words = words(r#"NEAR("opening hours") OR -'drop':* & !x"#).expect("there are words in it");
        assert_eq!(words.sqlite, r#""near" "opening" "hours" "or" "drop" "x""#);
        assert_eq!(words.postgres, "'near' & 'opening' & 'hours' & 'or' & 'drop' & 'x'");
    }

    #[test]
    fn only_the_last_word_may_go_on_and_only_when_it_is_worth_it() {
        assert_eq!(words("open sun").expect("two").sqlite, r#""open" "sun" *"#);
        assert_eq!(words("open sun ").expect("two").sqlite, r#""open" "sun""#, "a space ends the word");
        assert_eq!(words("a").expect("one").sqlite, r#""a""#, "half the library begins with a");
        assert_eq!(words("図").expect("one").postgres, "'図':*");
        assert_eq!(words(" -- !").as_ref(), None);
    }
}
