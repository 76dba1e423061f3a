//! `staff skills` and `desk head-start`: who is given which question.

use uuid::Uuid;

use super::{Outcome, out};
use crate::app::App;
use crate::conversation::ability;
use crate::model::ability::language_in_words;
use crate::model::event::length_in_words;
use crate::store::{abilities, helpers};

/// What a person can.
#[derive(clap::Args)]
pub struct Skills {
    /// Whose
    pub address: String,
    /// A skill such as "card accounts"; may be repeated, and replaces those there were
    #[arg(long = "skill", value_name = "SKILL")]
    skills: Vec<String>,
    /// A language besides the house's own, as es or fr; may be repeated, and replaces those there were
    #[arg(long = "language", value_name = "CODE")]
    languages: Vec<String>,
    /// Live conversations at once at most
    #[arg(long, value_name = "NUMBER")]
    live: Option<i64>,
    /// Take every skill and language away
    #[arg(long, conflicts_with_all = ["skills", "languages"])]
    none: bool,
}

impl Skills {
    /// Keeps what was said, and shows what counts then.
    pub async fn run(self, app: &App, person: Uuid, name: &str) -> Outcome {
        let mut able = abilities::of(&mut app.db.read().await?, person).await?.unwrap_or_default();
        let before = able.clone();
        if self.none || !self.skills.is_empty() {
            able.skills = self.skills;
        }
        if self.none || !self.languages.is_empty() {
            able.languages = self.languages;
        }
        able.live_at_once = self.live.unwrap_or(able.live_at_once);
        if able != before {
            able = ability::keep_abilities(app, person, able).await?;
        }
        let or_none =
            |words: Vec<String>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
        let languages = able.languages.iter().map(|code| language_in_words(code).to_owned()).collect();
        out::line(format_args!("{name}: skills {}", or_none(able.skills)));
        out::line(format_args!("{name}: languages {}", or_none(languages)));
        out::line(format_args!("{name}: live conversations at once {}", able.live_at_once));
        Ok(())
    }
}

/// How long a question is kept for who knows its patron.
#[derive(clap::Args)]
pub struct HeadStart {
    /// Seconds of open time, an hour at most; 0: not at all [default: show it]
    seconds: Option<i64>,
}

impl HeadStart {
    pub async fn run(self, app: &App) -> Outcome {
        if let Some(seconds) = self.seconds {
            ability::keep_head_start(app, seconds.saturating_mul(1_000)).await?;
        }
        let ms = helpers::head_start(&mut app.db.read().await?).await?;
        if ms == 0 {
            out::line("A question is kept for nobody.");
        } else {
            out::line(format_args!(
                "A question is kept for who knows its patron for {} of open time.",
                length_in_words(ms)
            ));
        }
        Ok(())
    }
}
