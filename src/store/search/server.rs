//! How a server is asked for words.
//!
//! Its index gives all that it has and in no order. So what is often said is looked for in the newest messages, without it; the
//! rest in spans of numbers, which the index knows too, the newest first: one, two, four, until enough was found.

use sqlx::PgConnection;

use super::asked::{Asked, Joints};
use super::found::{Found, found};

const NEWEST: &str = "SELECT seq FROM (SELECT seq, words FROM said WHERE seq < $2 ORDER BY seq DESC LIMIT $4) newest \
     WHERE words @@ (SELECT CAST($1 AS tsquery)) ORDER BY seq DESC LIMIT $3";
/// `seq + 0` keeps the planner from walking down the numbers.
const IN_SPANS: &str = "SELECT said_then.seq FROM unnest(CAST($4 AS text[])) spans CROSS JOIN LATERAL (\
     SELECT seq FROM said WHERE words @@ (SELECT CAST($1 AS tsquery)) \
     AND ARRAY[CAST(seq >> 14 AS int)] && CAST(spans AS int[]) AND seq + 0 < $2 ORDER BY seq + 0 DESC) said_then LIMIT $3";
const ENDS: &str = "SELECT MIN(seq) AS first, MAX(seq) AS last FROM said WHERE seq < $1";
const ROWS: &str = concat!(
    found!("m.seq"),
    " FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.seq = ANY($1) ORDER BY m.seq DESC"
);

pub(super) const ONLY_POSTGRES: &[&str] = &[NEWEST, IN_SPANS, ENDS, ROWS];

/// For each message that is wanted so many of the newest are read; more where the index would be long at a beginning.
const NEWEST_OF_WORDS: usize = 20;
const NEWEST_OF_BEGINNINGS: usize = 100;
/// As the index reckons spans.
const SPAN_BITS: u32 = 14;
/// Spans that are looked through at once at most.
const MOST_SPANS: i64 = 64;

/// What a server is asked.
pub(super) struct Question {
    all: String,
    newest: usize,
}

impl Question {
    pub fn of(asked: &Asked) -> Self {
        let joints = Joints { and: " & ", or: " | " };
        let goes_on = asked.words().any(|word| word.goes_on);
        Self {
            all: joints
                .join(&asked.0, |word| format!("'{}'{}", word.text, if word.goes_on { ":*" } else { "" })),
            newest: if goes_on { NEWEST_OF_BEGINNINGS } else { NEWEST_OF_WORDS },
        }
    }

    /// So many messages before a number in which the words were said, newest first.
    pub async fn ask(
        &self,
        conn: &mut PgConnection,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Found>, sqlx::Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let newest = i64::try_from(limit.saturating_mul(self.newest)).unwrap_or(i64::MAX);
        let asked = sqlx::query_scalar(NEWEST).bind(&self.all).bind(before).bind(most).bind(newest);
        let mut found: Vec<i64> = asked.fetch_all(&mut *conn).await?;
        if found.len() < limit {
            let ends: (Option<i64>, Option<i64>) =
                sqlx::query_as(ENDS).bind(before).fetch_one(&mut *conn).await?;
            let (Some(first), Some(last)) = ends else { return Ok(Vec::new()) };
            let asked = sqlx::query_scalar(IN_SPANS).bind(&self.all).bind(before).bind(most);
            found = asked.bind(spans(first, last)).fetch_all(&mut *conn).await?;
        }
        sqlx::query_as(ROWS).bind(found).fetch_all(conn).await
    }
}

/// Every span from that of the last number down to that of the first: those that are looked through at once together, each as
/// the server writes a list.
fn spans(first: i64, last: i64) -> Vec<String> {
    let (first, mut next) = (first >> SPAN_BITS, last >> SPAN_BITS);
    let (mut spans, mut many) = (Vec::new(), 1);
    while next >= first {
        let end = first.max(next - many + 1);
        let these: Vec<String> = (end..=next).map(|span| span.to_string()).collect();
        spans.push(format!("{{{}}}", these.join(",")));
        next = end - 1;
        many = MOST_SPANS.min(many * 2);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn spans_grow_and_leave_no_number_out() {
        assert_eq!(spans(3, 9), ["{0}"]);
        let at = |span: i64| span << super::SPAN_BITS;
        assert_eq!(spans(at(3), at(9) + 5), ["{9}", "{7,8}", "{3,4,5,6}"]);
        assert_eq!(spans(at(4) - 1, at(9)), ["{9}", "{7,8}", "{3,4,5,6}"]);
        let many = spans(0, at(1_000));
        assert_eq!(many.len(), 7 + 14);
        let mut all: Vec<i64> = many
            .iter()
            .flat_map(|list| list.trim_matches(['{', '}']).split(',').map(|span| span.parse().unwrap()))
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0..=1_000).collect::<Vec<_>>());
    }
}
