//! Settings open or are named field by field; the manifest says nothing that is not so.

use std::sync::Arc;

use super::{Candidate, Paper, account, sample};
use crate::contract::{FieldKind, Level, Manifest, NoTokens, Settings, Signin, Value};

pub fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let manifest = candidate.connector().manifest();
    let name = manifest.name;
    paper.check(!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), || {
        format!("manifest: \"{name}\" is no stable word of small letters")
    });
    for (ground, colour, channel) in
        [("#ffffff", manifest.look.light, "light"), ("#15171c", manifest.look.dark, "dark")]
    {
        let ratio = contrast(ground, colour);
        paper.check(ratio >= 4.5, || {
            format!("manifest: {colour} ({channel}) has a contrast of {ratio:.2}, not 4.5")
        });
    }
    fields(manifest, paper);
    signin(manifest, paper);
    openings(candidate, paper);
    let channel = sample(candidate);
    let capabilities = channel.capabilities();
    paper.check(channel.watch().is_none() || channel.poll().is_some(), || {
        "parts: a channel that is watched must be polled too, or a broken line loses what came meanwhile"
            .to_owned()
    });
    paper.check(
        channel.poll().is_some() || channel.webhook().is_some() || channel.deliver().is_some(),
        || "parts: the channel has no way in and none out".to_owned(),
    );
    paper.check(
        capabilities.attachments.level == Level::Unsupported || !capabilities.attachments.kinds.is_empty(),
        || "capabilities: files are taken, but no kind of file is".to_owned(),
    );
    paper.check(!capabilities.visibility.is_empty(), || {
        "capabilities: nobody can read what is said here".to_owned()
    });
}

fn fields(manifest: &Manifest, paper: &mut Paper) {
    for (index, field) in manifest.fields.iter().enumerate() {
        let name = field.name;
        paper.check(manifest.fields[..index].iter().all(|other| other.name != name), || {
            format!("manifest: the field {name} is there twice")
        });
        paper.check(!field.label.is_empty() && field.help.ends_with('.'), || {
            format!("manifest: the field {name} needs a label, and a help that is a sentence")
        });
        if let Some((other, _)) = field.when {
            paper.check(manifest.fields.iter().any(|field| field.name == other), || {
                format!("manifest: the field {name} depends on {other}, which is no field")
            });
        }
        paper.check(!(field.required && field.default.is_some()), || {
            format!("manifest: the field {name} is required and has a default")
        });
        let looks_secret = ["password", "secret", "token"].iter().any(|word| name.ends_with(word));
        paper.check(!looks_secret || matches!(field.kind, FieldKind::Secret), || {
            format!("manifest: the field {name} is not marked as a secret")
        });
    }
}

/// An address with the defaults of its settings in place of the braces.
fn usual(manifest: &Manifest, url: &str) -> String {
    manifest.fields.iter().fold(url.to_owned(), |url, field| match field.default {
        Some(default) => url.replace(&format!("{{{}}}", field.name), default),
        None => url,
    })
}

fn signin(manifest: &Manifest, paper: &mut Paper) {
    let known = |name: &str| manifest.fields.iter().any(|field| field.name == name);
    for step in manifest.signin {
        match step {
            Signin::Fields(names) => {
                for name in *names {
                    paper.check(known(name), || {
                        format!("manifest: signing in asks for {name}, which is no field")
                    });
                }
            }
            Signin::Oauth(oauth) => {
                for url in [oauth.authorize_url, oauth.token_url] {
                    paper.check(usual(manifest, url).starts_with("https://"), || {
                        format!("manifest: {url} is not https")
                    });
                    for placeholder in url.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                        paper.check(known(placeholder), || {
                            format!("manifest: {{{placeholder}}} in {url} is no field")
                        });
                    }
                }
                if let Some((name, _)) = oauth.when {
                    paper.check(known(name), || {
                        format!("manifest: a sign-in depends on {name}, which is no field")
                    });
                }
                paper.check(known("client_id"), || "manifest: OAuth needs a field client_id".to_owned());
            }
            Signin::Pick { field, .. } => {
                paper.check(known(field), || format!("manifest: a choice fills {field}, which is no field"));
            }
            Signin::Instructions(_) => {}
        }
    }
}

fn openings(candidate: &dyn Candidate, paper: &mut Paper) {
    let connector = candidate.connector();
    let open = |settings: Settings| connector.open(account(candidate, settings, 0, Arc::new(NoTokens)));
    let whole = candidate.sample_settings();
    if let Err(wrong) = open(whole.clone()) {
        paper.check(false, || format!("settings: the sample does not open: {wrong:?}"));
        return;
    }
    paper.check(!connector.hosts(&whole).is_empty(), || {
        "settings: the sample's channel may talk to nobody".to_owned()
    });
    let manifest = connector.manifest();
    let asked = manifest.fields.iter().filter(|field| field.required && whole.is_asked(manifest, field));
    let required: Vec<&str> = asked.map(|field| field.name).collect();
    for name in required.into_iter().chain(candidate.also_needed()) {
        let mut lacking = Settings::new();
        for (field, value) in whole.iter().filter(|(field, _)| *field != name) {
            lacking.set(field, value.clone());
        }
        let wrong = open(lacking).err().unwrap_or_default();
        paper.check(wrong.iter().any(|invalid| invalid.field == name && invalid.why.ends_with('.')), || {
            format!("settings: without {name} a sentence must say that it is missing; it said {wrong:?}")
        });
    }
    let mut strange = whole;
    strange.set("no_such_setting", Value::Plain("1".to_owned()));
    let wrong = open(strange).err().unwrap_or_default();
    paper.check(wrong.iter().any(|invalid| invalid.field == "no_such_setting"), || {
        "settings: a setting that does not exist is taken in silence".to_owned()
    });
}

/// WCAG 2.2, relative luminance; 0 for what is no colour.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| -> Option<f64> {
        let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
            Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
        };
        Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
    };
    match (luminance(one), luminance(other)) {
        (Some(a), Some(b)) => (a.max(b) + 0.05) / (a.min(b) + 0.05),
        _ => 0.0,
    }
}
