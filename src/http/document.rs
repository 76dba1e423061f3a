//! The API described by itself (OpenAPI 3.1): made from the routes, so that it cannot say what they do not.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder, SecurityRequirement,
    Server,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem;
use super::{BASE, api, scopes};

/// Things that callers send: what is left out there is not there. Everything else is always written in full.
const SENT: &[&str] = &[
    "Problem",
    "Closing",
    "Looking",
    "NewHandoff",
    "Refusing",
    "NewSavedSearch",
    "NewReview",
    "Approval",
    "NewBlock",
    "Blocking",
    "NewTag",
    "NewReply",
    "NewSplit",
    "Writing",
    "NewNote",
    "ByPassword",
    "ByLink",
    "SignIn",
    "NewChannel",
    "ChangedChannel",
    "SignAgain",
    "Looked",
    "NewWebhook",
    "Call",
    "KeptDraft",
    "NewRule",
    "RuleTrial",
    "Described",
    "Uniting",
];

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut text = serde_json::to_string_pretty(&describe()).expect("a document of strings becomes JSON");
    text.push('\n');
    text
});

/// The document, as `/api/v1/openapi.json` gives it.
pub fn openapi() -> String {
    DOCUMENT.clone()
}

/// What the document says before any route.
fn about() -> OpenApi {
    let mut info = Info::new("Deskbell", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "One inbox for every way a library's patrons ask.\n\nTimes are RFC 3339 in UTC with milliseconds, lengths are \
         milliseconds (`*_ms`), ids are UUIDs. Lists give `items` and `next`: send `next` back as `cursor`. Whatever goes \
         wrong is told as `application/problem+json` (RFC 9457): `type` is stable, `detail` is the sentence to show. A \
         browser signs in with a cookie, a program with `Authorization: Bearer TOKEN`, \
         which must have been made with the scope that the operation names beside `token`."
            .to_owned(),
    );
    let mut license = License::new("AGPL-3.0-or-later");
    license.identifier = Some("AGPL-3.0-or-later".to_owned());
    info.license = Some(license);
    OpenApiBuilder::new().info(info).servers(Some([Server::new(BASE)])).build()
}

fn describe() -> OpenApi {
    let mut document = api().describe(about());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new()
                .description("It did not happen, and why")
                .content("application/problem+json", problem)
                .build();
            operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
            if operation.security.is_none() {
                let scope = scopes::needed(method, path).map(|scope| scope.as_str());
                let token = scope.map(|scope| SecurityRequirement::new("token", [scope]));
                let cookie = SecurityRequirement::new("cookie", [] as [&str; 0]);
                operation.security = Some([cookie].into_iter().chain(token).collect());
            }
        }
    }
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![(problem::Body::name().into_owned(), problem::Body::schema())];
    problem::Body::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (name, schema) in &mut components.schemas {
        if let (Some(of), RefOr::T(Schema::Object(list))) = (name.strip_prefix("List_"), &mut *schema) {
            // Named rather than written out again, so that what reads this knows the one from the other.
            let items = Ref::from_schema_name(of);
            list.properties.insert("items".to_owned(), ArrayBuilder::new().items(items).build().into());
        }
        if let RefOr::T(Schema::Object(object)) = schema
            && !SENT.contains(&name.as_str())
        {
            object.required = object.properties.keys().cloned().collect();
        }
        if let RefOr::T(Schema::Object(object)) = schema {
            object.properties.values_mut().for_each(said_once);
        }
    }
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "deskbell",
        "Set by `POST /sessions`. Called `__Host-deskbell` where the connection is encrypted.",
    )));
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.security_schemes.insert("cookie".to_owned(), RefOr::T(cookie));
    components.security_schemes.insert("token".to_owned(), RefOr::T(token));
    document
}

/// An inlined word with a comment of its own is derived as "this word and also an object", which nothing can be: the
/// word is kept, with the comment.
fn said_once(property: &mut RefOr<Schema>) {
    let RefOr::T(Schema::AllOf(both)) = property else { return };
    let [RefOr::T(Schema::Object(word)), RefOr::T(Schema::Object(comment))] = both.items.as_slice() else {
        return;
    };
    if comment.properties.is_empty() && comment.description.is_some() {
        let mut word = word.clone();
        word.description.clone_from(&comment.description);
        *property = RefOr::T(Schema::Object(word));
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// This document
#[utoipa::path(get, path = "/openapi.json", operation_id = "readOpenapi", tag = "health", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value)))]
pub(super) async fn read() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], DOCUMENT.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::openapi;

    fn each(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
        match value {
            Value::Object(map) => {
                look(map);
                map.values().for_each(|inner| each(inner, look));
            }
            Value::Array(items) => items.iter().for_each(|inner| each(inner, look)),
            _ => {}
        }
    }

    #[test]
    fn words_are_described_as_they_are_sent() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let mut words = Vec::new();
        each(&document, &mut |map| {
            if let Some(Value::Array(values)) = map.get("enum") {
                words.extend(values.iter().map(|word| word.as_str().unwrap().to_owned()));
            }
        });
        assert!(words.iter().any(|word| word == "unclaimed"), "{words:?}");
        assert!(words.iter().any(|word| word == "needs_signin"), "{words:?}");
        let odd: Vec<_> = words.iter().filter(|word| word.to_lowercase() != **word).collect();
        assert!(odd.is_empty(), "{odd:?}");
    }

    #[test]
    fn nothing_is_a_word_and_an_object_at_once() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        each(&document, &mut |map| assert!(!map.contains_key("allOf"), "{map:?}"));
    }
}
