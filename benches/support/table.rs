//! The table at the end: what was measured, beside what, and whether the promise was held.

use std::fmt;

const COLUMNS: [&str; 6] = ["what", "value", "floor", "ratio", "promise", "held"];

/// Rows in the order in which they were measured.
#[derive(Default)]
pub struct Table(Vec<[String; 6]>);

impl Table {
    /// Notes a row and prints it, so that somebody who waits sees it come. `ratio` is value to floor, or floor to value
    /// where the promise is a share of the floor.
    pub fn row(
        &mut self,
        what: &str,
        value: String,
        floor: String,
        ratio: Option<f64>,
        promise: (&str, bool),
    ) {
        let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        let held = if promise.1 { "yes" } else { "no" };
        let row = [what.to_owned(), value, floor, ratio, promise.0.to_owned(), held.to_owned()];
        println!("{}", row.join(" | "));
        self.0.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(str::to_owned);
        let all: Vec<&[String; 6]> = std::iter::once(&head).chain(&self.0).collect();
        let widths: [usize; 6] = std::array::from_fn(|column| {
            all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
        });
        for row in all {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        let broken = self.0.iter().filter(|row| row[5] == "no").count();
        match broken {
            0 => writeln!(out, "\nAll {} promises were held.", self.0.len()),
            _ => writeln!(out, "\n{broken} of {} promises were not held.", self.0.len()),
        }
    }
}
