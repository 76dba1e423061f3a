//! Two processes on one server's database read the same mailbox; one of them is killed.

use std::time::Duration;

use connectors::simulator::Random;

use super::{chance, kept, post};
use crate::support::dovecot::{Dovecot, PASSWORD, Wanted};
use crate::support::eventually;
use crate::support::imap::Mailbox;
use crate::support::leash::free_ports;
use crate::support::postgres::fresh_database;
use crate::support::program::{House, answers};

const MAILS: usize = 60;
const KILLS: usize = 4;

#[test]
fn of_two_processes_one_is_killed_and_the_other_goes_on() {
    let Some(database) = fresh_database() else { return };
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    let chance = chance();
    let house = House::new(Some(database.url()));
    let [stays, dies] = free_ports();
    let api = house.hire(stays);
    house.connect(&dovecot);
    let mails = post::mails(MAILS, &chance);
    let pace = Random::seeded(chance.number());

    let mut survivor = house.serve(stays);
    answers(&api);
    let refused = std::thread::scope(|scope| {
        let postman = scope.spawn(|| post::deliver(&dovecot, &mails, Duration::from_secs(12), &pace));
        for _ in 0..KILLS {
            let other = house.serve(dies);
            std::thread::sleep(Duration::from_millis(500 + chance.below(2_500) as u64));
            other.kill();
        }
        postman.join().expect("the postman")
    });
    let there = Mailbox::open(dovecot.imap, "ask", PASSWORD, "INBOX").count();
    assert_eq!(there, MAILS - refused.len(), "what the mail server took is in the mailbox");
    // What the dead one was reading moves on when its lease runs out.
    eventually("everything is read", || {
        let intake = kept::intake(&api);
        (intake.messages + intake.held >= there).then_some(())
    });
    kept::nothing_lost_nothing_doubled(&api, &dovecot);
    assert!(!survivor.ended(), "the survivor survives:\n{}", house.log());
}
