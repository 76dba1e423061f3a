//! The same life at a real desk: every act by the verb that the page uses, on a real store, and a look at everything after it.

use connectors::contract::{Envelope, Event, Failure, Message, Reason as No, Receipt, ReceiptState};
use deskbell::conversation::handoff::{self, answer};
use deskbell::conversation::{cascade, claim, closure, note as notes, snooze, spam, watch};
use deskbell::error::Error;
use deskbell::model::cascade::Step;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::{Conversation, State as Standing, View};
use deskbell::model::event::Kind;
use deskbell::model::handoff::Reason;
use deskbell::model::next::Where;
use deskbell::model::people::{Role, Who};
use deskbell::outbound::{self, Reply, review};
use deskbell::store::{events, handoffs, histories, hours, lists, people, reviews};
use uuid::Uuid;

use super::bed::agree;
use super::life::{Act, Deed, HOLD, PATRONS, PEOPLE, Paper, State};
use super::rules::{self, MINUTE, Wait, Week};
use crate::journey::bed::Desk;
use crate::journey::pigeon::{answering, echo, note};
use crate::store::bed::{Bed, NOW, staff};

pub struct Real {
    pub desk: Desk,
    pub desks: [Uuid; 2],
    people: Vec<Who>,
    conversations: Vec<Uuid>,
    /// The message of each answer, by the answer's name, and of what conversation.
    answers: Vec<(Uuid, usize)>,
    notes: u32,
}

/// Of each desk: the other one, then everybody.
const STEPS: i64 = 2;
const PATRON: [&str; PATRONS] = ["amara", "rosa"];

impl Real {
    /// A desk at which both patrons have just asked.
    pub async fn open(bed: Bed, paper: &Paper, weeks: &[Week; 2]) -> Self {
        let desk = Desk::open(bed).await;
        desk.app.clock.advance(paper.now - NOW);
        let mut people = vec![desk.ana.clone(), desk.bryan.clone()];
        for number in people.len()..PEOPLE {
            let one =
                staff(&desk.app.clock, &format!("Person {number}"), &format!("{number}@harbour.example"));
            let who = Who {
                staff_id: one.id,
                name: one.name.clone(),
                public_name: one.public_name.clone(),
                role: Role::Staff,
            };
            desk.app
                .db
                .write(move |tx| Box::pin(async move { people::insert_staff(tx, &one, None).await }))
                .await
                .unwrap();
            people.push(who);
        }
        let mut desks = people::desks(&mut desk.app.db.read().await.unwrap()).await.unwrap();
        desks.sort_by_key(|one| one.id != desk.channel.desk_id);
        let desks = [desks[0].id, desks[1].id];
        for (id, week) in desks.into_iter().zip(weeks) {
            keep_hours(&desk, id, week).await;
            let to = desks[usize::from(desks[0] == id)];
            let step = |to_desk_id, minutes| Step {
                desk_id: id,
                to_desk_id,
                live_ms: 0,
                other_ms: minutes * MINUTE,
            };
            cascade::keep_steps(&desk.app, id, vec![step(Some(to), 90), step(None, 180)]).await.unwrap();
        }
        let mut real = Self { desk, desks, people, conversations: Vec::new(), answers: Vec::new(), notes: 0 };
        for patron in 0..PATRONS {
            real.say(patron, paper.now, false, false).await;
        }
        real.conversations = real.desk.conversations().await.iter().map(|one| one.id).collect();
        real
    }

