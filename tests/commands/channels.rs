//! Accounts are connected on the command line: nothing is kept that the platform does not open.

use std::sync::Arc;

use connectors::simulator::mail::{MailOptions, MailPlatform, MailboxOptions, PatronOptions};
use connectors::simulator::sms::{SmsOptions, SmsPlatform};

use super::bed::{House, Said, everything_in};

const ADDRESS: &str = "ask@fernhill.example";
const PASSWORD: &str = "open-sesame-7";

#[derive(Debug)]
struct Today;

impl connectors::simulator::Clock for Today {
    fn now_ms(&self) -> i64 {
        deskbell::clock::Clock::system().now()
    }
}

/// A mailbox on a platform of its own.
struct Post {
    runtime: tokio::runtime::Runtime,
    platform: MailPlatform,
}

impl Post {
    fn open() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut options = MailOptions::new(Arc::new(Today));
        options.mailboxes.push(MailboxOptions::new(ADDRESS, PASSWORD));
        let platform = runtime.block_on(MailPlatform::start(options)).unwrap();
        Self { runtime, platform }
    }

    fn connect(&self, house: &House, name: &str, password: &str) -> Said {
        let secret = house.file("password", &format!("{password}\n"));
        let (imap, smtp) = (self.platform.imap_addr(), self.platform.smtp_addr());
        let set = [
            format!("address={ADDRESS}"),
            "imap_host=127.0.0.1".into(),
            format!("imap_port={}", imap.port()),
            "imap_tls=none".into(),
            "smtp_host=127.0.0.1".into(),
            format!("smtp_port={}", smtp.port()),
            "smtp_tls=none".into(),
            "import=everything".into(),
        ];
        let secret = format!("password=@{}", secret.display());
        let mut args =
            vec!["channel", "add", "email", "--name", name, "--secret", &secret, "--schedule", "1s"];
        for pair in &set {
            args.extend(["--set", pair]);
        }
        house.run(&args)
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.runtime.block_on(self.platform.stop());
    }
}

#[test]
fn a_wrong_password_is_said_and_nothing_is_kept() {
    let (house, post) = (House::new(), Post::open());
    house.run(&["setup", "Fernhill"]).well();
    let said = post.connect(&house, "Ask us", "wrong-and-secret");
    assert_eq!(said.code, 1, "{said:#?}");
    assert!(said.err.to_lowercase().contains("password"), "{said:#?}");
    assert!(!format!("{said:?}").contains("wrong-and-secret"));
    assert_eq!(house.run(&["channel", "list", "--json"]).well().json().as_array().unwrap().len(), 0);
    assert!(!everything_in(&house.data()).contains("wrong-and-secret"));
}

#[test]
fn an_account_is_connected_once_listed_checked_and_taken_away() {
    let (house, post) = (House::new(), Post::open());
    house.run(&["setup", "Fernhill"]).well();
    let said = post.connect(&house, "Ask us", PASSWORD).well();
    assert!(said.err.contains(&format!("Ask us is connected: {ADDRESS}.")), "{said:#?}");
    assert!(said.out.lines().all(|line| line.starts_with('✓')), "{said:#?}");
    assert!(!everything_in(&house.data()).contains(PASSWORD), "it is sealed");

    post.connect(&house, "Ask us", PASSWORD).with_a_sentence("There is a channel called Ask us already");
    post.connect(&house, "Twin", PASSWORD).with_a_sentence("is connected already, as Ask us");
    house.run(&["channel", "check", "Ask us"]).well();
    let listed = house.run(&["channel", "list", "--json"]).well().json();
    assert_eq!((&listed[0]["address"], &listed[0]["state"]), (&ADDRESS.into(), &"active".into()));

    house.run(&["channel", "remove", "Ask us"]).well();
    house.run(&["channel", "check", "Ask us"]).with_a_sentence("There is no channel yet");
    post.connect(&house, "Ask us", PASSWORD).well();
}

