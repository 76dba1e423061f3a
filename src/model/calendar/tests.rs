use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::hours::{Exception, Hours, written};

const BERLIN: &str = "Europe/Berlin";

fn reads(text: &str, week: &str, zone: &str) -> Result<Vec<Days>, Vec<Bad>> {
    let (zone, week) = (TimeZone::get(zone).unwrap(), written::week(week).unwrap());
    read(text, &Reading { zone: &zone, week: Some(&week), today: date(2026, 11, 23), place: None })
}

fn shown(days: &[Days]) -> Vec<String> {
    days.iter().map(|one| format!("{} {} {} [{}]", one.first, one.last, one.name, one.intervals)).collect()
}

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn event(lines: &[&str]) -> String {
    format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.join("\r\n"))
}

#[test]
fn a_table_says_days_and_hours() {
    let text = "date,until,from,to,name\n2026-12-24,2026-12-26,,,Christmas\n\n2026-12-31,,9:00,12:00,\"Eve, \"\"New Year\"\"\"\n\
        2026-12-31,,13:00,15:00,\"Eve, \"\"New Year\"\"\"\n# later\n2027-01-06\n";
    assert_eq!(
        shown(&reads(text, "Mon-Fri 9-17", BERLIN).unwrap()),
        [
            "2026-12-24 2026-12-26 Christmas []",
            "2026-12-31 2026-12-31 Eve, \"New Year\" [09:00-12:00 13:00-15:00]",
            "2027-01-06 2027-01-06 Closed []",
        ]
    );
    assert_eq!(reads("2026-12-24;;20:00;02:00;Late", "", BERLIN).unwrap()[0].intervals, "20:00-02:00");
    let bad = reads("2026-12-24\nChristmas\n2026-12-26,2026-12-24\n2026-12-31,,9\n2026-12-31,,9,10,\"x\n1,2,3,4,5,6\n2027-01-01,,9,12\n2027-01-01,,11,13", "", BERLIN).unwrap_err();
    let lines: Vec<usize> = bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 8], "{bad:?}");
    assert!(bad[5].why.contains("overlap"));
}

