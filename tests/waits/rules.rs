//! How long patrons wait, slowly and plainly, as the rules are told to a manager: who had been answered after each thing
//! that happened, open time minute by minute, the estimate with whole fractions. Nothing here knows how the program does it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub const MINUTE: i64 = 60_000;

/// One thing that happened to a conversation; its number is its place among all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The patron said something at this moment; we may learn of it later.
    Said(i64),
    /// A machine of the patron's wrote.
    Machine(i64),
    /// One of us wrote an answer: its name, who.
    Wrote(usize, usize),
    /// That answer left.
    Left(usize, i64),
    /// It failed for good, or came back.
    CameBack(usize, i64),
    /// One of us answered in another program at this moment.
    Elsewhere(i64),
    /// Done, by whom and when, and whether an answer was on its way.
    Done { by: usize, at: i64, on_its_way: bool },
    /// Not done after all.
    NotDone(i64),
    /// Taken for spam, by whom and when, and whether an answer was on its way.
    Spam { by: usize, at: i64, on_its_way: bool },
    /// No spam after all.
    NotSpam(i64),
    /// An answer was taken back before it left.
    TookBack(i64),
    /// It is at this desk from now on.
    AtDesk(usize, i64),
}

/// A wait as a person would write it down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wait {
    pub begin: i64,
    pub end: Option<i64>,
    /// `None`: not ended; `true`: somebody answered; `false`: done without an answer.
    pub answered: Option<bool>,
    pub desk: usize,
    pub first: bool,
    /// Who ended it; nobody here where it was answered in another program.
    pub who: Option<usize>,
}

/// Who ended what somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ender {
    Answer(usize),
    Elsewhere(usize),
    Done(usize),
    Spam(usize),
}

struct Question {
    number: usize,
    at: i64,
    ended: Option<Ender>,
    /// Said in what is taken for spam: nobody waits for an answer to it.
    unheard: bool,
}

impl Question {
    fn waits(&self) -> bool {
        self.ended.is_none() && !self.unheard
    }
}

struct Open {
    begin: i64,
    /// The number of what came first of it.
    opener: usize,
    desk: usize,
    first: bool,
}

