use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::model::hours::written;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const BERLIN: &str = "Europe/Berlin";

fn at(zone: &str, text: &str) -> Millis {
    let shown: jiff::civil::DateTime = text.parse().unwrap();
    shown.to_zoned(TimeZone::get(zone).unwrap()).unwrap().timestamp().as_millisecond()
}

fn week(zone: &str, text: &str) -> Hours {
    Hours::weekly(zone, written::week(text).unwrap())
}

fn asked(hours: &Hours, now: Millis) -> Facts<'_> {
    Facts { hours, now, said_at: now, since: 0, told_patron_at: None, told_here_at: None, answered_at: None }
}

#[test]
fn who_asks_while_the_desk_is_closed_is_told_once() {
    let hours = week(BERLIN, "Mon-Fri 9-12 13-17");
    let at = |text| at(BERLIN, text);
    let (noon, night) = (at("2026-11-24T12:30"), at("2026-11-24T21:00"));
    let told = |facts| decide(&facts).is_some();
    let night_asked = asked(&hours, night);
    let cases = [
        ("while it is open", false, asked(&hours, at("2026-11-24T10:00"))),
        ("the moment it closes", true, asked(&hours, at("2026-11-24T17:00"))),
        ("the moment it opens", false, asked(&hours, at("2026-11-25T09:00"))),
        ("over lunch", true, asked(&hours, noon)),
        ("at night", true, night_asked),
        (
            "just before it closed",
            true,
            Facts { said_at: at("2026-11-24T16:50"), now: at("2026-11-24T17:05"), ..night_asked },
        ),
        ("hours before it closed", false, Facts { said_at: at("2026-11-24T15:00"), ..night_asked }),
        ("the night before", false, Facts { said_at: at("2026-11-23T21:00"), ..night_asked }),
        ("by a clock that is ahead", true, Facts { said_at: night + HOUR, ..night_asked }),
        ("before there was a text", false, Facts { since: night + 2 * MINUTE, ..night_asked }),
        ("in the second in which the text was set", true, Facts { since: night + 999, ..night_asked }),
        ("told at noon", false, Facts { told_patron_at: Some(noon), ..night_asked }),
        ("told twelve hours ago", true, Facts { told_patron_at: Some(night - APART_MS), ..night_asked }),
        (
            "told here since it closed",
            false,
            Facts { told_here_at: Some(at("2026-11-24T18:00")), ..night_asked },
        ),
        ("told here before it opened", true, Facts { told_here_at: Some(noon), ..night_asked }),
        ("somebody works late", false, Facts { answered_at: Some(at("2026-11-24T20:00")), ..night_asked }),
        (
            "answered when it was open",
            true,
            Facts { answered_at: Some(at("2026-11-24T16:00")), ..night_asked },
        ),
    ];
    for (name, expected, facts) in cases {
        assert_eq!(told(facts), expected, "{name}");
    }
    let never = week(BERLIN, "");
    assert_eq!(decide(&asked(&never, night)), None, "nobody can say when it opens");
    assert_eq!(decide(&asked(&Hours::always(BERLIN), night)), None);
}

#[test]
fn the_next_opening_is_said_as_people_say_it() {
    let hours = week(BERLIN, "Mon-Wed 9-17; Thu 9:30-17; Fri 12-17; Sat 0-2");
    let words = |now: &str| {
        let now = at(BERLIN, now);
        opening_in_words(&hours, hours.next_open(now).unwrap(), now)
    };
    assert_eq!(words("2026-11-24T06:00"), "today at 9 am");
    assert_eq!(words("2026-11-24T18:00"), "tomorrow, Wednesday, at 9 am");
    assert_eq!(words("2026-11-25T23:59"), "tomorrow, Thursday, at 9:30 am");
    assert_eq!(words("2026-11-26T18:00"), "tomorrow, Friday, at noon");
    assert_eq!(words("2026-11-27T18:00"), "tomorrow, Saturday, at midnight");
    assert_eq!(words("2026-11-28T03:00"), "on Monday at 9 am");
    let opens = at(BERLIN, "2027-01-04T13:05");
    assert_eq!(
        opening_in_words(&hours, opens, at(BERLIN, "2026-12-23T18:00")),
        "on Monday 4 January at 1:05 pm"
    );
    // In the night in which the clock goes from 2:00 to 3:00, half past two is three.
    let early = week(BERLIN, "Sun 2:30-9");
    let night = at(BERLIN, "2026-03-29T01:00");
    assert_eq!(opening_in_words(&early, early.next_open(night).unwrap(), night), "today at 3 am");
}

#[test]
fn a_text_names_only_what_there_is() {
    let (text, short) = read(" {library} is closed; {desk} opens {opening}. ", Some(" ")).unwrap();
    assert_eq!((text.as_str(), short), ("{library} is closed; {desk} opens {opening}.", None));
    assert_eq!(
        render(&text, "today at 9 am", "Reference", "Harbour"),
        "Harbour is closed; Reference opens today at 9 am."
    );
    for (text, short, why) in [
        ("  ", None, "nothing in the text"),
        ("We open {open}.", None, "“{open}” in the text names nothing"),
        ("Closed {", None, "“{}” in the text names nothing"),
        ("Closed.", Some("{phone}"), "in the short text"),
        (&"a".repeat(2_001), None, "longer than 2000"),
        ("Closed.", Some(&"a".repeat(301)), "longer than 300"),
    ] {
        let said = read(text, short).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let zones = prop::sample::select(vec![BERLIN, "America/Chicago", "Australia/Lord_Howe", "UTC"]);
    let weeks = prop::sample::select(vec![
        "Mon-Fri 9-17",
        "Mon-Fri 9-12:30 13:30-18; Sat 10-14",
        "daily 20:00-02:00",
        "Sun 1:30-3:00; Wed 2:30-4",
        "Mon 0-24; Thu 8-9",
    ]);
    (zones, weeks).prop_map(|(zone, text)| week(zone, text))
}

proptest! {
    // March to December 2026: both nights in which clocks jump, in both hemispheres.
    #[test]
    fn what_is_said_is_true(hours in any_hours(), now in 1_772_000_000_000i64..1_798_000_000_000) {
        match decide(&asked(&hours, now)) {
            Some(opens_at) => {
                prop_assert!(opens_at > now && !hours.is_open(now) && hours.is_open(opens_at));
                prop_assert_eq!(hours.open_ms(now, opens_at), 0);
            }
            None => prop_assert!(hours.is_open(now)),
        }
    }

    #[test]
    fn nobody_is_told_twice(
        hours in any_hours(),
        start in 1_772_000_000_000i64..1_790_000_000_000,
        asks in prop::collection::vec((1..900i64, 0..3usize, 0..90i64), 1..120),
    ) {
        let mut now = start;
        let mut told: Vec<(Millis, usize)> = Vec::new();
        for (minutes, conversation, ago) in asks {
            now += minutes * MINUTE;
            let told_here_at = told.iter().rev().find(|one| one.1 == conversation).map(|one| one.0);
            let told_patron_at = told.last().map(|one| one.0);
            let said_at = now - ago * MINUTE;
            if decide(&Facts { said_at, told_patron_at, told_here_at, ..asked(&hours, now) }).is_some() {
                if let Some(before) = told_patron_at {
                    prop_assert!(now - before >= APART_MS);
                }
                if let Some(before) = told_here_at {
                    prop_assert!(hours.open_ms(before, now) > 0, "once in each closure");
                }
                prop_assert!(hours.open_ms(said_at, now) <= LATELY_MS);
                told.push((now, conversation));
            }
        }
    }
}
