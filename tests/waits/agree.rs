//! Random lives: what the program keeps and reports is what the rules say, for many lives on paper and for some at a real
//! desk on both engines.

use deskbell::model::event::Kind;
use deskbell::model::history::{History, Line};
use deskbell::model::hours::written::Week as Written;
use deskbell::model::hours::{Exception, Hours, Interval};
use deskbell::model::wait::{By, Outcome};
use deskbell::report::period::Period;
use deskbell::report::quantile::{Estimate, Seen};
use deskbell::report::waits::{Lengths, Line as Row, measure};
use jiff::civil::date;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use uuid::Uuid;

use super::desk::Real;
use super::life::{Act, Deed, Paper, Sheet, State, deeds};
use super::rules::{Fact, MINUTE, Wait, Week, open_minutes, waits, within};
use crate::store::bed::{Bed, NOW};

pub const ZONE: &str = "Europe/Berlin";
const DAY: i64 = 24 * 60 * MINUTE;
const DESKS: [Uuid; 2] = [Uuid::from_u128(1), Uuid::from_u128(2)];

/// When a life begins: on a Thursday noon, and on the evenings before clocks go back and forward.
const BEGINNINGS: [i64; 3] = [NOW, NOW + 23 * DAY + 6 * 60 * MINUTE, NOW + 177 * DAY + 6 * 60 * MINUTE];

/// Ordinary hours, hours with a lunch break and a Saturday night, hours in the night, every day past midnight.
fn weeks() -> [Week; 4] {
    let hours = |from: i64, to: i64| (from * 60, to * 60);
    let weekdays = |day: Vec<(i64, i64)>, saturday: Vec<(i64, i64)>| {
        let mut days: [Vec<(i64, i64)>; 7] = std::array::from_fn(|_| day.clone());
        (days[5], days[6]) = (saturday, vec![]);
        days
    };
    let closed_on_the_second = (date(2026, 10, 2), vec![]);
    [
        Week { days: weekdays(vec![hours(9, 17)], vec![]), different: vec![closed_on_the_second] },
        Week {
            days: weekdays(vec![hours(9, 12), (13 * 60, 17 * 60 + 30)], vec![hours(20, 27)]),
            different: vec![(date(2026, 10, 1), vec![hours(18, 26)])],
        },
        Week { days: std::array::from_fn(|_| vec![(0, 150), (165, 6 * 60)]), different: vec![] },
        Week { days: std::array::from_fn(|_| vec![hours(20, 26)]), different: vec![] },
    ]
}

pub fn intervals(minutes: &[(i64, i64)]) -> Vec<Interval> {
    let minute = |at: i64| u16::try_from(at).unwrap();
    minutes.iter().map(|(opens, closes)| Interval::new(minute(*opens), minute(*closes)).unwrap()).collect()
}

pub fn days(week: &Week) -> Written {
    std::array::from_fn(|day| intervals(&week.days[day]))
}

pub fn hours(week: &Week) -> Hours {
    let different = week.different.iter();
    let different =
        different.map(|(day, open)| Exception { from: *day, to: *day, intervals: intervals(open) });
    Hours::weekly(ZONE, days(week)).except(different.collect())
}

#[derive(Clone, Debug)]
struct Life {
    begin: i64,
    weeks: [Week; 2],
    deeds: Vec<Deed>,
}

fn lives(most: usize) -> impl Strategy<Value = Life> {
    (prop::sample::select(BEGINNINGS.to_vec()), 0..4_usize, 0..4_usize, deeds(most)).prop_map(
        |(begin, one, two, deeds)| Life { begin, weeks: [weeks()[one].clone(), weeks()[two].clone()], deeds },
    )
}

/// Whether it can be done at all; what cannot is left out of a life.
fn makes_sense(paper: &Paper, deed: Deed) -> bool {
    let sheet = &paper.sheets[deed.about];
    // The next flight is refused, whoever's it is.
    let next_is_this = !paper.sheets.iter().any(Sheet::sends);
    deed.act != Act::Refused
        || (next_is_this && sheet.state != State::Spam && sheet.owner.is_none_or(|owner| owner == deed.who))
}

/// Each deed takes a minute, so that no two happen at the same.
fn take_time(paper: &mut Paper, deed: Deed) -> i64 {
    let minutes = if let Act::Pass(minutes) = deed.act { minutes } else { 1 };
    paper.now += i64::from(minutes) * MINUTE;
    i64::from(minutes) * MINUTE
}

/// The numbers of a report: waits, answered, waiting, no answer needed; median and 90th percentile by both clocks.
type Numbers = ([usize; 4], [Option<i64>; 4]);

