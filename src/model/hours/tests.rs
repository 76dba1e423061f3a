use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn at(zone: &str, text: &str) -> Millis {
    let shown: jiff::civil::DateTime = text.parse().unwrap();
    shown.to_zoned(TimeZone::get(zone).unwrap()).unwrap().timestamp().as_millisecond()
}

fn open(opens: u16, closes: u16) -> Interval {
    Interval::new(opens * 60, closes * 60).unwrap()
}

fn weekdays(zone: &str, intervals: &[Interval]) -> Hours {
    let day = intervals.to_vec();
    Hours::weekly(zone, [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]])
}

#[test]
fn cases_that_a_manager_could_check_by_hand() {
    const CHICAGO: &str = "America/Chicago";
    let nine_to_five = weekdays(CHICAGO, &[open(9, 17)]);
    let lunch = weekdays(CHICAGO, &[open(9, 12), open(13, 17)]);
    let late = Hours::weekly(CHICAGO, std::array::from_fn(|_| vec![open(20, 26)]));
    let night = Hours::weekly(CHICAGO, std::array::from_fn(|_| vec![open(0, 6)]));
    let holiday = nine_to_five.clone().except(vec![Exception {
        from: date(2026, 11, 26),
        to: date(2026, 11, 27),
        intervals: vec![],
    }]);
    let short = nine_to_five.clone().except(vec![Exception {
        from: date(2026, 12, 24),
        to: date(2026, 12, 24),
        intervals: vec![open(9, 12)],
    }]);
    let always = Hours::always(CHICAGO);
    let cases: &[(&str, &Hours, &str, &str, i64)] = &[
        ("within one morning", &nine_to_five, "2026-11-18T09:30", "2026-11-18T10:00", 30),
        ("asked before opening", &nine_to_five, "2026-11-18T07:00", "2026-11-18T09:10", 10),
        ("over night", &nine_to_five, "2026-11-18T16:00", "2026-11-19T10:00", 120),
        ("over the weekend", &nine_to_five, "2026-11-20T16:30", "2026-11-23T09:30", 60),
        ("over lunch", &lunch, "2026-11-18T11:30", "2026-11-18T13:30", 60),
        ("answered while closed", &nine_to_five, "2026-11-18T16:00", "2026-11-18T20:00", 60),
        ("asked and answered while closed", &nine_to_five, "2026-11-18T20:00", "2026-11-18T22:00", 0),
        ("over a holiday", &holiday, "2026-11-25T16:00", "2026-11-30T10:00", 120),
        ("on a short day", &short, "2026-12-24T11:00", "2026-12-24T15:00", 60),
        ("past midnight", &late, "2026-11-18T21:00", "2026-11-19T01:00", 240),
        ("a night that loses an hour", &night, "2026-03-08T00:00", "2026-03-08T06:00", 300),
        ("a night that has one more", &night, "2026-11-01T00:00", "2026-11-01T06:00", 420),
        ("a day and a night that lose an hour", &always, "2026-03-07T12:00", "2026-03-08T12:00", 23 * 60),
    ];
    for (name, hours, from, to, minutes) in cases {
        assert_eq!(hours.open_ms(at(CHICAGO, from), at(CHICAGO, to)), minutes * MINUTE, "{name}");
    }
}

#[test]
fn a_promise_is_given_in_open_hours() {
    let hours = weekdays("Europe/Berlin", &[open(9, 17)]);
    let friday = at("Europe/Berlin", "2026-11-20T16:00");
    assert_eq!(hours.after_open(friday, 2 * HOUR), Some(at("Europe/Berlin", "2026-11-23T10:00")));
    assert_eq!(hours.after_open(friday, HOUR), Some(at("Europe/Berlin", "2026-11-20T17:00")));
    assert_eq!(hours.next_open(friday + 2 * HOUR), Some(at("Europe/Berlin", "2026-11-23T09:00")));
    assert_eq!(hours.next_close(friday), Some(friday + HOUR));
    assert!(hours.is_open(friday) && !hours.is_open(friday + HOUR));
}

#[test]
fn a_desk_that_never_opens_promises_nothing() {
    let never = Hours::weekly("UTC", std::array::from_fn(|_| vec![]));
    assert_eq!(never.next_open(0), None);
    assert_eq!(never.after_open(0, 1), None);
    assert_eq!(never.open_ms(0, 400 * 24 * HOUR), 0);
}

#[test]
fn a_time_that_the_clock_skips_is_the_moment_of_the_jump() {
    // In New York the clock goes from 2:00 to 3:00.
    let zone = "America/New_York";
    let skipped = |opens, closes| {
        let day = vec![Interval::new(opens, closes).unwrap()];
        Hours::weekly(zone, std::array::from_fn(|_| day.clone()))
    };
    let (from, to) = (at(zone, "2026-03-08T00:00"), at(zone, "2026-03-09T00:00"));
    assert_eq!(skipped(150, 240).open_ms(from, to), HOUR, "opens at 2:30, which is 3:00, and closes at 4:00");
    assert_eq!(skipped(60, 150).open_ms(from, to), HOUR, "opens at 1:00 and closes at 2:30, which is 3:00");
    assert_eq!(skipped(120, 180).open_ms(from, to), 0, "the hour that does not exist");
}

