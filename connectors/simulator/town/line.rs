//! The library's text line: people with telephones, who write as people text.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::Door;
use super::corner::Corner;
use crate::contract::{BoxFuture, Settings};
use crate::simulator::sms::{Picture, SmsOptions, SmsPlatform};
use crate::simulator::{Clock, Random};

const NUMBER: &str = "+14065550100";
/// Somebody answers after at most so long, and at least this.
const PONDERS_MS: usize = 40_000;
const AT_LEAST_MS: i64 = 8_000;
/// The smallest picture there is: one dot (GIF89a).
const DOT: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xc8\x80\x40\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Who texts, what they say, and what they say to the first answer.
struct Talk {
    number: &'static str,
    says: &'static [&'static str],
    picture: bool,
    thanks: Option<&'static str>,
}

/// The line with its people.
pub(super) struct Line {
    platform: SmsPlatform,
}

impl Line {
    /// Starts the platform and gives everybody a telephone.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> io::Result<Self> {
        let mut options = SmsOptions::new(clock);
        options.seed = seed;
        let platform = SmsPlatform::start(options).await?;
        platform.add_number(NUMBER);
        let random = Arc::new(Random::seeded(seed));
        for talk in TALKS {
            let (random, thanks) = (random.clone(), Mutex::new(talk.thanks));
            let react = move |_: &str| {
                let thanks = thanks.lock().unwrap_or_else(PoisonError::into_inner).take()?;
                let ponders = i64::try_from(random.below(PONDERS_MS)).unwrap_or_default();
                Some((AT_LEAST_MS + ponders, thanks.to_owned()))
            };
            platform.settle(talk.number, Box::new(react));
        }
        Ok(Self { platform })
    }
}

impl Corner for Line {
    fn name(&self) -> &'static str {
        "Text line"
    }

    fn door(&self) -> Door {
        let settings = Settings::new()
            .with("number", NUMBER)
            .with("account_sid", self.platform.account_sid())
            .with("api_base", self.platform.base())
            .with("segment_price", "0.0083")
            .with("import", "everything")
            .with_secret("auth_token", self.platform.auth_token());
        Door { kind: "sms", settings }
    }

    fn faults(&self) -> Option<&crate::simulator::Faults<crate::simulator::web::WebFault>> {
        Some(self.platform.faults())
    }

    fn talk(&self, number: u64) {
        let talk = &TALKS[usize::try_from(number).unwrap_or_default() % TALKS.len()];
        for (at, text) in talk.says.iter().enumerate() {
            let picture = || Picture { content_type: "image/gif".to_owned(), bytes: DOT.into() };
            let pictures = if talk.picture && at == 0 { vec![picture()] } else { Vec::new() };
            if let Err(error) = self.platform.text(talk.number, NUMBER, text, pictures) {
                tracing::warn!(%error, "somebody in the town could not text");
            }
        }
    }

    fn fault(&self, plan: &str) -> Result<(), String> {
        let plan = plan.parse::<crate::simulator::Plan<_>>().map_err(|unknown| unknown.to_string())?;
        self.platform.faults().switch_on(plan);
        Ok(())
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
        number: "+14065550137",
        says: &["hi is the library open today? my phones about to die"],
        picture: false,
        thanks: Some("ok on my way ty!!"),
    },
    Talk {
        number: "+14065550162",
        says: &["do u have chargers at the desk", "usb c", "sorry for all the texts"],
        picture: false,
        thanks: Some("lifesaver"),
    },
    Talk {
        number: "+34600555018",
        says: &["Buenas, ¿hasta cuándo puedo devolver el libro de cocina? Se me ha pasado el día 😬"],
        picture: false,
        thanks: Some("Mil gracias, mañana lo llevo"),
    },
    Talk {
        number: "+14065550174",
        says: &["is this covered by the damage fee?? the dog got it. page 40 to 52"],
        picture: true,
        thanks: Some("thank u for being so kind about it. he is sorry too"),
    },
    Talk {
        number: "+48500555027",
        says: &["Dzień dobry, czy mogę przedłużyć książki SMS-em? Karta 20031"],
        picture: false,
        thanks: Some("Super, dziękuję"),
    },
    Talk {
        number: "+14065550185",
        says: &["My mother (84) would like large print westerns. Can someone choose five for pickup Fri?"],
        picture: false,
        thanks: Some("Yes"),
    },
    Talk {
        number: "+14065550148", says: &["what's the wifi password"], picture: false, thanks: Some("👍")
    },
    Talk {
        number: "+4915550555031",
        says: &["Hallo! Ist der Lesesaal am Samstag offen? Brauche Ruhe, zu Hause ist Baustelle"],
        picture: false,
        thanks: Some("Klasse, bis Samstag"),
    },
    Talk {
        number: "+14065550119",
        says: &["Storytime tmrw still on w the snow?"],
        picture: false,
        thanks: Some("aw ok. next week then"),
    },
    Talk {
        number: "+14065550191",
        says: &["How do I get the ebook app to stop asking for my PIN every time", "android"],
        picture: false,
        thanks: Some("that worked. tell whoever figured that out they deserve a raise"),
    },
    Talk {
        number: "+81905550142",
        says: &["日本語の本はありますか？子ども向けのものを探しています。"],
        picture: false,
        thanks: Some("助かります！"),
    },
    Talk { number: "+14065550155", says: &["STOP"], picture: false, thanks: None },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::FrozenClock;

    #[tokio::test]
    async fn the_line_is_texted_in_several_languages_with_pictures_and_once_told_to_stop() {
        let line = Line::start(FrozenClock::at(1_791_277_331_000), 1).await.expect("there are ports");
        for number in 0..TALKS.len() as u64 {
            line.talk(number);
        }
        let texts: Vec<_> = line.platform.texts().into_iter().filter(|text| text.inbound).collect();
        assert_eq!(texts.len(), TALKS.iter().map(|talk| talk.says.len()).sum::<usize>());
        assert_eq!(texts.iter().filter(|text| text.sid.starts_with("MM")).count(), 1);
        assert_eq!(texts.iter().filter(|text| text.body == "STOP").count(), 1);
        assert!(texts.iter().filter(|text| !text.body.is_ascii()).count() >= 3);
        assert!(line.fault("send/429:2").is_ok() && line.fault("earthquake").is_err());
        line.stop().await;
    }
}
