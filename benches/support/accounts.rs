//! Two hundred accounts of a library on four simulated platforms, each with something in it that was read before.

use std::sync::Arc;

use connectors::contract::Settings;
use connectors::simulator;
use connectors::simulator::graph::{GraphOptions, GraphPlatform};
use connectors::simulator::mail::{MailOptions, MailPlatform, MailboxOptions};
use connectors::simulator::sms::{SmsOptions, SmsPlatform};
use connectors::simulator::x::{XOptions, XPlatform};
use deskbell::channel::connect::Wanted;
use deskbell::channel::vault::Pair;
use deskbell::clock::Clock;
use uuid::Uuid;

use super::words::{Dice, Words};

const MAILBOXES: usize = 80;
const PAGES: usize = 40;
const HANDLES: usize = 40;
const LINES: usize = 40;
/// There from the beginning, in each.
const MESSAGES: usize = 5;
const PASSWORD: &str = "horses carry batteries";
/// X lets an account ask for its direct messages once a minute. Here it may as often as the measurement wants.
const PATIENCE: u32 = 10;

/// The machine's time, for simulated platforms.
#[derive(Debug)]
pub struct Time(Clock);

impl Default for Time {
    fn default() -> Self {
        Self(Clock::system())
    }
}

impl simulator::Clock for Time {
    fn now_ms(&self) -> i64 {
        self.0.now()
    }
}

/// The platforms, and how each account is connected.
pub struct Accounts {
    mail: MailPlatform,
    graph: GraphPlatform,
    x: XPlatform,
    sms: SmsPlatform,
    doors: Vec<(&'static str, Settings, Option<Pair>)>,
}

impl Accounts {
    pub async fn open(seed: u64) -> Self {
        let clock: Arc<Time> = Arc::default();
        let mut options = XOptions::new(clock.clone());
        options.patience = PATIENCE;
        let mut accounts = Self {
            mail: MailPlatform::start(MailOptions::new(clock.clone())).await.unwrap(),
            graph: GraphPlatform::start(GraphOptions::new(clock.clone())).await.unwrap(),
            x: XPlatform::start(options).await.unwrap(),
            sms: SmsPlatform::start(SmsOptions::new(clock)).await.unwrap(),
            doors: Vec::new(),
        };
        let (mut dice, words) = (Dice::new(seed), Words::new());
        let mut says = || words.text(&mut dice, 20);
        (0..MAILBOXES).for_each(|number| accounts.mailbox(number, &mut says));
        (0..PAGES).for_each(|number| accounts.page(number, &mut says));
        (0..HANDLES).for_each(|number| accounts.handle(number, &mut says));
        (0..LINES).for_each(|number| accounts.line(number, &mut says));
        accounts
    }

    /// As somebody connects them, to be read so often.
    pub fn wanted(&self, desk_id: Uuid, schedule: &str) -> Vec<Wanted> {
        let one =
            |(number, (kind, settings, signin)): (usize, &(&'static str, Settings, Option<Pair>))| Wanted {
                kind: (*kind).to_owned(),
                name: format!("{kind} {number}"),
                desk_id,
                settings: settings.clone(),
                schedule: Some(schedule.to_owned()),
                signin: signin.clone(),
                signin_ends_at: None,
            };
        self.doors.iter().enumerate().map(one).collect()
    }

    /// How many of each.
    pub fn kinds(&self) -> String {
        format!("{MAILBOXES} mailboxes, {PAGES} Pages, {HANDLES} on X, {LINES} text lines")
    }

    /// How many messages there are to read at first.
    pub fn messages(&self) -> i64 {
        (self.doors.len() * MESSAGES) as i64
    }

    /// How often the platforms were asked anything.
    pub fn asked(&self) -> u64 {
        let mail = self.mail.ledger().counts();
        let mail: u64 = mail.iter().filter(|(kind, _)| kind.starts_with("imap ")).map(|(_, n)| n).sum();
        let web = self.graph.ledger().pick(|line| line.what.asked().map(|_| ())).len()
            + self.x.ledger().pick(|line| line.what.asked().map(|_| ())).len()
            + self.sms.ledger().pick(|line| line.what.asked().map(|_| ())).len();
        mail + web as u64
    }

    pub async fn close(&self) {
        self.mail.stop().await;
        self.graph.stop().await;
        self.x.stop().await;
        self.sms.stop().await;
    }

    fn mailbox(&mut self, number: usize, says: &mut impl FnMut() -> String) {
        let address = format!("desk{number}@library.example");
        let mailbox = self.mail.add_mailbox(MailboxOptions::new(&address, PASSWORD));
        for mail in 0..MESSAGES {
            mailbox.deliver(format!(
                "From: patron{mail}@post.example\r\nTo: {address}\r\nSubject: A question\r\n\
                 Message-ID: <{number}.{mail}@post.example>\r\n\r\n{}\r\n",
                says().replace('\n', "\r\n")
            ));
        }
        let settings = Settings::new()
            .with("address", address)
            .with("imap_host", "127.0.0.1")
            .with("imap_port", self.mail.imap_addr().port().to_string())
            .with("imap_tls", "none")
            .with("smtp_host", "127.0.0.1")
            .with("smtp_port", self.mail.smtp_addr().port().to_string())
            .with("smtp_tls", "none")
            .with("import", "everything")
            .with_secret("password", PASSWORD);
        self.doors.push(("email", settings, None));
    }

    fn page(&mut self, number: usize, says: &mut impl FnMut() -> String) {
        let page = self.graph.add_page(&format!("Branch {number}"));
        let (id, secret) = self.graph.app();
        for patron in 0..MESSAGES {
            self.graph.person(&format!("Patron {number} {patron}")).write(&page.id, &says());
        }
        let settings = Settings::new()
            .with("auth", "token")
            .with("client_id", id)
            .with_secret("client_secret", secret)
            .with("page_id", &page.id)
            .with_secret("page_token", &page.token)
            .with("api_base", self.graph.address())
            .with("import", "30");
        self.doors.push(("facebook", settings, None));
    }

    fn handle(&mut self, number: usize, says: &mut impl FnMut() -> String) {
        let account = self.x.account(&format!("branch_{number}"), &format!("Branch {number}"));
        for patron in 0..MESSAGES {
            let who = self.x.patron(&format!("patron_{number}_{patron}"), "Patron");
            who.direct(&account.id, &says());
        }
        let (_, refresh) = self.x.sign_in(&account.id);
        let settings = Settings::new()
            .with("client_id", account.client_id)
            .with_secret("client_secret", account.client_secret)
            .with("api_base", self.x.base())
            .with("signin_base", self.x.base())
            .with("import", "everything");
        self.doors.push(("x", settings, Some(Pair::to_come(refresh.into()))));
    }

    fn line(&mut self, number: usize, says: &mut impl FnMut() -> String) {
        let ours = format!("+1406555{number:04}");
        self.sms.add_number(&ours);
        for patron in 0..MESSAGES {
            let theirs = format!("+1701555{number:02}{patron:02}");
            self.sms.text(&theirs, &ours, &says(), Vec::new()).unwrap();
        }
        let settings = Settings::new()
            .with("number", ours)
            .with("account_sid", self.sms.account_sid())
            .with("api_base", self.sms.base())
            .with("import", "everything")
            .with_secret("auth_token", self.sms.auth_token());
        self.doors.push(("sms", settings, None));
    }
}