fn week() -> impl Strategy<Value = [Vec<Interval>; 7]> {
    let interval =
        (0..DAY_MIN, 1..=DAY_MIN).prop_map(|(opens, lasts)| Interval::new(opens, opens + lasts).unwrap());
    let day = prop::collection::vec(interval, 0..3);
    prop::array::uniform7(day)
}

/// Minute by minute: open if the wall clock stands within an interval of today, or of yesterday beyond midnight.
fn slowly(hours: &Hours, from: Millis, to: Millis) -> i64 {
    let week = hours.week.as_ref().unwrap();
    let mut open = 0;
    let mut now = from;
    while now < to {
        let shown = Timestamp::from_millisecond(now).unwrap().to_zoned(hours.zone.clone());
        let minute = u16::try_from(shown.hour()).unwrap() * 60 + u16::try_from(shown.minute()).unwrap();
        let of = |date: Date| {
            let different = hours.exceptions.iter().rev().find(|one| one.from <= date && date <= one.to);
            different.map_or(&week[weekday(date)], |one| &one.intervals)
        };
        let within = |intervals: &[Interval], minute: u16| {
            intervals.iter().any(|one| one.opens <= minute && minute < one.closes)
        };
        let yesterday = shown.date().yesterday().unwrap();
        if within(of(shown.date()), minute) || within(of(yesterday), minute + DAY_MIN) {
            open += MINUTE;
        }
        now += MINUTE;
    }
    open
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn open_time_is_what_a_minute_by_minute_count_gives(
        week in week(),
        start in 0_i64..(300 * 24 * 60),
        length in 0_i64..(5 * 24 * 60),
        closed in prop::option::of((0_i8..28, 0_i8..3)),
        // No night of a changing clock in these: what an ambiguous time means is held by the cases above.
        zone in prop::sample::select(vec!["UTC", "Asia/Kolkata", "America/Phoenix"]),
    ) {
        let mut hours = Hours::weekly(zone, week);
        let from = at("UTC", "2026-01-05T00:00") + start * MINUTE;
        if let Some((offset, days)) = closed {
            let first = hours.date(from).unwrap().checked_add(i64::from(offset % 4).days()).unwrap();
            let to = first.checked_add(i64::from(days).days()).unwrap();
            hours = hours.except(vec![Exception { from: first, to, intervals: vec![] }]);
        }
        let to = from + length * MINUTE;
        let counted = hours.open_ms(from, to);
        prop_assert_eq!(counted, slowly(&hours, from, to));
        let ruler = hours.ruler(from - 3 * HOUR, to + 5 * HOUR);
        prop_assert_eq!(ruler.open_ms(from, to), counted);
        if counted > 0 {
            let reached = hours.after_open(from, counted).unwrap();
            prop_assert!(reached <= to);
            prop_assert_eq!(hours.open_ms(from, reached), counted);
        }
    }
}

#[test]
fn one_open_day_from_now() {
    const BERLIN: &str = "Europe/Berlin";
    let nine_to_five = weekdays(BERLIN, &[open(9, 17)]);
    let with_saturday = Hours::weekly(
        BERLIN,
        std::array::from_fn(|day| {
            [vec![open(9, 17)], vec![open(9, 12)], vec![]][day.saturating_sub(4)].clone()
        }),
    );
    let late = Hours::weekly(BERLIN, std::array::from_fn(|_| vec![open(20, 26)]));
    let night = Hours::weekly(BERLIN, std::array::from_fn(|_| vec![open(0, 6)]));
    let cases: &[(&str, &Hours, &str, &str)] = &[
        ("in the morning", &nine_to_five, "2026-10-06T10:00", "2026-10-07T10:00"),
        ("before it opens", &nine_to_five, "2026-10-06T03:00", "2026-10-06T17:00"),
        ("after it closes", &nine_to_five, "2026-10-06T20:00", "2026-10-07T17:00"),
        ("over the weekend", &nine_to_five, "2026-10-09T16:00", "2026-10-12T16:00"),
        ("on a short day", &with_saturday, "2026-10-10T11:00", "2026-10-12T11:00"),
        ("after midnight of a late shift", &late, "2026-10-07T01:00", "2026-10-08T01:00"),
        ("the night that has one hour more", &night, "2026-10-25T00:00", "2026-10-25T06:00"),
        ("day and night", &Hours::always(BERLIN), "2026-10-06T10:00", "2026-10-07T10:00"),
    ];
    for (name, hours, from, to) in cases {
        assert_eq!(hours.after_one_day(at(BERLIN, from)), Some(at(BERLIN, to)), "{name}");
    }
    let never = Hours::weekly(BERLIN, std::array::from_fn(|_| vec![]));
    assert_eq!(never.after_one_day(at(BERLIN, "2026-10-06T10:00")), None);
}
