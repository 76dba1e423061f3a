//! What five people and two patrons do to two conversations, and a model on paper of what must come of it. A new act is a
//! line in [`Act`], what it comes to in [`Paper::act`], and how it is really done in `desk.rs`.

use proptest::prelude::*;

use super::rules::{Fact, MINUTE};

pub const PEOPLE: usize = 5;
pub const PATRONS: usize = 2;
/// So long a person who is asked to take something may think.
const ACCEPT_WITHIN: i64 = 30 * MINUTE;
pub const HOLD: i64 = 7 * MINUTE;

/// One thing that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nobody does anything for so many minutes.
    Pass(u16),
    /// The patron writes; said so many minutes before it comes.
    Ask {
        ago: u8,
    },
    /// A machine of theirs does.
    Machine,
    /// An answer, with an undo hold or without, in so many parts, and done with it or not.
    Reply {
        hold: bool,
        parts: u8,
        done: bool,
    },
    /// An answer that a colleague is to look through first.
    AskReview,
    /// One that waits, written by somebody else, leaves as it is or changed.
    Approve {
        changed: bool,
    },
    /// It goes back to its author.
    Return,
    /// Whoever wrote one that waits takes it back.
    TakeReviewBack,
    /// An answer that the platform refuses for good.
    Refused,
    /// The last answer is taken back while it can be.
    Withdraw,
    /// The last, or the last but one, that left comes back.
    Bounce {
        back: u8,
    },
    /// It arrived.
    Arrive {
        back: u8,
    },
    /// Somebody answered in another program so many minutes ago.
    Elsewhere {
        ago: u8,
    },
    Claim,
    ClaimNext,
    Release,
    HandToPerson {
        to: u8,
    },
    HandToDesk,
    /// The next desk of the cascade is asked.
    PassOn,
    Accept,
    NotNow,
    TakeBack,
    Watch,
    Note,
    Snooze {
        minutes: u16,
    },
    Wake,
    Done {
        lost: bool,
    },
    Reopen,
    Spam,
    NotSpam,
}

/// By whom and to what.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub act: Act,
    pub who: usize,
    pub about: usize,
}

pub fn deeds(most: usize) -> impl Strategy<Value = Vec<Deed>> {
    use Act::*;
    let back = 0..2_u8;
    let ago = prop_oneof![3 => Just(0), 1 => 1..200_u8];
    let act = prop_oneof![
        5 => prop_oneof![1..50_u16, 50..600_u16, Just(1_440)].prop_map(Pass),
        6 => ago.clone().prop_map(|ago| Ask { ago }),
        1 => Just(Machine),
        6 => (any::<bool>(), 1..3_u8, prop::bool::weighted(0.2)).prop_map(|(hold, parts, done)| Reply { hold, parts, done }),
        2 => Just(AskReview),
        3 => any::<bool>().prop_map(|changed| Approve { changed }),
        1 => Just(Return),
        1 => Just(TakeReviewBack),
        1 => Just(Refused),
        1 => Just(Withdraw),
        2 => back.clone().prop_map(|back| Bounce { back }),
        1 => back.prop_map(|back| Arrive { back }),
        2 => ago.prop_map(|ago| Elsewhere { ago }),
        2 => Just(Claim),
        1 => Just(ClaimNext),
        2 => Just(Release),
        2 => (0..5_u8).prop_map(|to| HandToPerson { to }),
        1 => Just(HandToDesk),
        2 => Just(PassOn),
        2 => Just(Accept),
        1 => Just(NotNow),
        1 => Just(TakeBack),
        1 => Just(Watch),
        1 => Just(Note),
        2 => (1..300_u16).prop_map(|minutes| Snooze { minutes }),
        1 => Just(Wake),
        3 => any::<bool>().prop_map(|lost| Done { lost }),
        2 => Just(Reopen),
        1 => Just(Spam),
        2 => Just(NotSpam),
    ];
    // Mostly the same person and patron, so that things meet.
    let who = prop_oneof![2 => Just(0), 1 => 0..PEOPLE];
    let about = prop_oneof![2 => Just(0), 1 => 0..PATRONS];
    prop::collection::vec((act, who, about).prop_map(|(act, who, about)| Deed { act, who, about }), 1..most)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Waiting,
    Snoozed(i64),
    Done,
    Spam,
}

