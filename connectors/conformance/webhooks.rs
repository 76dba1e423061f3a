//! Only the platform itself is heard at our door.

use super::{Call, Candidate, Paper, sample};
use crate::contract::{Receiving, Webhook};

pub fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let channel = sample(candidate);
    let Some(webhook) = channel.webhook() else { return };
    let calls = candidate.calls();
    paper.check(!calls.is_empty(), || "webhook: there are no sample calls".to_owned());
    for call in calls {
        let received = receive(webhook, &call);
        paper.check(received.is_ok(), || format!("webhook: a call of the platform is refused: {received:?}"));
        paper.check(received == receive(webhook, &call), || {
            "webhook: the same call twice gives other ids".to_owned()
        });
        for (what, forged) in forgeries(&call) {
            paper.check(receive(webhook, &forged).is_err(), || {
                format!("webhook: a call with {what} is taken")
            });
        }
    }
}

/// The external ids, or the refusal in words.
fn receive(webhook: &dyn Webhook, call: &Call) -> Result<Vec<String>, String> {
    let request =
        Receiving { method: "POST", url: &call.url, headers: &call.headers, body: &call.body, now: 0 };
    let received = webhook.receive(&request).map_err(|refused| refused.to_string())?;
    Ok(received.envelopes.into_iter().map(|envelope| envelope.external_id).collect())
}

fn forgeries(call: &Call) -> Vec<(&'static str, Call)> {
    let with = |change: &dyn Fn(&mut String)| {
        let mut forged = call.clone();
        for (name, value) in &mut forged.headers {
            if name == call.signature {
                change(value);
            }
        }
        forged
    };
    let mut unsigned = call.clone();
    unsigned.headers.retain(|(name, _)| name != call.signature);
    let mut altered = call.clone();
    altered.body.push(b' ');
    vec![
        ("no signature", unsigned),
        ("another body", altered),
        ("an empty signature", with(&String::clear)),
        ("half a signature", with(&|value| value.truncate(value.len() / 2))),
        (
            "another signature",
            with(&|value| *value = value.chars().map(|c| if c == 'a' { 'b' } else { 'a' }).collect()),
        ),
    ]
}
