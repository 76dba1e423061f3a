//! The app that asks a person's leave. Where a platform lets apps register themselves, one is made for each sign-in: it fits the
//! instance, the address to come back to and what is asked for, whatever was registered before. A platform forgets those that
//! nobody signs in with.

use connectors::contract::{ExposeSecret, Manifest, Registered, Registering, SecretString, Settings, Value};

use super::super::connect;
use super::super::oauth::Office;
use super::super::roster::Parts;
use super::bundle::Bundle;
use crate::error::{Error, Result};

/// What the person reads on the platform's page.
const OUR_NAME: &str = "Deskbell";

/// The same bundle with an app of its own, where there must be one.
pub(super) async fn registered(parts: &Parts, mut bundle: Bundle) -> Result<Bundle> {
    let connector = parts.connector(&bundle.kind)?;
    let manifest = connector.manifest();
    let office = Office::of(manifest, &bundle.settings);
    if office.is_none_or(|office| office.oauth.register_url.is_none()) {
        return Ok(bundle);
    }
    let asking = Registering {
        outside: parts.outside.narrowed(connector.hosts(&bundle.settings), &bundle.settings),
        settings: bundle.settings.clone(),
        name: OUR_NAME,
        redirect: bundle.redirect.clone(),
        website: parts.public_url.clone(),
    };
    let Registered { client_id, client_secret } = connector
        .register(asking)
        .await
        .map_err(|failure| Error::Invalid(format!("{failure} Nothing was changed; start again.")))?;
    keep(manifest, &mut bundle.settings, "client_id", client_id)?;
    keep(manifest, &mut bundle.settings, "client_secret", client_secret.unwrap_or_default())?;
    Ok(bundle)
}

fn keep(manifest: &'static Manifest, settings: &mut Settings, name: &str, value: SecretString) -> Result<()> {
    let field = connect::field(manifest, name)?;
    let value = if connect::is_secret(field) {
        Value::Secret(value)
    } else {
        Value::Plain(value.expose_secret().to_owned())
    };
    settings.set(name, value);
    Ok(())
}