#[derive(Clone, Debug)]
struct OnItsWay {
    name: usize,
    by: usize,
    held: bool,
    release_at: i64,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    by: usize,
    who: usize,
    until: i64,
}

/// One conversation as it must be.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub facts: Vec<Fact>,
    pub state: State,
    pub owner: Option<usize>,
    pub desk: usize,
    /// How many things were said in it, by anybody.
    pub said: usize,
    on_its_way: Vec<OnItsWay>,
    /// Answers that the platform has, by name, and whether one of their parts came back.
    pub left: Vec<usize>,
    asked: Option<Asked>,
    /// Who has written an answer that waits to be looked through.
    pub reviews: Vec<usize>,
    /// Whether it was done when it was taken for spam.
    was_done: bool,
    /// Whether its row shows that the patron waits.
    shown: bool,
}

/// Everything as it must be.
#[derive(Clone, Debug)]
pub struct Paper {
    pub now: i64,
    pub sheets: Vec<Sheet>,
    /// Answers written so far: their names are their numbers.
    pub written: usize,
}

impl Paper {
    /// Each patron has asked once, at the desk of this number.
    pub fn begin(now: i64) -> Self {
        let sheet = Sheet {
            facts: vec![Fact::Said(now)],
            state: State::Open,
            owner: None,
            desk: 0,
            said: 1,
            on_its_way: Vec::new(),
            left: Vec::new(),
            asked: None,
            reviews: Vec::new(),
            was_done: false,
            shown: true,
        };
        Self { now, sheets: vec![sheet; PATRONS], written: 0 }
    }

    /// Does it and lets what is due happen. `false`: it must be refused, and nothing changes by it.
    pub fn act(&mut self, deed: Deed) -> bool {
        let allowed = self.now_act(deed);
        self.sheets.iter_mut().for_each(|sheet| sheet.settle(self.now));
        allowed
    }

