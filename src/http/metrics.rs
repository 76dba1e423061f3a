//! `/metrics`: how the channels are, for a program that watches (Prometheus text format 0.0.4). It names accounts, so it is
//! given only to whoever is signed in: a scraper sends `Authorization: Bearer TOKEN`, from wherever it asks. That a request
//! comes from this machine proves nothing: behind a proxy all of them do.

use std::fmt::Write;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::model::budget::{day_of, left_micros};
use crate::model::channel::State as Standing;
use crate::store::{channels, events, intake, spendings, streams, webhooks};

/// Where it is, as scrapers expect it.
pub(super) const PATH: &str = "/metrics";
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
const STATES: [Standing; 5] =
    [Standing::Active, Standing::Degraded, Standing::NeedsSignin, Standing::Blocked, Standing::Paused];

/// How everything is, one line a number.
pub(super) async fn read(State(app): State<App>, _: SignedIn) -> Result<impl IntoResponse> {
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], page(&app).await?))
}

async fn page(app: &App) -> Result<String> {
    let mut conn = app.db.read().await?;
    let (now, mut page) = (app.clock.now(), Page::default());
    page.one("deskbell_info", "Which version runs.", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    let newest = events::newest(&mut conn).await?;
    let keeps = f64::from(u8::from(app.db.trouble().is_none()));
    page.one(
        "deskbell_store_keeps",
        "1: the store keeps what it is given; 0: the disk is full, or worse.",
        &[],
        keeps,
    );
    page.counter("deskbell_events_total", "Lines of the history.", &[], whole(newest));
    let (counted, spent) = (intake::all(&mut conn).await?, spendings::since(&mut conn, day_of(now)).await?);
    for row in channels::all(&mut conn).await? {
        let id = row.id.to_string();
        let of = [("channel", row.name.as_str()), ("kind", row.kind.as_str()), ("id", id.as_str())];
        let up = matches!(row.state, Standing::Active | Standing::Degraded);
        page.one("deskbell_channel_up", "1: read and answered from.", &of, f64::from(up));
        for state in STATES {
            let labels = [&of[..], &[("state", state.as_str())]].concat();
            page.one(
                "deskbell_channel_state",
                "1 beside the state it is in.",
                &labels,
                f64::from(state == row.state),
            );
        }
        page.at(
            "deskbell_channel_state_since_seconds",
            "Since when it is in this state.",
            &of,
            Some(row.state_since),
        );
        page.at("deskbell_channel_signin_ends_seconds", "When its sign-in ends.", &of, row.signin_ends_at);
        if let Some(intake) = counted.iter().find(|counted| counted.channel_id == row.id) {
            page.at(
                "deskbell_channel_last_message_seconds",
                "When it last brought a message.",
                &of,
                intake.last_message_at,
            );
            for (name, help, count) in [
                ("deskbell_channel_received_total", "Everything that it gave.", intake.counts.received),
                ("deskbell_channel_messages_total", "What became messages.", intake.counts.messages),
                ("deskbell_channel_held_total", "What is held.", intake.counts.held),
                ("deskbell_channel_duplicates_total", "What was known already.", intake.counts.duplicates),
            ] {
                page.counter(name, help, &of, whole(count));
            }
        }
        let spent = spent.iter().find(|spent| spent.channel_id == row.id);
        if let Some(spent) = spent {
            let labels = [&of[..], &[("currency", spent.currency.as_str())]].concat();
            let used = whole(spent.micros()) / 1e6;
            page.one("deskbell_channel_spent_today", "Money used up today (UTC).", &labels, used);
        }
        if let Some(limit) = row.budget_micros {
            let left = left_micros(limit, spent.map_or(0, spendings::Spending::micros));
            page.one(
                "deskbell_channel_budget_left_today",
                "Money left for today (UTC).",
                &of,
                whole(left) / 1e6,
            );
        }
        for stream in streams::of_channel(&mut conn, row.id).await? {
            let of = [&of[..], &[("stream", stream.stream.as_str())]].concat();
            page.at(
                "deskbell_stream_last_success_seconds",
                "When it was last read.",
                &of,
                stream.last_success_at,
            );
            page.at(
                "deskbell_stream_last_message_seconds",
                "When it last brought something.",
                &of,
                stream.last_item_at,
            );
            if let Some(at) = stream.last_success_at {
                let lag = whole((now - at).max(0)) / 1e3;
                page.one("deskbell_stream_lag_seconds", "Since the last read that succeeded.", &of, lag);
            }
            if let Some(backlog) = stream.backlog {
                page.one("deskbell_stream_backlog", "How many are still to be read.", &of, whole(backlog));
            }
            let failures = whole(stream.failures);
            page.one("deskbell_stream_failures", "How many reads in a row have failed.", &of, failures);
        }
    }
    for row in webhooks::all(&mut conn).await? {
        let id = row.id.to_string();
        let of = [("webhook", id.as_str())];
        let off = f64::from(u8::from(row.off_since.is_some()));
        page.one("deskbell_webhook_off", "Whether it is called no more.", &of, off);
        page.at(
            "deskbell_webhook_failing_since_seconds",
            "Since when it has taken nothing.",
            &of,
            row.failing_since,
        );
    }
    Ok(page.text())
}

/// Counts of a library are far below where this loses any.
fn whole(number: i64) -> f64 {
    number as f64
}

/// Numbers by name: all of one name stand together, as the format wants it.
#[derive(Default)]
struct Page(Vec<Family>);

struct Family {
    name: &'static str,
    help: &'static str,
    counter: bool,
    lines: String,
}

impl Page {
    fn one(&mut self, name: &'static str, help: &'static str, labels: &[(&str, &str)], value: f64) {
        self.put(name, help, false, labels, value);
    }

    fn counter(&mut self, name: &'static str, help: &'static str, labels: &[(&str, &str)], value: f64) {
        self.put(name, help, true, labels, value);
    }

    /// A point in time, where there is one: seconds since 1970.
    fn at(&mut self, name: &'static str, help: &'static str, labels: &[(&str, &str)], at: Option<i64>) {
        if let Some(at) = at {
            self.put(name, help, false, labels, whole(at) / 1e3);
        }
    }

    fn put(
        &mut self,
        name: &'static str,
        help: &'static str,
        counter: bool,
        labels: &[(&str, &str)],
        value: f64,
    ) {
        let known = self.0.iter().position(|family| family.name == name);
        let place = known.unwrap_or_else(|| {
            self.0.push(Family { name, help, counter, lines: String::new() });
            self.0.len() - 1
        });
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        // Writing to a string cannot fail.
        let _ = writeln!(self.0[place].lines, "{name}{labels} {value}");
    }

    fn text(self) -> String {
        self.0.iter().fold(String::new(), |text, Family { name, help, counter, lines }| {
            let kind = if *counter { "counter" } else { "gauge" };
            text + &format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{lines}")
        })
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_stands_together_and_labels_break_nothing() {
        let mut page = Page::default();
        page.one("a", "First.", &[("channel", "say \"hi\"\\\n")], 1.0);
        page.counter("b_total", "Second.", &[], 12.0);
        page.at("a", "First.", &[], Some(1_500));
        page.at("a", "First.", &[], None);
        assert_eq!(
            page.text(),
            "# HELP a First.\n# TYPE a gauge\na{channel=\"say \\\"hi\\\"\\\\\\n\"} 1\na 1.5\n\
             # HELP b_total Second.\n# TYPE b_total counter\nb_total 12\n"
        );
    }
}
