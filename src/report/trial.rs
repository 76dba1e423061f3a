//! What would rules have done? They are asked about what began past conversations, and nothing is changed.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::model::Millis;
use crate::model::rule::{self, Facts, House, Rule, Sender};
use crate::store::rules::{self, Past};

/// So many conversations are looked at together; more are never in memory.
const AT_ONCE: i64 = 50;
/// So many that would fit are shown.
pub const SHOWN: usize = 20;
const DAY_MS: i64 = 86_400_000;

/// What came of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Conversations that were looked at.
    pub looked_at: u64,
    /// Those that a rule would fit.
    pub fitting: u64,
    /// The newest of those.
    pub latest: Vec<Hit>,
    /// To whom past messages were sent is not kept: conditions on that fit none here.
    pub recipients_unknown: bool,
}

/// A conversation that a rule would fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its id.
    pub conversation: Uuid,
    /// What people call it.
    pub number: i64,
    /// Who asked.
    pub patron: String,
    /// What it is called.
    pub subject: String,
    /// When it was sent.
    pub at: Millis,
    /// The names of the rules that would fit.
    pub rules: Vec<String>,
    /// What they would do, one sentence each.
    pub acts: Vec<String>,
}

/// Asks these rules, in this order, about what began the conversations of so many days, the newest first. `tell` is called on
/// the way. Desks and tags are those of today, and so are the hours.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(
    app: &App,
    rules: &[Rule],
    days: u32,
    tell: &mut (dyn FnMut(&Trial) + Send),
) -> Result<Trial> {
    let mut trial = Trial { recipients_unknown: rule::ask_recipients(rules), ..Trial::default() };
    let now = app.clock.now();
    let since = now.saturating_sub(i64::from(days).saturating_mul(DAY_MS));
    let (house, hours) = {
        let mut conn = app.db.read().await?;
        let house = rules::house(&mut conn).await?;
        let mut hours = HashMap::new();
        for (desk, _) in &house.desks {
            hours.extend(app.calendars.hours(&mut conn, *desk, now).await?.map(|hours| (*desk, hours)));
        }
        (house, hours)
    };
    let mut before = Uuid::max();
    loop {
        // Nobody else waits for the connection while this thinks.
        let some = rules::past(&mut app.db.read().await?, before, since, AT_ONCE).await?;
        let Some(last) = some.last() else { return Ok(trial) };
        before = last.id;
        for past in &some {
            let is_open = |desk: Uuid| hours.get(&desk).is_none_or(|hours| hours.is_open(past.at));
            trial.look_at(rules, &house, past, &is_open);
        }
        tell(&trial);
    }
}

impl Trial {
    fn look_at(&mut self, rules: &[Rule], house: &House, past: &Past, is_open: &dyn Fn(Uuid) -> bool) {
        self.looked_at += 1;
        let sender =
            past.address.as_deref().map(|id| Sender { id, shown: past.shown.as_deref().unwrap_or(id) });
        let facts = Facts::new(past.channel_id, &past.subject, &past.text, is_open)
            .from(sender, past.new_patron)
            .with_file(past.has_file);
        let verdict = rule::judge(rules, house, &facts, past.desk_id);
        if verdict.fitted.is_empty() {
            return;
        }
        self.fitting += 1;
        if self.latest.len() < SHOWN {
            self.latest.push(Hit {
                conversation: past.id,
                number: past.number,
                patron: past.patron_name.clone(),
                subject: past.called.clone(),
                at: past.at,
                rules: verdict.fitted.iter().map(|rule| rule.name.clone()).collect(),
                acts: verdict.effects.iter().map(rule::Effect::words).collect(),
            });
        }
    }
}