    /// Does it, and says whether the program did.
    pub async fn act(&mut self, deed: Deed, paper: &mut Paper) -> bool {
        let Deed { act, who, about } = deed;
        let (id, person) = (self.conversations[about], self.people[who].clone());
        let app = self.desk.app.clone();
        let now = paper.now;
        let before = self.newest().await;
        let mut expected = None;
        let done: Result<(), Error> = match act {
            Act::Pass(_) | Act::Arrive { .. } | Act::Bounce { .. } => {
                if let Act::Bounce { back } | Act::Arrive { back } = act {
                    let bounced = matches!(act, Act::Bounce { .. });
                    self.receipt(bounced, paper.sheets[about].left.iter().rev().nth(usize::from(back))).await;
                }
                Ok(())
            }
            Act::Ask { ago } => {
                self.say(about, now - i64::from(ago) * MINUTE, false, false).await;
                Ok(())
            }
            Act::Machine => {
                self.say(about, now, true, false).await;
                Ok(())
            }
            Act::Elsewhere { ago } => {
                self.say(about, now - i64::from(ago) * MINUTE, false, true).await;
                Ok(())
            }
            Act::Reply { hold, parts, done } => {
                self.desk.loft.hold(if hold { HOLD } else { 0 });
                self.reply(&person, about, paper.written, parts, done).await
            }
            Act::AskReview => {
                let row = self.desk.conversation(id).await;
                let reply =
                    Reply { text: "To be looked through".to_owned(), seen: row.seq, ..Reply::default() };
                review::ask(&app, &person, id, reply, None).await.map(|_| ())
            }
            Act::Approve { .. } | Act::Return | Act::TakeReviewBack => {
                let own = act == Act::TakeReviewBack;
                match self.review_of(&person, about, own).await {
                    None => Err(Error::Changed),
                    Some(one) if own => review::take_back(&app, &person, one).await.map(|_| ()),
                    Some(one) if act == Act::Return => {
                        review::send_back(&app, &person, one, "Look again").await.map(|_| ())
                    }
                    Some(one) => {
                        self.desk.loft.hold(0);
                        let text =
                            matches!(act, Act::Approve { changed: true }).then(|| "Other words".to_owned());
                        let seen = self.desk.conversation(id).await.seq;
                        let approving = review::Approving { text, seen, anyway: true };
                        match review::approve(&app, &person, one, approving).await {
                            Ok(sent) => {
                                self.answers.push((sent.id, about));
                                Ok(())
                            }
                            Err(error) => Err(error),
                        }
                    }
                }
            }
            Act::Refused => {
                self.desk.loft.hold(0);
                let why = "No pigeon flies there.".to_owned();
                self.desk.loft.next_flight(Err(Failure::Permanent { reason: No::NotAllowed, why }));
                self.reply(&person, about, paper.written, 1, false).await
            }
            Act::Withdraw => match self.last_of(&person, about).await {
                Some(message) => outbound::withdraw(&app, &person, id, message).await.map(|_| ()),
                None => Err(Error::AlreadyLeft),
            },
            Act::Claim => claim::take(&app, &person, id).await.map(|_| ()),
            Act::ClaimNext => claim::next(&app, &person, Where::default()).await.map(|next| {
                let got = match next {
                    claim::Next::Claimed(row) => self.conversations.iter().position(|one| *one == row.id),
                    claim::Next::Nothing { .. } => None,
                };
                expected = Some(paper.claimed_next(got, who));
            }),
            Act::Release => claim::release(&app, &person, id).await.map(|_| ()),
            Act::HandToPerson { to } => {
                let to = handoff::To::Person(self.people[usize::from(to)].staff_id);
                handoff::give(&app, &person, id, given(to)).await.map(|_| ())
            }
            Act::HandToDesk => {
                let to = handoff::To::Desk(self.desks[1 - paper.sheets[about].desk]);
                handoff::give(&app, &person, id, given(to)).await.map(|_| ())
            }
            Act::PassOn => {
                let row = self.desk.conversation(id).await;
                let passed = cascade::pass(&app, &person, id, "Not ours").await;
                let everybody = row.owner_id.is_none() && row.step >= STEPS && row.state == Standing::Open;
                match passed {
                    // Everybody is asked already: nothing changes, as nothing would have.
                    Err(Error::Invalid(why)) if everybody => {
                        assert!(why.contains("Every desk was asked"), "{why}");
                        Ok(())
                    }
                    passed => passed.map(|_| ()),
                }
            }
            Act::Accept | Act::NotNow | Act::TakeBack => {
                let asked = handoffs::open_of(&mut app.db.read().await.unwrap(), id).await.unwrap();
                match asked.map(|asked| asked.id) {
                    None => Err(Error::Over),
                    Some(asked) if act == Act::Accept => {
                        answer::accept(&app, &person, asked).await.map(|_| ())
                    }
                    Some(asked) if act == Act::NotNow => {
                        answer::not_now(&app, &person, asked, "At lunch").await.map(|_| ())
                    }
                    Some(asked) => answer::withdraw(&app, &person, asked).await.map(|_| ()),
                }
            }
            Act::Watch => watch::watch(&app, &person, id).await,
            Act::Note => notes::write(&app, &person, id, &format!("At {now}")).await.map(|_| ()),
            Act::Snooze { minutes } => {
                snooze::snooze(&app, &person, id, now + i64::from(minutes) * MINUTE).await.map(|_| ())
            }
            Act::Wake => snooze::wake(&app, &person, id).await.map(|_| ()),
            Act::Done { lost } => {
                let outcome = if lost { Outcome::PatronLost } else { Outcome::Answered };
                closure::close(&app, &person, id, outcome.into()).await.map(|_| ())
            }
            Act::Reopen => closure::reopen(&app, &person, id).await.map(|_| ()),
            Act::Spam => spam::mark(&app, &person, id).await.map(|_| ()),
            Act::NotSpam => spam::unmark(&app, &person, id).await.map(|_| ()),
        };
        if done.is_err() {
            assert_eq!(self.newest().await, before, "what is refused changes nothing: {deed:?}, {done:?}");
        }
        assert!(expected != Some(false), "{deed:?}: the next one was another one");
        self.desk.settle().await;
        done.is_ok()
    }