#[test]
fn a_budget_is_set_shown_and_lifted_and_refused_where_nothing_is_charged() {
    let (house, post) = (House::new(), Post::open());
    house.run(&["setup", "Fernhill"]).well();
    post.connect(&house, "Ask us", PASSWORD).well();
    house.run(&["channel", "budget", "Ask us", "--a-day", "5"]).with_a_sentence("charges nothing");

    let platform = post.runtime.block_on(SmsPlatform::start(SmsOptions::new(Arc::new(Today)))).unwrap();
    platform.add_number("+14065550100");
    let token = format!("auth_token=@{}", house.file("token", platform.auth_token()).display());
    let set = [
        "number=+14065550100".to_owned(),
        format!("account_sid={}", platform.account_sid()),
        format!("api_base={}", platform.base()),
        "segment_price=0.0083".to_owned(),
    ];
    let mut args = vec!["channel", "add", "sms", "--name", "Text line", "--secret", &token];
    set.iter().for_each(|pair| args.extend(["--set", pair]));
    house.run(&args).well();
    let says = |args: &[&str]| {
        let args: Vec<&str> = ["channel", "budget", "Text line"].iter().chain(args).copied().collect();
        house.run(&args).well().out
    };
    assert!(says(&[]).starts_with("Text line may use up as much as it takes. Today it has used 0.00 USD."));
    assert!(says(&["--a-day", "5.00"]).starts_with("Text line may use up 5.00 USD a day."));
    assert!(says(&[]).starts_with("Text line may use up 5.00 USD a day."), "it is kept");
    house.run(&["channel", "budget", "Text line", "--a-day", "0"]).with_a_sentence("more than nothing");
    assert_ne!(house.run(&["channel", "budget", "Text line", "--a-day", "5 EUR"]).code, 0);
    assert!(says(&["--no-limit"]).starts_with("Text line may use up as much as it takes."));
    post.runtime.block_on(platform.stop());
}

#[test]
fn a_channel_added_beside_a_running_server_brings_mail_to_it() {
    let (house, post) = (House::new(), Post::open());
    house.run(&["staff", "add", "ana@fernhill.example", "--name", "Ana"]).well();
    let token = house.run(&["staff", "token", "ana@fernhill.example"]).well().out;
    let token = token.trim();
    let server = house.start(&["serve"]);
    post.connect(&house, "Ask us", PASSWORD).well();
    let abena = {
        let _inside = post.runtime.enter();
        post.platform.patron(PatronOptions::new("Abena Osei", "abena@patron.example")).unwrap()
    };
    abena.ask(ADDRESS, "Study rooms", "May we book one?").unwrap();
    let rows = server.until_there_are(1, "/api/v1/conversations?view=unclaimed", token);
    assert_eq!(rows[0]["subject"], "Study rooms");
}

#[test]
fn secrets_never_stand_on_the_command_line() {
    let house = House::new();
    let add = ["channel", "add", "email", "--name", "Ask"];
    let with = |more: &[&str]| house.run(&[&add[..], more].concat());
    with(&["--set", "password=hunter2"]).with_a_sentence("password is a secret");
    let said = with(&["--secret", "password=hunter2"]).with_a_sentence("does not belong on the command line");
    assert!(!said.err.contains("hunter2"));
    with(&["--secret", "password=env:NOT_SET_ANYWHERE"]).with_a_sentence("NOT_SET_ANYWHERE");
    with(&["--secret", "password=@/nowhere"]).with_a_sentence("cannot be read");
    with(&["--set", "colour=blue"]).with_a_sentence("has no setting colour. Known: address");
    with(&["--schedule", "now and then", "--set", "address=a@b.example"]).with_a_sentence("now and then");
    house
        .run(&["channel", "add", "pigeon", "--name", "P"])
        .with_a_sentence("There is no kind of channel called pigeon");
}