#[test]
fn all_day_events_are_closed_days_and_repeat() {
    let text = calendar(
        &[
            event(&[
                "DTSTART;VALUE=DATE:20261224",
                "DTEND;VALUE=DATE:20261227",
                "SUMMARY:Christmas\\, and",
                " after",
            ]),
            event(&[
                "DTSTART;VALUE=DATE:20250101",
                "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1",
                "EXDATE;VALUE=DATE:20280101",
                "SUMMARY:New Year",
            ]),
            event(&[
                "DTSTART;VALUE=DATE:20261126",
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
                "SUMMARY:Thanksgiving",
                "BEGIN:VALARM",
                "DTSTART:nonsense",
                "END:VALARM",
            ]),
            event(&["DTSTART;VALUE=DATE:20240229", "DURATION:P1D", "RRULE:FREQ=YEARLY", "SUMMARY:Leap"]),
            event(&["DTSTART;VALUE=DATE:20261205", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SA", "SUMMARY:Saturday"]),
            event(&["DTSTART;VALUE=DATE:20261201", "STATUS:CANCELLED"]),
        ]
        .concat(),
    );
    assert_eq!(
        shown(&reads(&text, "Mon-Sat 9-17", BERLIN).unwrap()),
        [
            "2026-01-01 2026-01-01 New Year []",
            "2026-11-26 2026-11-26 Thanksgiving []",
            "2026-12-05 2026-12-05 Saturday []",
            "2026-12-12 2026-12-12 Saturday []",
            "2026-12-19 2026-12-19 Saturday []",
            "2026-12-24 2026-12-26 Christmas, andafter []",
            "2027-01-01 2027-01-01 New Year []",
            "2027-11-25 2027-11-25 Thanksgiving []",
            "2028-02-29 2028-02-29 Leap []",
            "2028-11-23 2028-11-23 Thanksgiving []",
            "2029-01-01 2029-01-01 New Year []",
        ]
    );
}

#[test]
fn timed_events_take_their_part_of_a_days_hours() {
    let text = calendar(
        &[
            event(&[
                "DTSTART;TZID=Europe/Berlin:20261223T150000",
                "DTEND;TZID=Europe/Berlin:20261224T100000",
                "SUMMARY:Party",
            ]),
            event(&["DTSTART:20261125T110000Z", "DURATION:PT1H", "SUMMARY:Alarm"]),
            event(&["DTSTART:20261125T160000", "DTEND:20261125T180000", "SUMMARY:Early"]),
            event(&["DTSTART:20261128T100000", "DTEND:20261128T120000", "SUMMARY:Nobody is there anyway"]),
        ]
        .concat(),
    );
    assert_eq!(
        shown(&reads(&text, "Mon-Fri 9-12 13-17", BERLIN).unwrap()),
        [
            "2026-11-25 2026-11-25 Alarm [09:00-12:00 13:00-16:00]",
            "2026-12-23 2026-12-23 Party [09:00-12:00 13:00-15:00]",
            "2026-12-24 2026-12-24 Party [10:00-12:00 13:00-17:00]",
        ]
    );
}

#[test]
fn what_is_not_understood_is_named_with_its_line_and_nothing_is_guessed() {
    let cases = [
        (event(&["SUMMARY:When?"]), 3, "DTSTART"),
        (event(&["DTSTART;VALUE=DATE:20261324"]), 4, "no day"),
        (event(&["DTSTART:20261224T100000"]), 3, "DTEND"),
        (event(&["DTSTART:20261224T100000", "DTEND:20261224T090000"]), 5, "before it begins"),
        (event(&["DTSTART;TZID=Middle-earth:20261224T100000", "DURATION:PT1H"]), 4, "Middle-earth"),
        (event(&["DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY;BYEASTER=1"]), 5, "BYEASTER"),
        (event(&["DTSTART;VALUE=DATE:20261224", "RDATE;VALUE=DATE:20261231"]), 5, "RDATE"),
        ("BEGIN:VEVENT\r\n".to_owned(), 4, "VCALENDAR ends here"),
        ("nonsense\r\n".to_owned(), 3, "no line of a calendar"),
    ];
    for (events, line, why) in cases {
        let bad = reads(&calendar(&events), "Mon 9-17", BERLIN).unwrap_err();
        assert_eq!(bad.len(), 1, "{bad:?}");
        assert!(bad[0].line == line && bad[0].why.contains(why), "{bad:?}");
    }
    assert!(reads("BEGIN:VCALENDAR\nBEGIN:VEVENT", "", BERLIN).unwrap_err()[0].why.contains("is it whole"));
}

#[test]
fn published_hours_say_what_differs_from_the_week() {
    let text = r#"{"locations":[{"lid":7,"name":"Central","weeks":[{
        "Monday":{"date":"2026-11-23","times":{"status":"open","hours":[{"from":"9am","to":"5pm"}]}},
        "Tuesday":{"date":"2026-11-24","times":{"status":"open","hours":[{"from":"9:30am","to":"12pm"},{"from":"8pm","to":"1am"}]}},
        "Wednesday":{"date":"2026-11-25","times":{"status":"closed"}},
        "Thursday":{"date":"2026-11-26","times":{"status":"24hours"}},
        "Friday":{"date":"2026-11-27","times":{"status":"not-set"}}}]}]}"#;
    assert_eq!(
        shown(&reads(text, "Mon-Fri 9-17", BERLIN).unwrap()),
        [
            "2026-11-24 2026-11-24 Published hours [09:30-12:00 20:00-01:00]",
            "2026-11-25 2026-11-25 Published hours []",
            "2026-11-26 2026-11-26 Published hours [00:00-24:00]",
        ]
    );
    let two = r#"{"locations":[{"lid":7,"name":"Central"},{"lid":8,"name":"North"}]}"#;
    assert!(reads(two, "", BERLIN).unwrap_err()[0].why.contains("Central (7), North (8)"));
    let vague = text.replace("closed", "ByApp");
    let bad = reads(&vague, "", BERLIN).unwrap_err();
    assert!(bad[0].line == 4 && bad[0].why.contains("2026-11-25"), "{bad:?}");
    assert!(reads("{", "", BERLIN).is_err() && reads("{}", "", BERLIN).is_err());
}