    /// What the program gave back by itself since this line; when it does is for other tests.
    pub async fn returned_since(&self, seq: i64, paper: &mut Paper) {
        let mut conn = self.desk.app.db.read().await.unwrap();
        for line in events::after(&mut conn, seq, 1_000).await.unwrap() {
            if line.kind == Kind::Returned {
                let about = self.conversations.iter().position(|one| *one == line.conversation_id).unwrap();
                paper.sheets[about].returned();
            }
        }
    }

    /// Everything is as it is on paper.
    pub async fn look(&self, paper: &Paper) {
        let mut conn = self.desk.app.db.read().await.unwrap();
        let lines = events::after(&mut conn, 0, 100_000).await.unwrap();
        let numbers: Vec<i64> = lines.iter().map(|line| line.seq).collect();
        assert_eq!(numbers, (1..=self.newest().await).collect::<Vec<_>>(), "one sequence without a gap");
        for (about, (id, sheet)) in self.conversations.iter().zip(&paper.sheets).enumerate() {
            let row = self.desk.conversation(*id).await;
            let last = lines.iter().rev().find(|line| line.conversation_id == *id).unwrap();
            assert_eq!(row.seq, last.seq, "the row knows its last line");
            let owner =
                row.owner_id.map(|owner| self.people.iter().position(|one| one.staff_id == owner).unwrap());
            assert_eq!(owner, sheet.owner, "conversation {about}: who has it");
            assert_eq!(standing(&row), sheet.state, "conversation {about}: how it stands");
            assert_eq!(row.desk_id, self.desks[sheet.desk], "conversation {about}: its desk");
            assert_eq!(self.desk.texts(*id).await.len(), sheet.said, "conversation {about}: nothing is lost");
            assert_eq!(
                self.waits(*id).await,
                rules::waits(0, &sheet.facts),
                "conversation {about}: {:#?}",
                sheet.facts
            );
            let waiting = reviews::open_in(&mut conn, *id).await.unwrap();
            let authors: Vec<usize> = waiting
                .iter()
                .map(|one| self.people.iter().position(|person| person.staff_id == one.author_id).unwrap())
                .collect();
            let (mut kept, mut expected) = (authors, sheet.reviews.clone());
            // Two of one moment have no order.
            kept.sort();
            expected.sort();
            assert_eq!(kept, expected, "conversation {about}: what waits to be looked through");
            let open = rules::waits(0, &sheet.facts).into_iter().find(|wait| wait.end.is_none());
            if let Some(since) = row.waiting_since {
                assert_eq!(
                    Some(since),
                    open.map(|wait| wait.begin),
                    "conversation {about}: shown as waiting"
                );
            } else {
                assert!(open.is_none() || sheet.sends(), "conversation {about}: who waits is shown");
            }
            self.listed(&row).await;
        }
        drop(conn);
        agree(&self.desk.app).await;
    }

