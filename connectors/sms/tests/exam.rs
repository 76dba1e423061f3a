//! The exam of [`crate::conformance`], sat by text messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::conformance::{self, Call, Candidate, Fixture, Trouble, exam};
use crate::contract::{Connector, Draft, Event, Settings};
use crate::simulator::sms::Picture;
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Plan};
use crate::sms::fake::{self, Fake, NUMBER, PATRON};
use crate::sms::inbound::Own;
use crate::sms::words::Words;
use crate::sms::{Sms, inspect, segments};

/// With and without an address of ours from which files can be fetched.
struct Texts {
    reachable: bool,
}

macro_rules! fixture {
    ($file:literal, $says:expr) => {
        Fixture { name: $file, bytes: include_bytes!(concat!("../fixtures/", $file)).to_vec(), says: $says }
    };
}

fn signed(url: &str, covered: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(b"a sample token").expect("any key");
    mac.update(url.as_bytes());
    mac.update(covered.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

impl Candidate for Texts {
    fn connector(&self) -> &'static dyn Connector {
        &Sms
    }

    fn sample_settings(&self) -> Settings {
        fake::sample()
    }

    fn webhook_url(&self) -> Option<String> {
        self.reachable.then(|| "https://library.example/hooks/1".to_owned())
    }

    fn fixtures(&self) -> Vec<Fixture> {
        vec![
            fixture!(
                "patron-asks.form",
                r#"message from=+14065550193 subject="-" says="Do you have the new Ann Patchett? Café or main branch 🙂" html=false references=0 files=0"#
            ),
            fixture!(
                "patron-sends-two-pictures-and-no-word.form",
                r#"message from=+14065550193 subject="-" says="" html=false references=0 files=2"#
            ),
            fixture!("patron-says-stop.form", "opt-out +14065550193 true"),
            fixture!("patron-stops-in-german-by-the-platforms-word.form", "opt-out +14065550193 true"),
            fixture!(
                "patron-says-yes.form",
                "opt-out +14065550193 false\nmessage from=+14065550193 subject=\"-\" says=\"Yes\" html=false references=0 files=0"
            ),
            fixture!(
                "patron-asks-for-help.form",
                r#"message from=+14065550193 subject="-" says="HELP" html=false references=0 files=0"#
            ),
            fixture!(
                "shop-with-a-name-for-a-number.form",
                r#"message from=PARCELS subject="-" says="Your parcel is here" html=false references=0 files=0"#
            ),
            fixture!("ours-delivered.form", "receipt Delivered id=SM0000000000000000000000000000000a"),
            fixture!(
                "ours-filtered-by-the-carrier.form",
                "receipt Failed id=SM0000000000000000000000000000000b"
            ),
            fixture!("something-about-a-call.form", r#"held unreadable from=- subject="-" receipt=-"#),
            fixture!(
                "patron-asks-as-json.json",
                r#"message from=+14065550193 subject="-" says="Is it “open” today?" html=false references=0 files=0"#
            ),
            fixture!(
                "two-events-of-a-stream.json",
                "message from=+14065550193 subject=\"-\" says=\"First\" html=false references=0 files=0\nreceipt Delivered id=SM0000000000000000000000000000000a"
            ),
        ]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        let words = Words::default();
        let own = Own { number: Some(NUMBER), words: &words };
        inspect::read(bytes, None, None, &own).into_iter().map(|(happening, _)| happening.event).collect()
    }

    fn calls(&self) -> Vec<Call> {
        let url = "https://library.example/hooks/1?delivery=00000000-0000-0000-0000-000000000001";
        let form =
            b"From=%2B14065550193&To=%2B14065550100&MessageSid=SM1&Body=Is+it+open%3F&NumMedia=0".to_vec();
        let covered = "BodyIs it open?From+14065550193MessageSidSM1NumMedia0To+14065550100";
        let json = include_bytes!("../fixtures/patron-asks-as-json.json").to_vec();
        let hash: String = Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect();
        let hashed = format!("https://library.example/hooks/1?bodySHA256={hash}");
        let call = |url: &str, kind: &str, signature: String, body: Vec<u8>| Call {
            url: url.to_owned(),
            headers: vec![
                ("content-type".to_owned(), kind.to_owned()),
                ("x-twilio-signature".to_owned(), signature),
            ],
            body,
            signature: "x-twilio-signature",
        };
        vec![
            call(url, "application/x-www-form-urlencoded", signed(url, covered), form.clone()),
            // Signed with the port that nobody writes.
            call(
                url,
                "application/x-www-form-urlencoded; charset=UTF-8",
                signed(&url.replace("library.example", "library.example:443"), covered),
                form,
            ),
            call(&hashed, "application/json", signed(&hashed, ""), json),
        ]
    }

    fn text_of(&self, units: u32, of: char) -> Option<String> {
        let takes = |text: &str| {
            let parts = crate::sms::split::split(text);
            parts.iter().map(|part| segments::segments(part)).sum::<u32>()
        };
        let fits = |count: &usize| takes(&of.to_string().repeat(*count)) <= units;
        let most = usize::try_from(units * 160).expect("it is small");
        let counts: Vec<usize> = (1..=most).collect();
        Some(of.to_string().repeat(counts.partition_point(fits)))
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn conformance::Fake>> {
        Box::pin(async { Box::new(Fake::start().await) as Box<dyn conformance::Fake> })
    }

    fn draft(&self, text: &str) -> Draft {
        fake::draft(text)
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
        self.arrives(text);
    }

    fn arrive_as_picture(&self, gif: &[u8]) -> bool {
        let picture = Picture { content_type: "image/gif".to_owned(), bytes: Bytes::copy_from_slice(gif) };
        self.platform.text(PATRON, NUMBER, "", vec![picture]).is_ok()
    }

    fn calls_settled(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(self.platform.calls_settled())
    }

    fn answer_elsewhere(&self, _: &str) -> bool {
        false
    }

    fn taken(&self) -> Vec<String> {
        let texts = self.platform.texts().into_iter();
        texts.filter(|text| !text.inbound).map(|text| text.sid).collect()
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
async fn text_messages_sit_the_exam() {
    exam(&Texts { reachable: false }).await;
}

#[tokio::test]
async fn text_messages_with_files_sit_the_exam() {
    exam(&Texts { reachable: true }).await;
}

#[test]
fn every_fixture_is_a_case() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sms/fixtures");
    let files = std::fs::read_dir(folder).expect("it is there").count();
    assert_eq!(files, Texts { reachable: false }.fixtures().len());
}
