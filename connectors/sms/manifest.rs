//! What a number must be told, and how its channel looks.

use crate::contract::fields::{choice, field, required, secret, text, with_default};
use crate::contract::{Choice, Field, FieldKind, Look, Manifest, Reach, Signin};

/// The whole self-description.
pub static MANIFEST: Manifest = Manifest {
    name: "sms",
    title: "Text messages",
    about: "Reads and answers the texts of one telephone number that the library rents from Twilio.",
    look: Look { word: "Text message", icon: "smartphone", light: "#466E24", dark: "#9CC873" },
    live: false,
    reach: Some(Reach::Phone),
    vouches: true,
    fields: FIELDS,
    signin: &[Signin::Instructions(BEFORE), Signin::Fields(ASKED)],
};

const BEFORE: &str = "In the Twilio Console, buy a number that can text (Phone Numbers), and copy the Account SID and the \
                      Auth Token from the Console's front page.";

const ASKED: &[&str] = &["number", "account_sid", "auth_token"];

const FIELDS: &[Field] = &[
    required(
        "number",
        "Number",
        "The number patrons text to, with + and country code, such as +14065550193.",
    ),
    required("account_sid", "Account SID", "Begins with AC; on the front page of the Twilio Console."),
    Field {
        required: true,
        ..secret(
            "auth_token",
            "Auth Token",
            "Beside the Account SID. It also proves that calls come from Twilio.",
        )
    },
    secret(
        "other_auth_token",
        "Second Auth Token",
        "While the tokens are being changed: the other one, so that no call is refused meanwhile.",
    ),
    text(
        "api_key_sid",
        "API key",
        "Begins with SK. Where given, it is used for asking and sending in place of the Auth Token.",
    ),
    secret("api_key_secret", "Its secret", "Shown by Twilio once, when the key was made."),
    text(
        "messaging_service_sid",
        "Messaging Service",
        "Begins with MG. Where given, answers leave through it rather than from the number itself.",
    ),
    choice(
        "calls",
        "Calls from Twilio",
        "Texts come at once when Twilio calls Deskbell; without that it is asked at intervals.",
        CALLS,
        "if_free",
    ),
    with_default(
        "import",
        "Older texts",
        "new: read what arrives from now on. everything: also all that is there. A number: also the last so many days.",
        "new",
    ),
    Field {
        default: Some("30"),
        ..field(
            "max_segments",
            "Longest answer, segments",
            "A segment is about 153 letters, or 67 with emoji; each is paid for.",
            FieldKind::Number,
        )
    },
    Field {
        default: Some("yes"),
        ..field(
            "plain_punctuation",
            "Plain punctuation",
            "Send curly quotes and long dashes as plain ones where that halves the price of a text.",
            FieldKind::Flag,
        )
    },
    field(
        "stop_words",
        "Further words for stop",
        "Where the Messaging Service has its own (Advanced Opt-Out), such as BASTA, STOPP.",
        FieldKind::List,
    ),
    field("start_words", "Further words for start", "As above, such as ALTA.", FieldKind::List),
    text(
        "segment_price",
        "Price of a segment",
        "What Twilio takes for each, such as 0.0083; for the cost shown before sending.",
    ),
    with_default("currency", "Its currency", "Three letters.", "USD"),
    with_default(
        "api_base",
        "Address of the API",
        "Another region, such as https://api.dublin.ie1.twilio.com, or a proxy.",
        "https://api.twilio.com",
    ),
    Field {
        default: Some("30"),
        ..field("timeout_s", "Patience, seconds", "How long Twilio may take to answer.", FieldKind::Number)
    },
];

const CALLS: &[Choice] = &[
    Choice { value: "if_free", label: "Ask Twilio to call, unless the number already calls somebody else" },
    Choice { value: "yes", label: "Ask Twilio to call, whoever it calls now" },
    Choice { value: "no", label: "Leave the number as it is" },
];
