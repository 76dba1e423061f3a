//! Who a platform is, what it must be told, how its channels look. Data only: forms, the command line and the page are
//! drawn from it and know no platform.

use serde::Serialize;

/// One platform's self-description.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// The stable word in settings, database and API (`email`).
    pub name: &'static str,
    /// As a person would say it ("E-mail").
    pub title: &'static str,
    /// One sentence: what connecting it gives.
    pub about: &'static str,
    /// How its channels look in lists.
    pub look: Look,
    /// Whether patrons wait at their screen there for an answer, as in a chat.
    pub live: bool,
    /// What an address here is outside as well, so that it may be the same on another platform; none: it means something here
    /// only.
    pub reach: Option<Reach>,
    /// Whether the platform itself has made sure that whoever writes from an address has it. In mail anybody may write
    /// anything there.
    pub vouches: bool,
    /// What it must be told, in the order of asking.
    pub fields: &'static [Field],
    /// The steps by which a person signs the account in; empty where the fields are enough.
    pub signin: &'static [Signin],
}

/// What addresses are outside of their platform. Equal text is the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Lower-case mail addresses.
    Mail,
    /// Telephone numbers with + and country code (E.164).
    Phone,
}

impl Reach {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Phone => "phone",
        }
    }
}

/// A channel's look: never colour alone, always with its word.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Look {
    /// "E-mail".
    pub word: &'static str,
    /// Name of a Lucide icon.
    pub icon: &'static str,
    /// Colour on paper, `#rrggbb`, at least 4.5:1.
    pub light: &'static str,
    /// Colour on dark, `#rrggbb`, at least 4.5:1.
    pub dark: &'static str,
}

/// One setting.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// The stable word (`imap_host`).
    pub name: &'static str,
    /// Above the field.
    pub label: &'static str,
    /// Below it: where to find this, and an example.
    pub help: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Must be given.
    pub required: bool,
    /// Used when not given.
    pub default: Option<&'static str>,
    /// Asked only while another setting has one of these values (`("auth", &["password"])`); none: always. No value at all:
    /// never asked, for what is learnt ([`super::Channel::learnt`]) or registered ([`super::Connector::register`]).
    pub when: Option<(&'static str, &'static [&'static str])>,
}

impl Field {
    /// Whether anybody is ever asked for it.
    pub fn is_ever_asked(&self) -> bool {
        self.when.is_none_or(|(_, values)| !values.is_empty())
    }
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Free text.
    Text,
    /// Sealed at rest; never shown again, logged or printed.
    Secret,
    /// A whole number.
    Number,
    /// `yes` or `no`.
    Flag,
    /// A host name, with or without `:port`.
    Host,
    /// One of these.
    Choice(&'static [Choice]),
    /// Several values separated by commas.
    List,
}

/// One answer to a choice.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Choice {
    /// The stable word.
    pub value: &'static str,
    /// As a person reads it.
    pub label: &'static str,
}

/// A step of signing an account in.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signin {
    /// Fill in these fields.
    Fields(&'static [&'static str]),
    /// Leave for the platform and come back with a code.
    Oauth(Oauth),
    /// Choose one of the accounts that the sign-in opened (a page picker): those that
    /// [`super::Connector::opened`] names. The field is not asked for beforehand, even where it is required.
    Pick {
        /// What is chosen ("Page").
        what: &'static str,
        /// The setting it fills.
        field: &'static str,
    },
    /// Done by hand on the platform: what to do there, in words.
    Instructions(&'static str),
}

/// How the platform signs accounts in (RFC 6749, PKCE RFC 7636). URLs may hold `{field}` placeholders for settings or
/// their defaults (a tenant, an instance, `{api_base}`). The app that asks is named by the settings `client_id` and,
/// where it has one, `client_secret`: the manifest must have both fields under these names.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Oauth {
    /// Shown only when this setting has this value (`("auth", "google")`); none: always.
    pub when: Option<(&'static str, &'static str)>,
    /// On the button.
    pub label: &'static str,
    /// Where the person goes.
    pub authorize_url: &'static str,
    /// Where codes and refresh tokens are changed.
    pub token_url: &'static str,
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// Whether PKCE is used (always S256).
    pub pkce: bool,
    /// How the app proves itself where codes and refresh tokens are changed (RFC 6749 section 2.3.1).
    pub client_auth: ClientAuth,
    /// Further parameters of the authorize URL.
    pub extra: &'static [(&'static str, &'static str)],
    /// How the sign-in is kept alive.
    pub refresh: Refresh,
    /// Where an app registers itself, for platforms of many instances: [`super::Connector::register`] does it before each
    /// sign-in, so that nobody has to bring one.
    pub register_url: Option<&'static str>,
}

/// How an app proves itself at the token address. Without a `client_secret` its id alone goes into the body either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the body.
    Body,
    /// HTTP Basic.
    Basic,
}

/// How a sign-in is kept alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    /// Each refresh token works once: the new pair must be saved before it is used.
    Rotating,
    /// The refresh token stays.
    Static,
    /// No refresh token: [`super::Connector::opened`] exchanges what the sign-in brought for what lasts; when that ends
    /// a person signs in again.
    Exchange,
    /// The token does not end.
    None,
}

/// A host that a channel may talk to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// A name or address, or `*.example.org` for any name below it.
    pub name: String,
    /// None: the scheme's own port only.
    pub port: Option<u16>,
}

impl Host {
    /// Whether this place is meant. `port`: none where the address has the scheme's own.
    pub fn is(&self, host: &str, port: Option<u16>) -> bool {
        let named = match self.name.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
            None => self.name.eq_ignore_ascii_case(host),
        };
        named && (self.port.is_none() || self.port == port)
    }
}