/// Every wait of a conversation at desk `desk`, sorted.
pub fn waits(mut desk: usize, facts: &[Fact]) -> Vec<Wait> {
    let mut questions: Vec<Question> = Vec::new();
    let mut open: Option<Open> = None;
    let mut ended: Vec<(Open, Ender, i64, Option<usize>)> = Vec::new();
    let (mut ever, mut last_done) = (false, None);
    let mut spam: Option<(Ender, usize, i64)> = None;
    for (number, fact) in facts.iter().enumerate() {
        // Ends what waits if there is a question that `covers`; what is left waits anew, from when it was said.
        let mut end = |ender, at, who, covers: &dyn Fn(&Question) -> bool| {
            if !questions.iter().any(|one| one.waits() && covers(one)) {
                return;
            }
            let Some(ending) = open.take() else { return };
            ended.push((ending, ender, at, who));
            let waiting = || questions.iter().filter(|one| one.waits() && !covers(one));
            let opener = waiting().map(|one| one.number).min();
            let begin = waiting().map(|one| one.at).min();
            for one in questions.iter_mut().filter(|one| one.ended.is_none() && covers(one)) {
                one.ended = Some(ender);
            }
            if let (Some(opener), Some(begin)) = (opener, begin) {
                open = Some(Open { begin, opener, desk, first: false });
            }
        };
        match *fact {
            Fact::Said(at) => {
                questions.push(Question { number, at, ended: None, unheard: spam.is_some() });
                match &mut open {
                    _ if spam.is_some() => {}
                    Some(open) => open.begin = open.begin.min(at),
                    None => open = Some(Open { begin: at, opener: number, desk, first: !ever }),
                }
                ever |= spam.is_none();
            }
            Fact::Machine(_) => {}
            Fact::Wrote(..) => {}
            Fact::Left(name, at) => {
                let (written, who) = written(facts, name);
                end(Ender::Answer(name), at, Some(who), &|one| one.number < written);
            }
            Fact::Elsewhere(at) => {
                end(Ender::Elsewhere(number), at, None, &|one| one.at <= at);
            }
            Fact::CameBack(name, _) => {
                if let Some((ender, ..)) = spam {
                    waits_again(ender, &mut ended, &mut questions, &mut open);
                }
                if let Some(place) = ended.iter().position(|one| one.1 == Ender::Answer(name)) {
                    let (mut again, ..) = ended.remove(place);
                    for one in questions.iter_mut().filter(|one| one.ended == Some(Ender::Answer(name))) {
                        one.ended = None;
                    }
                    if let Some(other) = open.take() {
                        let begin = again.begin.min(other.begin);
                        let earlier = (other.opener, other.begin) < (again.opener, again.begin);
                        again = if earlier { other } else { again };
                        again.begin = begin;
                    }
                    open = Some(again);
                }
            }
            Fact::Done { by, at, on_its_way } => {
                last_done = Some(Ender::Done(number));
                if !on_its_way {
                    end(Ender::Done(number), at, Some(by), &|_| true);
                }
            }
            Fact::NotDone(_) => {
                let by_that = ended.iter().position(|one| Some(one.1) == last_done);
                if let (None, Some(place)) = (&open, by_that) {
                    let (again, ender, ..) = ended.remove(place);
                    questions
                        .iter_mut()
                        .filter(|one| one.ended == Some(ender))
                        .for_each(|one| one.ended = None);
                    open = Some(again);
                }
            }
            Fact::Spam { by, at, on_its_way } => {
                let ender = Ender::Spam(number);
                if !on_its_way {
                    end(ender, at, Some(by), &|_| true);
                }
                spam = Some((ender, by, at));
            }
            Fact::NotSpam(_) => {
                let Some((ender, ..)) = spam.take() else { continue };
                waits_again(ender, &mut ended, &mut questions, &mut open);
                questions.iter_mut().for_each(|one| one.unheard = false);
                let waiting = || questions.iter().filter(|one| one.ended.is_none());
                if let Some(begin) = waiting().map(|one| one.at).min() {
                    let opener = waiting().map(|one| one.number).min().expect("there is one");
                    let open = open.get_or_insert(Open { begin, opener, desk, first: !ever });
                    open.begin = open.begin.min(begin);
                    ever = true;
                }
            }
            Fact::TookBack(_) => {}
            Fact::AtDesk(there, _) => desk = there,
        }
        // Where something came of an answer nobody waits any more in what is taken for spam.
        let known = match fact {
            Fact::Left(..) | Fact::CameBack(..) | Fact::TookBack(_) => true,
            Fact::Elsewhere(_) => ended.iter().any(|one| one.1 == Ender::Elsewhere(number)),
            _ => false,
        };
        if let Some((ender, by, at)) = spam.filter(|_| known)
            && let Some(ending) = open.take()
        {
            ended.push((ending, ender, at, Some(by)));
            questions.iter_mut().filter(|one| one.waits()).for_each(|one| one.ended = Some(ender));
        }
    }
    let over = ended.into_iter().map(|(wait, ender, at, who)| {
        let answered = Some(!matches!(ender, Ender::Done(_) | Ender::Spam(_)));
        Wait { begin: wait.begin, end: Some(at), answered, desk: wait.desk, first: wait.first, who }
    });
    let still = open.map(|wait| Wait {
        begin: wait.begin,
        end: None,
        answered: None,
        desk: wait.desk,
        first: wait.first,
        who: None,
    });
    let mut all: Vec<Wait> = over.chain(still).collect();
    all.sort();
    all
}

