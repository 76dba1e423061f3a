//! How much of the allowance is used: in headers, and at a hundred per cent in refusals.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::api::with_header;
use super::refusal::{Refusal, no};
use super::{Hall, book::Usage};
use crate::simulator::lock;

/// Adds what is used to an answer; Meta leaves the headers out where it is next to nothing.
pub fn told(hall: &Hall, response: Response) -> Response {
    let book = lock(&hall.book);
    let counts = |usage: &Usage| json!({ "call_count": usage.percent, "total_cputime": 3, "total_time": 5 });
    let mut response = response;
    if let Some(usage) = book.usage.get("app") {
        response = with_header(response, "x-app-usage", &counts(usage));
    }
    let business: Vec<Value> = book
        .usage
        .iter()
        .filter(|(about, _)| *about != "app")
        .map(|(about, usage)| {
            let mut told = counts(usage);
            told["type"] = json!(about);
            told["estimated_time_to_regain_access"] = json!(usage.regain_minutes);
            told
        })
        .collect();
    if !business.is_empty() {
        let of = book.pages.keys().map(|page| (page.clone(), json!(business)));
        response =
            with_header(response, "x-business-use-case-usage", &Value::Object(of.collect::<Map<_, _>>()));
    }
    response
}

/// Refuses where nothing is left.
pub fn refused(hall: &Hall, pieces: &[&str]) -> Result<(), Refusal> {
    let book = lock(&hall.book);
    let full = |about: &str| book.usage.get(about).is_some_and(|usage| usage.percent >= 100);
    let messenger = matches!(pieces, [_, "conversations" | "messages"]);
    if full("app") {
        return Err(no(4, 0, "Application request limit reached"));
    }
    if messenger && full("messenger") {
        return Err(no(80_006, 0, "There have been too many calls to this Messenger account."));
    }
    if !messenger && full("pages") {
        return Err(no(80_001, 0, "There have been too many calls to this Page account."));
    }
    Ok(())
}
