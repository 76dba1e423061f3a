//! One connected number: what it can do, and whether it works.

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use url::form_urlencoded::byte_serialize;

use super::deliver::Remembered;
use super::settings::Config;
use super::wire::{AccountResource, NumberPage, NumberResource};
use super::{API, files, trouble};
use crate::contract::outside::is_loopback;
use crate::contract::{
    Account, BoxFuture, Capabilities, Channel, Check, CostTable, Deliver, Event, Failure, Kept, Level, Media,
    Poll, Probe, TextLimit, TextUnit, Visibility, Webhook,
};
use crate::web::{Answer, Api, host_of};

/// A number.
pub struct Number {
    pub(super) account: Account,
    pub(super) config: Config,
    pub(super) api: Api,
    pub(super) remembered: Remembered,
}

impl Number {
    /// Asks nothing yet.
    pub(super) fn new(account: Account, config: Config) -> Self {
        let api = Api::new(account.outside.clone(), &config.base);
        Self { account, config, api, remembered: Remembered::default() }
    }

    /// A request with our keys.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.api
            .request(method, path)
            .basic_auth(&self.config.user, Some(self.config.password.expose_secret()))
            .timeout(self.config.patience)
    }

    /// Reads; the answer may be a refusal.
    pub(super) async fn ask(&self, method: Method, path: &str) -> Result<Answer, Failure> {
        self.api.ask(self.request(method, path)).await
    }

    /// Whether the platform can reach an address: not one that only this machine knows, unless it is on this machine.
    pub(super) fn can_be_called_at(&self, url: &str) -> bool {
        let at_home = |url: &str| host_of(url).is_none_or(|host| is_loopback(&host.name));
        !at_home(url) || at_home(&self.config.base)
    }

    /// Whether the platform can reach us: only then can it fetch files.
    pub(super) fn is_reachable(&self) -> bool {
        self.account.webhook_url.as_deref().is_some_and(|url| self.can_be_called_at(url))
    }

    /// Our number as the platform has it; none: not this account's, or a short code, which it does not list.
    pub(super) async fn listed(&self) -> Result<Option<NumberResource>, Failure> {
        let number: String = byte_serialize(self.config.number.as_bytes()).collect();
        let path =
            format!("{API}/Accounts/{}/IncomingPhoneNumbers.json?PhoneNumber={number}", self.config.account);
        let answer = self.ask(Method::GET, &path).await?;
        if !answer.is_success() {
            return Err(trouble::asking(&answer, self.account.outside.now()));
        }
        let page: NumberPage = answer.json()?;
        let ours = |one: &NumberResource| one.phone_number.as_deref() == Some(self.config.number.as_str());
        Ok(page.incoming_phone_numbers.into_iter().find(ours))
    }

    async fn check(&self) -> Result<Probe, Failure> {
        let path = format!("{API}/Accounts/{}.json", self.config.account);
        let answer = self.ask(Method::GET, &path).await?;
        if !answer.is_success() {
            return Err(trouble::asking(&answer, self.account.outside.now()));
        }
        let account: AccountResource = answer.json()?;
        let active = account.status.as_deref() == Some("active");
        let mut checks = vec![Check {
            name: "Sign in to Twilio".to_owned(),
            passed: active,
            detail: match (active, account.status) {
                (true, _) => format!("Let in as {}.", account.friendly_name.unwrap_or_default()),
                (false, status) => format!(
                    "The account is {}. Look into the Twilio Console.",
                    status.unwrap_or_else(|| "in an unknown state".to_owned())
                ),
            },
        }];
        let listed = self.listed().await?;
        checks.push(self.check_number(listed.as_ref()));
        if let (Some(listed), Some(wanted)) = (&listed, &self.account.webhook_url) {
            checks.push(super::webhook::check(listed, wanted, self.config.calls));
        }
        Ok(Probe {
            address: super::inbound::address(&self.config.number).shown,
            ours: vec![self.config.number.clone()],
            checks,
            signin_ends_at: None,
        })
    }

    fn check_number(&self, listed: Option<&NumberResource>) -> Check {
        let can_text = listed.and_then(|one| one.capabilities?.sms);
        let (passed, detail) = match (listed, can_text) {
            (Some(_), Some(false)) => (
                false,
                "This number can only be telephoned. Buy one that can text in the Twilio Console.".to_owned(),
            ),
            (Some(_), _) => (true, "It belongs to this account and can text.".to_owned()),
            (None, _) if !self.config.number.starts_with('+') => {
                (true, "A short code: Twilio does not say whose it is.".to_owned())
            }
            (None, _) => (
                false,
                format!(
                    "{} does not belong to this account. See Phone Numbers in the Twilio Console.",
                    self.config.number
                ),
            ),
        };
        Check { name: "The number".to_owned(), passed, detail }
    }
}

impl Channel for Number {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: TextLimit { max: Some(self.config.max_segments), unit: TextUnit::Segments },
            public_text: None,
            subject: false,
            formatting: Level::Unsupported,
            attachments: files::rules(self.is_reachable()),
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 10_000,
            visibility: vec![Visibility::Private],
            delivered_receipts: Level::Native,
            read_receipts: Level::Unsupported,
            // Nothing in a text that was sent says who sent it: taken for a colleague's, each of our own would stand in
            // the conversation twice whenever its sending is answered late.
            echoes: Level::Unsupported,
            signature: false,
            poll_interval_ms: 60_000,
            cost: self.config.price_micros.map(|sent_micros| CostTable {
                currency: self.config.currency.clone(),
                read_micros: 0,
                sent_micros,
            }),
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(self.check())
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async move { super::again::read(self, kept) })
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        Some(self)
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }

    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }
}
