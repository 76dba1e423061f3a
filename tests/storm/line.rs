//! A telephone line for texts.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use connectors::simulator::Clock;
use connectors::simulator::sms::{Happened, Picture, SmsOptions, SmsPlatform};
use connectors::simulator::web::WebFault;
use serde_json::json;

use super::platform::{GIVES_UP_S, Platform, acknowledged, once_each, turned_away, web_troubles};
use super::staff::Staff;

const NUMBER: &str = "+14065550100";

pub struct Line {
    platform: SmsPlatform,
}

impl Line {
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut options = SmsOptions::new(clock);
        options.seed = seed;
        let platform = SmsPlatform::start(options).await.expect("loopback has free ports");
        platform.add_number(NUMBER);
        Self { platform }
    }
}

impl Platform for Line {
    fn kind(&self) -> &'static str {
        "sms"
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("number", NUMBER.to_owned()),
            ("account_sid", self.platform.account_sid().to_owned()),
            ("api_base", self.platform.base()),
            ("import", "everything".to_owned()),
            ("timeout_s", GIVES_UP_S.to_owned()),
        ]
    }

    fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![("auth_token", self.platform.auth_token().to_owned())]
    }

    fn say(&self, who: usize, text: &str) {
        let number = format!("+1406556{who:04}");
        let picture =
            || Picture { content_type: "image/png".to_owned(), bytes: text.as_bytes().repeat(40).into() };
        let pictures = if who.is_multiple_of(4) { vec![picture()] } else { Vec::new() };
        self.platform.text(&number, NUMBER, text, pictures).expect("there is the number");
    }

    fn given(&self) -> BTreeMap<String, usize> {
        let said = self.platform.ledger().pick(|line| match line.what.own() {
            Some(Happened::Given { body, .. }) => Some(body.clone()),
            _ => None,
        });
        once_each(said)
    }

    fn taken_after(&self, seq: u64) -> Vec<String> {
        self.platform.ledger().pick_after(seq, |line| match line.what.own() {
            Some(Happened::Taken { body, .. }) => Some(body.clone()),
            _ => None,
        })
    }

    fn carries(&self) -> bool {
        false
    }

    fn carried(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn acknowledged(&self) -> Vec<String> {
        self.platform.ledger().pick(acknowledged)
    }

    fn calls(&self) -> bool {
        true
    }

    fn turned_away(&self) -> usize {
        self.platform.ledger().pick(turned_away).len()
    }

    fn lines(&self) -> u64 {
        self.platform.ledger().len()
    }

    fn trouble(&self) {
        web_troubles().for_each(|plan| self.platform.faults().switch_on(plan));
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }

    fn sign_out(&self) {
        self.platform.faults().switch_on(WebFault::Revoked);
    }

    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()> {
        self.platform.faults().switch_off(WebFault::Revoked);
        staff.change(channel, &json!({ "settings": { "auth_token": self.platform.auth_token() } }))
    }
}
