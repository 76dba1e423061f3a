//! A table: `date,until,from,to,name`, all but the first may be empty. With `from` and `to` the desk is open then and at no other
//! time; lines about the same days and of one name are read together, so that a day has several intervals.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Bad, Days, named};
use crate::model::hours::written;

pub(super) fn read(text: &str) -> Result<Vec<Days>, Vec<Bad>> {
    let mut found: BTreeMap<(Date, Date, String), (usize, Vec<String>)> = BTreeMap::new();
    let mut bad = Vec::new();
    let mark = if text.lines().next().is_some_and(|head| head.contains(';')) { ';' } else { ',' };
    for (line, row) in (1..).zip(text.lines()) {
        let row = row.trim();
        let is_head = line == 1 && row.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("date"));
        if row.is_empty() || row.starts_with('#') || is_head {
            continue;
        }
        match days(row, mark) {
            Ok((key, open)) => {
                let known = found.entry(key).or_default();
                known.0 = line;
                known.1.extend(open);
            }
            Err(why) => bad.push(Bad::at(line, why)),
        }
    }
    let mut all = Vec::with_capacity(found.len());
    for ((first, last, name), (line, open)) in found {
        let read = written::intervals(&open.join(" ")).and_then(|mut intervals| {
            intervals.sort_unstable();
            let overlap = intervals.windows(2).any(|two| two[1].opens() < two[0].closes());
            if overlap { Err(format!("Two times on {first} overlap.")) } else { Ok(intervals) }
        });
        match read {
            Ok(intervals) => {
                all.push(Days { first, last, name, intervals: written::write_intervals(&intervals) });
            }
            Err(why) => bad.push(Bad::at(line, why)),
        }
    }
    bad.sort_by_key(|bad| bad.line);
    if bad.is_empty() { Ok(all) } else { Err(bad) }
}

type Row = ((Date, Date, String), Option<String>);

fn days(row: &str, mark: char) -> Result<Row, String> {
    let cells = cells(row, mark)?;
    if cells.len() > 5 {
        return Err(format!(
            "There are {} columns, and only date, until, from, to and name are known.",
            cells.len()
        ));
    }
    let cell = |place: usize| cells.get(place).map_or("", |cell| cell.trim());
    let date = |text: &str| {
        text.parse::<Date>().map_err(|_| format!("“{text}” is no day. Write it like 2026-12-24."))
    };
    let first = date(cell(0))?;
    let last = if cell(1).is_empty() { first } else { date(cell(1))? };
    if last < first {
        return Err(format!("The last day, {last}, comes before the first, {first}."));
    }
    let open = match (cell(2), cell(3)) {
        ("", "") => None,
        ("", _) | (_, "") => return Err("Say from when and to when it is open, or neither.".to_owned()),
        (from, to) => {
            let open = format!("{from}-{to}");
            written::intervals(&open)?;
            Some(open)
        }
    };
    Ok(((first, last, named(cell(4))), open))
}

/// As RFC 4180 has it, but that a line break ends a row always.
fn cells(row: &str, mark: char) -> Result<Vec<String>, String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells.last_mut().expect("there is a first cell").push('"');
            }
            '"' => quoted = !quoted,
            letter if letter == mark && !quoted => cells.push(String::new()),
            letter => cells.last_mut().expect("there is a first cell").push(letter),
        }
    }
    if quoted { Err("A quotation mark is not closed.".to_owned()) } else { Ok(cells) }
}
