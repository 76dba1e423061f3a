use std::sync::{Arc, Mutex};

use secrecy::SecretString;

use super::once;
use crate::contract::{BoxFuture, Channel, Connector, Failure, Settings, Tokens};
use crate::email::Email;
use crate::email::fake::{ADDRESS, Fake, PASSWORD};
use crate::simulator::mail::MailFault;

#[tokio::test]
async fn a_probe_says_what_works() {
    let fake = Fake::start().await;
    let probe = fake.open(fake.settings().with("aliases", "Desk@library.example")).probe().await.unwrap();
    assert_eq!(probe.address, ADDRESS);
    assert_eq!(probe.ours, [ADDRESS, "desk@library.example"]);
    let checks: Vec<(&str, bool)> =
        probe.checks.iter().map(|check| (check.name.as_str(), check.passed)).collect();
    assert_eq!(
        checks,
        [
            ("Sign in to read mail", true),
            ("Folder INBOX", true),
            ("Folder of sent mail", true),
            ("Sign in to send mail", true)
        ]
    );
    let probe = fake.open(fake.settings().with("folders", "INBOX, Nowhere")).probe().await.unwrap();
    let missing = probe.checks.iter().find(|check| !check.passed).unwrap();
    assert_eq!(missing.detail, "There is no such folder. These are there: INBOX, Sent.");
}

#[tokio::test]
async fn a_wrong_password_is_the_channels_to_mend() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.settings().with_secret("password", "not-the-password"));
    let failure = once(&*channel, None).await.unwrap_err();
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
    let words = failure.to_string();
    assert!(words.contains("127.0.0.1 did not accept the sign-in of ask@library.example"), "{words}");
    assert!(words.contains("Check name and password"), "{words}");
    assert!(!words.contains("not-the-password"));
}

#[tokio::test]
async fn a_revoked_mailbox_is_the_channels_to_mend() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(MailFault::Revoked);
    let failure = once(&*fake.channel(), None).await.unwrap_err();
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_busy_server_is_asked_later() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(MailFault::ServerBusy);
    let failure = once(&*fake.channel(), None).await.unwrap_err();
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    assert!(failure.to_string().contains("Too busy"), "{failure}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(MailFault::Hang);
    let failure = once(&*fake.channel(), None).await.unwrap_err();
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    assert!(failure.to_string().contains("nothing came for 1 s"), "{failure}");
}

#[tokio::test]
async fn nobody_listening_is_said_with_host_and_port() {
    let fake = Fake::start().await;
    let settings = fake.settings();
    let channel = fake.open(settings);
    fake.platform.stop().await;
    let failure = once(&*channel, None).await.unwrap_err();
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    assert!(failure.to_string().contains("does not answer"), "{failure}");
}

fn secured(fake: &Fake, way: &str) -> Settings {
    let (imap, smtp) = match way {
        "implicit" => (fake.platform.imaps_addr().unwrap(), fake.platform.smtps_addr().unwrap()),
        _ => (fake.platform.imap_addr(), fake.platform.smtp_addr()),
    };
    fake.settings()
        .with("imap_host", format!("localhost:{}", imap.port()))
        .with("smtp_host", format!("localhost:{}", smtp.port()))
        .with("imap_port", "")
        .with("smtp_port", "")
        .with("imap_tls", way)
        .with("smtp_tls", way)
}

#[tokio::test]
async fn tls_from_the_start_and_starttls_both_work() {
    let fake = Fake::with(|options| options.tls = true).await;
    for way in ["implicit", "starttls"] {
        let probe = fake.open(secured(&fake, way)).probe().await.unwrap();
        assert!(probe.checks.iter().all(|check| check.passed), "{way}: {:?}", probe.checks);
    }
}

#[tokio::test]
async fn broken_tls_sends_nothing_and_says_so() {
    let fake = Fake::with(|options| options.tls = true).await;
    fake.platform.faults().switch_on(MailFault::TlsBroken);
    for way in ["implicit", "starttls"] {
        let failure = fake.open(secured(&fake, way)).probe().await.unwrap_err();
        assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
        assert!(failure.to_string().contains("could not be secured"), "{failure}");
    }
}

