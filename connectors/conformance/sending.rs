//! What is composed fits what is declared; one key makes one message; what left is found again.

use super::{Candidate, Fake, Paper, Shut, Trouble, Watched, described, enclose, key, open, sample};
use crate::contract::{
    AttachmentRules, Deliver, Enclosure, Failure, Level, Part, TextUnit, Unfenced, Visibility,
};

/// Of a text without a limit.
const LONG: u32 = 100_000;

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let channel = sample(candidate);
    let Some(deliver) = channel.deliver() else { return };
    texts(candidate, deliver, paper);
    files(candidate, deliver, paper);
    carrying(candidate, paper).await;
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let deliver = channel.deliver().expect("its sample has one");
    let Some(part) = part(candidate, deliver, fake.now(), paper) else { return };
    fenced(&*fake, deliver, &part, paper).await;
    for attempt in ["first", "second"] {
        match deliver.deliver(&part, &key(1), &Unfenced).await {
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

/// Nothing leaves through a fence that is shut, and what left went through one, once.
async fn fenced(fake: &dyn Fake, deliver: &dyn Deliver, part: &Part, paper: &mut Paper) {
    let before = fake.taken().len();
    let refused = deliver.deliver(part, &key(3), &Shut).await;
    paper.check(matches!(refused, Err(Failure::Transient { .. })) && fake.taken().len() == before, || {
        format!(
            "fence: it was shut, {} part(s) left, and this came: {refused:?}",
            fake.taken().len() - before
        )
    });
    let fence = Watched::default();
    let sent = deliver.deliver(part, &key(1), &fence).await;
    paper.check(sent.is_ok() && fence.seen() == ["pass"], || {
        format!("fence: one part left ({sent:?}), and was let through {:?}", fence.seen())
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

fn rules(candidate: &dyn Candidate) -> AttachmentRules {
    let can = sample(candidate).capabilities();
    match candidate.draft("").visibility {
        Visibility::Private => can.attachments,
        Visibility::Public => can.public_attachments.unwrap_or(can.attachments),
    }
}

fn kind_of(kind: &str) -> String {
    kind.replace("*/*", "application/pdf").replace('*', "x-exam")
}

/// A file that leaves arrives byte for byte, and one whose sending was not answered does not arrive twice.
async fn carrying(candidate: &dyn Candidate, paper: &mut Paper) {
    let rules = rules(candidate);
    let Some((kind, most)) = rules.kinds.first() else { return };
    let bytes = |first: u8| -> Vec<u8> {
        let every = [b"\r\n.\r\n--\0\n\r".as_slice(), &(0..=255).collect::<Vec<u8>>()].concat();
        let many = usize::try_from(*most).unwrap_or(usize::MAX).min(5_000);
        std::iter::once(first).chain(every.into_iter().cycle()).take(many).collect()
    };
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let deliver = channel.deliver().expect("its sample has one");
    let parts = |name: &str, bytes: Vec<u8>, paper: &mut Paper| {
        let mut draft = candidate.draft("Here it is.");
        draft.enclosures = vec![enclose(name, &kind_of(kind), bytes)];
        let parts = deliver.compose(&draft, fake.now());
        paper.check(parts.is_ok(), || format!("files: a small one is refused: {parts:?}"));
        parts.unwrap_or_default()
    };
    for (n, part) in (50..).zip(parts("shut in.x", bytes(3), paper)) {
        let refused = deliver.deliver(&part, &key(n), &Shut).await;
        paper.check(refused.is_err() && fake.taken().is_empty(), || {
            format!("fence: it was shut and a file left: {refused:?}")
        });
    }
    let came = || -> Vec<Vec<u8>> { fake.taken().iter().flat_map(|id| fake.files_of(id)).collect() };
    for (n, part) in (100..).zip(parts("Öffnungszeiten 図.x", bytes(1), paper)) {
        let sent = deliver.deliver(&part, &key(n), &Unfenced).await;
        paper.check(sent.is_ok(), || format!("files: one could not be sent: {sent:?}"));
    }
    paper.check(came() == [bytes(1)], || {
        let sizes: Vec<usize> = came().iter().map(Vec::len).collect();
        format!(
            "files: one of {} bytes was sent, and what arrived is not it but of {sizes:?}",
            bytes(1).len()
        )
    });
    for (n, part) in (200..).zip(parts("again.x", bytes(2), paper)) {
        if !fake.trouble(Trouble::LostAnswer) {
            return;
        }
        let first = deliver.deliver(&part, &key(n), &Unfenced).await;
        fake.mend();
        let again = match first {
            Ok(_) | Err(Failure::Permanent { .. }) => false,
            Err(Failure::Ambiguous { .. } | Failure::Malformed { .. }) => {
                matches!(deliver.find(&part, &key(n)).await, Ok(None))
            }
            Err(_) => true,
        };
        if again {
            // What comes of it is judged by what came.
            let _ = deliver.deliver(&part, &key(n), &Unfenced).await;
        }
    }
    let times = came().iter().filter(|came| **came == bytes(2)).count();
    paper.check(times <= 1, || format!("files: after a lost answer one arrived {times} times"));
}

fn files(candidate: &dyn Candidate, deliver: &dyn Deliver, paper: &mut Paper) {
    let rules = rules(candidate);
    let composes = |text: &str, files: Vec<Enclosure>| {
        let mut draft = candidate.draft(text);
        draft.enclosures = files;
        let composed = deliver.compose(&draft, 0);
        let said = composed.as_ref().err().map(|refusal| refusal.why.as_str()).unwrap_or_default();
        assert!(said.is_empty() || said.ends_with('.'), "a refusal is a sentence: {said:?}");
        composed.is_ok()
    };
    let takes = |files: Vec<Enclosure>| composes("With files.", files);
    let file = |kind: &str, bytes: u64| described("file", &kind_of(kind), bytes);
    paper.check(
        rules.why_not.as_ref().map_or(rules.level != Level::Unsupported, |why| why.ends_with('.')),
        || "files: a sentence must say why none are taken".to_owned(),
    );
    if rules.level == Level::Unsupported {
        paper.check(!takes(vec![file("image/png", 10)]), || {
            "files: none are declared, and one is taken".to_owned()
        });
        return;
    }
    for (kind, most) in &rules.kinds {
        paper.check(takes(vec![file(kind, 10)]), || format!("files: {kind} is declared and refused"));
        paper.check(!takes(vec![file(kind, most + 1)]), || {
            format!("files: {kind} of more than {most} bytes is taken")
        });
    }
    if !rules.kinds.iter().any(|(kind, _)| kind == "*/*") {
        paper.check(!takes(vec![file("application/x-never-declared", 10)]), || {
            "files: an undeclared kind is taken".to_owned()
        });
    }
    let Some((kind, most)) = rules.kinds.first() else { return };
    let (many, most) = (rules.max_count as usize, *most);
    paper.check(takes(vec![file(kind, 1); many]), || format!("files: {many} are declared and refused"));
    paper.check(!takes(vec![file(kind, 1); many + 1]), || format!("files: more than {many} are taken"));
    let share = rules.max_total_bytes / many as u64 + 1;
    if share <= most {
        let each = vec![file(kind, share); many];
        paper.check(!takes(each), || {
            format!("files: more than {} bytes are taken together", rules.max_total_bytes)
        });
    }
    let alone = composes("", vec![file(kind, 10)]);
    paper.check(alone == rules.without_text, || {
        format!("files: without words one is {}", if alone { "taken" } else { "refused" })
    });
}
