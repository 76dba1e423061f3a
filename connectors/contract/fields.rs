//! Makers of [`Field`]s, so that a manifest reads as a list of what it asks for. Each name says what the field takes.

use super::manifest::{Choice, Field, FieldKind};

/// Neither required nor given, and always asked.
pub const fn field(name: &'static str, label: &'static str, help: &'static str, kind: FieldKind) -> Field {
    Field { name, label, help, kind, required: false, default: None, when: None }
}

/// The same field, asked only while another setting has one of these values.
pub const fn only(when: (&'static str, &'static [&'static str]), field: Field) -> Field {
    Field { when: Some(when), ..field }
}

/// Text.
pub const fn text(name: &'static str, label: &'static str, help: &'static str) -> Field {
    field(name, label, help, FieldKind::Text)
}

/// Text that must be given.
pub const fn required(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field { required: true, ..text(name, label, help) }
}

/// Text that is this where nobody gives any.
pub const fn with_default(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: &'static str,
) -> Field {
    Field { default: Some(default), ..text(name, label, help) }
}

/// What is sealed at rest.
pub const fn secret(name: &'static str, label: &'static str, help: &'static str) -> Field {
    field(name, label, help, FieldKind::Secret)
}

/// The name of a host.
pub const fn host(name: &'static str, label: &'static str, help: &'static str) -> Field {
    field(name, label, help, FieldKind::Host)
}

/// A whole number that is this where nobody gives any.
pub const fn number(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: &'static str,
) -> Field {
    Field { default: Some(default), ..field(name, label, help, FieldKind::Number) }
}

/// `yes` or `no`.
pub const fn flag(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: &'static str,
) -> Field {
    Field { default: Some(default), ..field(name, label, help, FieldKind::Flag) }
}

/// Several of them.
pub const fn list(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: Option<&'static str>,
) -> Field {
    Field { default, ..field(name, label, help, FieldKind::List) }
}

/// One of these.
pub const fn choice(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    choices: &'static [Choice],
    default: &'static str,
) -> Field {
    Field { default: Some(default), ..field(name, label, help, FieldKind::Choice(choices)) }
}
