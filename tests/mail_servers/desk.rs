//! A whole desk behind real mail servers: questions come in by one, answers leave by the other.

use crate::support::eventually;
use crate::support::http::Api;
use crate::support::leash::free_ports;
use crate::support::postfix::PostOffice;
use crate::support::program::{House, Serving, answers};
use crate::support::sink::Taken;
use crate::support::smtp::Conversation;
use serde_json::{Value, json};

/// The program with one mailbox, and the post office that it belongs to.
pub struct Desk {
    pub office: PostOffice,
    pub api: Api,
    _serving: Serving,
    house: House,
}

impl Desk {
    /// Opens; none, said aloud, where there are no mail servers.
    pub fn open() -> Option<Self> {
        let office = PostOffice::start()?;
        let house = House::new(None);
        let [port] = free_ports();
        let api = house.hire(port);
        house.connect(&office.dovecot);
        let serving = house.serve(port);
        answers(&api);
        Some(Self { office, api, _serving: serving, house })
    }

    /// Somebody writes to the library.
    pub fn write(&self, from: &str, raw: &str) {
        let mut line = Conversation::open(self.office.smtp, "EHLO");
        let answer = line.mail(from, &["ask@example.test"], raw.as_bytes());
        assert_eq!(answer.code, 250, "{answer:?}");
    }

    /// It is closed from yesterday on for days, and says this to whoever writes.
    pub fn close(&self, text: &str) {
        let desks = self.api.read("/desks");
        let (id, name) = (&desks["items"][0]["id"], &desks["items"][0]["name"]);
        let (id, name) = (id.as_str().expect("an id"), name.as_str().expect("a name"));
        let today = jiff::Zoned::now().date();
        let [from, to] = [-2, 3].map(|days| (today + jiff::Span::new().days(days)).to_string());
        self.house.run(&["desk", "closed", name, &from, &to]);
        let path = format!("/desks/{id}/away");
        let answer = self.api.put(&path, &json!({ "text": text })).expect("it answers");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// A link that signs the one member of its staff in, once.
    pub fn invite(&self) -> String {
        let link = self.house.run(&["staff", "link", "ana@fernhill.example"]);
        let query = link.split_once('?').map(|(_, query)| query).expect("a link carries its token");
        format!("http://127.0.0.1:{}/sign-in?{query}", self.api.port)
    }

    /// The id of that member.
    pub fn me(&self) -> String {
        self.api.read("/me")["staff"]["id"].as_str().expect("an id").to_owned()
    }

    /// Every conversation there is.
    pub fn conversations(&self) -> Vec<Value> {
        self.api.all("/conversations?view=all")
    }

    /// The one conversation of this subject, as soon as it is there.
    pub fn conversation(&self, subject: &str) -> Value {
        eventually(subject, || self.conversations().into_iter().find(|row| row["subject"] == subject))
    }

    /// The whole of a conversation.
    pub fn read(&self, row: &Value) -> Value {
        self.api.read(&format!("/conversations/{}", row["id"].as_str().expect("an id")))
    }

    /// Answers; gives the message.
    pub fn answer(&self, row: &Value, text: &str) -> Value {
        let path = format!("/conversations/{}/replies", row["id"].as_str().expect("an id"));
        let answer = self.api.post(&path, &json!({ "text": text, "seen": row["seq"] })).expect("it answers");
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// The one mail that has arrived at the far side, as soon as it is there.
    pub fn arrived(&self) -> Taken {
        eventually("the answer arrives", || self.office.sink.taken().pop())
    }
}

/// The value of a header, unfolded.
pub fn header(raw: &str, name: &str) -> Option<String> {
    let head = raw.split("\n\n").next().unwrap_or_default().replace("\n ", " ").replace("\n\t", " ");
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}
