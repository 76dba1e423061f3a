//! Fixtures mean what they meant; the same bytes mean the same; broken bytes never panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Candidate, Paper, summary};
use crate::contract::Event;

const MUTATIONS: u64 = 200;
const PREFIXES: usize = 400;

pub fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let fixtures = candidate.fixtures();
    paper.check(!fixtures.is_empty(), || "fixtures: there are none".to_owned());
    junk(candidate, paper);
    for fixture in fixtures {
        let name = fixture.name;
        let events = candidate.decode(&fixture.bytes);
        let said = summary(&events);
        paper.check(said == fixture.says.trim(), || {
            format!("fixture {name}: it says\n{said}\nand should say\n{}", fixture.says)
        });
        let again = summary(&candidate.decode(&fixture.bytes));
        paper.check(ids(&events) == ids(&candidate.decode(&fixture.bytes)) && said == again, || {
            format!("fixture {name}: the same bytes mean something else the second time")
        });
        let step = fixture.bytes.len().div_ceil(PREFIXES).max(1);
        let prefixes = (0..fixture.bytes.len()).step_by(step).map(|end| fixture.bytes[..end].to_vec());
        let mutations = (0..MUTATIONS).map(|seed| mutated(&fixture.bytes, seed));
        let broken = prefixes.chain(mutations).find(|bytes| {
            let decoding = catch_unwind(AssertUnwindSafe(|| candidate.decode(bytes)));
            decoding.is_err()
        });
        paper.check(broken.is_none(), || {
            format!(
                "fixture {name}: a damaged copy panics: {:?}",
                broken.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            )
        });
    }
}

/// What nobody ever sends, and somebody will.
fn junk(candidate: &dyn Candidate, paper: &mut Paper) {
    let deep = |open: &str| open.repeat(100_000).into_bytes();
    let table: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("zeros", vec![0; 4096]),
        ("no UTF-8", (128..=255).cycle().take(4096).collect()),
        ("null", b"null".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("a list of nothings", b"[null,{},[],\"\",0]".to_vec()),
        ("lists in lists", deep("[")),
        ("objects in objects", deep("{\"a\":")),
        ("one long line", vec![b'a'; 1 << 20]),
    ];
    for (what, bytes) in table {
        let first = catch_unwind(AssertUnwindSafe(|| summary(&candidate.decode(&bytes))));
        let second = catch_unwind(AssertUnwindSafe(|| summary(&candidate.decode(&bytes))));
        paper.check(first.is_ok(), || format!("decoding: {what} panics"));
        paper.check(first.ok() == second.ok(), || format!("decoding: {what} means something else each time"));
    }
}

fn ids(events: &[Event]) -> Vec<Option<String>> {
    events
        .iter()
        .map(|event| match event {
            Event::Message(message) | Event::Echo(message) => message.id.clone(),
            Event::Receipt(receipt) => receipt.id.clone(),
            Event::Edited { of, .. } | Event::Deleted { of } => Some(of.clone()),
            _ => None,
        })
        .collect()
}

/// One to four bytes changed, taken out, put in, or a stretch doubled; the same for the same seed.
fn mutated(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut below = |limit: usize| {
        // xorshift64; the low bits are good enough for picking places.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit.max(1) as u64).unwrap_or_default()
    };
    let mut out = bytes.to_vec();
    for _ in 0..=below(3) {
        let at = below(out.len());
        match below(4) {
            _ if out.is_empty() => out.push(0),
            0 => out[at] = below(256) as u8,
            1 => {
                out.remove(at);
            }
            2 => out.insert(at, b"\0\r\n\"<{\xff;"[below(8)]),
            _ => {
                let end = (at + below(200)).min(out.len());
                let stretch = out[at..end].to_vec();
                out.splice(at..at, stretch);
            }
        }
    }
    out
}