#[test]
fn taking_the_same_in_again_changes_nothing() {
    let days = reads("2026-12-24,2026-12-26,,,Christmas\n2026-12-31,,9,12,Eve", "", BERLIN).unwrap();
    let first = plan(&[], days.clone());
    assert_eq!((first.add.len(), first.is_empty()), (2, false));
    assert!(plan(&days, days.clone()).is_empty());
    let other = vec![Days { intervals: "09:00-11:00".to_owned(), ..days[1].clone() }];
    let changed = plan(&days, other.clone());
    assert_eq!((changed.add.len(), changed.change, changed.same), (0, other, 0));
}

fn hours(zone: &str, week: &str, days: &[Days]) -> Hours {
    let exceptions = days.iter().map(|one| Exception {
        from: one.first,
        to: one.last,
        intervals: written::intervals(&one.intervals).unwrap(),
    });
    Hours::weekly(zone, written::week(week).unwrap()).except(exceptions.collect())
}

proptest! {
    /// By the wall clock: whoever is closed by the calendar is closed, everybody else is open as before.
    #[test]
    fn a_closed_time_closes_exactly_that_time(
        week in prop::sample::select(vec!["Mon-Fri 9-12 13-17", "daily 20:00-02:00", "daily 0-24", "Mon 8:15-22; Sun 12-18"]),
        starts in prop::collection::vec((0..20i64, 0..1_440i64, 15..2_000i64), 1..4),
        looked_at in prop::collection::vec(0..22 * 1_440i64, 40),
    ) {
        let begin = date(2026, 11, 2).to_datetime(jiff::civil::Time::midnight());
        let after = |minutes: i64| begin + Span::new().minutes(minutes);
        let gaps: Vec<(i64, i64)> = starts.iter().map(|(day, minute, long)| (day * 1_440 + minute, day * 1_440 + minute + long)).collect();
        let events: String = gaps.iter().map(|(from, to)| event(&[
            &format!("DTSTART:{}", after(*from).strftime("%Y%m%dT%H%M%S")),
            &format!("DTEND:{}", after(*to).strftime("%Y%m%dT%H%M%S")),
        ])).collect();
        match reads(&calendar(&events), week, "UTC") {
            Ok(days) => {
                let (before, with) = (hours("UTC", week, &[]), hours("UTC", week, &days));
                // Where one gives way to the other, and half an hour on.
                let edges = gaps.iter().flat_map(|(from, to)| [from - 1, *from, from + 30, to - 1, *to]);
                for minute in looked_at.into_iter().chain(edges) {
                    let at = after(minute).to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
                    let closed = gaps.iter().any(|(from, to)| (*from..*to).contains(&minute));
                    prop_assert_eq!(with.is_open(at), before.is_open(at) && !closed, "{} {:?}", after(minute), days);
                }
            }
            Err(bad) => prop_assert!(bad.iter().all(|bad| bad.why.contains("past midnight")), "{bad:?}"),
        }
    }

    #[test]
    fn whatever_is_given_never_panics(text in "(BEGIN:VCALENDAR\n)?(BEGIN:VEVENT\n)?(DTSTART[;:]|RRULE:|DTEND:|[A-Z0-9:;=,T{}\n-]){0,40}") {
        let _ = reads(&text, "Mon 9-17", BERLIN);
    }
}
