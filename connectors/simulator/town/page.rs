//! The library's Page: people who write to it in private, and under its posts for everybody to read.

use std::io;
use std::sync::Arc;

use super::Door;
use super::corner::Corner;
use crate::contract::{BoxFuture, Settings};
use crate::simulator::graph::{GraphOptions, GraphPatron, GraphPlatform, Heard, OwnPage};
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Faults, Plan, Random, UnknownFault};

/// Somebody answers after at most so long.
const PONDERS_MS: usize = 40_000;

/// Who says it, what they say, and what they say to the first answer.
struct Talk {
    who: &'static str,
    public: bool,
    says: &'static str,
    thanks: &'static str,
}

/// The Page with its people.
pub(super) struct Page {
    platform: GraphPlatform,
    page: OwnPage,
    posts: Vec<String>,
    people: Vec<GraphPatron>,
}

impl Page {
    /// Starts the platform and lets everybody move in.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> io::Result<Self> {
        let mut options = GraphOptions::new(clock);
        (options.seed, options.first_number) = (seed, seed % 1_000_000 * 10_000);
        let platform = GraphPlatform::start(options).await?;
        let page = platform.add_page("Fernhill Libraries");
        let posts = POSTS.iter().map(|post| platform.post(&page.id, post)).collect();
        let people = TALKS.iter().enumerate().map(|(number, talk)| settle(&platform, number, talk)).collect();
        Ok(Self { platform, page, posts, people })
    }
}

/// Each answers the first thing they get after they have asked, and is content.
fn settle(platform: &GraphPlatform, number: usize, talk: &'static Talk) -> GraphPatron {
    let after_ms = Random::seeded(number as u64).below(PONDERS_MS) as i64 + 8_000;
    let mut answered = 0_u32;
    let decide = move |_: &Heard| {
        answered += 1;
        (answered % 2 == 1).then(|| (after_ms, talk.thanks.to_owned()))
    };
    platform.person_who(talk.who, Box::new(decide))
}

impl Corner for Page {
    fn name(&self) -> &'static str {
        "Fernhill on Facebook"
    }

    fn door(&self) -> Door {
        let (id, secret) = self.platform.app();
        let settings = Settings::new()
            .with("auth", "token")
            .with("client_id", id)
            .with_secret("client_secret", secret)
            .with_secret("verify_token", "only-in-this-town")
            .with("page_id", &self.page.id)
            .with_secret("page_token", &self.page.token)
            .with("api_base", self.platform.address())
            .with("import", "30");
        Door { kind: "facebook", settings }
    }

    fn fault(&self, plan: &str) -> Result<(), String> {
        let plan: Plan<WebFault> = plan.parse().map_err(|unknown: UnknownFault| unknown.to_string())?;
        self.platform.faults().switch_on(plan);
        Ok(())
    }

    fn faults(&self) -> Option<&Faults<WebFault>> {
        Some(self.platform.faults())
    }

    fn talk(&self, number: u64) {
        let at = usize::try_from(number).unwrap_or_default();
        let (talk, who) = (&TALKS[at % TALKS.len()], &self.people[at % self.people.len()]);
        if talk.public {
            who.comment(&self.posts[at % self.posts.len()], talk.says);
        } else {
            who.write(&self.page.id, talk.says);
        }
    }

    fn run_due(&self) {
        self.platform.run_due();
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.platform.stop())
    }
}

const POSTS: &[&str] = &[
    "The children's room is open again: new carpet, same bears. Story time is on Saturdays at ten.",
    "From Monday you can borrow tools as well as books: drills, a carpet cleaner, a telescope. Ask at any desk.",
    "Flu jabs in the meeting room on Thursday from nine to noon. No appointment needed, and you may bring your book.",
];

const TALKS: &[Talk] = &[
    Talk {
        who: "Keisha Browne",
        public: false,
        says: "Hi! My card says it expired but I still have two books out. Do I need to come in person to renew it or can I do it here?",
        thanks: "Oh brilliant, I'll bring the gas bill tomorrow then. Thanks so much!",
    },
    Talk {
        who: "Ramón Iglesias",
        public: true,
        says: "¿El telescopio se puede reservar o hay que pasar a ver si está? Los niños no hablan de otra cosa.",
        thanks: "¡Reservado! Mil gracias, ojalá no haya nubes.",
    },
    Talk {
        who: "Agata Nowicka",
        public: false,
        says: "Dzień dobry, czy w czytelni można skorzystać z drukarki A3? Potrzebuję wydrukować plan mieszkania.",
        thanks: "Super, dziękuję bardzo! Będę jutro po pracy.",
    },
    Talk {
        who: "Dilys Vaughan",
        public: true,
        says: "Is the flu jab for everyone or only for over sixty-fives? Asking for my husband, who is sixty-four and a coward.",
        thanks: "Ha! I'll tell him he has no excuse left. Diolch!",
    },
    Talk {
        who: "Yusuf Demir",
        public: false,
        says: "Merhaba, kızım için Türkçe resimli kitap arıyorum, 5 yaşında. Sizde var mı?",
        thanks: "Çok teşekkür ederim, cumartesi günü geliyoruz!",
    },
    Talk {
        who: "Sophie Lindqvist",
        public: true,
        says: "Does story time take babies? Mine is eight months and mostly interested in eating the books.",
        thanks: "We will bring our own biscuits, to save the books. Thank you!",
    },
    Talk {
        who: "Mohammed Al-Sayed",
        public: false,
        says: "مرحبا، هل يمكنني حجز غرفة الدراسة يوم الأربعاء مساءً لأربعة أشخاص؟",
        thanks: "شكراً جزيلاً على المساعدة!",
    },
    Talk {
        who: "Claire Fontaine",
        public: false,
        says: "Bonjour, j'ai rendu « Le Comte de Monte-Cristo » tome 2 mais il est encore sur mon compte. Pouvez-vous vérifier ?",
        thanks: "Parfait, merci ! Je peux donc passer au tome 3.",
    },
    Talk {
        who: "Tom Ashworth",
        public: true,
        says: "Can you lend the carpet cleaner to someone with a Riverside card? Dog. Say no more.",
        thanks: "You are saving a marriage. And possibly the dog.",
    },
    Talk {
        who: "Lin Xiaoyu",
        public: false,
        says: "你好，请问图书馆的电子书怎么在手机上借？我一直登录不了。",
        thanks: "可以了！太谢谢你们了 😊",
    },
    Talk {
        who: "Irina Petrenko",
        public: false,
        says: "Добрий день! Чи є у вас розмовний клуб англійської для початківців?",
        thanks: "Дуже дякую! Прийду у вівторок.",
    },
    Talk {
        who: "Brendan Keogh",
        public: true,
        says: "Will the drills come with bits or do we bring our own?",
        thanks: "Grand. The shelf has been waiting since March.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::FrozenClock;

    #[tokio::test]
    async fn the_page_has_questions_in_private_and_in_public_in_several_languages() {
        let page = Page::start(FrozenClock::at(1_791_277_331_000), 1).await.expect("there are ports");
        for number in 0..TALKS.len() as u64 * 2 {
            page.talk(number);
        }
        assert!(TALKS.iter().filter(|talk| talk.public).count() >= 4);
        assert!(TALKS.iter().any(|talk| !talk.says.is_ascii()));
        let said = page.platform.ledger().pick(|line| line.what.own().cloned());
        assert!(said.len() >= TALKS.len() * 2, "{}", said.len());
        page.stop().await;
    }
}
