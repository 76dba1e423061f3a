//! Each failure says what happens next.

use super::{AMPLE, Candidate, Paper, Trouble, key, open, sending};
use crate::contract::{Failure, Unfenced};

const ALL: &[Trouble] = &[
    Trouble::Denied,
    Trouble::Throttled,
    Trouble::Unavailable,
    Trouble::Silent,
    Trouble::Reset,
    Trouble::Nonsense,
    Trouble::LostAnswer,
    Trouble::NoAnswer,
    Trouble::Refused,
];

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    for trouble in ALL {
        reading(candidate, *trouble, paper).await;
        sending(candidate, *trouble, paper).await;
    }
}

async fn reading(candidate: &dyn Candidate, trouble: Trouble, paper: &mut Paper) {
    if matches!(trouble, Trouble::LostAnswer | Trouble::NoAnswer | Trouble::Refused) {
        return;
    }
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let Some(poll) = channel.poll() else { return };
    let streams = poll.streams().await.expect("the fake is still well");
    let stream = &streams.first().expect("there is a stream").id;
    let start = poll.poll(stream, None, AMPLE).await.expect("the fake is still well").next;
    fake.arrive("Before the trouble");
    if !fake.trouble(trouble) {
        return;
    }
    // A new channel: one that has a connection already may not notice.
    let troubled = open(candidate, &*fake);
    let result = troubled.poll().expect("it had one").poll(stream, Some(&start), AMPLE).await;
    let right = match (&result, trouble) {
        (Err(Failure::NeedsSignin { .. }), Trouble::Denied)
        | (Err(Failure::RateLimited { .. }), Trouble::Throttled | Trouble::Unavailable)
        | (Err(Failure::Malformed { .. }), Trouble::Nonsense) => true,
        (Err(Failure::Transient { .. }), _) => trouble != Trouble::Denied,
        _ => false,
    };
    paper.check(right, || format!("{trouble:?}: reading gave {result:?}"));
    paper.check(result.as_ref().err().is_none_or(|failure| is_sentence(&failure.to_string())), || {
        format!("{trouble:?}: {result:?} is no sentence for a channel's card")
    });
    fake.mend();
    let after = troubled.poll().expect("it had one").poll(stream, Some(&start), AMPLE).await;
    paper.check(after.as_ref().is_ok_and(|batch| batch.envelopes.len() == 1), || {
        format!("{trouble:?}: after it was over, reading gave {after:?}")
    });
}

async fn sending(candidate: &dyn Candidate, trouble: Trouble, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let Some(deliver) = channel.deliver() else { return };
    let Some(part) = sending::part(candidate, deliver, fake.now(), paper) else { return };
    if !fake.trouble(trouble) {
        return;
    }
    let result = deliver.deliver(&part, &key(5), &Unfenced).await;
    let right = match (&result, trouble) {
        (Err(Failure::NeedsSignin { .. }), Trouble::Denied)
        | (Err(Failure::RateLimited { .. }), Trouble::Throttled | Trouble::Unavailable)
        | (Err(Failure::Permanent { .. }), Trouble::Refused)
        | (Err(Failure::Malformed { .. }), Trouble::Nonsense)
        | (
            Err(Failure::Ambiguous { .. }),
            Trouble::LostAnswer | Trouble::NoAnswer | Trouble::Silent | Trouble::Reset | Trouble::Nonsense,
        ) => true,
        (Err(Failure::Transient { .. }), _) => {
            !matches!(trouble, Trouble::Denied | Trouble::LostAnswer | Trouble::NoAnswer | Trouble::Refused)
        }
        _ => false,
    };
    paper.check(right, || format!("{trouble:?}: sending gave {result:?}"));
    // What may be sent again at once must not have arrived.
    let surely_not = matches!(
        result,
        Err(Failure::Transient { .. } | Failure::RateLimited { .. } | Failure::Permanent { .. })
    );
    paper.check(!surely_not || fake.taken().is_empty(), || {
        format!("{trouble:?}: {result:?} invites a second send, but the platform took the first")
    });
    fake.mend();
    if matches!(trouble, Trouble::LostAnswer | Trouble::NoAnswer) {
        let found = deliver.find(&part, &key(5)).await;
        paper.check(matches!(found, Ok(Some(_)) | Err(Failure::Ambiguous { .. })), || {
            format!("{trouble:?}: it left, was looked for, and this came: {found:?}")
        });
    }
}

fn is_sentence(text: &str) -> bool {
    text.ends_with(['.', '?', ')', '"']) && text.chars().next().is_some_and(|c| !c.is_control())
}
