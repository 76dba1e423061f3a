//! What an account on Mastodon must be told, and how its channel looks.

use crate::contract::fields::field;
use crate::contract::{Choice, ClientAuth, Field, FieldKind, Look, Manifest, Oauth, Refresh, Signin};

/// The whole self-description.
pub static MANIFEST: Manifest = Manifest {
    name: "mastodon",
    title: "Mastodon",
    about: "Reads what people say to the account in public and in direct posts, and answers where they asked.",
    look: Look { word: "Mastodon", icon: "at-sign", light: "#5B4BC4", dark: "#A99DFF" },
    live: false,
    reach: None,
    vouches: true,
    fields: FIELDS,
    signin: &[Signin::Fields(&["instance"]), Signin::Oauth(OAUTH)],
};

/// What the account is asked to allow, as a registered app must name it beforehand.
pub const SCOPES: &[&str] =
    &["read:accounts", "read:notifications", "read:statuses", "write:media", "write:statuses"];

const OAUTH: Oauth = Oauth {
    when: Some(("auth", "page")),
    label: "Sign in at the instance",
    authorize_url: "{protocol}://{instance}/oauth/authorize",
    token_url: "{protocol}://{instance}/oauth/token",
    scopes: SCOPES,
    pkce: true,
    client_auth: ClientAuth::Body,
    extra: &[],
    refresh: Refresh::None,
    register_url: Some("{protocol}://{instance}/api/v1/apps"),
};

const FIELDS: &[Field] = &[
    Field {
        required: true,
        ..field(
            "instance",
            "Instance",
            "The part of the account's name behind the second @: library.social.",
            FieldKind::Host,
        )
    },
    Field {
        default: Some("page"),
        ..field("auth", "Signing in", "How the account lets Deskbell in.", FieldKind::Choice(AUTH))
    },
    Field {
        required: true,
        when: Some(("auth", &["token"])),
        ..field(
            "access_token",
            "Access token",
            "Of an application made by hand at the instance, under Preferences, Development.",
            FieldKind::Secret,
        )
    },
    Field {
        default: Some("new"),
        ..field(
            "import",
            "Older messages",
            "new: read what arrives from now on. everything: also all that the instance still gives. A number: also the last so many days.",
            FieldKind::Text,
        )
    },
    field(
        "media_hosts",
        "Hosts of files",
        "Only where the instance keeps its pictures under another name than its own, separated by commas: cdn.example.org.",
        FieldKind::List,
    ),
    Field {
        default: Some("https"),
        ..field(
            "protocol",
            "Protocol",
            "http only for a test on this very machine.",
            FieldKind::Choice(PROTOCOLS),
        )
    },
    Field {
        default: Some("30"),
        ..field(
            "timeout_s",
            "Patience, seconds",
            "How long the instance may take to answer.",
            FieldKind::Number,
        )
    },
    kept("client_id", "Client id", "Of the app that registered itself.", FieldKind::Secret),
    kept("client_secret", "Client secret", "Of the app that registered itself.", FieldKind::Secret),
    kept("post_limit", "Longest post", "In characters, as the instance says.", FieldKind::Number),
    kept("link_length", "Length of a link", "In characters, as the instance counts it.", FieldKind::Number),
    kept("files_limit", "Files in a post", "As the instance says.", FieldKind::Number),
    kept("picture_bytes", "Largest picture", "In bytes, as the instance says.", FieldKind::Number),
    kept("video_bytes", "Largest recording", "In bytes, as the instance says.", FieldKind::Number),
];

const AUTH: &[Choice] = &[
    Choice { value: "page", label: "On the instance's own page" },
    Choice { value: "token", label: "By an access token made there by hand" },
];

const PROTOCOLS: &[Choice] =
    &[Choice { value: "https", label: "https" }, Choice { value: "http", label: "http" }];

/// Never asked: learnt, and kept with the rest.
const fn kept(name: &'static str, label: &'static str, help: &'static str, kind: FieldKind) -> Field {
    Field { when: Some(("auth", &[])), ..field(name, label, help, kind) }
}
