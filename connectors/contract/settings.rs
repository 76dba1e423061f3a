//! What a channel was told, secrets apart from the rest.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::Invalid;
use super::manifest::{Field, FieldKind, Manifest};

/// One setting's value. `Debug` never shows a secret.
#[derive(Clone, Debug)]
pub enum Value {
    /// May be shown.
    Plain(String),
    /// Must not.
    Secret(SecretString),
}

/// All settings of one channel by field name.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field; replaces what was there.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// Sets an open field.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, Value::Plain(value.into()));
        self
    }

    /// Sets a secret field.
    pub fn with_secret(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, Value::Secret(value.into().into()));
        self
    }

    /// The text of a field, secret or not; none when unset or empty. The caller must not log or print it.
    pub fn get(&self, name: &str) -> Option<&str> {
        let text = match self.0.get(name)? {
            Value::Plain(text) => text.as_str(),
            Value::Secret(secret) => secret.expose_secret(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// Like [`Self::get`], falling back on the manifest's default.
    pub fn get_or_default<'a>(&'a self, manifest: &Manifest, name: &str) -> Option<&'a str> {
        self.get(name).or_else(|| manifest.fields.iter().find(|f| f.name == name).and_then(|f| f.default))
    }

    /// Every field that is set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Every secret text, for redaction.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter_map(|value| match value {
            Value::Secret(secret) => Some(secret.expose_secret()),
            Value::Plain(_) => None,
        })
    }

    /// Checks the settings against a manifest: required fields, numbers, flags, choices, unknown names.
    pub fn check(&self, manifest: &Manifest) -> Vec<Invalid> {
        let asked = |field: &Field| self.is_asked(manifest, field);
        let checked = manifest.fields.iter().filter_map(|field| self.check_field(field, asked(field)));
        let mut wrong: Vec<Invalid> = checked.collect();
        for name in self.0.keys() {
            if !manifest.fields.iter().any(|field| field.name == name) {
                wrong.push(Invalid {
                    field: name.clone(),
                    why: format!("{} has no such setting.", manifest.title),
                });
            }
        }
        wrong
    }

    /// Whether these settings ask for this field at all.
    pub fn is_asked(&self, manifest: &Manifest, field: &Field) -> bool {
        field.when.is_none_or(|(other, values)| {
            self.get_or_default(manifest, other).is_some_and(|value| values.contains(&value))
        })
    }

    fn check_field(&self, field: &Field, asked: bool) -> Option<Invalid> {
        let invalid = |why: String| Some(Invalid { field: field.name.to_owned(), why });
        let Some(value) = self.get(field.name).or(field.default) else {
            return if field.required && asked {
                invalid(format!("{} is missing. {}", field.label, field.help))
            } else {
                None
            };
        };
        match field.kind {
            FieldKind::Number if value.parse::<i64>().is_err() => {
                invalid(format!("{} must be a whole number.", field.label))
            }
            FieldKind::Flag if !matches!(value, "yes" | "no") => {
                invalid(format!("{} must be yes or no.", field.label))
            }
            FieldKind::Choice(choices) if !choices.iter().any(|choice| choice.value == value) => {
                let known: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
                invalid(format!("{} must be one of: {}.", field.label, known.join(", ")))
            }
            _ => None,
        }
    }
}
