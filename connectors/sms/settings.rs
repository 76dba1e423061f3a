//! A number's settings, understood: what may be wrong with them is said field by field.

use std::time::Duration;

use secrecy::SecretString;

use super::manifest::MANIFEST;
use super::words::Words;
use crate::contract::{Host, Invalid, Settings};
use crate::web;

/// Everything a number was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// E.164, or a short code.
    pub number: String,
    /// Whose number it is.
    pub account: String,
    /// Who asks: the account itself or one of its keys.
    pub user: String,
    /// With what.
    pub password: SecretString,
    /// Any of these proves a call.
    pub tokens: Vec<SecretString>,
    /// Through which answers leave, in place of the number.
    pub service: Option<String>,
    /// Whether the number's calls are ours to set.
    pub calls: Calls,
    /// What becomes of texts that are there already.
    pub import: Import,
    /// The longest answer.
    pub max_segments: u32,
    /// Whether typographic punctuation is made plain where that is cheaper.
    pub plain: bool,
    /// Beside the words that are always obeyed.
    pub words: Words,
    /// Of one segment, in millionths of the currency.
    pub price_micros: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// Without a trailing slash.
    pub base: String,
    /// How long an answer may take.
    pub patience: Duration,
}

/// Whether the number's calls are ours to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Unless it calls somebody else.
    IfFree,
    /// Whoever it calls.
    Yes,
    /// Not ours.
    No,
}

/// What becomes of texts that are there when the channel is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// They stay unread.
    New,
    /// All of them are read.
    Everything,
    /// The last so many days are read.
    Days(u16),
}

/// Where files of texts lie after the API has sent us on; the names of its own stores.
const STORES: &[&str] = &["*.twiliocdn.com", "s3-external-1.amazonaws.com"];

/// The hosts that a number with these settings talks to.
pub fn hosts(settings: &Settings) -> Vec<Host> {
    let base = settings.get_or_default(&MANIFEST, "api_base").unwrap_or_default().trim();
    let stores = STORES.iter().map(|name| Host { name: (*name).to_owned(), port: None });
    web::host_of(base).into_iter().chain(stores).collect()
}

/// Understands the settings.
///
/// # Errors
/// All that is wrong, each with its field.
pub fn understand(settings: &Settings) -> Result<Config, Vec<Invalid>> {
    let mut wrong = settings.check(&MANIFEST);
    let get = |name: &'static str| settings.get_or_default(&MANIFEST, name).unwrap_or_default().trim();
    let own = |name| Some(get(name)).filter(|text| !text.is_empty());
    let secret = |name| settings.get(name).map(SecretString::from);
    let mut refuse = |field: &str, why: String| {
        if !wrong.iter().any(|invalid: &Invalid| invalid.field == field) {
            wrong.push(Invalid { field: field.to_owned(), why });
        }
    };
    let number = number(get("number"));
    if number.is_none() {
        refuse(
            "number",
            format!(
                "\"{}\" is no number: write + and the country code, such as +14065550193.",
                get("number")
            ),
        );
    }
    for (field, letters) in [("account_sid", "AC"), ("api_key_sid", "SK"), ("messaging_service_sid", "MG")] {
        if own(field).is_some_and(|sid| !is_sid(sid, letters)) {
            refuse(field, format!("It begins with {letters} and 32 letters and digits follow."));
        }
    }
    if own("api_key_sid").is_some() != secret("api_key_secret").is_some() {
        refuse("api_key_secret", "An API key and its secret go together: give both, or neither.".to_owned());
    }
    if let Err(why) = web::check_base(get("api_base")) {
        refuse("api_base", why);
    }
    let import = match get("import") {
        "new" => Some(Import::New),
        "everything" => Some(Import::Everything),
        days => days.parse().ok().map(Import::Days),
    };
    if import.is_none() {
        refuse("import", "It is new, everything, or a number of days.".to_owned());
    }
    let within = |name: &'static str, least: u32, most: u32| {
        get(name).parse::<u32>().ok().filter(|given| (least..=most).contains(given))
    };
    let max_segments = within("max_segments", 1, 100);
    if max_segments.is_none() {
        refuse("max_segments", "It is a number from 1 to 100.".to_owned());
    }
    let patience = within("timeout_s", 1, 60);
    if patience.is_none() {
        refuse("timeout_s", "It is a number from 1 to 60.".to_owned());
    }
    let price_micros = own("segment_price").map(micros);
    if price_micros == Some(None) {
        refuse("segment_price", "It is an amount such as 0.0083.".to_owned());
    }
    let currency = get("currency").to_ascii_uppercase();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        refuse("currency", "It is three letters, such as USD.".to_owned());
    }
    let (Some(number), Some(import), Some(max_segments), Some(patience)) =
        (number, import, max_segments, patience)
    else {
        return Err(wrong);
    };
    let tokens: Vec<SecretString> =
        ["auth_token", "other_auth_token"].into_iter().filter_map(secret).collect();
    let account = get("account_sid").to_owned();
    let key = own("api_key_sid").zip(secret("api_key_secret"));
    let (user, password) = match (key, tokens.first()) {
        (Some((user, password)), _) => (user.to_owned(), password),
        (None, Some(token)) => (account.clone(), token.clone()),
        (None, None) => return Err(wrong),
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Config {
        number,
        account,
        user,
        password,
        tokens,
        service: own("messaging_service_sid").map(str::to_owned),
        calls: match get("calls") {
            "yes" => Calls::Yes,
            "no" => Calls::No,
            _ => Calls::IfFree,
        },
        import,
        max_segments,
        plain: get("plain_punctuation") != "no",
        words: Words { stop: list(get("stop_words")), start: list(get("start_words")) },
        price_micros: price_micros.flatten(),
        currency,
        base: get("api_base").trim_end_matches('/').to_owned(),
        patience: Duration::from_secs(u64::from(patience)),
    })
}

/// A number as the platform writes it: people put spaces, brackets and dashes into theirs.
pub fn number(text: &str) -> Option<String> {
    let bare: String =
        text.chars().filter(|c| !matches!(c, ' ' | '(' | ')' | '-' | '.' | '\u{a0}')).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let international = bare.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    // Short codes have no country code.
    let short = !bare.starts_with('+') && (3..=8).contains(&digits.len());
    (all_digits && (international || short)).then_some(bare)
}

/// Whether a text is a name that the platform gave, beginning with these two letters.
pub fn is_sid(text: &str, letters: &str) -> bool {
    text.strip_prefix(letters)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect()
}

/// Millionths of an amount such as `0.0083`.
fn micros(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 6 || !(whole.to_owned() + part).bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millionths = format!("{part:0<6}").parse::<i64>().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(millionths)
}