    fn now_act(&mut self, Deed { act, who, about }: Deed) -> bool {
        let now = self.now;
        let sheet = &mut self.sheets[about];
        match act {
            Act::Pass(_) => true,
            Act::Ask { ago } => {
                sheet.facts.push(Fact::Said(now - i64::from(ago) * MINUTE));
                sheet.said += 1;
                if sheet.state != State::Spam {
                    sheet.state = State::Open;
                    sheet.shown = true;
                }
                true
            }
            Act::Machine => {
                sheet.facts.push(Fact::Machine(now));
                sheet.said += 1;
                true
            }
            Act::Reply { .. } if sheet.state == State::Spam => false,
            Act::Reply { done, .. } if sheet.owner.is_none_or(|owner| owner == who) => {
                let held = matches!(act, Act::Reply { hold: true, .. });
                let release_at = now + if held { HOLD } else { 0 };
                sheet.facts.push(Fact::Wrote(self.written, who));
                sheet.on_its_way.push(OnItsWay { name: self.written, by: who, held, release_at });
                self.written += 1;
                sheet.said += 1;
                sheet.owner = Some(who);
                sheet.shown = false;
                sheet.state = State::Waiting;
                if done {
                    sheet.facts.push(Fact::Done { by: who, at: now, on_its_way: true });
                    sheet.state = State::Done;
                    sheet.asked = None;
                }
                true
            }
            Act::Reply { .. } => false,
            Act::AskReview => {
                let may = sheet.state != State::Spam && sheet.owner.is_none_or(|owner| owner == who);
                if !may || sheet.reviews.contains(&who) {
                    return false;
                }
                // Nobody has answered: the patron waits as before.
                sheet.owner = Some(who);
                sheet.reviews.push(who);
                true
            }
            Act::Approve { .. } => {
                let Some(place) = sheet.others_review(who).filter(|_| sheet.state != State::Spam) else {
                    return false;
                };
                let author = sheet.reviews.remove(place);
                sheet.facts.push(Fact::Wrote(self.written, author));
                sheet.on_its_way.push(OnItsWay {
                    name: self.written,
                    by: author,
                    held: false,
                    release_at: now,
                });
                self.written += 1;
                sheet.said += 1;
                sheet.owner = sheet.owner.or(Some(author));
                sheet.shown = false;
                sheet.state = State::Waiting;
                true
            }
            Act::Return => {
                let Some(place) = sheet.others_review(who) else { return false };
                sheet.reviews.remove(place);
                true
            }
            Act::TakeReviewBack => {
                let Some(place) = sheet.reviews.iter().position(|author| *author == who) else {
                    return false;
                };
                sheet.reviews.remove(place);
                true
            }
            Act::Refused => {
                sheet.facts.push(Fact::Wrote(self.written, who));
                sheet.facts.push(Fact::CameBack(self.written, now));
                self.written += 1;
                sheet.said += 1;
                sheet.owner = Some(who);
                sheet.came_back();
                true
            }
            Act::Withdraw => {
                let last = sheet.on_its_way.iter().rposition(|one| one.by == who && one.held);
                let Some(place) = last else { return false };
                sheet.on_its_way.remove(place);
                // What was written stays as what was taken back.
                sheet.facts.push(Fact::TookBack(now));
                if sheet.state == State::Spam {
                    sheet.shown = false;
                } else if sheet.waits() {
                    sheet.state = State::Open;
                    sheet.shown = true;
                }
                true
            }
            Act::Bounce { back } => {
                if let Some(place) = sheet.left.len().checked_sub(1 + usize::from(back)) {
                    let name = sheet.left.remove(place);
                    sheet.facts.push(Fact::CameBack(name, now));
                    sheet.came_back();
                }
                true
            }
            Act::Arrive { .. } | Act::Watch if sheet.state == State::Done && act == Act::Watch => false,
            Act::Arrive { .. } | Act::Watch => true,
            Act::Elsewhere { ago } => {
                let at = now - i64::from(ago) * MINUTE;
                let in_time = sheet.open_since().is_none_or(|begin| begin <= at);
                sheet.facts.push(Fact::Elsewhere(at));
                sheet.said += 1;
                if in_time {
                    sheet.shown = sheet.waits();
                    if !sheet.shown && sheet.state == State::Open {
                        sheet.state = State::Waiting;
                    }
                }
                true
            }
            Act::Claim => match sheet.owner {
                Some(owner) => owner == who,
                None => {
                    sheet.owner = Some(who);
                    true
                }
            },
            // Which of the two is for the desk to say: see `claimed_next`.
            Act::ClaimNext => true,
            Act::Release => match sheet.owner {
                Some(owner) if owner != who => false,
                Some(_) => {
                    (sheet.owner, sheet.asked) = (None, None);
                    true
                }
                None => true,
            },
            Act::HandToPerson { to } => {
                let to = usize::from(to);
                let theirs = sheet.owner.is_none_or(|owner| owner == who);
                if matches!(sheet.state, State::Done | State::Spam)
                    || !theirs
                    || sheet.owner == Some(to)
                    || to == who
                {
                    return false;
                }
                sheet.owner = sheet.owner.or(Some(who));
                sheet.asked = Some(Asked { by: who, who: to, until: now + ACCEPT_WITHIN });
                true
            }
            Act::HandToDesk => {
                let theirs = sheet.owner.is_none_or(|owner| owner == who);
                if matches!(sheet.state, State::Done | State::Spam) || !theirs {
                    return false;
                }
                sheet.for_everybody();
                sheet.asked = None;
                sheet.desk = 1 - sheet.desk;
                sheet.facts.push(Fact::AtDesk(sheet.desk, now));
                true
            }
            Act::PassOn => {
                let theirs = sheet.owner.is_none_or(|owner| owner == who);
                if sheet.state != State::Open || !theirs {
                    return false;
                }
                sheet.for_everybody();
                sheet.asked = None;
                true
            }
            Act::Accept | Act::NotNow => {
                let Some(_) = sheet.asked.filter(|asked| asked.who == who) else { return false };
                sheet.asked = None;
                if act == Act::Accept {
                    sheet.owner = Some(who);
                } else {
                    sheet.for_everybody();
                }
                true
            }
            Act::TakeBack => {
                let theirs = |asked: &Asked| asked.by == who || sheet.owner == Some(who);
                let Some(_) = sheet.asked.filter(theirs) else { return false };
                sheet.asked = None;
                true
            }
            Act::Note => {
                sheet.said += 1;
                true
            }
            Act::Snooze { .. } if matches!(sheet.state, State::Done | State::Spam) => false,
            Act::Snooze { minutes } => {
                sheet.state = State::Snoozed(now + i64::from(minutes) * MINUTE);
                true
            }
            Act::Wake => {
                if matches!(sheet.state, State::Snoozed(_)) {
                    sheet.state = if sheet.shown { State::Open } else { State::Waiting };
                }
                true
            }
            Act::Done { .. } if sheet.state == State::Spam => false,
            Act::Done { .. } => {
                if sheet.state != State::Done {
                    let on_its_way = !sheet.on_its_way.is_empty();
                    sheet.facts.push(Fact::Done { by: who, at: now, on_its_way });
                    sheet.state = State::Done;
                    sheet.asked = None;
                    sheet.shown &= on_its_way;
                }
                true
            }
            Act::Reopen => {
                if sheet.state == State::Done {
                    let waited = sheet.waits();
                    sheet.facts.push(Fact::NotDone(now));
                    sheet.state = State::Open;
                    sheet.shown |= sheet.waits() && !waited;
                }
                true
            }
            Act::Spam => {
                if sheet.state != State::Spam {
                    let on_its_way = !sheet.on_its_way.is_empty();
                    sheet.facts.push(Fact::Spam { by: who, at: now, on_its_way });
                    sheet.was_done = sheet.state == State::Done;
                    sheet.state = State::Spam;
                    sheet.asked = None;
                    sheet.shown &= on_its_way;
                }
                true
            }
            Act::NotSpam => {
                if sheet.state == State::Spam {
                    sheet.facts.push(Fact::NotSpam(now));
                    sheet.shown = sheet.waits();
                    sheet.state = if sheet.was_done && !sheet.shown { State::Done } else { State::Open };
                }
                true
            }
        }
    }

