//! The exam of [`crate::conformance`], sat by mail.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::deliver;
use crate::conformance::{self, Candidate, Fixture, Trouble, exam};
use crate::contract::{Connector, Draft, Event, Settings};
use crate::email::fake::{ADDRESS, Fake};
use crate::email::{Email, inbound};
use crate::simulator::mail::MailFault;
use crate::simulator::{Clock, Plan};

struct Mail;

macro_rules! fixture {
    ($name:literal, $says:expr) => {
        Fixture {
            name: $name,
            bytes: include_bytes!(concat!("../../fixtures/", $name, ".eml")).to_vec(),
            says: $says,
        }
    };
}

impl Candidate for Mail {
    fn connector(&self) -> &'static dyn Connector {
        &Email
    }

    fn sample_settings(&self) -> Settings {
        Settings::new()
            .with("address", ADDRESS)
            .with("imap_host", "imap.library.example")
            .with("smtp_host", "smtp.library.example")
            .with_secret("password", "a sample password")
    }

    fn also_needed(&self) -> Vec<&'static str> {
        vec!["imap_host", "smtp_host", "password"]
    }

    fn fixtures(&self) -> Vec<Fixture> {
        vec![
            fixture!(
                "patron-outlook-german",
                r#"message from=jo.mueller@patron.example subject="AW: Mahnung zurückgegeben" says="Guten Tag," html=true references=0 files=0"#
            ),
            fixture!(
                "patron-japanese",
                r#"message from=yamada@patron.example subject="図書" says="図書館は開いていますか。" html=false references=0 files=0"#
            ),
            fixture!(
                "patron-inline-picture-apple",
                r#"message from=ana@patron.example subject="Damaged page" says="This page is torn:" html=true references=0 files=1"#
            ),
            fixture!(
                "patron-forwards-a-mail",
                r#"message from=jo@patron.example subject="Fwd: Is this from you?" says="Did you send this?" html=false references=0 files=2"#
            ),
            fixture!(
                "list-newsletter",
                r#"message from=no-reply@news.example subject="New in May 📚" says="Ten new novels" html=true references=0 files=0 automatic"#
            ),
            fixture!(
                "away-exchange",
                r#"held automatic from=jo@patron.example subject="Automatic reply: Your reservation" receipt=-"#
            ),
            fixture!(
                "bounce-postfix",
                r#"held bounce from=mailer-daemon@mail.library.example subject="Undelivered Mail Returned to Sender" receipt=-"#
            ),
            fixture!(
                "bounce-delayed-exchange",
                r#"held bounce from=microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@patron.example subject="Delivery delayed: Re: Your question" receipt=-"#
            ),
            fixture!(
                "delivered-postfix",
                r#"held ignored from=mailer-daemon@mail.library.example subject="Successful Mail Delivery Report" receipt=-"#
            ),
        ]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        let own = inbound::Own {
            ours: vec![ADDRESS.to_owned()],
            proof_key: Arc::from([9; 32]),
            domain: "library.example".to_owned(),
            max_bytes: 1 << 20,
        };
        vec![inbound::event(bytes, &own, false)]
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn conformance::Fake>> {
        Box::pin(async { Box::new(Fake::start().await) as Box<dyn conformance::Fake> })
    }

    fn draft(&self, text: &str) -> Draft {
        deliver::draft(text)
    }
}

impl conformance::Fake for Fake {
    fn settings(&self) -> Settings {
        self.settings()
    }

    fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    fn arrive(&self, text: &str) {
        self.mailbox
            .deliver(format!("From: a.osei@example.org\r\nTo: {ADDRESS}\r\nSubject: s\r\n\r\n{text}\r\n"));
    }

    fn answer_elsewhere(&self, text: &str) -> bool {
        let mail = format!("From: {ADDRESS}\r\nTo: a.osei@example.org\r\nSubject: Re: s\r\n\r\n{text}\r\n");
        self.mailbox.file("Sent", &["\\Seen"], mail).is_some()
    }

    fn taken(&self) -> Vec<String> {
        let accepted = self.platform.ledger().accepted();
        accepted.into_iter().map(|accepted| accepted.message_id.unwrap_or_default()).collect()
    }

    fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        let accepted = self.platform.ledger().accepted();
        let named = accepted.iter().filter(|accepted| accepted.message_id.as_deref() == Some(id));
        named
            .flat_map(|accepted| crate::email::read::read(&accepted.raw).expect("we wrote it").attachments)
            .map(|file| file.bytes)
            .collect()
    }

    fn contacts(&self) -> u64 {
        self.platform.ledger().counts().values().sum()
    }

    fn trouble(&self, trouble: Trouble) -> bool {
        let faults: &[(MailFault, &str)] = match trouble {
            Trouble::Denied => &[(MailFault::Revoked, "imap"), (MailFault::Revoked, "smtp")],
            Trouble::Unavailable => &[(MailFault::ServerBusy, "imap"), (MailFault::ServerBusy, "smtp")],
            Trouble::Silent => &[(MailFault::Hang, "imap"), (MailFault::Hang, "smtp")],
            Trouble::Reset => &[(MailFault::DropMidFetch, "imap"), (MailFault::SmtpDropInData, "smtp")],
            Trouble::LostAnswer => &[(MailFault::SmtpLostAnswer, "smtp")],
            Trouble::NoAnswer => &[(MailFault::HalfAnswer, "smtp")],
            Trouble::Refused => &[(MailFault::Smtp5xx, "smtp")],
            // Its servers have no words for it; `imap::trouble` and `smtp::trouble` are tested on real ones.
            Trouble::Throttled | Trouble::Nonsense => &[],
        };
        for (fault, place) in faults {
            self.platform.faults().switch_on(Plan::new(*fault).place(place));
        }
        !faults.is_empty()
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }
}

#[tokio::test]
async fn mail_sits_the_exam() {
    exam(&Mail).await;
}
