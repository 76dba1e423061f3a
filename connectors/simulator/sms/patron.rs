//! People with telephones: they text the library and read what it texts back.

use std::sync::{Arc, Mutex};

use super::office::{Office, SmsError};
use super::text::{Picture, Text, Way};
use super::{Happened, calls};
use crate::simulator::lock;

/// What somebody texts to a text of the library's, after so many milliseconds; none: nothing.
pub type Reaction = Box<dyn FnMut(&str) -> Option<(i64, String)> + Send>;

const STOPPED: &str = "You will get no more texts from this number. Text START to get them again.";
const STARTED: &str = "You get texts from this number again. Text STOP to end them.";
const HELP: &str = "Text STOP to end texts from this number.";

pub fn settle(office: &Office, number: &str, react: Reaction) {
    office.state().telephones.insert(number.to_owned(), Arc::new(Mutex::new(react)));
}

/// A text from somebody to the library.
pub fn text(
    office: &Arc<Office>,
    from: &str,
    to: &str,
    body: &str,
    pictures: Vec<Picture>,
) -> Result<String, SmsError> {
    if !office.state().numbers.contains_key(to) {
        return Err(SmsError::NoNumber(to.to_owned()));
    }
    let now = office.front.now();
    let pictures: Vec<(String, Picture)> =
        pictures.into_iter().map(|picture| (office.sid("ME"), picture)).collect();
    let text = Text {
        sid: office.sid(if pictures.is_empty() { "SM" } else { "MM" }),
        way: Way::Inbound,
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
        status: "received",
        created_ms: now,
        sent_ms: Some(now),
        error: None,
        pictures,
        callback: None,
        service: None,
    };
    let (sid, given) = (text.sid.clone(), text.clone());
    office.state().texts.push(text);
    office.front.note(Happened::Given {
        sid: sid.clone(),
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
    });
    calls::about_arrival(office, &given, "https://api.twilio.com");
    obey(office, &given);
    Ok(sid)
}

/// The platform's own answers to its own words.
fn obey(office: &Office, text: &Text) {
    let pair = (text.to.clone(), text.from.clone());
    let answer = match text.body.trim().to_ascii_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => {
            office.state().stopped.insert(pair);
            STOPPED
        }
        "START" | "UNSTOP" | "YES" => {
            if !office.state().stopped.remove(&pair) {
                return;
            }
            STARTED
        }
        "HELP" | "INFO" => HELP,
        _ => return,
    };
    let reply = Text {
        sid: office.sid("SM"),
        way: Way::Reply,
        from: text.to.clone(),
        to: text.from.clone(),
        body: answer.to_owned(),
        status: "delivered",
        pictures: Vec::new(),
        ..text.clone()
    };
    office.state().texts.push(reply);
}

/// A text of the library's has reached a telephone.
pub fn hears(office: &Arc<Office>, heard: &Text) {
    let telephone = office.state().telephones.get(&heard.to).cloned();
    let Some((after_ms, answer)) = telephone.and_then(|react| (lock(&react))(&heard.body)) else { return };
    let (later, from, to) = (office.clone(), heard.to.clone(), heard.from.clone());
    office.front.later(office.front.now() + after_ms, move || {
        if let Err(error) = text(&later, &from, &to, &answer, Vec::new()) {
            tracing::warn!(%error, "a simulated patron could not answer");
        }
    });
}