    /// What `who` got who asked for the next question; none: nothing was free.
    pub fn claimed_next(&mut self, got: Option<usize>, who: usize) -> bool {
        let free = |sheet: &Sheet| sheet.owner.is_none() && sheet.state == State::Open;
        match got {
            Some(about) => {
                let was_free = free(&self.sheets[about]);
                self.sheets[about].owner = Some(who);
                was_free
            }
            None => !self.sheets.iter().any(free),
        }
    }
}

impl Sheet {
    /// Of the answers that wait and are not their own, that of the first person.
    fn others_review(&self, who: usize) -> Option<usize> {
        (0..self.reviews.len()).filter(|at| self.reviews[*at] != who).min_by_key(|at| self.reviews[*at])
    }

    /// Whether the patron waits.
    pub fn waits(&self) -> bool {
        self.open_since().is_some()
    }

    fn open_since(&self) -> Option<i64> {
        super::rules::waits(0, &self.facts).iter().find(|wait| wait.end.is_none()).map(|wait| wait.begin)
    }

    fn for_everybody(&mut self) {
        (self.owner, self.state) = (None, State::Open);
    }

    fn came_back(&mut self) {
        if self.state != State::Spam {
            self.state = State::Open;
        }
        self.shown = self.waits();
    }

    /// What the clock does: answers leave in their order, people who were asked have had their time, snoozes end.
    fn settle(&mut self, now: i64) {
        while self.on_its_way.first().is_some_and(|one| one.release_at <= now) {
            let one = self.on_its_way.remove(0);
            self.facts.push(Fact::Left(one.name, now));
            self.left.push(one.name);
            self.shown = self.waits();
        }
        if self.asked.is_some_and(|asked| asked.until <= now) {
            self.asked = None;
            if !matches!(self.state, State::Done | State::Spam) {
                self.for_everybody();
            }
        }
        if let State::Snoozed(until) = self.state
            && until <= now
        {
            self.state = State::Open;
        }
    }

    /// The program gave it back to everybody because who had it was not there: only what a patron waits for.
    pub fn returned(&mut self) {
        assert!(
            self.state == State::Open && self.waits(),
            "only an open question that waits goes back: {self:?}"
        );
        (self.owner, self.asked) = (None, None);
    }

    /// Whether something is still on its way.
    pub fn sends(&self) -> bool {
        !self.on_its_way.is_empty()
    }
}