/// What ended so goes on.
fn waits_again(
    ender: Ender,
    ended: &mut Vec<(Open, Ender, i64, Option<usize>)>,
    questions: &mut [Question],
    open: &mut Option<Open>,
) {
    let Some(place) = ended.iter().rposition(|one| one.1 == ender) else { return };
    questions.iter_mut().filter(|one| one.ended == Some(ender)).for_each(|one| one.ended = None);
    *open = Some(ended.remove(place).0);
}

/// The number of the answer of that name, and who wrote it.
fn written(facts: &[Fact], name: usize) -> (usize, usize) {
    let found = facts.iter().enumerate().find_map(|(number, fact)| match fact {
        Fact::Wrote(of, who) if *of == name => Some((number, *who)),
        _ => None,
    });
    found.expect("what leaves was written")
}

/// Hours of a desk: each day of the week (Monday first) with its intervals in minutes after midnight, and days that
/// differ.
#[derive(Clone, Debug, Default)]
pub struct Week {
    pub days: [Vec<(i64, i64)>; 7],
    pub different: Vec<(Date, Vec<(i64, i64)>)>,
}

/// For each minute from `from` on whether the desk is open: somebody stands before the door and looks at the clock on the
/// wall once a minute, from two days before. An interval begins when the clock first shows its beginning or more, and ends
/// when it first shows its end or more.
pub fn open_minutes(week: &Week, zone: &str, from: i64, to: i64) -> Vec<bool> {
    let zone = TimeZone::get(zone).expect("a zone");
    let lead = 2 * 24 * 60;
    let count = usize::try_from((to - from) / MINUTE).expect("forwards") + lead;
    let wall: Vec<DateTime> = (0..count)
        .map(|minute| {
            let at = from + (i64::try_from(minute).unwrap() - i64::try_from(lead).unwrap()) * MINUTE;
            Timestamp::from_millisecond(at).expect("a moment").to_zoned(zone.clone()).datetime()
        })
        .collect();
    // The clock never shows less than a day before what it has shown.
    let first_shown = |wanted: DateTime| {
        let near = wall.partition_point(|shown| *shown < wanted.checked_sub(1.day()).expect("a day before"));
        wall[near..].iter().position(|shown| *shown >= wanted).map_or(count, |place| near + place)
    };
    let mut open = vec![false; count];
    let mut date = wall.first().map_or(Date::MIN, |shown| shown.date());
    while wall.last().is_some_and(|last| date <= last.date()) {
        let different = week.different.iter().rev().find(|(day, _)| *day == date);
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).expect("one of seven");
        for (opens, closes) in different.map_or(&week.days[weekday], |(_, intervals)| intervals) {
            let shown =
                |minutes: i64| date.to_datetime(Time::midnight()).checked_add(minutes.minutes()).unwrap();
            let (begin, end) = (first_shown(shown(*opens)), first_shown(shown(*closes)));
            open.iter_mut().take(end).skip(begin).for_each(|minute| *minute = true);
        }
        date = date.tomorrow().expect("another day");
    }
    open.split_off(lead)
}

/// Kaplan and Meier with pencil and paper: in the order of their lengths, those answered take their share of those who
/// still waited then. `seen`: how long, and whether it ended. The least length within which `tenths` tenths were answered.
pub fn within(seen: &[(i64, bool)], tenths: u128) -> Option<i64> {
    let mut lengths: Vec<i64> = seen.iter().map(|(length, _)| *length).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let (mut above, mut below) = (1_u128, 1_u128);
    for length in lengths {
        let waiting = seen.iter().filter(|(other, _)| *other >= length).count() as u128;
        let answered = seen.iter().filter(|(other, ended)| *other == length && *ended).count() as u128;
        (above, below) = (above * (waiting - answered), below * waiting);
        let shared = (1..=below.min(1_000)).rev().find(|by| above % by == 0 && below % by == 0).unwrap_or(1);
        (above, below) = (above / shared, below / shared);
        // At most 1 - tenths/10 still wait.
        if answered > 0 && above * 10 <= below * (10 - tenths) {
            return Some(length);
        }
    }
    None
}