    /// It stands in the lists in which it belongs, and in no other.
    async fn listed(&self, row: &Conversation) {
        let mut conn = self.desk.app.db.read().await.unwrap();
        let person = &self.people[0];
        for view in View::ALL.into_iter().filter(|view| *view != View::Watching) {
            let query = lists::Query {
                view,
                staff: person.staff_id,
                desk: None,
                channel: None,
                tag: None,
                sought: None,
                now: self.desk.app.clock.now(),
                after: None,
                limit: 50,
            };
            let page = lists::conversations(&mut conn, &query).await.unwrap();
            let shown = page.items.iter().any(|one| one.id == row.id);
            let belongs = match view {
                View::Unclaimed => row.state == Standing::Open && row.owner_id.is_none(),
                View::Mine => {
                    row.owner_id == Some(person.staff_id)
                        && matches!(row.state, Standing::Open | Standing::Waiting)
                }
                View::Waiting => row.state == Standing::Waiting,
                View::Snoozed => row.state == Standing::Snoozed,
                View::Done => row.state == Standing::Done,
                View::Spam => row.state == Standing::Spam,
                _ => true,
            };
            assert_eq!(shown, belongs, "{view} of {:?}", row.state);
        }
    }

    async fn waits(&self, id: Uuid) -> Vec<Wait> {
        let mut conn = self.desk.app.db.read().await.unwrap();
        let before = Uuid::from_u128(id.as_u128() - 1);
        let kept = histories::kept(&mut conn, before, id).await.unwrap();
        let mut waits: Vec<Wait> = kept
            .iter()
            .map(|wait| Wait {
                begin: wait.opened_at,
                end: wait.closed_at,
                answered: wait.outcome.as_deref().map(|outcome| outcome == "answered"),
                desk: self.desks.iter().position(|desk| *desk == wait.desk_id).unwrap(),
                first: wait.is_first,
                who: wait
                    .staff_id
                    .map(|staff| self.people.iter().position(|one| one.staff_id == staff).unwrap()),
            })
            .collect();
        waits.sort();
        waits
    }

    pub async fn newest(&self) -> i64 {
        events::newest(&mut self.desk.app.db.read().await.unwrap()).await.unwrap()
    }

    /// Something is said by the patron, or by one of us in another program.
    async fn say(&mut self, patron: usize, at: i64, automatic: bool, by_us: bool) {
        self.notes += 1;
        let mut envelope = note(self.notes, PATRON[patron], &format!("Note {}", self.notes));
        envelope.at = at;
        if self.notes as usize > PATRONS {
            envelope = answering(envelope, &[&format!("note-{}@loft", patron + 1)], &[]);
        }
        if let Event::Message(message) = &mut envelope.event {
            let message: &mut Message = message;
            message.automatic = automatic;
        }
        self.desk.accept(vec![if by_us { echo(envelope) } else { envelope }]).await;
    }

