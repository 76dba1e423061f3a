//! What a call's body becomes, laid out for a person.

use super::form;
use super::inbound::{self, Happening, Own};
use super::words::Words;
use crate::contract::{Event, Inspected};

/// Reads and reports; never panics.
pub fn inspect(body: &[u8], content_type: Option<&str>) -> Vec<Inspected> {
    let words = Words::default();
    let own = Own { number: None, words: &words };
    read(body, content_type, None, &own)
        .into_iter()
        .map(|(happening, account)| laid_out(happening, account))
        .collect()
}

/// What a body says, each with the number of ours it is about. Something for every event in it: what cannot be read is
/// held.
pub fn read(
    body: &[u8],
    content_type: Option<&str>,
    key: Option<crate::contract::Key>,
    own: &Own<'_>,
) -> Vec<(Happening, Option<String>)> {
    let Some(events) = form::events(content_type, body) else {
        return vec![(inbound::unreadable(body), None)];
    };
    let mut read = Vec::new();
    for (n, params) in events.iter().enumerate() {
        let happenings = inbound::of_call(params, key, own);
        if happenings.is_empty() {
            let mut held = inbound::unreadable(body);
            if n > 0 {
                held.external_id = format!("{}/{n}", held.external_id);
            }
            read.push((held, None));
        }
        for happening in happenings {
            let ours = if matches!(happening.event, Event::Receipt(_)) { "from" } else { "to" };
            read.push((happening, params.get(ours).map(str::to_owned)));
        }
    }
    read
}

fn laid_out(happening: Happening, account: Option<String>) -> Inspected {
    let wish = matches!(happening.event, Event::OptOut { .. }).then_some(happening.external_id);
    let mut laid_out = Inspected::of(&happening.event);
    laid_out.external_id = laid_out.external_id.or(wish);
    laid_out.account = account.or(laid_out.account);
    laid_out
}
