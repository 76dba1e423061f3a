//! The exam of [`crate::conformance`], sat twice: as an account that is told by a webhook and answers in public, and as one
//! that holds a line open and answers in private.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::answer;
use crate::conformance::{self, Call, Candidate, Fixture, Trouble, exam};
use crate::contract::{Connector, Draft, Event, Settings, Tokens};
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, x as simulated};
use crate::x::fake::{Fake, NOW_MS, PATRON, first_post};
use crate::x::inbound::Own;
use crate::x::{X, pushed, weigh};

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Public,
    Private,
}

struct Sitting {
    fake: Fake,
    way: Way,
}

macro_rules! fixture {
    ($name:literal, $says:expr) => {
        Fixture {
            name: $name,
            bytes: include_bytes!(concat!("../fixtures/", $name, ".json")).to_vec(),
            says: $says,
        }
    };
}

const CONSUMER_SECRET: &str = "a sample consumer secret";

impl Candidate for Way {
    fn connector(&self) -> &'static dyn Connector {
        &X
    }

    fn sample_settings(&self) -> Settings {
        let settings = Settings::new()
            .with("client_id", "a-sample-client")
            .with_secret("client_secret", "a sample secret")
            .with_secret("app_token", "a sample token");
        match self {
            Self::Public => settings.with("push", "webhook").with_secret("consumer_secret", CONSUMER_SECRET),
            Self::Private => settings.with("push", "stream").with("read", "dm"),
        }
    }

    fn fixtures(&self) -> Vec<Fixture> {
        vec![
            fixture!(
                "mentions-page",
                r#"message from=2244 subject="-" says="is the reading room open?" html=false references=0 files=1
message from=2255 subject="-" says="And on Sunday? https://library.example/hours" html=false references=1 files=0
held ignored from=2266 subject="-" receipt=-"#
            ),
            fixture!(
                "mentions-page-older-names",
                r#"message from=2244 subject="-" says="Is it & stays <open>?" html=false references=1 files=0"#
            ),
            fixture!(
                "directs-page",
                r#"message from=2244 subject="-" says="図書館カードをなくしました" html=false references=0 files=0
echo from=1111 subject="-" says="We keep it for you." html=false references=0 files=0
message from=2244 subject="-" says="" html=false references=0 files=1
held encrypted from=2244 subject="-" receipt=-"#
            ),
            fixture!(
                "pushed-direct",
                r#"message from=2244 subject="-" says="hello, is anybody there?" html=false references=0 files=1"#
            ),
            fixture!(
                "pushed-mention",
                r#"message from=2244 subject="-" says="when do you open?" html=false references=0 files=0"#
            ),
            fixture!("pushed-chat", r#"held encrypted from=2244 subject="-" receipt=-"#),
            fixture!(
                "account-activity",
                r#"message from=2244 subject="-" says="Can I renew by message?" html=false references=0 files=0
receipt Read id=1582838499983564806
message from=2244 subject="-" says="do you lend ukuleles?" html=false references=0 files=0
deleted 1582838499983564701"#
            ),
            fixture!("revoked", "revoked"),
            fixture!("nothing-happened", ""),
        ]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        let own = Own { id: Some("1111".to_owned()), username: Some("FernhillLib".to_owned()) };
        pushed::found(bytes, &own, NOW_MS).into_iter().map(|found| found.envelope.event).collect()
    }

    fn calls(&self) -> Vec<Call> {
        let bodies: [&[u8]; 3] = [
            include_bytes!("../fixtures/pushed-direct.json"),
            include_bytes!("../fixtures/account-activity.json"),
            b"{}",
        ];
        let call = |body: &[u8]| Call {
            url: "https://desk.library.example/hooks/x/1".to_owned(),
            headers: vec![(
                "x-twitter-webhooks-signature".to_owned(),
                simulated::signature(CONSUMER_SECRET, body),
            )],
            body: body.to_vec(),
            signature: "x-twitter-webhooks-signature",
        };
        bodies.into_iter().map(call).collect()
    }

    fn text_of(&self, units: u32, of: char) -> Option<String> {
        let weight = weigh::weigh(&of.to_string());
        (*self == Self::Public).then(|| of.to_string().repeat((units / weight) as usize))
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn conformance::Fake>> {
        Box::pin(async {
            Box::new(Sitting { fake: Fake::start().await, way: *self }) as Box<dyn conformance::Fake>
        })
    }

    fn draft(&self, text: &str) -> Draft {
        let (patron, post) = (simulated::number_of(PATRON), first_post());
        answer(text, &patron, (*self == Self::Public).then_some(post.as_str()))
    }
}

impl conformance::Fake for Sitting {
    fn settings(&self) -> Settings {
        match self.way {
            Way::Public => self.fake.with_webhook(),
            Way::Private => self.fake.with_stream().with("read", "dm"),
        }
    }

    fn now(&self) -> i64 {
        self.fake.clock.now_ms()
    }

    fn tokens(&self) -> Arc<dyn Tokens> {
        self.fake.tokens.clone()
    }

    fn further_secrets(&self) -> Vec<String> {
        self.fake.tokens.secrets()
    }

    fn arrive(&self, text: &str) {
        match self.way {
            Way::Public => self.fake.patron.mention(&self.fake.library.id, text),
            Way::Private => self.fake.patron.direct(&self.fake.library.id, text),
        };
    }

    fn arrive_otherwise(&self, text: &str) -> bool {
        let both = self.way == Way::Public;
        if both {
            self.fake.patron.direct(&self.fake.library.id, text);
        }
        both
    }

    fn arrive_as_picture(&self, gif: &[u8]) -> bool {
        let (patron, library) = (&self.fake.patron, &self.fake.library.id);
        match self.way {
            Way::Public => patron.mention_with(library, "", Some(gif.to_vec())),
            Way::Private => patron.direct_with(library, "", Some(gif.to_vec())),
        };
        true
    }

    fn tells_over_the_line(&self) -> bool {
        self.way == Way::Private
    }

    fn calls_settled(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(self.fake.platform.settled())
    }

    fn answer_elsewhere(&self, text: &str) -> bool {
        self.fake.platform.says_in_private(&self.fake.library.id, self.fake.patron.id(), text);
        true
    }

    fn taken(&self) -> Vec<String> {
        self.fake.taken()
    }

    fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        self.fake.platform.files_of(id)
    }

    fn contacts(&self) -> u64 {
        self.fake.platform.ledger().counts().values().sum()
    }

    fn trouble(&self, trouble: Trouble) -> bool {
        self.fake.platform.faults().switch_on(match trouble {
            Trouble::Denied => WebFault::Revoked,
            Trouble::Throttled => WebFault::TooMany,
            Trouble::Unavailable => WebFault::OutOfOrder,
            Trouble::Silent => WebFault::Silent,
            Trouble::Reset => WebFault::Reset,
            Trouble::Nonsense => WebFault::Nonsense,
            Trouble::LostAnswer => WebFault::Lost,
            Trouble::NoAnswer => WebFault::Mute,
            Trouble::Refused => WebFault::Refused,
        });
        true
    }

    fn mend(&self) {
        self.fake.platform.faults().clear();
    }
}

#[tokio::test]
async fn an_account_that_answers_in_public_sits_the_exam() {
    exam(&Way::Public).await;
}

#[tokio::test]
async fn an_account_that_answers_in_private_sits_the_exam() {
    exam(&Way::Private).await;
}
