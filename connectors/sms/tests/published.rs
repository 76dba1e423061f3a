//! Every request that any test here has the connector send is held against the platform's published description, which is
//! read from the folder that `DESKBELL_REFERENCE` names; and every example answer in it is read.

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;
use url::form_urlencoded;

use super::corpora::reference;
use crate::simulator::web::Asked;
use crate::sms::wire::{AccountResource, MediaPage, NumberPage, NumberResource, Page, Resource};

/// OpenAPI 3.0.
pub struct Published(Value);

/// The description; none: it is not there.
pub fn published() -> Option<&'static Published> {
    static READ: OnceLock<Option<Published>> = OnceLock::new();
    READ.get_or_init(|| {
        let bytes = std::fs::read(reference("specs/twilio/twilio_api_v2010.json")?).expect("it can be read");
        Some(Published(serde_json::from_slice(&bytes).expect("it is JSON")))
    })
    .as_ref()
}

impl Published {
    /// What is wrong with a request.
    pub fn wrong(&self, asked: &Asked) -> Vec<String> {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let mut wrong = Vec::new();
        // A file's own bytes lie at its resource's address without the ending.
        let is_file = path.contains("/Media/") && !path.ends_with(".json");
        let path = if is_file { format!("{path}.json") } else { path.to_owned() };
        let method = asked.method.to_lowercase();
        let Some((operation, in_path)) = self.operation(&path, &method) else {
            return vec![format!("there is no {} {path}", asked.method)];
        };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let of =
            |place: &str| -> Vec<&Value> { parameters.iter().filter(|one| one["in"] == place).collect() };
        for parameter in of("path") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let value = in_path.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            wrong.extend(self.against(name, value.unwrap_or_default(), &parameter["schema"]));
        }
        let given: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, value) in &given {
            match of("query").into_iter().find(|one| one["name"] == name.as_str()) {
                Some(parameter) => wrong.extend(self.against(name, value, &parameter["schema"])),
                None => wrong.push(format!("{name} is no parameter of {path}")),
            }
        }
        let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        if form.is_object() {
            let kind =
                asked.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
            if kind != Some("application/x-www-form-urlencoded") {
                wrong.push(format!("its body is {kind:?}"));
            }
            let given: Vec<(String, String)> =
                form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
            for name in form["required"].as_array().into_iter().flatten() {
                if !given.iter().any(|(known, _)| name == known.as_str()) {
                    wrong.push(format!("{name} is missing"));
                }
            }
            for (name, value) in &given {
                match form["properties"].get(name) {
                    Some(schema) => wrong.extend(self.against(name, value, schema)),
                    None => wrong.push(format!("{name} is no field of {path}")),
                }
            }
        } else if !asked.body.is_empty() {
            wrong.push("it has a body".to_owned());
        }
        if !asked.headers.contains(&("authorization".to_owned(), "Basic".to_owned())) {
            wrong.push("it carries no keys".to_owned());
        }
        wrong
    }

    fn operation(&self, path: &str, method: &str) -> Option<(&Value, Vec<(String, String)>)> {
        let fits = |template: &str| -> Option<Vec<(String, String)>> {
            let (theirs, ours): (Vec<&str>, Vec<&str>) =
                (template.split('/').collect(), path.split('/').collect());
            if theirs.len() != ours.len() {
                return None;
            }
            let mut named = Vec::new();
            for (their, our) in theirs.iter().zip(&ours) {
                match their.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                    Some((name, end)) => named.push((name.to_owned(), our.strip_suffix(end)?.to_owned())),
                    None if their == our => {}
                    None => return None,
                }
            }
            Some(named)
        };
        let paths = self.0["paths"].as_object().expect("it has paths");
        // What is spelt out goes before what is left open.
        let mut found: Vec<_> =
            paths.iter().filter_map(|(template, item)| Some((item.get(method)?, fits(template)?))).collect();
        found.sort_by_key(|(_, named)| named.len());
        found.into_iter().next()
    }

    /// The part of JSON Schema that this description uses for parameters.
    fn against(&self, name: &str, value: &str, schema: &Value) -> Option<String> {
        let schema = match schema["$ref"].as_str() {
            Some(at) => self.0.pointer(at.trim_start_matches('#')).expect("it points somewhere"),
            None => schema,
        };
        let length = value.chars().count() as u64;
        let says = |what: &str| Some(format!("{name}={value:?} is {what}"));
        match schema["type"].as_str() {
            Some("integer") => {
                let Ok(number) = value.parse::<i64>() else { return says("no whole number") };
                if schema["minimum"].as_i64().is_some_and(|least| number < least) {
                    return says("too small");
                }
                if schema["maximum"].as_i64().is_some_and(|most| number > most) {
                    return says("too large");
                }
            }
            Some("boolean") if !matches!(value, "true" | "false") => return says("neither true nor false"),
            _ => {}
        }
        if schema["minLength"].as_u64().is_some_and(|least| length < least) {
            return says("too short");
        }
        if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
            return says("too long");
        }
        if let Some(pattern) = schema["pattern"].as_str()
            && !Regex::new(pattern).expect("it is a pattern").is_match(value)
        {
            return says("not of its pattern");
        }
        if let Some(allowed) = schema["enum"].as_array()
            && !allowed.iter().any(|one| one == value)
        {
            return says("none of those allowed");
        }
        if schema["format"] == "uri" && url::Url::parse(value).is_err() {
            return says("no address");
        }
        None
    }
}

