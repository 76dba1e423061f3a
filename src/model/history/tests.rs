use super::*;

const ANA: Uuid = Uuid::from_u128(0xA);
const DESK: Uuid = Uuid::from_u128(0xD);
const OTHER_DESK: Uuid = Uuid::from_u128(0xE);

/// A history written as it is told: each line has the next number.
#[derive(Default)]
struct Tale {
    lines: Vec<Line>,
}

impl Tale {
    fn line(mut self, kind: Kind, at: Millis) -> Self {
        self.lines.push(Line {
            conversation_id: Uuid::from_u128(0xC),
            seq: i64::try_from(self.lines.len()).unwrap() + 1,
            at,
            kind,
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
        });
        self
    }

    /// Something said: the message's id is the number of the line that brought it.
    fn said(self, kind: Kind, at: Millis, said_at: Millis) -> Self {
        let seq = i64::try_from(self.lines.len()).unwrap() + 1;
        self.line(kind, at).about(seq, said_at)
    }

    fn about(mut self, seq: i64, said_at: Millis) -> Self {
        let line = self.lines.last_mut().unwrap();
        line.message_id = Some(message(seq));
        line.said_seq = Some(seq);
        line.said_at = Some(said_at);
        line.automatic = Some(false);
        self
    }

    fn asks(self, at: Millis) -> Self {
        self.said(Kind::Message, at, at)
    }

    /// Written; it leaves when it is said to have.
    fn writes(self, at: Millis) -> Self {
        let mut tale = self.said(Kind::Reply, at, at);
        tale.lines.last_mut().unwrap().author_id = Some(ANA);
        tale
    }

    fn leaves(self, seq: i64, at: Millis) -> Self {
        let mut tale = self.line(Kind::Sent, at).about(seq, 0);
        tale.lines.last_mut().unwrap().author_id = Some(ANA);
        tale
    }

    fn fails(self, seq: i64, at: Millis) -> Self {
        self.line(Kind::Failed, at).about(seq, 0)
    }

    fn done(self, at: Millis, detail: &str) -> Self {
        let mut tale = self.line(Kind::Closed, at);
        let line = tale.lines.last_mut().unwrap();
        (line.staff_id, line.detail) = (Some(ANA), Some(detail.to_owned()));
        tale
    }

    fn goes_to(self, desk: Uuid, at: Millis) -> Self {
        let mut tale = self.line(Kind::HandedOff, at);
        tale.lines.last_mut().unwrap().to_desk_id = Some(desk);
        tale
    }

    fn by_machine(mut self) -> Self {
        self.lines.last_mut().unwrap().automatic = Some(true);
        self
    }

    fn waits(&self) -> Vec<Reckoned> {
        let mut history = History::begun_at(DESK);
        self.lines.iter().for_each(|line| history.then(line));
        history.waits()
    }

    /// Each wait as: from, to, how.
    fn told(&self) -> Vec<(Millis, Option<Millis>, &'static str)> {
        let how = |wait: &Reckoned| wait.end.map_or("open", |end| end.outcome.as_str());
        self.waits().iter().map(|wait| (wait.opened_at, wait.end.map(|end| end.at), how(wait))).collect()
    }
}

fn message(seq: i64) -> Uuid {
    Uuid::from_u128(u128::from(seq.unsigned_abs()) << 32)
}

#[test]
fn a_wait_is_from_the_first_unanswered_word_to_the_answer_that_leaves() {
    let tale = Tale::default().asks(10).asks(12).writes(20).leaves(3, 25).asks(30);
    assert_eq!(tale.told(), [(10, Some(25), "answered"), (30, None, "open")]);
    let waits = tale.waits();
    assert_eq!((waits[0].is_first, waits[1].is_first), (true, false));
    assert_eq!(waits[0].end.unwrap().staff_id, Some(ANA));
}

#[test]
fn an_answer_ends_no_wait_that_began_after_it_was_written() {
    // Its second part leaves after the patron has asked something else.
    let tale = Tale::default().asks(10).writes(20).leaves(2, 25).asks(26).leaves(2, 27);
    assert_eq!(tale.told(), [(10, Some(25), "answered"), (26, None, "open")]);
    // What was asked during the undo hold waits from when it was asked.
    let tale = Tale::default().asks(10).writes(20).asks(22).leaves(2, 25);
    assert_eq!(tale.told(), [(10, Some(25), "answered"), (22, None, "open")]);
}

#[test]
fn a_wait_begins_with_what_was_said_first_not_with_what_came_first() {
    let tale = Tale::default().said(Kind::Opened, 50, 40).said(Kind::Message, 51, 30);
    assert_eq!(tale.told(), [(30, None, "open")]);
    assert_eq!(tale.waits()[0].opened_seq, 1);
}

#[test]
fn machines_neither_open_nor_end_a_wait() {
    let tale = Tale::default().asks(5).by_machine().asks(10).writes(20).leaves(3, 25).by_machine();
    assert_eq!(tale.told(), [(10, None, "open")]);
}

