//! Several rows by one statement: `VALUES` is said for each of them.
//!
//! A statement costs a journey to a server, and on a file about as much around it as in it. So that an engine meets few
//! texts and can keep each of them prepared, rows travel in portions of 1, 2, 4, 8…

/// The most rows of one statement.
const MOST: usize = 32;

/// How an engine is told where an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// `?`, in their order. A file looks numbers up one by one, which takes long where there are hundreds.
    Plain,
    /// `$1`, `$2`…
    Numbered,
}

/// Rows in portions for which there are few texts, in their order.
pub(super) fn portions<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut left = rows;
    std::iter::from_fn(move || {
        let size = MOST.min(1 << left.len().checked_ilog2()?);
        let (some, rest) = left.split_at(size);
        left = rest;
        Some(some)
    })
}

/// The text for so many rows of one that inserts a row; none: it does not, or names its arguments out of order.
pub(super) fn values(one: &str, rows: usize, slot: Slot) -> Option<String> {
    let begin = one.find(" VALUES (")? + " VALUES ".len();
    let mut depth = 0_usize;
    let end = one[begin..].find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let (before, row, after) = (&one[..begin], &one[begin..=begin + end], &one[begin + end + 1..]);
    if !one.starts_with("INSERT") || before.contains('$') || after.contains('$') {
        return None;
    }
    let mut pieces = row.split('$');
    let first = pieces.next()?;
    let pieces: Vec<&str> = pieces
        .enumerate()
        .map(|(index, piece)| piece.strip_prefix(&(index + 1).to_string()))
        .collect::<Option<_>>()?;
    if pieces.iter().any(|piece| piece.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let mut whole = String::with_capacity(one.len() + rows * (row.len() + 2 * pieces.len()));
    whole.push_str(before);
    for index in 0..rows {
        whole.push_str(if index == 0 { first } else { ", (" });
        for (argument, piece) in pieces.iter().enumerate() {
            match slot {
                Slot::Plain => whole.push('?'),
                Slot::Numbered => {
                    whole.push('$');
                    whole.push_str(&(index * pieces.len() + argument + 1).to_string());
                }
            }
            whole.push_str(piece);
        }
    }
    whole.push_str(after);
    Some(whole)
}

/// Runs a text that inserts or changes one row for each of several, as [`tell`](super::tell) does for one. What the
/// statement names after `=>` are its `$1`, `$2`…
macro_rules! tell_all {
    ($conn:expr, $text:expr, $rows:expr, $row:pat => $($bind:expr),+ $(,)?) => {
        async {
            match $conn {
                $crate::store::Conn::Sqlite(file) => match $rows {
                    [$row] => file.add($text)$(.with($bind))+.tell().await?,
                    rows => for some in $crate::store::several::portions(rows) {
                        // Alone, so that its text is one that was met before.
                        file.flush().await?;
                        for $row in some {
                            file.add($text)$(.with($bind))+;
                        }
                        file.flush().await?;
                    },
                },
                $crate::store::Conn::Postgres(pooled) => for some in $crate::store::several::portions($rows) {
                    let several = $crate::store::several::values($text, some.len(), $crate::store::several::Slot::Numbered);
                    match several {
                        Some(text) => {
                            let mut telling = sqlx::query(sqlx::AssertSqlSafe(text));
                            for $row in some {
                                telling = telling$(.bind($crate::store::fit::Fit::fit($bind)))+;
                            }
                            telling.execute(&mut **pooled).await?;
                        }
                        None => for $row in some {
                            sqlx::query($text)$(.bind($crate::store::fit::Fit::fit($bind)))+.execute(&mut **pooled).await?;
                        }
                    }
                },
            }
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(crate) use tell_all;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_said_so_many_times() {
        let one = "INSERT INTO a (b, c) VALUES ($1, f(CAST($2 AS text))) ON CONFLICT DO NOTHING";
        assert_eq!(
            values(one, 2, Slot::Numbered).expect("it inserts"),
            "INSERT INTO a (b, c) VALUES ($1, f(CAST($2 AS text))), ($3, f(CAST($4 AS text))) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            values(one, 2, Slot::Plain).expect("it inserts"),
            "INSERT INTO a (b, c) VALUES (?, f(CAST(? AS text))), (?, f(CAST(? AS text))) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn what_does_not_insert_rows_in_order_stays_one_by_one() {
        for one in [
            "UPDATE a SET b = $1",
            "INSERT INTO a (b, c) VALUES ($2, $1)",
            "INSERT INTO a (b) VALUES ($1) ON CONFLICT DO UPDATE SET b = $2",
            "INSERT INTO a (b) SELECT b FROM c WHERE d = $1",
        ] {
            assert_eq!(values(one, 2, Slot::Plain), None, "{one}");
        }
    }

    #[test]
    fn portions_are_of_few_sizes_and_together_all_of_it() {
        for length in 0..200 {
            let rows: Vec<usize> = (0..length).collect();
            let some: Vec<&[usize]> = portions(&rows).collect();
            assert!(some.iter().all(|some| some.len().is_power_of_two() && some.len() <= MOST));
            assert_eq!(some.concat(), rows);
        }
    }
}
