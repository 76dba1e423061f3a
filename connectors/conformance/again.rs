//! What was kept of a message says the same when it is read again, by a channel that was opened for nothing else.

use super::{Candidate, Fake, Paper, open, overlap};
use crate::contract::{Envelope, Event, Kept, Message};

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    if let Some((fake, envelopes)) = overlap::read(candidate).await {
        examine(candidate, &*fake, "asked for", &envelopes, paper).await;
    }
    if let Some((fake, envelopes)) = overlap::told(candidate, paper).await {
        examine(candidate, &*fake, "told", &envelopes, paper).await;
    }
}

async fn examine(
    candidate: &dyn Candidate,
    fake: &dyn Fake,
    how: &str,
    envelopes: &[Envelope],
    paper: &mut Paper,
) {
    let channel = open(candidate, fake);
    let messages = envelopes.iter().filter(|one| matches!(one.event, Event::Message(_)));
    let mut examined = 0;
    for envelope in messages {
        let kept = Kept::of(envelope);
        let again = channel.read_again(&kept).await;
        paper.check(again.as_ref().is_ok_and(|again| same(again, &envelope.event)), || {
            format!(
                "again: what was {how} and kept says something else: {:?}, then {again:?}",
                envelope.event
            )
        });
        let half = Kept { raw: kept.raw.slice(..kept.raw.len() / 2), ..kept.clone() };
        let nothing = Kept { raw: Vec::new().into(), ..kept };
        // They may be refused or mean something else, and never panic.
        for broken in [half, nothing] {
            let _ = channel.read_again(&broken).await;
        }
        examined += 1;
    }
    paper.check(examined > 0, || format!("again: nothing that was {how} is a message"));
}

/// To the last letter; but what somebody is called may have been asked for, and is not in the bytes then.
fn same(again: &Event, first: &Event) -> bool {
    let (Event::Message(again), Event::Message(first)) = (again, first) else { return false };
    let people =
        |message: &Message| message.author.iter().chain(&message.recipients).cloned().collect::<Vec<_>>();
    let rest = |message: &Message| {
        let nobody = Message { author: None, recipients: Vec::new(), ..message.clone() };
        (message.author.is_some(), format!("{nobody:?}"))
    };
    let (now, then) = (people(again), people(first));
    rest(again) == rest(first)
        && now.len() == then.len()
        && now
            .iter()
            .zip(&then)
            .all(|(now, then)| now == then || now.id == then.id && now.name.is_none() && then.name.is_some())
}