#[test]
fn what_bounces_was_no_answer_and_later_questions_were_nudges() {
    let bounced = Tale::default().asks(10).writes(20).leaves(2, 25).fails(2, 60);
    assert_eq!(bounced.told(), [(10, None, "open")]);
    let nudged = Tale::default().asks(10).writes(20).leaves(2, 25).asks(30).fails(2, 60);
    assert_eq!(nudged.told(), [(10, None, "open")]);
    assert!(nudged.waits()[0].is_first);
    // What was answered after it keeps its own answer.
    let tale =
        Tale::default().asks(10).writes(20).leaves(2, 25).asks(30).writes(31).leaves(5, 32).fails(2, 60);
    assert_eq!(tale.told(), [(10, None, "open"), (30, Some(32), "answered")]);
    let both = tale.fails(5, 61);
    assert_eq!(both.told(), [(10, None, "open")]);
}

#[test]
fn an_answer_elsewhere_ends_what_was_said_until_then() {
    let tale = Tale::default().asks(10).asks(30).said(Kind::Echo, 50, 20);
    assert_eq!(tale.told(), [(10, Some(20), "answered"), (30, None, "open")]);
    let old = Tale::default().asks(10).said(Kind::Echo, 50, 9);
    assert_eq!(old.told(), [(10, None, "open")]);
}

#[test]
fn done_without_an_answer_is_no_answer_and_reopening_takes_back_only_that() {
    let done = Tale::default().asks(10).done(20, "no_answer_needed: an advert");
    assert_eq!(done.told(), [(10, Some(20), "no_answer_needed")]);
    assert_eq!(done.line(Kind::Reopened, 30).told(), [(10, None, "open")]);
    let lost = Tale::default().asks(10).done(20, "no_answer_needed, patron_lost: gone");
    assert_eq!(lost.told(), [(10, Some(20), "no_answer_needed")]);
    let again = Tale::default().asks(10).done(20, "no_answer_needed").asks(30).writes(31).leaves(4, 32);
    let again = again.done(40, "no_answer_needed").line(Kind::Reopened, 50);
    assert_eq!(again.told(), [(10, Some(20), "no_answer_needed"), (30, Some(32), "answered")]);
    let on_its_way = Tale::default().asks(10).writes(20).done(21, "answered");
    assert_eq!(on_its_way.told(), [(10, None, "open")]);
}

#[test]
fn a_wait_belongs_to_the_desk_at_which_it_began() {
    let tale = Tale::default().asks(10).goes_to(OTHER_DESK, 11).writes(20).leaves(3, 25).asks(30);
    let desks: Vec<_> = tale.waits().iter().map(|wait| wait.desk_id).collect();
    assert_eq!(desks, [DESK, OTHER_DESK]);
}

#[test]
fn differences_are_said_one_by_one() {
    let reckoned = Tale::default().asks(10).writes(20).leaves(2, 25).asks(30).waits();
    let keep = |wait: &Reckoned| Kept {
        id: Uuid::nil(),
        conversation_id: Uuid::from_u128(0xC),
        channel_id: wait.channel_id,
        desk_id: wait.desk_id,
        is_first: wait.is_first,
        opened_at: wait.opened_at,
        opened_by: wait.opened_by,
        closed_at: wait.end.map(|end| end.at),
        outcome: wait.end.map(|end| end.outcome.as_str().to_owned()),
        closed_by: wait.end.and_then(|end| end.by),
        staff_id: wait.end.and_then(|end| end.staff_id),
    };
    let kept: Vec<Kept> = reckoned.iter().map(keep).collect();
    assert_eq!(differences(&kept, &reckoned), [""; 0]);
    let said = |kept: &[Kept]| differences(kept, &reckoned);
    assert!(said(&kept[..1])[0].starts_with("The history has a wait that is not kept: since"));
    assert!(differences(&kept, &reckoned[..1])[0].starts_with("A wait is kept that the history has not"));
    type Change = fn(&mut Kept);
    let changes: [Change; 8] = [
        |kept| kept.desk_id = OTHER_DESK,
        |kept| kept.is_first = false,
        |kept| kept.opened_at += 1,
        |kept| kept.closed_at = Some(24),
        |kept| kept.outcome = Some("no_answer_needed".to_owned()),
        |kept| kept.closed_by = None,
        |kept| kept.staff_id = None,
        |kept| kept.channel_id = OTHER_DESK,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut kept = kept.clone();
        change(&mut kept[0]);
        assert_eq!(said(&kept).len(), 1, "change {number}");
    }
}