/// By the rules.
fn numbers(waits: &[Wait], weeks: &[Week; 2], now: i64) -> Numbers {
    let counted: Vec<&Wait> = waits.iter().filter(|wait| wait.answered != Some(false)).collect();
    let answered = counted.iter().filter(|wait| wait.answered == Some(true)).count();
    let wall: Vec<(i64, bool)> = counted
        .iter()
        .map(|wait| ((wait.end.unwrap_or(now) - wait.begin).max(0), wait.end.is_some()))
        .collect();
    let first = waits.iter().map(|wait| wait.begin).min().unwrap_or(now).min(now);
    let open: Vec<Vec<bool>> = weeks.iter().map(|week| open_minutes(week, ZONE, first, now)).collect();
    let place = |at: i64| usize::try_from((at - first) / MINUTE).unwrap();
    let in_hours = |wait: &&Wait| {
        let minutes = open[wait.desk].iter().take(place(wait.end.unwrap_or(now))).skip(place(wait.begin));
        (i64::try_from(minutes.filter(|open| **open).count()).unwrap() * MINUTE, wait.end.is_some())
    };
    let in_hours: Vec<(i64, bool)> = counted.iter().map(in_hours).collect();
    let counts = [counted.len(), answered, counted.len() - answered, waits.len() - counted.len()];
    (counts, [within(&wall, 5), within(&wall, 9), within(&in_hours, 5), within(&in_hours, 9)])
}

/// By the program's own parts.
fn numbers_of_parts(waits: &[Wait], weeks: &[Week; 2], now: i64) -> Numbers {
    let counted: Vec<&Wait> = waits.iter().filter(|wait| wait.answered != Some(false)).collect();
    let answered = counted.iter().filter(|wait| wait.end.is_some()).count();
    let of = |length: &dyn Fn(&Wait) -> i64| {
        let seen = counted.iter().map(|wait| Seen { length_ms: length(wait), ended: wait.end.is_some() });
        let estimate = Estimate::of(seen.collect());
        [estimate.within(0.5), estimate.within(0.9)]
    };
    let first = waits.iter().map(|wait| wait.begin).min().unwrap_or(now).min(now);
    let rulers = weeks.each_ref().map(|week| hours(week).ruler(first, now));
    let wall = of(&|wait| (wait.end.unwrap_or(now) - wait.begin).max(0));
    let open = of(&|wait| rulers[wait.desk].open_ms(wait.begin, wait.end.unwrap_or(now)));
    let counts = [counted.len(), answered, counted.len() - answered, waits.len() - counted.len()];
    (counts, [wall[0], wall[1], open[0], open[1]])
}

/// The history that the program would have written of it.
fn lines(facts: &[Fact]) -> Vec<Line> {
    let message = |number: usize| Uuid::from_u128(number as u128 + 1);
    let person = |who: usize| Uuid::from_u128(100 + who as u128);
    let blank = |number: usize| Line {
        conversation_id: Uuid::max(),
        seq: number as i64 + 1,
        at: 0,
        kind: Kind::Note,
        staff_id: None,
        detail: None,
        message_id: None,
        said_seq: None,
        said_at: None,
        automatic: None,
        author_id: None,
        to_desk_id: None,
        home_id: None,
        channel_id: None,
    };
    let written =
        |name: usize| facts.iter().position(|fact| matches!(fact, Fact::Wrote(of, _) if *of == name));
    let line = |(number, fact): (usize, &Fact)| {
        let about = |of: usize, said_at| Line {
            message_id: Some(message(of)),
            said_seq: Some(of as i64 + 1),
            said_at: Some(said_at),
            automatic: Some(false),
            ..blank(number)
        };
        match *fact {
            Fact::Said(at) => Line { kind: Kind::Message, ..about(number, at) },
            Fact::Machine(at) => Line { kind: Kind::Message, automatic: Some(true), ..about(number, at) },
            Fact::Wrote(_, who) => {
                Line { kind: Kind::Reply, author_id: Some(person(who)), ..about(number, 0) }
            }
            Fact::Left(name, at) => {
                let of = written(name).unwrap();
                let Fact::Wrote(_, who) = facts[of] else { unreachable!("found as such") };
                Line { kind: Kind::Sent, at, author_id: Some(person(who)), ..about(of, 0) }
            }
            Fact::CameBack(name, at) => Line { kind: Kind::Failed, at, ..about(written(name).unwrap(), 0) },
            Fact::Elsewhere(at) => Line { kind: Kind::Echo, ..about(number, at) },
            Fact::Done { by, at, on_its_way } => {
                let word = if on_its_way { Outcome::Answered } else { Outcome::NoAnswerNeeded };
                let (staff_id, detail) = (Some(person(by)), Some(word.to_string()));
                Line { kind: Kind::Closed, at, staff_id, detail, ..blank(number) }
            }
            Fact::NotDone(at) => Line { kind: Kind::Reopened, at, ..blank(number) },
            Fact::Spam { by, at, on_its_way } => {
                let detail = (!on_its_way).then(|| Outcome::NoAnswerNeeded.to_string());
                Line { kind: Kind::Spam, at, staff_id: Some(person(by)), detail, ..blank(number) }
            }
            Fact::NotSpam(at) => Line { kind: Kind::NotSpam, at, ..blank(number) },
            Fact::TookBack(at) => Line { kind: Kind::Withdrawn, at, ..blank(number) },
            Fact::AtDesk(desk, at) => {
                Line { kind: Kind::HandedOff, at, to_desk_id: Some(DESKS[desk]), ..blank(number) }
            }
        }
    };
    facts.iter().enumerate().map(line).collect()
}

