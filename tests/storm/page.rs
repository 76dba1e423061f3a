//! A Page: conversations in private, comments under its posts.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex};

use connectors::simulator::Clock;
use connectors::simulator::graph::{GraphOptions, GraphPatron, GraphPlatform, Happened, OwnPage};
use serde_json::json;

use super::platform::{GIVES_UP_S, Platform, acknowledged, once_each, turned_away, web_troubles};
use super::staff::Staff;

const POSTS: usize = 6;

pub struct Page {
    platform: GraphPlatform,
    page: OwnPage,
    posts: Vec<String>,
    people: Mutex<HashMap<usize, GraphPatron>>,
}

impl Page {
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut options = GraphOptions::new(clock);
        options.seed = seed;
        let platform = GraphPlatform::start(options).await.expect("loopback has free ports");
        let page = platform.add_page("Fernhill Libraries");
        let posts = (0..POSTS).map(|number| platform.post(&page.id, &format!("News, {number}"))).collect();
        Self { platform, page, posts, people: Mutex::default() }
    }
}

impl Platform for Page {
    fn kind(&self) -> &'static str {
        "facebook"
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("auth", "token".to_owned()),
            ("client_id", self.platform.app().0),
            ("page_id", self.page.id.clone()),
            ("api_base", self.platform.address()),
            ("import", "1".to_owned()),
            ("timeout_s", GIVES_UP_S.to_owned()),
        ]
    }

    fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![
            ("client_secret", self.platform.app().1),
            ("verify_token", "only-in-this-storm".to_owned()),
            ("page_token", self.page.token.clone()),
        ]
    }

    fn say(&self, who: usize, text: &str) {
        let mut people = self.people.lock().expect("no holder panics");
        let patron =
            people.entry(who).or_insert_with(|| self.platform.person(&format!("Patron {who}"))).clone();
        drop(people);
        if who.is_multiple_of(2) {
            patron.comment(&self.posts[who / 2 % POSTS], text).expect("there is the post");
        } else {
            patron.write(&self.page.id, text);
        }
    }

    fn given(&self) -> BTreeMap<String, usize> {
        let said = self.platform.ledger().pick(|line| match line.what.own() {
            Some(Happened::Said { text, .. }) => Some(text.clone()),
            _ => None,
        });
        once_each(said)
    }

    fn taken_after(&self, seq: u64) -> Vec<String> {
        self.platform.ledger().pick_after(seq, |line| match line.what.own() {
            // A file goes alone and without words.
            Some(Happened::Taken { text, files, public, .. }) if *public || files.is_empty() => {
                Some(text.clone())
            }
            _ => None,
        })
    }

    fn carried(&self) -> Vec<Vec<u8>> {
        let taken = self.platform.ledger().pick(|line| match line.what.own() {
            Some(Happened::Taken { id, .. }) => Some(id.clone()),
            _ => None,
        });
        taken.iter().flat_map(|id| self.platform.files_of(id)).collect()
    }

    fn acknowledged(&self) -> Vec<String> {
        self.platform.ledger().pick(acknowledged)
    }

    fn calls(&self) -> bool {
        true
    }

    fn turned_away(&self) -> usize {
        self.platform.ledger().pick(turned_away).len()
    }

    fn lines(&self) -> u64 {
        self.platform.ledger().len()
    }

    fn trouble(&self) {
        web_troubles().for_each(|plan| self.platform.faults().switch_on(plan));
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }

    fn sign_out(&self) {
        self.platform.revoke(&self.page.id);
    }

    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()> {
        self.platform.restore(&self.page);
        staff.change(channel, &json!({ "settings": { "page_token": self.page.token } }))
    }
}
