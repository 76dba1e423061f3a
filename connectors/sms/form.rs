//! What a call carries, whichever way it is written: names in lower case without underscores, and their values.

use serde_json::Value;

/// The parameters of one event.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The value of a name, which is given without underscores in lower case; none when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether the name is there at all, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn from_pairs(pairs: &[(String, String)]) -> Self {
        Self(pairs.iter().map(|(name, value)| (folded(name), value.clone())).collect())
    }

    fn from_object(object: &serde_json::Map<String, Value>) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        Self(object.iter().filter_map(|(name, value)| Some((folded(name), text(value)?))).collect())
    }
}

/// `MessageSid`, `message_sid` and `messageSid` are one name.
fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// Whether a body is JSON: by its content type, or by its first byte where nobody says.
pub fn is_json(content_type: Option<&str>, body: &[u8]) -> bool {
    match content_type {
        Some(kind) => {
            kind.split(';').next().is_some_and(|kind| kind.trim().to_ascii_lowercase().ends_with("json"))
        }
        None => matches!(body.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'[')),
    }
}

/// The pairs of a form, in their order, as signatures cover them.
pub fn pairs(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// The events of a body; none when it cannot be read.
pub fn events(content_type: Option<&str>, body: &[u8]) -> Option<Vec<Params>> {
    if !is_json(content_type, body) {
        let pairs = pairs(body);
        return (!pairs.is_empty()).then(|| vec![Params::from_pairs(&pairs)]);
    }
    let whole = match serde_json::from_slice(body).ok()? {
        Value::Array(several) => several,
        one => vec![one],
    };
    // An event stream wraps what happened in `data`.
    let happened = |value: &Value| match value {
        Value::Object(object) => match object.get("data") {
            Some(Value::Object(data)) => Some(Params::from_object(data)),
            _ => Some(Params::from_object(object)),
        },
        _ => None,
    };
    whole.iter().map(happened).collect()
}