#[tokio::test]
async fn starttls_that_is_not_offered_is_never_done_without() {
    let fake = Fake::start().await;
    let failure = fake.open(secured(&fake, "starttls")).probe().await.unwrap_err();
    assert!(failure.to_string().contains("does not offer STARTTLS"), "{failure}");
    assert_eq!(
        fake.platform.ledger().count("imap LOGIN") + fake.platform.ledger().count("imap AUTHENTICATE"),
        0
    );
}

/// Gives the tokens in turn; remembers which were said to be rejected.
#[derive(Default)]
struct Turn {
    tokens: Mutex<Vec<&'static str>>,
    rejected: Mutex<Vec<String>>,
}

impl Tokens for Turn {
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        Box::pin(async move {
            let mut tokens = self.tokens.lock().unwrap();
            if let Some(rejected) = rejected {
                self.rejected.lock().unwrap().push(rejected.to_owned());
                tokens.remove(0);
            }
            let why = "Sign in again.".to_owned();
            tokens.first().map(|token| (*token).into()).ok_or(Failure::NeedsSignin { why })
        })
    }
}

fn with_tokens(fake: &Fake, tokens: &Arc<Turn>) -> Arc<dyn Channel> {
    let settings =
        fake.settings().with("auth", "google").with("client_id", "app").with_secret("password", "");
    Email.open(fake.account(settings, tokens.clone())).unwrap()
}

#[tokio::test]
async fn a_stale_token_is_renewed_once() {
    for challenges in [true, false] {
        let fake = Fake::with(|options| {
            options.xoauth2_challenges = challenges;
            options.mailboxes[0].token = Some("fresh-token".to_owned());
        })
        .await;
        let tokens =
            Arc::new(Turn { tokens: Mutex::new(vec!["stale-token", "fresh-token"]), ..Turn::default() });
        let probe = with_tokens(&fake, &tokens).probe().await.unwrap();
        assert!(probe.checks.iter().all(|check| check.passed), "{:?}", probe.checks);
        assert_eq!(*tokens.rejected.lock().unwrap(), ["stale-token"]);
    }
}

#[tokio::test]
async fn a_withdrawn_sign_in_asks_for_a_person() {
    let fake = Fake::start().await;
    let tokens = Arc::new(Turn { tokens: Mutex::new(vec!["one-token", "other-token"]), ..Turn::default() });
    let failure = once(&*with_tokens(&fake, &tokens), None).await.unwrap_err();
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
    assert!(!failure.to_string().contains("-token"), "{failure}");
}

#[test]
fn wrong_settings_are_named_field_by_field() {
    let good = || {
        Settings::new()
            .with("address", ADDRESS)
            .with("imap_host", "imap.library.example")
            .with("smtp_host", "smtp.library.example")
            .with_secret("password", PASSWORD)
    };
    let wrong = |settings: Settings| -> Vec<String> {
        let wrong = crate::email::settings::understand(&settings).err().unwrap_or_default();
        wrong.into_iter().map(|invalid| invalid.field).collect()
    };
    assert_eq!(wrong(good()), [""; 0]);
    assert_eq!(wrong(Settings::new()), ["address", "password", "imap_host", "smtp_host"]);
    for (field, value) in [
        ("address", "no address"),
        ("address", "a@b\r\nBcc: x@y.example"),
        ("aliases", "fine@b.example, not"),
        ("imap_port", "70000"),
        ("imap_tls", "none"),
        ("smtp_tls", "sometimes"),
        ("import", "some"),
        ("max_mail_mb", "0"),
        ("timeout_s", "soon"),
        ("domain", "b.example>"),
        ("nonsense", "1"),
    ] {
        assert_eq!(wrong(good().with(field, value)), [field], "{value}");
    }
    let microsoft = good().with("auth", "microsoft").with("imap_host", "").with("smtp_host", "");
    assert_eq!(wrong(microsoft.clone()), ["tenant", "client_id"]);
    let hosts = Email.hosts(&microsoft);
    assert_eq!((hosts[0].name.as_str(), hosts[0].port), ("outlook.office365.com", Some(993)));
    assert_eq!((hosts[1].name.as_str(), hosts[1].port), ("smtp.office365.com", Some(587)));
    let config = crate::email::settings::understand(&good()).unwrap();
    assert!(!format!("{config:?}").contains(PASSWORD));
}