/// The waits that the program reckons from a history.
pub fn reckoned(facts: &[Fact]) -> Vec<Wait> {
    let mut history = History::begun_at(DESKS[0]);
    lines(facts).iter().for_each(|line| history.then(line));
    let mut waits: Vec<Wait> = history
        .waits()
        .into_iter()
        .map(|wait| Wait {
            begin: wait.opened_at,
            end: wait.end.map(|end| end.at),
            answered: wait.end.map(|end| end.outcome == Outcome::Answered),
            desk: DESKS.iter().position(|desk| *desk == wait.desk_id).unwrap(),
            first: wait.is_first,
            who: wait.end.and_then(|end| end.staff_id).map(|staff| staff.as_u128() as usize - 100),
        })
        .collect();
    waits.sort();
    waits
}

/// The same lives each time, so that a run on another machine is the same run. `DESKBELL_SEED` lives others, and
/// `DESKBELL_LIVES` so many times as many.
fn runner(cases: u32) -> TestRunner {
    let told = |name: &str| std::env::var(name).ok().map(|told| told.parse::<u32>().expect("a number"));
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&told("DESKBELL_SEED").unwrap_or(0).to_le_bytes());
    let cases = cases * told("DESKBELL_LIVES").unwrap_or(1);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

#[test]
fn on_paper_the_history_and_the_rules_come_to_the_same_waits_and_numbers() {
    let ran = runner(1_000).run(&lives(60), |life| {
        let mut paper = Paper::begin(life.begin);
        for deed in life.deeds {
            if makes_sense(&paper, deed) {
                take_time(&mut paper, deed);
                paper.act(deed);
            }
        }
        let mut all = Vec::new();
        for sheet in &paper.sheets {
            let by_rules = waits(0, &sheet.facts);
            prop_assert_eq!(&reckoned(&sheet.facts), &by_rules, "{:#?}", sheet.facts);
            all.extend(by_rules);
        }
        prop_assert_eq!(
            numbers_of_parts(&all, &life.weeks, paper.now),
            numbers(&all, &life.weeks, paper.now)
        );
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

fn of_row(row: &Row) -> Numbers {
    let Lengths { median_ms: median, p90_ms: p90 } = row.wall;
    let Lengths { median_ms: open_median, p90_ms: open_p90 } = row.open_hours;
    let counts = [row.count, row.answered, row.waiting_now, row.no_answer_needed];
    (counts, [median, p90, open_median, open_p90])
}

async fn live(bed: Bed, life: Life) {
    let mut paper = Paper::begin(life.begin);
    let mut real = Real::open(bed, &paper, &life.weeks).await;
    real.look(&paper).await;
    for deed in life.deeds {
        if !makes_sense(&paper, deed) {
            continue;
        }
        let passed = take_time(&mut paper, deed);
        real.desk.app.clock.advance(passed);
        let before = real.newest().await;
        let done = real.act(deed, &mut paper).await;
        assert_eq!(done, paper.act(deed), "{deed:?}: whether it is allowed");
        real.returned_since(before, &mut paper).await;
        real.look(&paper).await;
    }
    let all: Vec<Vec<Wait>> = paper.sheets.iter().map(|sheet| waits(0, &sheet.facts)).collect();
    let all = all.concat();
    let (from, to) = (life.begin - 30 * DAY, paper.now + DAY);
    let period = Period { first: date(2026, 10, 1), last: date(2027, 10, 1), from, to };
    let report = measure(&real.desk.app, period, Some(By::Desk)).await.unwrap();
    assert_eq!(of_row(&report.all), numbers(&all, &life.weeks, paper.now), "{all:#?}");
    for (desk, id) in real.desks.into_iter().enumerate() {
        let at_desk: Vec<Wait> = all.iter().filter(|wait| wait.desk == desk).cloned().collect();
        let row = report.lines.iter().find(|line| line.id == Some(id)).map(of_row);
        let by_rules = numbers(&at_desk, &life.weeks, paper.now);
        assert_eq!(row.unwrap_or(([0; 4], [None; 4])), by_rules, "desk {desk}: {at_desk:#?}");
    }
}

/// A life that ends wrong is made smaller before it is shown.
fn live_many(cases: u32, most: usize, bed: impl AsyncFn() -> Option<Bed>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(bed()).is_none() {
        return;
    }
    let ran = runner(cases).run(&lives(most), |life| {
        let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(async { live(bed().await.expect("as before"), life).await });
        }));
        lived.map_err(|why| {
            let said = why.downcast_ref::<String>().cloned();
            TestCaseError::fail(said.unwrap_or_else(|| "it ended wrong, as said above".to_owned()))
        })
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn at_a_desk_on_a_file_everything_is_as_on_paper_after_each_act() {
    live_many(16, 50, Bed::sqlite);
}

#[test]
fn at_a_desk_on_a_server_everything_is_as_on_paper_after_each_act() {
    live_many(12, 40, Bed::postgres);
}