#[test]
fn spam_waits_for_nobody_and_no_spam_waits_from_where_it_began() {
    let spam = |tale: Tale, at, detail: Option<&str>| {
        let mut tale = tale.line(Kind::Spam, at);
        tale.lines.last_mut().unwrap().detail = detail.map(str::to_owned);
        tale
    };
    let marked = || spam(Tale::default().asks(10), 20, Some("no_answer_needed")).asks(30);
    assert_eq!(marked().told(), [(10, Some(20), "no_answer_needed")]);
    assert_eq!(marked().line(Kind::NotSpam, 40).told(), [(10, None, "open")]);
    let answered = spam(Tale::default().asks(10).writes(12).leaves(2, 13), 20, None);
    assert_eq!(answered.line(Kind::NotSpam, 40).told(), [(10, Some(13), "answered")]);
    let again = spam(Tale::default().asks(10).writes(12).leaves(2, 13), 20, None).asks(30).asks(31);
    let again = again.line(Kind::NotSpam, 40).told();
    assert_eq!(again, [(10, Some(13), "answered"), (30, None, "open")]);
    let done = spam(Tale::default().asks(10).done(20, "no_answer_needed"), 20, None);
    assert_eq!(done.line(Kind::NotSpam, 40).told(), [(10, Some(20), "no_answer_needed")]);
}

#[test]
fn what_came_back_in_spam_waits_for_nobody_until_it_is_none() {
    let spam = |tale: Tale, at| {
        let mut tale = tale.line(Kind::Spam, at);
        tale.lines.last_mut().unwrap().staff_id = Some(ANA);
        tale
    };
    let bounced = || spam(Tale::default().asks(10).writes(12).leaves(2, 13), 20).asks(22).fails(2, 30);
    assert_eq!(bounced().told(), [(10, Some(20), "no_answer_needed")]);
    assert_eq!(bounced().waits()[0].end.unwrap().staff_id, Some(ANA), "whoever marked it");
    assert_eq!(bounced().line(Kind::NotSpam, 40).told(), [(10, None, "open")]);
    // Two answers, and both came back: one wait again.
    let twice = Tale::default().asks(10).writes(11).leaves(2, 12).asks(13).writes(14).leaves(5, 15);
    let twice = spam(twice, 20).fails(2, 30);
    assert_eq!(twice.told(), [(10, Some(20), "no_answer_needed"), (13, Some(15), "answered")]);
    let twice = twice.fails(5, 31);
    assert_eq!(twice.told(), [(10, Some(20), "no_answer_needed")]);
    assert_eq!(twice.line(Kind::NotSpam, 40).told(), [(10, None, "open")]);
    // An answer on its way ends what it was written for, and what was asked after it waits for nobody.
    let leaves = spam(Tale::default().asks(10).writes(12).asks(14), 20).asks(21).leaves(2, 25);
    assert_eq!(leaves.told(), [(10, Some(25), "answered"), (14, Some(20), "no_answer_needed")]);
    let withdrawn = spam(Tale::default().asks(10).writes(12), 20).line(Kind::Withdrawn, 22);
    assert_eq!(withdrawn.told(), [(10, Some(20), "no_answer_needed")]);
}

/// A family of one conversation off which messages were split to another one by the line of this number.
fn apart(tale: &Tale, seq: i64, goes: &[i64]) -> [Vec<(Millis, Option<Millis>, bool)>; 2] {
    let (here, there) = (Uuid::from_u128(0xC), Uuid::from_u128(0xF));
    let homes = goes.iter().map(|seq| (message(*seq), here)).collect();
    let members = [(here, History::begun_at(DESK)), (there, History::begun_at(OTHER_DESK))];
    let mut family = Family::of(members, vec![], vec![Parted { seq, into: there, homes }]);
    for line in &tale.lines {
        // Where it is now is what the store knows.
        let gone = line.message_id.is_some_and(|id| goes.iter().any(|seq| message(*seq) == id));
        family.then(&Line { home_id: gone.then_some(there), ..line.clone() });
    }
    let mut waits = family.waits();
    [here, there].map(|id| {
        let own = waits.remove(&id).unwrap();
        own.iter().map(|wait| (wait.opened_at, wait.end.map(|end| end.at), wait.is_first)).collect()
    })
}

#[test]
fn a_split_parts_an_open_wait_and_leaves_an_ended_one_with_what_opened_it() {
    let open = Tale::default().asks(10).asks(12).asks(14).line(Kind::Split, 20);
    assert_eq!(apart(&open, 4, &[2]), [vec![(10, None, true)], vec![(12, None, true)]]);
    assert_eq!(apart(&open, 4, &[1, 3]), [vec![(12, None, true)], vec![(10, None, true)]]);
    let ended = Tale::default().asks(10).asks(12).writes(15).leaves(3, 16).line(Kind::Split, 20);
    assert_eq!(apart(&ended, 5, &[2]), [vec![(10, Some(16), true)], vec![]]);
    assert_eq!(apart(&ended, 5, &[1]), [vec![], vec![(10, Some(16), true)]]);
    let back = ended.fails(3, 30);
    assert_eq!(
        apart(&back, 5, &[1]),
        [vec![(12, None, true)], vec![(10, None, true)]],
        "it was no answer to either"
    );
    let held = Tale::default().asks(10).asks(12).writes(15).line(Kind::Split, 20).leaves(3, 25);
    assert_eq!(
        apart(&held, 4, &[2]),
        [vec![(10, Some(25), true)], vec![(12, None, true)]],
        "an answer answers where it is"
    );
    assert_eq!(apart(&held, 4, &[2, 3]), [vec![(10, None, true)], vec![(12, Some(25), true)]]);
}
