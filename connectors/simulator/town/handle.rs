//! The library's handle on X: people who mention it for everybody to read, and write to it in private.

use std::io;
use std::sync::Arc;

use super::Door;
use super::corner::Corner;
use crate::contract::{BoxFuture, Settings};
use crate::simulator::web::WebFault;
use crate::simulator::x::{Patron, Registered, XOptions, XPlatform};
use crate::simulator::{Clock, Faults, Random};

/// Somebody answers after at most so long, and at least this.
const PONDERS_MS: usize = 30_000;
const AT_LEAST_MS: i64 = 6_000;

/// Who says it, what they say, and what they say to the first answer.
struct Talk {
    username: &'static str,
    name: &'static str,
    public: bool,
    says: &'static str,
    thanks: &'static str,
}

/// The handle with its people.
pub(super) struct Handle {
    platform: XPlatform,
    account: Registered,
    refresh: String,
    people: Vec<Patron>,
    random: Random,
}

impl Handle {
    /// Starts the platform and lets everybody move in.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> io::Result<Self> {
        let mut options = XOptions::new(clock);
        (options.seed, options.forgiving) = (seed, true);
        let platform = XPlatform::start(options).await?;
        let account = platform.account("FernhillLib", "Fernhill Libraries");
        let (_, refresh) = platform.sign_in(&account.id);
        let people = TALKS.iter().map(|talk| platform.patron(talk.username, talk.name)).collect();
        Ok(Self { platform, account, refresh, people, random: Random::seeded(seed) })
    }
}

impl Corner for Handle {
    fn name(&self) -> &'static str {
        "Fernhill on X"
    }

    fn door(&self) -> Door {
        let settings = Settings::new()
            .with("client_id", &self.account.client_id)
            .with_secret("client_secret", &self.account.client_secret)
            .with("push", "stream")
            .with_secret("app_token", &self.account.app_token)
            .with("api_base", self.platform.base())
            .with("signin_base", self.platform.base())
            .with("import", "everything");
        Door { kind: "x", settings }
    }

    fn refresh_token(&self) -> Option<String> {
        Some(self.refresh.clone())
    }

    fn talk(&self, number: u64) {
        let at = usize::try_from(number).unwrap_or_default() % TALKS.len();
        let (talk, who) = (&TALKS[at], &self.people[at]);
        let after_ms = AT_LEAST_MS + i64::try_from(self.random.below(PONDERS_MS)).unwrap_or_default();
        who.answers_next(after_ms, talk.thanks);
        if talk.public {
            who.mention(&self.account.id, talk.says);
        } else {
            who.direct(&self.account.id, talk.says);
        }
    }

    fn fault(&self, plan: &str) -> Result<(), String> {
        let plan = plan.parse::<crate::simulator::Plan<_>>().map_err(|unknown| unknown.to_string())?;
        self.platform.faults().switch_on(plan);
        Ok(())
    }

    fn faults(&self) -> Option<&Faults<WebFault>> {
        Some(self.platform.faults())
    }

    fn run_due(&self) {
        self.platform.run_due();
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.platform.stop())
    }
}

const TALKS: &[Talk] = &[
    Talk {
        username: "ottoline_r",
        name: "Ottoline Reed",
        public: true,
        says: "are you open on the bank holiday? The microfilm and I have a date",
        thanks: "you are wonderful, thank you!",
    },
    Talk {
        username: "marek_wrona",
        name: "Marek Wrona",
        public: false,
        says: "Dzień dobry, nie mogę się zalogować do katalogu. Czy da się zresetować PIN bez wizyty?",
        thanks: "Udało się, bardzo dziękuję!",
    },
    Talk {
        username: "kwame_reads",
        name: "Kwame",
        public: true,
        says: "how many books can I borrow at once? asking for a very large bag 👜",
        thanks: "the bag accepts. thanks!",
    },
    Talk {
        username: "yuki_tanaka",
        name: "田中ゆき",
        public: false,
        says: "こんにちは。図書館カードをなくしてしまいました。再発行はできますか？",
        thanks: "ありがとうございます。明日うかがいます！",
    },
    Talk {
        username: "ines_costa_",
        name: "Inês Costa",
        public: true,
        says: "os ukuleles são só para sócios? 🎶",
        thanks: "que maravilha, obrigada!",
    },
    Talk {
        username: "gbenga_a",
        name: "Gbenga Adeyemi",
        public: false,
        says: "Hi, I returned three DVDs on Tuesday and one still shows as out. Could somebody look on the shelf, please?",
        thanks: "That was quick. Thank you!",
    },
    Talk {
        username: "lotte_brandt",
        name: "Lotte Brandt",
        public: true,
        says: "Gibt es bei euch WLAN auch im Garten? Frage für eine Abschlussarbeit & sehr viel Sonne",
        thanks: "Perfekt, dann bis morgen im Liegestuhl!",
    },
    Talk {
        username: "nadia_h",
        name: "نادية",
        public: false,
        says: "مساء الخير، هل لديكم كتب عربية للأطفال؟ ابني عمره سبع سنوات",
        thanks: "شكراً جزيلاً لكم!",
    },
    Talk {
        username: "petros_mk",
        name: "Petros",
        public: true,
        says: "the lift at Riverside is out again, isn't it? I have a pram and strong opinions",
        thanks: "ok, side entrance it is. thank you for telling me",
    },
    Talk {
        username: "chloe_dlr",
        name: "Chloé de la Rue",
        public: false,
        says: "Bonjour ! Est-ce que je peux réserver la salle d'étude pour deux heures vendredi après-midi ?",
        thanks: "C'est parfait, merci beaucoup !",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::FrozenClock;
    use crate::simulator::x::Line;

    #[tokio::test]
    async fn the_handle_is_mentioned_in_public_and_written_to_in_private_in_several_languages() {
        let handle = Handle::start(FrozenClock::at(1_791_277_331_000), 1).await.expect("there are ports");
        for number in 0..TALKS.len() as u64 * 2 {
            handle.talk(number);
        }
        let said = handle.platform.ledger().pick(|line| line.what.own().cloned());
        let public = said.iter().filter(|line| matches!(line, Line::Posted { .. })).count();
        let private = said.iter().filter(|line| matches!(line, Line::Directed { .. })).count();
        assert_eq!((public, private), (TALKS.len(), TALKS.len()));
        assert!(TALKS.iter().filter(|talk| !talk.says.is_ascii()).count() >= 4);
        assert!(handle.fault("dm/429:2").is_ok() && handle.fault("earthquake").is_err());
        handle.stop().await;
    }
}
