//! What a platform must be for Deskbell: three ways in, one way out.
//!
//! A [`Connector`] is one platform and holds no state; it opens [`Channel`]s, one per connected account. What a channel
//! can do is said by the parts it has: `channel.poll()` returning `Some` *is* the capability, so that code and
//! declaration cannot disagree. Connectors translate and nothing else: the core owns storage, deduplication, schedules,
//! retries, leases, tokens and rate state.
//!
//! What every part may do:
//!
//! | part | I/O | called by | a failure leads to |
//! |---|---|---|---|
//! | [`Connector::open`] | none | start, settings saved | the settings form, field by field |
//! | [`Connector::register`] | yes | before a person leaves for the platform's page | nobody is sent anywhere |
//! | [`Channel::probe`] | yes | before saving, on a timer | the channel's health |
//! | [`Connector::inspect`] | none, pure | `webhook inspect` | nothing: it has none |
//! | [`Channel::read_again`] | who we are at most | a person lets in what was held | it stays held, with its words |
//! | [`Webhook::receive`] | none, pure | the platforms' door, before any answer | 401/403 to the platform |
//! | [`Poll::poll`] | yes, bounded by its budget | one poller per stream (a lease) | the stream's health, by [`Failure`] |
//! | [`Watch::watch`] | yes, long | one watcher per stream | polling goes on alone; watched again later |
//! | [`Deliver::compose`] | none, pure | a person pressed Send | words beside the composer |
//! | [`Deliver::deliver`] | yes | the sender, in order per conversation | [`Failure`] settles the delivery |
//! | [`Deliver::find`] | yes | after a crash or [`Failure::Ambiguous`] | sent, or offered to a person |
//! | [`Media::fetch`] | yes | the fetcher, after the message is kept | the attachment says so |

pub mod capability;
pub mod failure;
pub mod fence;
pub mod fields;
pub mod files;
pub mod id;
pub mod inbound;
pub mod inspect;
pub mod manifest;
pub mod outbound;
pub mod outside;
pub mod settings;

use std::sync::Arc;

pub use capability::{
    AttachmentRules, Capabilities, Cost, CostTable, Level, TextLimit, TextUnit, Visibility, Window,
};
pub use failure::{Failure, Invalid, Reason, RefusedRequest, Scope};
pub use fence::{Fence, Unfenced};
pub use files::{Enclosure, Files, NoFiles};
pub use futures::future::BoxFuture;
pub use id::{ChannelId, Cursor, Key, StreamId};
pub use inbound::{
    Address, Attachment, Batch, Content, Envelope, Event, File, Held, HeldReason, Kept, Message, Receipt,
    ReceiptState, Received, Receiving, Reply, Said, Thread,
};
pub use inspect::Inspected;
pub use manifest::{
    Choice, ClientAuth, Field, FieldKind, Host, Look, Manifest, Oauth, Reach, Refresh, Signin,
};
pub use outbound::{Answered, Draft, Measure, Part, Recipient, Refusal, Sent};
pub use outside::{Line, Outside, Tls};
pub use secrecy::{ExposeSecret, SecretString};
pub use settings::{Settings, Value};

/// One platform. Stateless; all of them are listed once, in [`crate::all`].
pub trait Connector: Send + Sync {
    /// Who this is, what it must be told, and how its channels look.
    fn manifest(&self) -> &'static Manifest;

    /// The hosts that a channel with these settings may talk to; [`Outside`] refuses every other.
    fn hosts(&self, settings: &Settings) -> Vec<Host>;

    /// Opens one account. Does no I/O: wrong settings are named here, wrong passwords by [`Channel::probe`].
    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>>;

    /// What a webhook's raw body becomes, for people who look into one. Made by the decoding that [`Webhook::receive`]
    /// uses, without a channel and without asking for proof; never panics.
    fn inspect(&self, _body: &[u8], _content_type: Option<&str>) -> Vec<Inspected> {
        Vec::new()
    }

    /// What a sign-in opened, asked once right after it, for platforms where that is more than one account
    /// ([`Signin::Pick`]) or where the token of the sign-in must be exchanged for one that lasts. `account.tokens` gives
    /// the sign-in's own token; `account.settings` lack the field that the choice fills. Empty: the sign-in opened the
    /// account itself, and its own pair is kept.
    ///
    /// # Errors
    /// Any [`Failure`]: the sign-in is given up with its words.
    fn opened(&self, _account: Account) -> BoxFuture<'static, Result<Vec<Opened>, Failure>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Registers an app at the instance that the settings name, before a person is sent to its page. Called where the sign-in
    /// has a `register_url`, and only there.
    ///
    /// # Errors
    /// Any [`Failure`]: nobody is sent anywhere, and its words say why.
    fn register(&self, _asking: Registering) -> BoxFuture<'static, Result<Registered, Failure>> {
        Box::pin(async {
            let why = "This platform lets no app register itself.".to_owned();
            Err(Failure::Permanent { reason: Reason::NotAllowed, why })
        })
    }
}

