//! What a platform's wish to be left alone covers, by name.

use uuid::Uuid;

use super::channel::Channel;

/// Everything of one account.
pub fn account(channel: Uuid) -> String {
    format!("account/{channel}")
}

/// Every account of the same app registration: the same kind of platform and the same client id.
pub fn app(channel: &Channel) -> String {
    let client = serde_json::from_str::<serde_json::Value>(&channel.open_settings)
        .ok()
        .and_then(|settings| settings.get("client_id")?.as_str().map(str::to_owned));
    format!("app/{}/{}", channel.kind, client.unwrap_or_default())
}

/// One endpoint of one account, by the connector's name for it.
pub fn endpoint(channel: Uuid, name: &str) -> String {
    format!("endpoint/{channel}/{name}")
}

/// What covers a request to this endpoint (none: the connector does not say which it will be).
pub fn covering(channel: &Channel, endpoint_name: Option<&str>) -> [String; 3] {
    let account = account(channel.id);
    let endpoint = endpoint_name.map_or_else(|| account.clone(), |name| endpoint(channel.id, name));
    [account, app(channel), endpoint]
}
