//! The calls that the platform makes, and how it proves that it is the caller.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use url::form_urlencoded;

use super::office::Office;
use super::text::Text;
use crate::simulator::web::{Callback, Sign};

/// Base64 of HMAC-SHA1 over the address without its fragment and the parameters sorted by name.
pub fn sign(token: String) -> Sign {
    Arc::new(move |call: &Callback| {
        let mut said = call.url.split('#').next().unwrap_or_default().to_owned();
        let mut params: Vec<(String, String)> = form_urlencoded::parse(&call.body).into_owned().collect();
        params.sort();
        for (name, value) in params {
            said.push_str(&name);
            said.push_str(&value);
        }
        let mut mac =
            Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of every length");
        mac.update(said.as_bytes());
        vec![("x-twilio-signature".to_owned(), STANDARD.encode(mac.finalize().into_bytes()))]
    })
}

/// Tells whoever the number calls about a patron's text.
pub fn about_arrival(office: &Office, text: &Text, base: &str) {
    let Some(url) = office.calls(&text.to) else { return };
    if url.contains("demo.twilio.com") {
        return;
    }
    let mut form = vec![
        ("ToCountry", "US".to_owned()),
        ("ToState", String::new()),
        ("SmsMessageSid", text.sid.clone()),
        ("NumMedia", text.pictures.len().to_string()),
        ("SmsSid", text.sid.clone()),
        ("SmsStatus", "received".to_owned()),
        ("Body", text.body.clone()),
        ("To", text.to.clone()),
        ("NumSegments", "1".to_owned()),
        ("MessageSid", text.sid.clone()),
        ("AccountSid", office.account.clone()),
        ("From", text.from.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    let files: Vec<(String, String)> = text
        .pictures
        .iter()
        .enumerate()
        .flat_map(|(n, (sid, picture))| {
            let place =
                format!("{base}/2010-04-01/Accounts/{}/Messages/{}/Media/{sid}", office.account, text.sid);
            [(format!("MediaUrl{n}"), place), (format!("MediaContentType{n}"), picture.content_type.clone())]
        })
        .collect();
    form.extend(files.iter().map(|(name, value)| (name.as_str(), value.clone())));
    make(office, &url, &form, &text.sid);
}

/// Tells what became of a text of the library's, where it asked for that.
pub fn about_status(office: &Office, text: &Text) {
    let Some(url) = &text.callback else { return };
    let mut form = vec![
        ("AccountSid", office.account.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("From", text.from.clone()),
        ("MessageSid", text.sid.clone()),
        ("MessageStatus", text.status.to_owned()),
        ("SmsSid", text.sid.clone()),
        ("SmsStatus", text.status.to_owned()),
        ("To", text.to.clone()),
    ];
    form.extend(text.error.map(|code| ("ErrorCode", code.to_string())));
    make(office, url, &form, &format!("{}-{}", text.sid, text.status));
}

fn make(office: &Office, url: &str, form: &[(&str, String)], token: &str) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("user-agent", "TwilioProxy/1.1"),
        ("i-twilio-idempotency-token", token),
    ];
    office.caller.call(Callback {
        url: url.to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: body.into_bytes(),
        account: Some(office.account.to_lowercase()),
    });
}