/// An app that is to be registered.
#[derive(Clone)]
pub struct Registering {
    /// As far as they were told: they name the instance.
    pub settings: Settings,
    /// The only door out, open to the hosts of these settings.
    pub outside: Outside,
    /// What the person reads on the platform's page.
    pub name: &'static str,
    /// Where the platform sends the person back to.
    pub redirect: String,
    /// Where the app can be seen, where the world reaches us.
    pub website: Option<String>,
}

/// An app that was registered; kept sealed in the settings `client_id` and `client_secret`.
#[derive(Clone, Debug)]
pub struct Registered {
    /// What names it.
    pub client_id: SecretString,
    /// What proves it; none: its id is all it has.
    pub client_secret: Option<SecretString>,
}

/// One account that a sign-in opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What goes into the field of [`Signin::Pick`]; where the manifest has none, any word.
    pub id: String,
    /// As a person knows it: "Fernhill Public Library".
    pub name: String,
    /// The account's own token, kept in place of the sign-in's; none: the sign-in's own pair is kept.
    pub token: Option<SecretString>,
    /// Epoch milliseconds at which that token ends; none: it does not, as far as the platform says.
    pub ends_at: Option<i64>,
}

/// What the core hands to a connector when it opens a channel.
#[derive(Clone)]
pub struct Account {
    /// The channel's id in the library, part of every token the channel mints.
    pub channel: ChannelId,
    /// What the manifest asked for, secrets included.
    pub settings: Settings,
    /// Key of at least 32 bytes for proofs in ids that leave the house (the HMAC in each Message-ID of ours).
    pub proof_key: Arc<[u8]>,
    /// The only door out.
    pub outside: Outside,
    /// The account's access token, kept fresh by the core.
    pub tokens: Arc<dyn Tokens>,
    /// The files that answers of this channel carry.
    pub files: Arc<dyn Files>,
    /// The public address at which the platform can call this channel; none while the library has no public address.
    pub webhook_url: Option<String>,
}

/// Where a channel gets its access token. The core refreshes it: one refresh at a time however many ask, the new pair
/// saved before anybody uses it.
pub trait Tokens: Send + Sync {
    /// A token that should work. `rejected` names one that the platform has just refused, so that it is not given again.
    ///
    /// # Errors
    /// [`Failure::NeedsSignin`] when a person must sign in again, [`Failure::Transient`] when the platform's sign-in
    /// does not answer.
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>>;
}

/// For channels that use passwords only.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn access_token<'a>(
        &'a self,
        _rejected: Option<&'a str>,
    ) -> BoxFuture<'a, Result<SecretString, Failure>> {
        Box::pin(async {
            Err(Failure::NeedsSignin {
                why: "This channel has never been signed in. Connect it again under Channels.".to_owned(),
            })
        })
    }
}

/// One connected account: the page, the handle, the mailbox, the number.
pub trait Channel: Send + Sync {
    /// What this account can do, with its limits. Pure; may differ between accounts of one platform.
    fn capabilities(&self) -> Capabilities;

    /// Asks the platform who we are. Decides whether a message is our own by identity, never by name.
    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>>;

    /// What the last probe heard of this account that its capabilities depend on (how long a text may be at this instance), by
    /// the manifest's names: the core keeps it among the open settings, so that every process knows it from the start. Pure.
    /// Empty: nothing.
    fn learnt(&self) -> Settings {
        Settings::new()
    }

    /// What an envelope of a message says, read once more in the bytes that were kept of it: the same as when it came, in a
    /// channel that was just opened too. Decodes as the way in does, and asks the platform at most who we are.
    ///
    /// # Errors
    /// Any [`Failure`]: it stays held, and its words say why.
    fn read_again<'a>(&'a self, _kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async {
            let why = "What was kept of this channel's messages cannot be read again. The original can be looked at.";
            Err(Failure::Permanent { reason: Reason::NotAllowed, why: why.to_owned() })
        })
    }

    /// The platform calls us.
    fn webhook(&self) -> Option<&dyn Webhook> {
        None
    }
    /// We ask the platform.
    fn poll(&self) -> Option<&dyn Poll> {
        None
    }
    /// We hold a line open; it wakes the poller or brings events itself.
    fn watch(&self) -> Option<&dyn Watch> {
        None
    }
    /// An answer leaves.
    fn deliver(&self) -> Option<&dyn Deliver> {
        None
    }
    /// Files that the platform names but does not send along.
    fn media(&self) -> Option<&dyn Media> {
        None
    }
}

/// What a probe learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The account's own address as patrons see it (`ask@fernhill.example`, a handle, a number).
    pub address: String,
    /// Every address or id that means "us" in inbound traffic, lower case where the platform folds case.
    pub ours: Vec<String>,
    /// What was checked, for the channel's card: each a name, whether it held, and what to do when not.
    pub checks: Vec<Check>,
    /// Epoch milliseconds at which the sign-in ends, where the platform says.
    pub signin_ends_at: Option<i64>,
}

