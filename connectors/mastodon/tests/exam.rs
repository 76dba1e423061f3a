//! The exam of [`crate::conformance`], sat twice: as an account that answers in public and is signed in on the instance's
//! page, and as one that answers in private and has a token made by hand.

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use serde_json::Value;

use super::answer;
use crate::conformance::{self, Candidate, Fixture, Trouble, exam};
use crate::contract::{Connector, Draft, Event, NoTokens, Settings, Tokens, Visibility};
use crate::mastodon::fake::{Fake, NOW_MS};
use crate::mastodon::inbound::{self, Own};
use crate::mastodon::{Mastodon, outbound};
use crate::simulator::mastodon::Seen;
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Plan};

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

/// The number of what the patron says at the fake's beginning.
fn first_post() -> String {
    (u64::try_from(NOW_MS).unwrap() << 16).to_string()
}

impl Candidate for Way {
    fn connector(&self) -> &'static dyn Connector {
        &Mastodon
    }

    fn sample_settings(&self) -> Settings {
        let settings = Settings::new().with("instance", "library.example");
        match self {
            Self::Public => settings,
            Self::Private => settings.with("auth", "token").with_secret("access_token", "a sample token"),
        }
    }

    fn fixtures(&self) -> Vec<Fixture> {
        vec![
            fixture!(
                "mentions-page",
                r#"message from=tamsin@reading.example subject="-" says="is the reading room open? https://library.example/rooms/read" html=false references=0 files=1
message from=omar@library.example subject="-" says="my card number" html=false references=1 files=0"#
            ),
            fixture!(
                "hidden-and-asked",
                r#"message from=ines@livros.example subject="-" says="[the end of a novel]" html=false references=0 files=0 automatic"#
            ),
            fixture!(
                "not-said",
                r#"held ignored from=ines@livros.example subject="-" receipt=-
held ignored from=ines@livros.example subject="-" receipt=-
held unreadable from=- subject="-" receipt=-"#
            ),
            fixture!(
                "own-page",
                r#"echo from=fernhill@library.example subject="-" says="It is, until eight." html=false references=1 files=0
held ignored from=fernhill@library.example subject="-" receipt=-
echo from=fernhill@library.example subject="-" says="your new card is at the desk." html=false references=0 files=0
held unreadable from=- subject="-" receipt=-"#
            ),
            fixture!(
                "only-files",
                r#"message from=gil@fotos.example subject="-" says="" html=false references=0 files=3"#
            ),
            fixture!(
                "several-named",
                r#"message from=ana@library.example subject="-" says="@omar who has the key to the map room?" html=false references=1 files=0"#
            ),
            fixture!(
                "other-software",
                r#"message from=ruth@akkoma.example subject="-" says="is this 978-0 in?" html=false references=0 files=0"#
            ),
            fixture!(
                "right-to-left",
                r#"message from=nadia@library.example subject="-" says="هل لديكم كتب #عربية؟" html=false references=0 files=0"#
            ),
            fixture!(
                "hostile-markup",
                r#"message from=mal@evil.example subject="-" says="hello therego" html=false references=0 files=0"#
            ),
            fixture!(
                "followers-only",
                r#"message from=johan@zee.example subject="-" says="the sale, Saturday?" html=false references=0 files=0"#
            ),
            fixture!(
                "unknown-visibility",
                r#"message from=- subject="-" says="for this instance only" html=false references=0 files=0"#
            ),
            fixture!(
                "quoted-and-edited",
                r#"message from=yan@brief.example subject="-" says="RE: https://library.example/@fernhill/9" html=false references=0 files=0"#
            ),
            fixture!(
                "passed-on",
                r#"held ignored from=fernhill@library.example subject="-" receipt=-
echo from=fernhill@library.example subject="-" says="to followers" html=false references=0 files=0"#
            ),
        ]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        let own = Own {
            id: "1111".to_owned(),
            acct: "fernhill@library.example".to_owned(),
            domain: "library.example".to_owned(),
        };
        let items: Vec<Value> = serde_json::from_slice(bytes).unwrap_or_default();
        let read = |item: &Value| match item.get("type") {
            Some(_) => inbound::notification(item, &own, NOW_MS),
            None => inbound::own_post(item, &own, NOW_MS),
        };
        items.iter().map(|item| read(item).event).collect()
    }

    fn text_of(&self, units: u32, of: char) -> Option<String> {
        Some(of.to_string().repeat(units as usize))
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn conformance::Fake>> {
        Box::pin(async {
            Box::new(Sitting { fake: Fake::start().await, way: *self }) as Box<dyn conformance::Fake>
        })
    }

    fn draft(&self, text: &str) -> Draft {
        match self {
            Self::Public => answer(text, Some(&first_post()), Visibility::Public),
            Self::Private => answer(text, None, Visibility::Private),
        }
    }
}

impl conformance::Fake for Sitting {
    fn settings(&self) -> Settings {
        match self.way {
            Way::Public => self.fake.settings(),
            Way::Private => {
                self.fake.settings().with("auth", "token").with_secret("access_token", &self.fake.tokens.0)
            }
        }
    }

    fn now(&self) -> i64 {
        self.fake.clock.now_ms()
    }

    fn tokens(&self) -> Arc<dyn Tokens> {
        match self.way {
            Way::Public => self.fake.tokens.clone(),
            Way::Private => Arc::new(NoTokens),
        }
    }

    fn further_secrets(&self) -> Vec<String> {
        vec![self.fake.tokens.0.clone()]
    }

    fn arrive(&self, text: &str) {
        match self.way {
            Way::Public => self.fake.patron.mention(&self.fake.library, text),
            Way::Private => self.fake.patron.direct(&self.fake.library, text),
        };
    }

    fn answer_elsewhere(&self, text: &str) -> bool {
        let (fake, patron) = (&self.fake, crate::mastodon::fake::PATRON);
        match self.way {
            Way::Public => fake.platform.says(
                &fake.library,
                &format!("@{patron} {text}"),
                Seen::Public,
                Some(&fake.first),
            ),
            Way::Private => {
                fake.platform.says(&fake.library, &format!("{text} @{patron}"), Seen::Direct, None)
            }
        };
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
        let plan = match trouble {
            Trouble::Denied => Plan::new(WebFault::Revoked),
            Trouble::Throttled => Plan::new(WebFault::TooMany),
            Trouble::Unavailable => Plan::new(WebFault::OutOfOrder),
            Trouble::Silent => Plan::new(WebFault::Silent),
            Trouble::Reset => Plan::new(WebFault::Reset),
            Trouble::Nonsense => Plan::new(WebFault::Nonsense),
            // Before it is sent the post it answers is looked at, which changes nothing if it is lost.
            Trouble::LostAnswer => Plan::new(WebFault::Lost).place("statuses"),
            Trouble::NoAnswer => Plan::new(WebFault::Mute).place("statuses"),
            Trouble::Refused => Plan::new(WebFault::Refused),
        };
        self.fake.platform.faults().switch_on(plan);
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

/// The words an account may write have room for a name, whatever the instance allows.
#[test]
fn the_room_is_what_the_instance_takes_without_a_name() {
    let limits = crate::mastodon::instance::Limits::default();
    assert_eq!(outbound::room(&limits), 468);
}
