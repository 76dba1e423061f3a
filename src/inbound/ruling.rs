//! The house's rules, asked about each message that begins a conversation.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::arrival::{Arrival, Author};
use crate::app::App;
use crate::error::Result;
use crate::model::Millis;
use crate::model::channel::Channel;
use crate::model::hours::Hours;
use crate::model::rule::{self, Facts, House, Rule, Sender, Verdict};
use crate::store::{Tx, rules};

pub(super) struct Ruling {
    rules: Vec<Rule>,
    house: House,
    /// Of every desk that is not always open, where a rule asks for it.
    hours: HashMap<Uuid, Arc<Hours>>,
}

impl Ruling {
    /// Reads what these rules ask of the house; nothing where none is asked.
    pub(super) async fn read(app: &App, rules: Vec<Rule>, now: Millis, tx: &mut Tx) -> Result<Self> {
        let mut ruling = Self { rules, house: House::default(), hours: HashMap::new() };
        if ruling.rules.iter().any(|rule| rule.active) {
            ruling.house = rules::house(tx).await?;
        }
        if rule::ask_hours(&ruling.rules) {
            for (desk, _) in &ruling.house.desks {
                let hours = app.calendars.hours(tx, *desk, now).await?;
                ruling.hours.extend(hours.map(|hours| (*desk, hours)));
            }
        }
        Ok(ruling)
    }

    /// How a conversation begins that this message opens.
    pub(super) fn judge(&self, channel: &Channel, arrival: &Arrival<'_>, author: &Author) -> Verdict<'_> {
        let (given, at) = (arrival.given, arrival.ready.envelope.at);
        let is_open = |desk: Uuid| self.hours.get(&desk).is_none_or(|hours| hours.is_open(at));
        let sender = given.author.as_ref().map(|writer| Sender { id: &writer.id, shown: &writer.shown });
        let recipients =
            given.recipients.iter().map(|one| Sender { id: &one.id, shown: &one.shown }).collect();
        let subject = given.subject.as_deref().unwrap_or("");
        let facts = Facts::new(channel.id, subject, &given.said.text, &is_open)
            .from(sender, author.is_new)
            .to(recipients)
            .with_file(!arrival.ready.attachments.is_empty());
        rule::judge(&self.rules, &self.house, &facts, channel.desk_id)
    }
}
