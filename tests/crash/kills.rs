//! One process, killed twenty times while patrons write and staff answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use connectors::simulator::Random;

use super::{answers, chance, kept, post};
use crate::support::dovecot::{Dovecot, PASSWORD, Wanted};
use crate::support::eventually;
use crate::support::imap::Mailbox;
use crate::support::leash::free_ports;
use crate::support::program::{House, answers as answering};
use crate::support::sink::Sink;

const KILLS: usize = 20;
const MAILS: usize = 500;
const ANSWERS: usize = 24;
const LONGEST_LIFE_MS: usize = 3_500;
/// The mails are spread over about the time that the kills take.
const SPAN: Duration = Duration::from_secs(32);

#[test]
fn twenty_kills_lose_no_mail_double_none_and_send_no_answer_twice() {
    let chance = chance();
    let sink = Sink::start_slow(Duration::from_millis(250));
    let Some(dovecot) = Dovecot::start(&Wanted { relay: Some(sink.port), ..Wanted::default() }) else {
        return;
    };
    let house = House::new(None);
    let [port] = free_ports();
    let api = house.hire(port);
    house.connect(&dovecot);
    let mails = post::mails(MAILS, &chance);
    let (pace, life) = (Random::seeded(chance.number()), Random::seeded(chance.number()));
    let killed = AtomicBool::new(false);

    let (refused, posted) = std::thread::scope(|scope| {
        let postman = scope.spawn(|| post::deliver(&dovecot, &mails, SPAN, &pace));
        let desk = scope.spawn(|| answers::post(&api, ANSWERS, &killed));
        for _ in 0..KILLS {
            let serving = house.serve(port);
            live(&life, &sink);
            serving.kill();
        }
        killed.store(true, Ordering::Relaxed);
        let _last = house.serve(port);
        let done = (postman.join().expect("the postman"), desk.join().expect("the desk"));
        let mut mailbox = Mailbox::open(dovecot.imap, "ask", PASSWORD, "INBOX");
        let there = mailbox.count();
        assert_eq!(there, mails.len() - done.0.len(), "what the mail server took is in the mailbox");
        answering(&api);
        eventually("everything is read", || {
            let intake = kept::intake(&api);
            (intake.messages + intake.held >= there).then_some(())
        });
        answers::each_once_or_unknown(&api, &done.1, &sink, &house);
        kept::nothing_lost_nothing_doubled(&api, &dovecot);
        done
    });
    for (place, words) in &refused {
        eprintln!("refused by the mail server: {words}: {:.120}", String::from_utf8_lossy(&mails[*place]));
    }
    // Said once by each process that finds something left in hand.
    let hits = house.log().matches("ended in the middle of its work").count();
    eprintln!(
        "{KILLS} kills, {hits} of them in the middle of work; {} mails delivered, {} refused, {} answers",
        MAILS - refused.len(),
        refused.len(),
        posted.len()
    );
    assert!(hits > 0, "no kill came at a bad moment:\n{}", house.log());
    assert!(posted.len() > ANSWERS / 2, "the desk came to answer {} only:\n{}", posted.len(), house.log());
}

/// As long as chance says, from before the program is ready to long after; one time in three until an answer is on the
/// wire, which is the worst moment of all.
fn live(chance: &Random, sink: &Sink) {
    let end = Instant::now() + Duration::from_millis(chance.below(LONGEST_LIFE_MS) as u64);
    let aimed = chance.below(3) == 0;
    let before = sink.taken().len();
    while Instant::now() < end {
        if aimed && sink.taken().len() > before {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
