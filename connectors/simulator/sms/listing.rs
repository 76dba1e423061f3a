//! The list of texts: by day, newest first, page by page.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::office::{Office, State};
use super::text::{Text, day};

/// What is asked for.
#[derive(Debug, Default)]
pub struct Wanted {
    pairs: Vec<(String, String)>,
}

impl Wanted {
    pub fn read(query: &str) -> Self {
        Self { pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Days compare as texts. What waits to be sent has none and fits no day.
    fn takes(&self, text: &Text) -> bool {
        let sent = text.sent_ms.map(day);
        let on = |name: &str, fits: fn(&str, &str) -> bool| {
            self.get(name).is_none_or(|wanted| sent.as_deref().is_some_and(|sent| fits(sent, wanted)))
        };
        self.get("To").is_none_or(|to| text.to == to)
            && self.get("From").is_none_or(|from| text.from == from)
            && on("DateSent>", |sent, wanted| sent >= wanted)
            && on("DateSent<", |sent, wanted| sent <= wanted)
            && on("DateSent", |sent, wanted| sent == wanted)
    }
}

/// One page; none: the page's token names nothing.
pub fn page(office: &Office, state: &State, wanted: &Wanted) -> Option<Value> {
    let size: usize = wanted.get("PageSize").and_then(|size| size.parse().ok()).unwrap_or(50).clamp(1, 1000);
    let number: usize = wanted.get("Page").and_then(|page| page.parse().ok()).unwrap_or(0);
    // What is newer than the last page's last text is not on this page, however much has come since.
    let end = match wanted.get("PageToken") {
        None => state.texts.len(),
        Some(token) => {
            let last = token.strip_prefix("PA")?;
            state.texts.iter().position(|text| text.sid == last)?
        }
    };
    let mut found = state.texts[..end].iter().rev().filter(|text| wanted.takes(text));
    let texts: Vec<&Text> = found.by_ref().take(size).collect();
    let more = found.next().is_some();
    let list = format!("/2010-04-01/Accounts/{}/Messages.json", office.account);
    let place = |page: usize, token: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            wanted.pairs.iter().filter(|(name, _)| !["Page", "PageToken"].contains(&name.as_str()))
        {
            query.append_pair(name, value);
        }
        query.append_pair("Page", &page.to_string());
        if let Some(token) = token {
            query.append_pair("PageToken", &format!("PA{token}"));
        }
        format!("{list}?{}", query.finish())
    };
    let next = texts.last().filter(|_| more).map(|last| place(number + 1, Some(&last.sid)));
    Some(json!({
        "messages": texts.iter().map(|text| text.resource(&office.account)).collect::<Vec<_>>(),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + texts.len().saturating_sub(1),
        "first_page_uri": place(0, None),
        "next_page_uri": next,
        "previous_page_uri": null,
        "uri": place(number, None),
    }))
}
