//! What an X account must be told, and how its channel looks.

use crate::contract::fields::{choice, list, number, only, required, secret, with_default};
use crate::contract::{Choice, ClientAuth, Field, Look, Manifest, Oauth, Refresh, Signin};

/// The whole self-description.
pub static MANIFEST: Manifest = Manifest {
    name: "x",
    title: "X",
    about: "Reads what people say to the account in public and in direct messages, and answers both.",
    look: Look { word: "X", icon: "x", light: "#26302D", dark: "#D5DAD6" },
    live: false,
    reach: None,
    vouches: true,
    fields: FIELDS,
    signin: &[
        Signin::Instructions(APP),
        Signin::Fields(&["client_id", "client_secret", "read"]),
        Signin::Oauth(OAUTH),
    ],
};

const APP: &str = "Make an app at developer.x.com, with OAuth 2.0 switched on as a confidential client, permission to read and write posts and direct messages, and this server's sign-in address among its callback addresses. X charges for what is read and written: set a daily budget for this channel.";

const OAUTH: Oauth = Oauth {
    when: None,
    label: "Sign in with X",
    authorize_url: "{signin_base}/i/oauth2/authorize",
    token_url: "{api_base}/2/oauth2/token",
    scopes: &[
        "tweet.read",
        "tweet.write",
        "users.read",
        "dm.read",
        "dm.write",
        "media.write",
        "offline.access",
    ],
    pkce: true,
    client_auth: ClientAuth::Basic,
    extra: &[],
    refresh: Refresh::Rotating,
    register_url: None,
};

/// By default, in dollars: X's published prices of August 2026.
pub const PRICES: &str =
    "mention_read=0.005, dm_read=0.010, dm_sent=0.015, post_sent=0.015, link_sent=0.200, pushed=0.010";

/// What X tells by itself when it is asked to. Its pages name `post.reply.create` and `oauth.revoke` too, its published
/// description of the API does not, and one name that X refuses would refuse the rest with it: both are read when they come,
/// and whoever's account has them adds them.
pub const EVENTS: &str = "dm.received, dm.sent, chat.received, post.mention.create, post.create";

const PUSHED: When = ("push", &["stream", "webhook"]);

const FIELDS: &[Field] = &[
    required("client_id", "Client id", "OAuth 2.0 client id of the app, from its page at developer.x.com."),
    secret("client_secret", "Client secret", "OAuth 2.0 client secret of the same app."),
    choice("read", "What is read", "Each costs money for what is found.", READ, "both"),
    with_default(
        "import",
        "Older messages",
        "new: read what arrives from now on. everything: also all that X still gives. A number: also the last so many days.",
        "new",
    ),
    list(
        "public_contacts",
        "May be said in public",
        "The library's own telephone numbers and mail addresses, separated by commas. Others are refused in public answers.",
        None,
    ),
    number(
        "post_limit",
        "Longest public answer",
        "As X counts: 280, or more for accounts that pay for longer posts.",
        "280",
    ),
    number("dm_limit", "Longest direct message", "In characters.", "10000"),
    choice(
        "push",
        "Told at once",
        "How X tells us of news between two readings. None needs nothing further.",
        PUSH,
        "none",
    ),
    only(
        PUSHED,
        Field {
            required: true,
            ..secret(
                "app_token",
                "App-only token",
                "The bearer token of the app, from its page at developer.x.com.",
            )
        },
    ),
    only(
        ("push", &["webhook"]),
        Field {
            required: true,
            ..secret(
                "consumer_secret",
                "API key secret",
                "The consumer secret of the app: it proves that X is calling.",
            )
        },
    ),
    only(
        PUSHED,
        list("events", "What X tells", "Names of activity events, separated by commas.", Some(EVENTS)),
    ),
    list("prices", "Prices", "In dollars, by what is done, as the app's contract has them.", Some(PRICES)),
    choice("names", "Names of fields", "X renamed tweets to posts in August 2026.", NAMES, "post"),
    with_default(
        "api_base",
        "Address of the API",
        "Only for a proxy or a test: X's own is the default.",
        "https://api.x.com",
    ),
    with_default(
        "signin_base",
        "Address for signing in",
        "Only for a proxy or a test: X's own is the default.",
        "https://x.com",
    ),
    number("timeout_s", "Patience, seconds", "How long X may take to answer.", "30"),
];

const READ: &[Choice] = &[
    Choice { value: "both", label: "Mentions and direct messages" },
    Choice { value: "mentions", label: "Mentions" },
    Choice { value: "dm", label: "Direct messages" },
];

const PUSH: &[Choice] = &[
    Choice { value: "none", label: "Not at all" },
    Choice { value: "stream", label: "Over a line that we hold open" },
    Choice { value: "webhook", label: "By calling this server" },
];

const NAMES: &[Choice] =
    &[Choice { value: "post", label: "post.fields" }, Choice { value: "tweet", label: "tweet.fields" }];

type When = (&'static str, &'static [&'static str]);
