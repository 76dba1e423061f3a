//! What a mailbox must be told, and how its channel looks.

use crate::contract::fields::{
    choice, field, host, list, number, only, required, secret, text, with_default,
};
use crate::contract::{Choice, ClientAuth, Field, FieldKind, Look, Manifest, Oauth, Reach, Refresh, Signin};

/// The whole self-description.
pub static MANIFEST: Manifest = Manifest {
    name: "email",
    title: "E-mail",
    about: "Reads one mailbox over IMAP and answers from it over SMTP, with the library's own name and address.",
    look: Look { word: "E-mail", icon: "mail", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: Some(Reach::Mail),
    vouches: false,
    fields: FIELDS,
    signin: &[Signin::Fields(ASKED), Signin::Oauth(GOOGLE), Signin::Oauth(MICROSOFT)],
};

const ASKED: &[&str] = &[
    "address",
    "display_name",
    "auth",
    "imap_host",
    "imap_port",
    "imap_tls",
    "smtp_host",
    "smtp_port",
    "smtp_tls",
    "username",
    "password",
    "tenant",
    "client_id",
    "client_secret",
];

const FIELDS: &[Field] = &[
    required("address", "Address", "The address patrons write to, such as ask@library.example."),
    text("display_name", "Display name", "Beside the address in every answer, such as Fernhill Library."),
    list(
        "aliases",
        "Further addresses",
        "Other addresses that end in this mailbox, separated by commas.",
        None,
    ),
    choice("auth", "Signing in", "How the mailbox lets Deskbell in.", AUTH, "password"),
    host(
        "imap_host",
        "Server to read from (IMAP)",
        "Such as imap.library.example; known for Google and Microsoft.",
    ),
    field("imap_port", "Its port", "993 with TLS from the start, 143 with STARTTLS.", FieldKind::Number),
    choice("imap_tls", "Its encryption", "None only on this machine itself.", TLS, "implicit"),
    host(
        "smtp_host",
        "Server to send through (SMTP)",
        "Such as smtp.library.example; known for Google and Microsoft.",
    ),
    field("smtp_port", "Its port", "465 with TLS from the start, 587 with STARTTLS.", FieldKind::Number),
    choice("smtp_tls", "Its encryption", "None only on this machine itself.", TLS, "implicit"),
    text(
        "username",
        "Sign-in name",
        "The address where nothing else is given; for a shared mailbox its own address.",
    ),
    only(("auth", &["password"]), secret("password", "Password", "Of the mailbox, or an app password.")),
    only(
        ("auth", &["microsoft"]),
        text(
            "tenant",
            "Microsoft tenant",
            "The directory (tenant) id of the library's Microsoft 365, from its Entra page.",
        ),
    ),
    only(APPS, text("client_id", "Client id", "Of the app registered at Google or Microsoft.")),
    only(APPS, secret("client_secret", "Client secret", "Of the app registered at Google or Microsoft.")),
    list("folders", "Folders to read", "Separated by commas, such as INBOX, Questions.", Some("INBOX")),
    text("sent_folder", "Folder of sent mail", "Found by itself where the server marks it."),
    choice(
        "save_sent",
        "Copies of sent mail",
        "Who puts them into the folder of sent mail.",
        SAVE_SENT,
        "auto",
    ),
    with_default(
        "import",
        "Older mail",
        "new: read what arrives from now on. everything: also all that is there. A number: also the last so many days.",
        "new",
    ),
    number("max_mail_mb", "Largest mail, MB", "Of larger ones only the head is read.", "30"),
    text(
        "domain",
        "Domain of Message-IDs",
        "The part after the @ of the address where nothing else is given.",
    ),
    number("timeout_s", "Patience, seconds", "How long a mail server may take to answer.", "60"),
    // Never asked: learnt, and kept with the rest.
    only(
        ("auth", &[]),
        field("largest_sent", "Largest mail sent", "In bytes, as the server says (SIZE).", FieldKind::Number),
    ),
];

/// Signing in by an app of the library's own.
const APPS: When = ("auth", &["google", "microsoft"]);

type When = (&'static str, &'static [&'static str]);

const AUTH: &[Choice] = &[
    Choice { value: "password", label: "With a password" },
    Choice { value: "google", label: "Through Google" },
    Choice { value: "microsoft", label: "Through Microsoft" },
];

const TLS: &[Choice] = &[
    Choice { value: "implicit", label: "TLS from the start" },
    Choice { value: "starttls", label: "STARTTLS" },
    Choice { value: "none", label: "None (this machine only)" },
];

const SAVE_SENT: &[Choice] = &[
    Choice { value: "auto", label: "Whoever does it at this provider" },
    Choice { value: "yes", label: "Deskbell" },
    Choice { value: "server", label: "The mail server, always and under the same Message-ID" },
    Choice { value: "no", label: "Nobody" },
];

/// The refresh token stays; it dies when the person's password changes, after six months unused, and after seven days
/// while the app's consent screen is in testing.
const GOOGLE: Oauth = Oauth {
    when: Some(("auth", "google")),
    label: "Sign in with Google",
    authorize_url: "https://accounts.google.com/o/oauth2/v2/auth",
    token_url: "https://oauth2.googleapis.com/token",
    scopes: &["https://mail.google.com/"],
    pkce: true,
    client_auth: ClientAuth::Body,
    // Without both, Google gives a refresh token at the first sign-in only.
    extra: &[("access_type", "offline"), ("prompt", "consent")],
    refresh: Refresh::Static,
    register_url: None,
};

const MICROSOFT: Oauth = Oauth {
    when: Some(("auth", "microsoft")),
    label: "Sign in with Microsoft",
    authorize_url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    token_url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    scopes: &[
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ],
    pkce: true,
    client_auth: ClientAuth::Body,
    extra: &[],
    refresh: Refresh::Rotating,
    register_url: None,
};
