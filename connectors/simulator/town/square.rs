//! The library's account at an instance of Mastodon: people of here and elsewhere who mention it for everybody to read, or
//! write to it alone.

use std::io;
use std::sync::Arc;

use super::Door;
use super::corner::Corner;
use crate::contract::{BoxFuture, Settings};
use crate::simulator::mastodon::{Instance, InstanceOptions, Patron, Seen};
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Faults, Random};

/// Somebody answers after at most so long, and at least this.
const PONDERS_MS: usize = 30_000;
const AT_LEAST_MS: i64 = 6_000;

/// Who says it, who can read it, what they say, and what they say to the first answer.
struct Talk {
    acct: &'static str,
    name: &'static str,
    seen: Seen,
    says: &'static str,
    thanks: &'static str,
}

/// The account with its people.
pub(super) struct Square {
    platform: Instance,
    account: String,
    token: String,
    people: Vec<Patron>,
    random: Random,
}

impl Square {
    /// Starts the instance and lets everybody move in.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> io::Result<Self> {
        let mut options = InstanceOptions::new(clock);
        (options.seed, options.domain) = (seed, "fernhill.example".to_owned());
        let platform = Instance::start(options).await?;
        let account = platform.account("library", "Fernhill Libraries");
        let token = platform.token_by_hand(&account);
        let people = TALKS.iter().map(|talk| platform.patron(talk.acct, talk.name)).collect();
        Ok(Self { platform, account, token, people, random: Random::seeded(seed) })
    }
}

impl Corner for Square {
    fn name(&self) -> &'static str {
        "Fernhill on Mastodon"
    }

    fn door(&self) -> Door {
        let settings = Settings::new()
            .with("instance", self.platform.host())
            .with("protocol", "http")
            .with("auth", "token")
            .with_secret("access_token", &self.token)
            .with("import", "everything");
        Door { kind: "mastodon", settings }
    }

    fn talk(&self, number: u64) {
        let at = usize::try_from(number).unwrap_or_default() % TALKS.len();
        let (talk, who) = (&TALKS[at], &self.people[at]);
        let after_ms = AT_LEAST_MS + i64::try_from(self.random.below(PONDERS_MS)).unwrap_or_default();
        who.answers_next(after_ms, talk.thanks);
        who.write(&self.account, talk.says, talk.seen, None, None);
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
        acct: "birgit@wandern.example",
        name: "Birgit Sommer",
        seen: Seen::Public,
        says: "do you have the old walking maps of the valley, the ones with the mill paths?",
        thanks: "wonderful, I'll bring my magnifying glass 🔍",
    },
    Talk {
        acct: "thandi",
        name: "Thandi Mokoena",
        seen: Seen::Direct,
        says: "Hi, I think somebody else is using my card number. Two holds are not mine. Can you look, please?",
        thanks: "Thank you for being so quick. I'll pick up the new card on Thursday.",
    },
    Talk {
        acct: "pixelmarta@grafika.example",
        name: "Marta :pen:",
        seen: Seen::Unlisted,
        says: "czy w czytelni można używać własnego skanera? #archiwa",
        thanks: "super, dziękuję!",
    },
    Talk {
        acct: "old_johan@zee.example",
        name: "Johan",
        seen: Seen::Public,
        says: "is the book sale at Harbour branch this Saturday or next? The poster says both",
        thanks: "next it is then. The poster was braver than me",
    },
    Talk {
        acct: "sanae@hon.example",
        name: "早苗",
        seen: Seen::Direct,
        says: "予約した本がまだ届きません。順番を教えていただけますか？",
        thanks: "わかりました。ありがとうございます。",
    },
    Talk {
        acct: "fedi_teacher",
        name: "Ms Abara (Year 4)",
        seen: Seen::Private,
        says: "could 28 children visit the local history room in March? They have questions about trams",
        thanks: "Brilliant. We will bring the questions sorted by tram.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::FrozenClock;
    use crate::simulator::mastodon::Line;

    #[tokio::test]
    async fn the_account_is_spoken_to_in_public_and_in_private_from_here_and_elsewhere() {
        let square = Square::start(FrozenClock::at(1_791_277_331_000), 1).await.expect("there are ports");
        for number in 0..TALKS.len() as u64 {
            square.talk(number);
        }
        let seen = square.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { seen, text, .. } if text.starts_with("@library ") => Some(*seen),
            _ => None,
        });
        assert_eq!(seen, TALKS.iter().map(|talk| talk.seen).collect::<Vec<_>>());
        assert!(
            TALKS.iter().any(|talk| talk.acct.contains('@'))
                && TALKS.iter().any(|talk| !talk.acct.contains('@'))
        );
        assert!(square.fault("statuses/429:2").is_ok() && square.fault("earthquake").is_err());
        square.stop().await;
    }
}
