//! What is composed fits what is declared; one key makes one message; what left is found again.

use bytes::Bytes;

use super::{Candidate, Paper, key, open, sample};
use crate::contract::{Deliver, Enclosure, Failure, Level, Part, TextUnit, Visibility};

/// Of a text without a limit.
const LONG: u32 = 100_000;

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let channel = sample(candidate);
    let Some(deliver) = channel.deliver() else { return };
    texts(candidate, deliver, paper);
    files(candidate, deliver, paper);
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let deliver = channel.deliver().expect("its sample has one");
    let Some(part) = part(candidate, deliver, fake.now(), paper) else { return };
    for attempt in ["first", "second"] {
        match deliver.deliver(&part, &key(1)).await {
            Ok(sent) => paper.check(
                sent.id == deliver.expected_id(&key(1)) || deliver.expected_id(&key(1)).is_none(),
                || format!("sending: it has the id {:?} and not the one that was expected", sent.id),
            ),
            Err(failure) => {
                paper.check(false, || format!("sending: the {attempt} time it failed: {failure:?}"))
            }
        }
    }
    // Where a platform takes a second send at all, it must be recognisable as the first.
    let taken = fake.taken();
    paper.check(!taken.is_empty() && taken.iter().all(|id| *id == taken[0]), || {
        format!("sending: the same key twice made {taken:?}")
    });
    let found = deliver.find(&part, &key(1)).await;
    paper.check(matches!(&found, Ok(Some(sent)) if sent.id.as_ref() == taken.first()), || {
        format!("sending: what left was looked for, and this came: {found:?}")
    });
    let never = deliver.find(&part, &key(2)).await;
    paper.check(matches!(never, Ok(None) | Err(Failure::Ambiguous { .. })), || {
        format!("sending: what never left was looked for, and this came: {never:?}")
    });
}

pub fn part(candidate: &dyn Candidate, deliver: &dyn Deliver, now: i64, paper: &mut Paper) -> Option<Part> {
    let draft = candidate.draft("We open at nine.");
    let parts = deliver.compose(&draft, now);
    paper.check(parts == deliver.compose(&draft, now), || {
        "compose: the same draft gives other parts".to_owned()
    });
    match parts {
        Ok(parts) if parts.len() == 1 => parts.into_iter().next(),
        other => {
            paper.check(false, || format!("compose: a short answer gives {other:?}"));
            None
        }
    }
}

fn texts(candidate: &dyn Candidate, deliver: &dyn Deliver, paper: &mut Paper) {
    let can = sample(candidate).capabilities();
    let limit = match candidate.draft("").visibility {
        Visibility::Private => can.text,
        Visibility::Public => can.public_text.unwrap_or(can.text),
    };
    let of = |units: u32, of: char| {
        candidate.text_of(units, of).unwrap_or_else(|| {
            let width = if limit.unit == TextUnit::Bytes { of.len_utf8() as u32 } else { 1 };
            of.to_string().repeat((units / width) as usize)
        })
    };
    for wide in ['a', 'é', '漢', '🦉'] {
        let most = limit.max.unwrap_or(LONG);
        let whole = deliver.compose(&candidate.draft(&of(most, wide)), 0);
        paper.check(whole.as_ref().is_ok_and(|parts| !parts.is_empty()), || {
            format!("compose: {most} times {wide:?} is declared to fit: {:?}", whole.err())
        });
        if limit.max.is_some() {
            let text = of(most, wide) + &of(1, 'a');
            match deliver.compose(&candidate.draft(&text), 0) {
                Ok(parts) => {
                    let said: String = parts.iter().map(|part| part.text.as_str()).collect();
                    paper.check(
                        parts.len() > 1 && said.matches(wide).count() >= text.matches(wide).count(),
                        || {
                            format!(
                                "compose: a text too long by one {wide:?} went as {} part(s), or lost some",
                                parts.len()
                            )
                        },
                    );
                }
                Err(refusal) => {
                    paper.check(refusal.why.ends_with('.'), || "compose: a refusal is a sentence".to_owned())
                }
            }
        }
    }
}

fn files(candidate: &dyn Candidate, deliver: &dyn Deliver, paper: &mut Paper) {
    let rules = sample(candidate).capabilities().attachments;
    let composes = |files: Vec<Enclosure>| {
        let mut draft = candidate.draft("With files.");
        draft.enclosures = files;
        deliver.compose(&draft, 0).is_ok()
    };
    let file = |kind: &str, bytes: u64| Enclosure {
        filename: "file".to_owned(),
        content_type: kind.replace("*/*", "application/pdf").replace('*', "x-exam"),
        bytes: Bytes::from(vec![0; usize::try_from(bytes).unwrap_or_default()]),
    };
    if rules.level == Level::Unsupported {
        paper.check(!composes(vec![file("image/png", 10)]), || {
            "files: none are declared, and one is taken".to_owned()
        });
        return;
    }
    for (kind, most) in &rules.kinds {
        paper.check(composes(vec![file(kind, 10)]), || format!("files: {kind} is declared and refused"));
        paper.check(!composes(vec![file(kind, most + 1)]), || {
            format!("files: {kind} of more than {most} bytes is taken")
        });
    }
    if !rules.kinds.iter().any(|(kind, _)| kind == "*/*") {
        paper.check(!composes(vec![file("application/x-never-declared", 10)]), || {
            "files: an undeclared kind is taken".to_owned()
        });
    }
    let kind = rules.kinds.first().map_or("application/pdf", |(kind, _)| kind.as_str());
    let many = vec![file(kind, 1); rules.max_count as usize + 1];
    paper.check(!composes(many), || format!("files: more than {} are taken", rules.max_count));
}
