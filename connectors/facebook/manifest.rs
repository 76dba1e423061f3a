//! What a Facebook Page must be told, and how its channel looks.

use crate::contract::fields::{field, flag, number, required, secret, with_default};
use crate::contract::{Choice, ClientAuth, Field, FieldKind, Look, Manifest, Oauth, Refresh, Signin};

/// The whole self-description.
pub static MANIFEST: Manifest = Manifest {
    name: "facebook",
    title: "Facebook Page",
    about: "Reads the Page's Messenger conversations and the comments under its posts, and answers both: in private, or for everybody to read.",
    look: Look { word: "Facebook", icon: "facebook", light: "#1B5FBF", dark: "#7FB2FF" },
    live: false,
    reach: None,
    vouches: true,
    fields: FIELDS,
    signin: &[
        Signin::Instructions(
            "At developers.facebook.com register an app of the type Business, add the products Messenger and Webhooks, and write down its id and secret. Messages of people who have no role in the app arrive only after Meta's app review.",
        ),
        Signin::Fields(&["auth", "client_id", "client_secret", "verify_token"]),
        Signin::Oauth(META),
        Signin::Pick { what: "Page", field: "page_id" },
    ],
};

const FIELDS: &[Field] = &[
    Field {
        default: Some("facebook"),
        ..field("auth", "Signing in", "How the Page lets Deskbell in.", FieldKind::Choice(AUTH))
    },
    required(
        "client_id",
        "App id",
        "Of the app registered at developers.facebook.com; it stands at the top of the app's page.",
    ),
    Field {
        required: true,
        ..secret(
            "client_secret",
            "App secret",
            "On the app's page under Settings, Basic. It proves that a call comes from Facebook.",
        )
    },
    secret(
        "verify_token",
        "Verify token",
        "A long word of your own choosing; enter the same word at Facebook beside the address of the webhook.",
    ),
    required("page_id", "Page", "The Page's number; chosen from a list after signing in."),
    Field {
        when: Some(("auth", &["token"])),
        ..secret(
            "page_token",
            "Page access token",
            "Of a person or a system user who may answer messages on the Page.",
        )
    },
    flag(
        "messages",
        "Messenger conversations",
        "yes: read and answer what people write to the Page in Messenger.",
        "yes",
    ),
    flag("comments", "Comments", "yes: read and answer what people write under the Page's posts.", "yes"),
    flag(
        "human_agent",
        "Answers up to seven days",
        "yes: answers later than 24 hours carry the mark HUMAN_AGENT. Meta must have approved the feature Human Agent for the app; until then choose no.",
        "yes",
    ),
    with_default(
        "import",
        "Older messages",
        "new: read what arrives from now on. A number: also the last so many days.",
        "new",
    ),
    number(
        "posts_days",
        "Posts watched for comments, days",
        "Comments under older posts are seen only when Facebook calls the webhook.",
        "30",
    ),
    number(
        "usage_ceiling",
        "Share of the allowance to use, percent",
        "Above it reading waits, so that answers can still leave. Meta shuts an app out at 100.",
        "80",
    ),
    number(
        "text_limit",
        "Longest message, characters",
        "Of one Messenger message; longer answers go in parts.",
        "2000",
    ),
    number("comment_limit", "Longest comment, characters", "Of one public answer.", "8000"),
    flag(
        "app_proof",
        "Prove the app with each call",
        "yes: each call carries appsecret_proof. Choose no only for a proxy that signs for you.",
        "yes",
    ),
    with_default(
        "api_base",
        "Address of the Graph API",
        "Only for a proxy or a test: another address than Meta's own.",
        "https://graph.facebook.com",
    ),
    with_default(
        "login_base",
        "Address of Facebook's sign-in",
        "Only for a test: another address than Facebook's own.",
        "https://www.facebook.com",
    ),
    with_default("api_version", "Version of the Graph API", "As Meta counts them, such as v25.0.", "v25.0"),
    number("timeout_s", "Patience, seconds", "How long Facebook may take to answer.", "60"),
    Field {
        default: Some("*.fbcdn.net, *.fbsbx.com, *.facebook.com, *.cdninstagram.com"),
        ..field(
            "media_hosts",
            "Hosts of pictures and files",
            "Where Facebook keeps what patrons send along, separated by commas.",
            FieldKind::List,
        )
    },
];

const AUTH: &[Choice] = &[
    Choice { value: "facebook", label: "Through Facebook" },
    Choice { value: "token", label: "With a token made by hand" },
];

/// The person's own token; the Page's token comes with the choice of the Page and does not end by itself.
const META: Oauth = Oauth {
    when: Some(("auth", "facebook")),
    label: "Sign in with Facebook",
    authorize_url: "{login_base}/{api_version}/dialog/oauth",
    token_url: "{api_base}/{api_version}/oauth/access_token",
    scopes: &[
        "pages_show_list",
        "pages_messaging",
        "pages_manage_metadata",
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_engagement",
    ],
    pkce: false,
    client_auth: ClientAuth::Body,
    extra: &[],
    refresh: Refresh::Exchange,
    register_url: None,
};