/// One named test of a probe.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// "Sign in to read mail".
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// In words: what was seen, or what to do.
    pub detail: String,
}

/// The platform calls us.
pub trait Webhook: Send + Sync {
    /// Verifies the signature over the raw bytes and decodes. Pure: no I/O, no clock but `Receiving::now`.
    ///
    /// # Errors
    /// [`RefusedRequest`] when the caller did not prove who it is; unreadable but proven bytes are not an error but
    /// [`Event::Held`].
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest>;

    /// Subscribes again if the platform has dropped us; idempotent, run on a timer and after each gap.
    fn ensure_subscribed<'a>(&'a self, public_url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>>;
}

/// Whether the platform still calls us.
#[derive(Clone, Debug, PartialEq)]
pub enum Subscription {
    /// Nothing had to be done.
    Kept,
    /// It had lapsed: the core polls from the old cursor to fill the gap.
    Renewed,
}

/// We ask the platform.
pub trait Poll: Send + Sync {
    /// The places to read (`dm`, `mentions`, a folder). Each has its own cursor, lease and health.
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>>;

    /// The endpoint that reading this stream asks, by the name that [`Scope::Endpoint`] gives it; none: the stream's own.
    /// While that endpoint is limited the stream is left alone, whoever met the limit.
    fn endpoint(&self, _stream: &StreamId) -> Option<String> {
        None
    }

    /// Reads from `cursor` (none at the very first time) at most `budget`. Must lose nothing and may repeat: the core
    /// drops what it already has by [`Envelope::external_id`].
    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>>;
}

/// One place of a channel to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Stable within the channel.
    pub id: StreamId,
    /// As staff would call it: "Inbox", "Mentions".
    pub name: String,
    /// Whether what is found there is ours by definition (a Sent folder).
    pub echoes: bool,
}

/// How much one poll may take.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// At most so many envelopes.
    pub max_items: usize,
    /// At most about so many bytes of content.
    pub max_bytes: usize,
}

/// We hold a line open.
pub trait Watch: Send + Sync {
    /// Runs until the line breaks (`Err`) or the platform ends it (`Ok`). Must notice a dead line by itself.
    ///
    /// # Errors
    /// [`Failure::Permanent`] when this account cannot be watched at all (a mail server without IDLE): it is not watched
    /// again until the channel is opened anew, polling alone brings everything, and nothing is wrong. Any other failure:
    /// watched again later.
    fn watch<'a>(&'a self, stream: &'a StreamId, sink: &'a dyn Sink) -> BoxFuture<'a, Result<(), Failure>>;
}

/// Where a watcher reports.
pub trait Sink: Send + Sync {
    /// Something is new: poll this stream now.
    fn wake(&self);
    /// Events that came over the line itself, and what the platform charges for them; resolves after they are kept.
    fn push(&self, envelopes: Vec<Envelope>, cost: Cost) -> BoxFuture<'_, Result<(), Failure>>;
}

/// An answer leaves.
pub trait Deliver: Send + Sync {
    /// Splits, tags and checks the window. Pure. Called again with the same draft it gives the same parts.
    fn compose(&self, draft: &Draft, now: i64) -> Result<Vec<Part>, Refusal>;

    /// What it costs to send this part, where the platform charges by what is said; none: as the cost table has it.
    fn cost_micros(&self, _part: &Part) -> Option<i64> {
        None
    }

    /// The id that the part sent under this key will have on the platform, where we choose it (mail): lets an echo be
    /// recognised even before the send has answered.
    fn expected_id(&self, _key: &Key) -> Option<String> {
        None
    }

    /// How much room a text takes that somebody is writing, where counting characters or bytes does not tell; none: it
    /// does. Pure, and asked at each pause of the writer.
    fn measure(&self, _text: &str, _visibility: Visibility) -> Option<Measure> {
        None
    }

    /// The endpoint that sending this part asks, by the name that [`Scope::Endpoint`] gives it: while it is limited the part
    /// waits without being tried. None: a limit of an endpoint parks only the part that met it.
    fn endpoint(&self, _part: &Part) -> Option<String> {
        None
    }

    /// Sends one part, its files read from [`Account::files`]. Never retries inside. `key` is the delivery's own and the same
    /// on every try. `fence` is asked right before the platform can take the part, when everything else is done: what fails
    /// before that surely did not leave, whatever the failure.
    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>>;

    /// Did it arrive? Asked after a crash or an unclear answer, before anything is sent again, and no sooner than half a
    /// minute after the attempt ended. `Ok(None)` must mean
    /// "looked, and it surely did not leave": it may be sent again.
    ///
    /// # Errors
    /// [`Failure::Ambiguous`] when it was looked for and nobody can know: a person decides. [`Failure::Transient`]: ask again.
    fn find<'a>(&'a self, part: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>>;
}

/// Files that the platform names but does not send along.
pub trait Media: Send + Sync {
    /// Fetches one file, refusing more than `max_bytes`.
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>>;
}
