//! The cases that were worked by hand (`cases.txt`), by the program's own rules and by those of the tests.

use deskbell::model::hours::{Hours, Interval, written};
use deskbell::report::quantile::{Estimate, Seen};
use jiff::civil::{DateTime, Time, date};
use jiff::tz::TimeZone;

use super::agree::{ZONE, reckoned};
use super::rules::{Fact, MINUTE, Wait, Week, open_minutes, waits, within};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Mon 19 Oct 09:30`.
fn moment(text: &str) -> i64 {
    let words: Vec<&str> = text.split(' ').collect();
    let [weekday, day, month, clock] = words[..] else { panic!("no moment: {text}") };
    let month = MONTHS.iter().position(|one| *one == month).expect("a month") + 1;
    let day = date(2026, i8::try_from(month).unwrap(), day.parse().unwrap());
    assert_eq!(day.strftime("%a").to_string(), weekday, "{text}");
    let (hour, minute) = clock.split_once(':').unwrap();
    let time = Time::new(hour.parse().unwrap(), minute.parse().unwrap(), 0, 0).unwrap();
    let shown = DateTime::from_parts(day, time);
    shown.to_zoned(TimeZone::get(ZONE).unwrap()).unwrap().timestamp().as_millisecond()
}

/// What a line of a case says; gives when it is now.
fn happened(facts: &mut Vec<Fact>, text: &str) -> i64 {
    let place = text.match_indices(' ').nth(3).expect("a moment and what happened").0;
    let (at, what) = (moment(&text[..place]), &text[place + 1..]);
    let written = facts.iter().filter(|fact| matches!(fact, Fact::Wrote(..))).count();
    match what {
        "patron asks" => facts.push(Fact::Said(at)),
        "machine writes" => facts.push(Fact::Machine(at)),
        "answer is written" => facts.push(Fact::Wrote(written, 0)),
        "written answer leaves" => facts.push(Fact::Left(written - 1, at)),
        "answer leaves" => facts.extend([Fact::Wrote(written, 0), Fact::Left(written, at)]),
        "answer comes back" => facts.push(Fact::CameBack(written - 1, at)),
        "answered elsewhere" => facts.push(Fact::Elsewhere(at)),
        "done" => facts.push(Fact::Done { by: 0, at, on_its_way: false }),
        "opened again" => facts.push(Fact::NotDone(at)),
        "now" => {}
        other => panic!("nothing of that kind happens: {other}"),
    }
    at
}

fn length(ms: i64) -> String {
    format!("{} h {} min", ms / MINUTE / 60, ms / MINUTE % 60)
}

fn told(waits: &[Wait], now: i64, open_ms: &dyn Fn(i64, i64) -> i64) -> Vec<String> {
    let one = |wait: &Wait| {
        let end = wait.end.unwrap_or(now);
        let how = wait
            .answered
            .map_or("still waiting", |answered| if answered { "answered" } else { "no answer needed" });
        format!("{}, open {}, {how}", length(end - wait.begin), length(open_ms(wait.begin, end)))
    };
    waits.iter().map(one).collect()
}

#[test]
fn what_was_worked_by_hand_is_what_comes_out() {
    let cases: Vec<&str> = include_str!("cases.txt").split("\n# ").skip(1).collect();
    assert!(cases.len() >= 20, "{} cases", cases.len());
    for case in cases {
        let mut lines = case.lines().filter(|line| !line.is_empty());
        let name = lines.next().unwrap();
        let (mut facts, mut now, mut wanted, mut numbers) = (Vec::new(), 0, Vec::new(), None);
        let mut week = written::Week::default();
        for line in lines {
            if let Some(hours) = line.strip_prefix("open ") {
                week = written::week(hours).unwrap();
            } else if let Some(wait) = line.strip_prefix("= ") {
                wanted.push(wait);
            } else if line.starts_with("median ") {
                numbers = Some(line);
            } else {
                now = now.max(happened(&mut facts, line));
            }
        }
        let hours = Hours::weekly(ZONE, week.clone());
        let ours = reckoned(&facts);
        assert_eq!(told(&ours, now, &|from, to| hours.open_ms(from, to)), wanted, "{name}");

        let plain = |intervals: &Vec<Interval>| {
            intervals.iter().map(|one| (i64::from(one.opens()), i64::from(one.closes()))).collect()
        };
        let slow = Week { days: week.each_ref().map(plain), different: Vec::new() };
        let minutes = |from, to| {
            let open = open_minutes(&slow, ZONE, from, to).iter().filter(|open| **open).count();
            i64::try_from(open).unwrap() * MINUTE
        };
        assert_eq!(told(&waits(0, &facts), now, &minutes), wanted, "{name}, by the rules of the tests");

        if let Some(numbers) = numbers {
            let seen: Vec<(i64, bool)> =
                ours.iter().map(|wait| (wait.end.unwrap_or(now) - wait.begin, wait.end.is_some())).collect();
            let estimate = Estimate::of(
                seen.iter().map(|(length_ms, ended)| Seen { length_ms: *length_ms, ended: *ended }).collect(),
            );
            let said = |median: Option<i64>, ninetieth: Option<i64>| {
                let word = |ms: Option<i64>| ms.map_or("not known".to_owned(), length);
                format!("median {}, 90th percentile {}", word(median), word(ninetieth))
            };
            assert_eq!(said(estimate.within(0.5), estimate.within(0.9)), numbers, "{name}");
            assert_eq!(
                said(within(&seen, 5), within(&seen, 9)),
                numbers,
                "{name}, by the rules of the tests"
            );
        }
    }
}