fn request(method: &str, target: &str, body: &str) -> Asked {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Asked {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![
            header("authorization", "Basic"),
            header("content-type", "application/x-www-form-urlencoded"),
        ],
        body: body.to_owned(),
        fault: None,
        status: None,
        answer: String::new(),
    }
}

#[test]
fn a_request_that_the_description_does_not_allow_is_seen() {
    let Some(published) = published() else { return };
    let texts = format!("/2010-04-01/Accounts/AC{:032x}/Messages.json", 1);
    let wrong =
        |method: &str, target: &str, body: &str| published.wrong(&request(method, target, body)).join("; ");
    assert_eq!(wrong("GET", &format!("{texts}?To=%2B1406&DateSent%3E=2026-11-22&PageSize=1000"), ""), "");
    assert_eq!(wrong("POST", &texts, "To=%2B1406&From=%2B1407&Body=Hi"), "");
    assert_eq!(wrong("POST", &texts, "Body=Hi"), "\"To\" is missing");
    assert!(wrong("POST", &texts, "To=1&Text=Hi").contains("Text is no field"));
    assert!(wrong("POST", &texts, "To=1&StatusCallback=here").contains("no address"));
    assert!(wrong("GET", &format!("{texts}?PageSize=1001"), "").contains("too large"));
    assert!(wrong("GET", &format!("{texts}?Since=1"), "").contains("Since is no parameter"));
    assert!(wrong("GET", "/2010-04-01/Accounts/AC12/Messages.json", "").contains("too short"));
    assert!(wrong("GET", "/2010-04-01/Accounts/AC12/Texts.json", "").contains("there is no GET"));
    let mut open = request("GET", &texts, "");
    open.headers.clear();
    assert_eq!(published.wrong(&open), ["it carries no keys"]);
}

#[test]
fn every_example_answer_of_what_we_ask_is_read() {
    let Some(published) = published() else { return };
    let account = "/2010-04-01/Accounts/{AccountSid}";
    let mut read = 0;
    let mut each = |path: &str, method: &str, reads: &dyn Fn(Value) -> Result<(), serde_json::Error>| {
        let answers = published.0["paths"][path][method]["responses"].as_object().expect("it has answers");
        let examples = answers
            .values()
            .filter_map(|answer| answer["content"]["application/json"]["examples"].as_object())
            .flatten();
        for (name, example) in examples {
            if let Err(error) = reads(example["value"].clone()) {
                panic!("{method} {path} {name}: {error}");
            }
            read += 1;
        }
    };
    each(&format!("{account}/Messages.json"), "get", &|value| {
        let page: Page = serde_json::from_value(value)?;
        page.messages.into_iter().try_for_each(|one| serde_json::from_value::<Resource>(one).map(|_| ()))
    });
    each(&format!("{account}/Messages.json"), "post", &|value| {
        let taken: Resource = serde_json::from_value(value)?;
        assert!(taken.sid.is_some() && taken.created_at().is_some());
        Ok(())
    });
    each(&format!("{account}/Messages/{{MessageSid}}/Media.json"), "get", &|value| {
        serde_json::from_value::<MediaPage>(value).map(|_| ())
    });
    each(&format!("{account}/IncomingPhoneNumbers.json"), "get", &|value| {
        let page: NumberPage = serde_json::from_value(value)?;
        assert!(page.incoming_phone_numbers.iter().all(|one| one.sid.is_some()));
        Ok(())
    });
    each(&format!("{account}/IncomingPhoneNumbers/{{Sid}}.json"), "post", &|value| {
        serde_json::from_value::<NumberResource>(value).map(|_| ())
    });
    each("/2010-04-01/Accounts/{Sid}.json", "get", &|value| {
        let account: AccountResource = serde_json::from_value(value)?;
        assert!(account.status.is_some());
        Ok(())
    });
    assert!(read > 15, "only {read} examples were found");
}
