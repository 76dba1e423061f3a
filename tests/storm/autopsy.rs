//! What is written down when the program has just been killed, before anybody can make good for it: a platform gives again
//! what it gave, and what was lost for a moment would not be missed in the end.

use std::collections::{BTreeMap, BTreeSet};

use super::books::Books;
use super::patrons::numbers_in;
use super::platform::Platform;
use super::staff::Staff;

/// What is wrong now and will not be right again, a line each.
pub fn wrong(staff: &Staff, platforms: &[Box<dyn Platform>]) -> Vec<String> {
    // What the program said yes to is read before what it has: the other way round it could have said it in between.
    let acknowledged: Vec<_> = platforms.iter().map(|platform| platform.acknowledged()).collect();
    let books = Books::read(staff);
    let mut wrong = Vec::new();
    for (platform, calls) in platforms.iter().zip(acknowledged) {
        let kind = platform.kind();
        let here: BTreeSet<usize> = books.of(kind, "in").into_iter().flat_map(numbers_in).collect();
        let said: BTreeSet<usize> = calls.iter().flat_map(|call| numbers_in(call)).collect();
        let forgotten: Vec<_> = said.difference(&here).collect();
        if !forgotten.is_empty() {
            wrong.push(format!("{kind}: it said that it has questions {forgotten:?}, and has them not"));
        }
        let (_, doubled) = books.compared_with(platform.as_ref());
        if !doubled.is_empty() {
            wrong.push(format!("{kind}: doubled, changed, or from nowhere: {doubled:?}"));
        }
        let twice = sent_twice(&platform.taken_after(0));
        if !twice.is_empty() {
            wrong.push(format!("{kind}: a patron got these answers more than once: {twice:?}"));
        }
        let carried = platform.carried();
        let different: BTreeSet<&Vec<u8>> = carried.iter().collect();
        if different.len() < carried.len() {
            wrong.push(format!(
                "{kind}: {} files reached patrons, only {} different ones",
                carried.len(),
                different.len()
            ));
        }
    }
    wrong
}

/// The markers of answers that stand in more than one text.
fn sent_twice(taken: &[String]) -> Vec<String> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in taken {
        let marker = text.split_once("answer-").and_then(|(_, rest)| rest.get(..6));
        marker.into_iter().for_each(|marker| *times.entry(marker).or_default() += 1);
    }
    times
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|(marker, times)| format!("{marker}, {times} times"))
        .collect()
}

#[test]
fn an_answer_that_was_taken_twice_is_seen() {
    let taken = ["We have it.\n\nanswer-000010-ends", "answer-000020-ends", "answer-000010-ends", "nothing"];
    assert_eq!(sent_twice(&taken.map(str::to_owned)), ["000010, 2 times"]);
}
