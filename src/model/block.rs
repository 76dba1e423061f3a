//! Who is kept out: which addresses a block means, and which can never be blocked.
//!
//! A block means one address or a whole mail domain, and is kept as a *key*. Each writer has a few keys under which they
//! could be blocked; that one of them is blocked is all there is to it, so that no list is ever gone through.

mod shared;
#[cfg(test)]
mod tests;

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::rule::{Sender, number};

/// Longest address and reason, characters.
pub const LONGEST: usize = 320;
/// Stands before what only one platform knows.
const BETWEEN: char = ':';

/// One block.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Block {
    /// Its id.
    pub id: Uuid,
    /// Whom it means, as it is compared.
    pub key: String,
    /// The same as people write it.
    pub shown: String,
    /// Why, if anybody said so.
    pub reason: Option<String>,
    /// The conversation in which it was decided.
    pub conversation_id: Option<Uuid>,
    /// Since when.
    pub blocked_at: Millis,
    /// Who of us; none: whoever runs the house, by a command.
    pub blocked_by: Option<Uuid>,
    /// Who, as shown.
    pub blocked_name: String,
    /// It ends by itself then.
    pub until: Option<Millis>,
    /// Since when it is no more.
    pub lifted_at: Option<Millis>,
    /// Who ended it, as shown.
    pub lifted_name: Option<String>,
    /// How many messages lie in held because of it.
    pub held: i64,
}

impl Block {
    /// Whether it keeps anybody out at this moment.
    pub fn stands(&self, now: Millis) -> bool {
        self.lifted_at.is_none() && self.until.is_none_or(|until| until > now)
    }

    /// Whether it means everybody at a domain.
    pub fn is_domain(&self) -> bool {
        self.key.starts_with('@')
    }

    /// Whom it means: "jo@post.example.org", "everybody at post.example.org".
    pub fn whom(&self) -> String {
        match self.key.strip_prefix('@') {
            Some(domain) => format!("everybody at {domain}"),
            None => self.shown.clone(),
        }
    }

    /// Why something lies in held because of it.
    pub fn why(&self) -> String {
        format!(
            "{} has blocked {}. It is kept here, answered by nobody and told to nobody; let it in if a patron is behind it.",
            self.blocked_name,
            self.whom()
        )
    }
}

/// Whom a block is to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it is compared.
    pub key: String,
    /// As people write it.
    pub shown: String,
}

impl Target {
    /// The address of somebody who has written; `platform` is the connector's name.
    pub fn of(platform: &str, sender: Sender<'_>) -> Self {
        let id = folded(sender.id);
        let key = mailbox(&id).or_else(|| number(&id)).unwrap_or_else(|| account(platform, &id));
        Self { key, shown: sender.shown.trim().to_owned() }
    }

    /// Everybody at the domain of somebody who has written.
    ///
    /// # Errors
    /// A sentence, where their address has none.
    pub fn domain_of(sender: Sender<'_>) -> Result<Self, String> {
        let id = folded(sender.id);
        let Some((_, domain)) = halves(&id) else {
            return Err(format!(
                "{} is no address at a domain, so only it alone can be blocked.",
                sender.shown
            ));
        };
        Ok(Self { key: format!("@{domain}"), shown: format!("@{domain}") })
    }

    /// As somebody wrote it: `jo@example.org`, `@example.org`, `+14065550193`, or with a platform what people are called
    /// there.
    ///
    /// # Errors
    /// A sentence: it is none of these.
    pub fn written(text: &str, platform: Option<&str>) -> Result<Self, String> {
        let shown = text.trim().to_owned();
        let plain = folded(text);
        // Some platforms put one more @ before a name and where it is.
        let plain =
            plain.strip_prefix('@').filter(|rest| rest.contains('@')).map_or(plain.clone(), str::to_owned);
        if plain.is_empty()
            || plain.chars().count() > LONGEST
            || plain.contains(char::is_whitespace) && number(&plain).is_none()
        {
            return Err(unreadable(&shown));
        }
        if let Some(platform) = platform {
            return Ok(Self {
                key: mailbox(&plain).or_else(|| number(&plain)).unwrap_or_else(|| account(platform, &plain)),
                shown,
            });
        }
        if let Some(domain) = plain.strip_prefix('@').filter(|domain| is_domain(domain)) {
            return Ok(Self { key: format!("@{domain}"), shown });
        }
        let key = mailbox(&plain).or_else(|| number(&plain)).ok_or_else(|| unreadable(&shown))?;
        Ok(Self { key, shown })
    }

    /// Why this cannot be blocked, in words; none: it can. `ours` are the addresses of the house: its people's and those of
    /// its channels.
    pub fn refused<'o>(&self, ours: impl IntoIterator<Item = &'o str>) -> Option<String> {
        if let Some(domain) = self.key.strip_prefix('@') {
            if shared::is_public(domain) {
                return Some(format!(
                    "{domain} is where very many people have their mail. Block one address of it instead. Nothing was changed."
                ));
            }
            if shared::is_suffix(domain) {
                return Some(format!(
                    "{domain} is nobody's own domain: others end with it. Block one below it instead. Nothing was changed."
                ));
            }
        }
        let own =
            ours.into_iter().find(|own| keys("", Sender { id: own, shown: own }).contains(&self.key))?;
        Some(match self.key.strip_prefix('@') {
            Some(domain) => {
                format!("{domain} is where {own} is, which is the library's own. Nothing was changed.")
            }
            None => format!(
                "{own} is the library's own: its people and its channels are not blocked. Nothing was changed."
            ),
        })
    }
}

/// Every key under which whoever writes from there can be blocked: their address without what stands behind a plus, the domain
/// of it and those above, or their number, or their account and its name at this platform.
pub fn keys(platform: &str, sender: Sender<'_>) -> Vec<String> {
    let id = folded(sender.id);
    let mut keys = vec![account(platform, &id)];
    let shown = account(platform, &folded(sender.shown));
    if shown != keys[0] {
        keys.push(shown);
    }
    keys.extend(number(&id));
    if let Some((_, domain)) = halves(&id) {
        keys.extend(mailbox(&id));
        let above = domain.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| &domain[at + 1..]);
        keys.extend(
            std::iter::once(domain).chain(above).filter(|one| one.contains('.')).map(|one| format!("@{one}")),
        );
    }
    keys
}

fn unreadable(shown: &str) -> String {
    format!(
        "\"{shown}\" is no address that can be blocked. Write jo@example.org, @example.org for everybody there and below, \
         +14065550193 with its country, or a platform's own name for somebody with the platform. Nothing was changed."
    )
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn account(platform: &str, id: &str) -> String {
    format!("{platform}{BETWEEN}{id}")
}

/// A mail address in its two halves.
fn halves(id: &str) -> Option<(&str, &str)> {
    let (local, domain) = id.rsplit_once('@')?;
    (!local.is_empty() && is_domain(domain)).then_some((local, domain))
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| !label.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '@' | ':' | '/' | '+' | ','))
}

/// A mail address without what stands behind a plus: it reaches the same person.
fn mailbox(id: &str) -> Option<String> {
    let (local, domain) = halves(id)?;
    let bare = local.split('+').next().filter(|bare| !bare.is_empty()).unwrap_or(local);
    Some(format!("{bare}@{domain}"))
}
