//! The exam of [`crate::conformance`], sat by a Page.

use futures::future::LocalBoxFuture;

use super::own;
use crate::conformance::{self, Call, Candidate, Fixture, Trouble, exam};
use crate::contract::{Connector, Draft, Event, Settings};
use crate::facebook::fake::{Fake, VERIFY};
use crate::facebook::{Facebook, inbound, signature};
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Plan};

const SECRET: &str = "a sample secret of an app";

struct Page;

macro_rules! fixture {
    ($name:literal, $says:expr) => {
        Fixture {
            name: $name,
            bytes: include_bytes!(concat!("../fixtures/", $name, ".json")).to_vec(),
            says: $says,
        }
    };
}

impl Candidate for Page {
    fn connector(&self) -> &'static dyn Connector {
        &Facebook
    }

    fn sample_settings(&self) -> Settings {
        Settings::new()
            .with("auth", "token")
            .with("client_id", "290112233445566")
            .with_secret("client_secret", SECRET)
            .with_secret("verify_token", VERIFY)
            .with("page_id", "1220011")
            .with_secret("page_token", "EAAPsample")
    }

    fn also_needed(&self) -> Vec<&'static str> {
        vec!["page_token"]
    }

    fn fixtures(&self) -> Vec<Fixture> {
        vec![
            fixture!(
                "message",
                r#"message from=77001 subject="-" says="Habt ihr die Bibliothek der Dinge – und ein Teleskop?" html=false references=0 files=1"#
            ),
            fixture!(
                "echo-by-hand",
                r#"echo from=1220011 subject="-" says="Yes, two of them." html=false references=0 files=0"#
            ),
            fixture!(
                "comment",
                r#"message from=77002 subject="-" says="متى تفتحون؟" html=false references=1 files=0"#
            ),
            fixture!(
                "picture-in-a-comment",
                r#"message from=77002 subject="-" says="" html=false references=2 files=1"#
            ),
            fixture!("another-page", r#"held ignored from=77001 subject="-" receipt=-"#),
            fixture!(
                "batch",
                r#"receipt Delivered id=m_a
receipt Delivered id=m_b
held ignored from=77001 subject="-" receipt=-
message from=77001 subject="-" says="When do you open?" html=false references=0 files=0
edited m_first "And a telescope?"
deleted m_gone
held unreadable from=77001 subject="-" receipt=-
deleted 5_9
held ignored from=77002 subject="-" receipt=-
message from=77003 subject="-" says="圖書館有無線網路嗎？" html=false references=0 files=0"#
            ),
        ]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        inbound::envelopes(bytes, &own(), 0).into_iter().map(|envelope| envelope.event).collect()
    }

    fn calls(&self) -> Vec<Call> {
        let bodies: [&[u8]; 3] = [
            include_bytes!("../fixtures/message.json"),
            include_bytes!("../fixtures/comment.json"),
            include_bytes!("../fixtures/batch.json"),
        ];
        let call = |body: &[u8]| Call {
            url: "https://desk.example/webhooks/1".to_owned(),
            headers: vec![(signature::HEADER.to_owned(), signature::sign(SECRET, body))],
            body: body.to_vec(),
            signature: signature::HEADER,
        };
        bodies.into_iter().map(call).collect()
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn conformance::Fake>> {
        Box::pin(async { Box::new(Fake::start().await) as Box<dyn conformance::Fake> })
    }

    fn draft(&self, text: &str) -> Draft {
        // The first person of every fake has the same number.
        crate::facebook::fake::draft("612500000000002", "dm:612500000000002", None, text)
    }
}

impl conformance::Fake for Fake {
    fn settings(&self) -> Settings {
        self.settings()
    }

    fn now(&self) -> i64 {
        assert_eq!(self.patron.id(), "612500000000002", "the drafts of the exam go to them");
        self.clock.now_ms()
    }

    fn arrive(&self, text: &str) {
        self.patron.write(&self.page.id, text);
    }

    fn arrive_otherwise(&self, text: &str) -> bool {
        self.patron.comment(&self.post, text).is_some()
    }

    fn arrive_as_picture(&self, gif: &[u8]) -> bool {
        self.patron.send_file(&self.page.id, "image", "pixel.gif", gif.to_vec());
        true
    }

    fn calls_settled(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(self.platform.calls_settled())
    }

    fn answer_elsewhere(&self, text: &str) -> bool {
        self.platform.answer_by_hand(&self.page.id, self.patron.id(), text);
        true
    }

    fn taken(&self) -> Vec<String> {
        use crate::simulator::graph::Happened;
        let id = |happened| match happened {
            Happened::Taken { id, .. } => id,
            other => panic!("{other:?}"),
        };
        self.taken().into_iter().map(id).collect()
    }

    fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        self.platform.files_of(id)
    }

    fn contacts(&self) -> u64 {
        self.platform.ledger().counts().values().sum()
    }

    fn trouble(&self, trouble: Trouble) -> bool {
        let fault = match trouble {
            Trouble::Denied => WebFault::Revoked,
            Trouble::Throttled => WebFault::TooMany,
            Trouble::Unavailable => WebFault::OutOfOrder,
            Trouble::Silent => WebFault::Silent,
            Trouble::Reset => WebFault::Reset,
            Trouble::Nonsense => WebFault::Nonsense,
            Trouble::LostAnswer => WebFault::Lost,
            Trouble::NoAnswer => WebFault::Mute,
            Trouble::Refused => WebFault::Refused,
        };
        self.platform.faults().switch_on(Plan::new(fault));
        true
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }
}

#[tokio::test]
async fn a_page_sits_the_exam() {
    exam(&Page).await;
}
