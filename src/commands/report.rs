//! `report`: what managers ask, for a person, a table or a program.

use jiff::civil::Date;

use super::{Outcome, out};
use crate::config::Flags;
use crate::report::period;
use crate::report::waits::{self, By, Line, Report as Waits};

/// Numbers that can be defended: how long patrons wait
#[derive(clap::Subcommand)]
pub enum Report {
    /// How long patrons waited for an answer
    #[command(
        after_help = "Example:\n  deskbell report waits --from 2026-10-01 --to 2026-10-31 --by channel --format csv"
    )]
    Waits {
        /// The first day, in the library's time zone [default: 30 days before the last]
        #[arg(long)]
        from: Option<Date>,
        /// The last day [default: today]
        #[arg(long)]
        to: Option<Date>,
        /// One line for each channel, desk or person
        #[arg(long, value_parser = ["channel", "desk", "person"])]
        by: Option<String>,
        /// How it is printed
        #[arg(long, default_value = "text")]
        format: Format,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Format {
    /// For a person
    Text,
    /// For a table
    Csv,
    /// For a program
    Json,
}

impl Report {
    pub async fn run(self, flags: Flags) -> Outcome {
        let app = super::open(&flags).await?;
        let Self::Waits { from, to, by, format } = self;
        let period = period::between(&app, from, to).await?;
        let by = by.map(|word| word.parse::<By>()).transpose().map_err(anyhow::Error::msg)?;
        let report = waits::measure(&app, period, by).await?;
        match format {
            Format::Text => text(&report),
            Format::Csv => csv(&report),
            Format::Json => out::json(&report)?,
        }
        app.close().await;
        Ok(())
    }
}

const HEAD: [&str; 9] = [
    "",
    "waits",
    "answered",
    "waiting now",
    "no answer needed",
    "median",
    "90th percentile",
    "median, open hours",
    "90th, open hours",
];

fn cells(line: &Line) -> [String; 9] {
    [
        line.name.clone(),
        line.count.to_string(),
        line.answered.to_string(),
        line.waiting_now.to_string(),
        line.no_answer_needed.to_string(),
        words(line.wall.median_ms),
        words(line.wall.p90_ms),
        words(line.open_hours.median_ms),
        words(line.open_hours.p90_ms),
    ]
}

fn text(report: &Waits) {
    let rows: Vec<[String; 9]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(report.lines.iter().chain([&report.all]).map(cells))
        .collect();
    let widths: [usize; 9] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    for row in &rows {
        let each = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        out::line(each.collect::<Vec<_>>().join("  ").trim_end());
    }
    out::line("");
    out::line(report.definition);
}

/// A length as a person would say it; a dash where too many still wait to tell.
fn words(length: Option<i64>) -> String {
    let Some(ms) = length else { return "–".to_owned() };
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    match hours {
        48.. => format!("{} d {} h", hours / 24, hours % 24),
        1.. => format!("{hours} h {} min", minutes % 60),
        _ if minutes > 0 => format!("{minutes} min"),
        _ => format!("{seconds} s"),
    }
}

fn csv(report: &Waits) {
    out::line("name,waits,answered,waiting_now,no_answer_needed,median_ms,p90_ms,open_median_ms,open_p90_ms");
    let number = |length: Option<i64>| length.map(|ms| ms.to_string()).unwrap_or_default();
    for line in report.lines.iter().chain([&report.all]) {
        let (wall, open) = (line.wall, line.open_hours);
        out::line(format_args!(
            "{},{},{},{},{},{},{},{},{}",
            quoted(&line.name),
            line.count,
            line.answered,
            line.waiting_now,
            line.no_answer_needed,
            number(wall.median_ms),
            number(wall.p90_ms),
            number(open.median_ms),
            number(open.p90_ms)
        ));
    }
}

/// RFC 4180; a name that a spreadsheet would take for a formula is made plain text.
fn quoted(name: &str) -> String {
    let name = if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() };
    if name.contains([',', '"', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_as_people_say_them() {
        let cases = [
            (None, "–"),
            (Some(999), "0 s"),
            (Some(59_000), "59 s"),
            (Some(61_000), "1 min"),
            (Some(5_400_000), "1 h 30 min"),
            (Some(47 * 3_600_000), "47 h 0 min"),
            (Some(50 * 3_600_000), "2 d 2 h"),
        ];
        for (ms, said) in cases {
            assert_eq!(words(ms), said);
        }
    }

    #[test]
    fn a_name_is_never_a_formula_nor_two_cells() {
        assert_eq!(quoted("Central, upstairs"), "\"Central, upstairs\"");
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
    }
}