    async fn reply(
        &mut self,
        who: &Who,
        about: usize,
        name: usize,
        parts: u8,
        done: bool,
    ) -> Result<(), Error> {
        let row = self.desk.conversation(self.conversations[about]).await;
        let text = vec![format!("Answer {name}"); usize::from(parts)].join("\n--\n");
        let reply = Reply { text, seen: row.seq, done, ..Reply::default() };
        let sent = outbound::send(&self.desk.app, who, row.id, reply).await?;
        self.answers.push((sent.id, about));
        Ok(())
    }

    /// An answer that waits to be looked through: this person's own, or the first person's who is somebody else.
    async fn review_of(&self, who: &Who, about: usize, own: bool) -> Option<Uuid> {
        let mut conn = self.desk.app.db.read().await.unwrap();
        let waiting = reviews::open_in(&mut conn, self.conversations[about]).await.unwrap();
        let place = |author: Uuid| self.people.iter().position(|person| person.staff_id == author);
        let theirs = waiting.iter().filter(|one| (one.author_id == who.staff_id) == own);
        theirs.min_by_key(|one| place(one.author_id)).map(|one| one.id)
    }

    async fn last_of(&self, who: &Who, about: usize) -> Option<Uuid> {
        let mut conn = self.desk.app.db.read().await.unwrap();
        for (message, of) in self.answers.iter().rev().filter(|(_, of)| *of == about) {
            let parts = deskbell::store::deliveries::of_message(&mut conn, *message).await.unwrap();
            let held = parts.iter().all(|part| part.state == deskbell::model::delivery::State::Held);
            let said = deskbell::store::messages::by_id(&mut conn, *message).await.unwrap().unwrap();
            if *of == about && held && said.staff_id == Some(who.staff_id) {
                return Some(*message);
            }
        }
        None
    }

    /// What the platform says of an answer.
    async fn receipt(&mut self, bounced: bool, name: Option<&usize>) {
        let Some(name) = name else { return };
        let parts = {
            let mut conn = self.desk.app.db.read().await.unwrap();
            deskbell::store::deliveries::of_message(&mut conn, self.answers[*name].0).await.unwrap()
        };
        self.notes += 1;
        let receipt = Receipt {
            key: None,
            id: parts[0].external_id.clone(),
            state: if bounced { ReceiptState::Failed } else { ReceiptState::Delivered },
            recipient: None,
            why: bounced.then(|| "Nobody lives there.".to_owned()),
        };
        let envelope = Envelope { event: Event::Receipt(receipt), ..note(self.notes, "post", "") };
        self.desk.accept(vec![envelope]).await;
    }
}

fn given(to: handoff::To) -> handoff::Given {
    handoff::Given { to, reason: Reason::Other, summary: "It is about the study room".to_owned() }
}

fn standing(row: &Conversation) -> State {
    match row.state {
        Standing::Open => State::Open,
        Standing::Waiting => State::Waiting,
        Standing::Snoozed => State::Snoozed(row.snoozed_until.unwrap_or_default()),
        Standing::Done => State::Done,
        Standing::Spam => State::Spam,
    }
}

async fn keep_hours(desk: &Desk, id: Uuid, week: &Week) {
    let days = super::agree::days(week);
    let closures: Vec<hours::Closure> = week
        .different
        .iter()
        .map(|(day, intervals)| hours::Closure {
            id: desk.app.clock.id(),
            desk_id: id,
            first_day: day.to_string(),
            last_day: day.to_string(),
            name: day.to_string(),
            intervals: deskbell::model::hours::written::write_intervals(&super::agree::intervals(intervals)),
        })
        .collect();
    desk.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                hours::set_week(tx, id, Some(&days)).await?;
                for closure in &closures {
                    hours::add_closure(tx, closure).await?;
                }
                Ok::<_, deskbell::store::Error>(())
            })
        })
        .await
        .unwrap();
    desk.app.calendars.forget();
}
