//! Reading JSON that may lack anything: ids come as texts and as numbers, lists as lists and as one alone.

use serde_json::Value;

/// A text or number under this name, as text; empty texts count as absent.
pub fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The id of the person or thing under this name.
pub fn id_of(value: &Value, name: &str) -> Option<String> {
    text(value.get(name)?, "id")
}

/// What stands in a list under this name; one alone counts as a list of one.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

/// What stands in the page of results under this name: `{"data": [...]}`.
pub fn data<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).map_or(&[], |page| list(page, "data"))
}

/// Whether this is marked as true.
pub fn is_true(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}
