//! What is there at the simulated instance: people, posts, what people are told of.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// How long a key makes the same post one post.
const KEYS_LAST_MS: i64 = 3_600_000;

/// Who may read a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Everybody, and it is shown to all.
    Public,
    /// Everybody who comes by.
    Unlisted,
    /// Followers, and whom it names.
    Private,
    /// Whom it names.
    Direct,
}

impl Seen {
    /// Of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Public, Self::Unlisted, Self::Private, Self::Direct]
            .into_iter()
            .find(|seen| seen.name() == name)
    }

    /// As it is said on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }
}

/// Somebody with an account, here or elsewhere.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub username: String,
    /// Their instance; none: this one.
    pub host: Option<String>,
    pub name: String,
}

impl Person {
    /// As this instance writes it.
    pub fn acct(&self) -> String {
        self.host.as_ref().map_or_else(|| self.username.clone(), |host| format!("{}@{host}", self.username))
    }
}

/// A post.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: String,
    pub by: String,
    /// As it was written.
    pub text: String,
    pub at_ms: i64,
    pub seen: Seen,
    pub answers: Option<String>,
    /// The people it names.
    pub names: Vec<String>,
    pub media: Vec<String>,
}

/// Somebody was named in a post.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: String,
    pub whom: String,
    pub post: String,
    pub at_ms: i64,
    /// Kept from its owner by the account's own filters, as private posts of strangers are.
    pub filtered: bool,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Stored {
    pub content_type: String,
    pub bytes: Vec<u8>,
    /// How often it is still being worked on when somebody looks.
    pub unready: u32,
}

/// A line of the platform's own in its ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Something was posted.
    Posted {
        /// Its number.
        id: String,
        /// By whom.
        by: String,
        /// Who may read it.
        seen: Seen,
        /// What it says.
        text: String,
        /// Through the API.
        through: bool,
        /// How many bytes each of its files has.
        #[serde(default)]
        files: Vec<usize>,
    },
    /// An app registered itself.
    Registered {
        /// What names it.
        client_id: String,
    },
    /// Somebody signed in through an app.
    Signed {
        /// Who.
        account: String,
    },
}

/// Everything, under one lock.
#[derive(Debug, Default)]
pub struct World {
    pub domain: String,
    pub people: Vec<Person>,
    pub posts: Vec<Posted>,
    pub told: Vec<Told>,
    pub files: HashMap<String, Stored>,
    keys: HashMap<(String, String), (String, i64)>,
    last: u64,
}

static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^=/\w@])@(\w+(?:[\w.-]*\w)?(?:@[\w.-]*\w)?)").expect("it is written above")
});

impl World {
    /// How many bytes each of these files has.
    pub fn sizes(&self, media: &[String]) -> Vec<usize> {
        media.iter().filter_map(|id| self.files.get(id)).map(|file| file.bytes.len()).collect()
    }

    /// Nobody there yet.
    pub fn of_domain(domain: String) -> Self {
        Self { domain, ..Self::default() }
    }

    /// A number for something made now; each is greater than the one before, and than those of an earlier instance.
    pub fn number(&mut self, now_ms: i64) -> String {
        let first = u64::try_from(now_ms).unwrap_or(0) << 16;
        self.last = first.max(self.last + 1);
        self.last.to_string()
    }

    /// The number of whoever has this name, who moves in if nobody has.
    pub fn person(&mut self, acct: &str, name: &str) -> String {
        if let Some(known) = self.named(acct) {
            return known.id.clone();
        }
        let (username, host) = self.split(acct);
        let id = number_of(&acct.to_lowercase());
        self.people.push(Person { id: id.clone(), username, host, name: name.to_owned() });
        id
    }

    pub fn of(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn named(&self, acct: &str) -> Option<&Person> {
        let (username, host) = self.split(acct);
        self.people.iter().find(|person| {
            person.username.eq_ignore_ascii_case(&username)
                && person.host.as_deref().map(str::to_lowercase) == host.as_deref().map(str::to_lowercase)
        })
    }

    fn split(&self, acct: &str) -> (String, Option<String>) {
        match acct.trim_start_matches('@').split_once('@') {
            Some((username, host)) if !host.eq_ignore_ascii_case(&self.domain) => {
                (username.to_owned(), Some(host.to_owned()))
            }
            Some((username, _)) => (username.to_owned(), None),
            None => (acct.to_owned(), None),
        }
    }

    pub fn post(&self, id: &str) -> Option<&Posted> {
        self.posts.iter().find(|post| post.id == id)
    }

    pub fn may_read(&self, whom: &str, post: &Posted) -> bool {
        matches!(post.seen, Seen::Public | Seen::Unlisted)
            || post.by == whom
            || post.names.iter().any(|named| named == whom)
    }

    /// Takes a post back; what people were told of it goes with it.
    pub fn delete(&mut self, id: &str) {
        self.posts.retain(|post| post.id != id);
        self.told.retain(|told| told.post != id);
    }

    /// Puts a post up and tells everybody of this instance whom it names.
    pub fn put(
        &mut self,
        by: &str,
        text: &str,
        seen: Seen,
        answers: Option<&str>,
        media: Vec<String>,
        now_ms: i64,
    ) -> Posted {
        let mut names: Vec<String> = Vec::new();
        for found in NAMES.captures_iter(text) {
            if let Some(person) = self.named(&found[1])
                && !names.contains(&person.id)
            {
                names.push(person.id.clone());
            }
        }
        let post = Posted {
            id: self.number(now_ms),
            by: by.to_owned(),
            text: text.to_owned(),
            at_ms: now_ms,
            seen,
            answers: answers.map(str::to_owned),
            names,
            media,
        };
        self.posts.push(post.clone());
        for whom in post.names.iter().filter(|whom| *whom != by) {
            let told = Told {
                id: self.number(now_ms),
                whom: whom.clone(),
                post: post.id.clone(),
                at_ms: now_ms,
                filtered: seen == Seen::Direct && answers.is_none(),
            };
            self.told.push(told);
        }
        post
    }

    /// What was posted under this key before.
    pub fn under_key(&self, account: &str, key: &str, now_ms: i64) -> Option<&Posted> {
        let (id, until) = self.keys.get(&(account.to_owned(), key.to_owned()))?;
        if *until > now_ms { self.post(id) } else { None }
    }

    pub fn keep_key(&mut self, account: &str, key: &str, post: &str, now_ms: i64) {
        let name = (account.to_owned(), key.to_owned());
        self.keys.insert(name, (post.to_owned(), now_ms + KEYS_LAST_MS));
    }
}

/// The same in every simulated instance, so that people stay who they are when it is built anew.
fn number_of(acct: &str) -> String {
    // FNV-1a: spreads names well enough that no two of a town share a number.
    let spread = acct.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (109_000_000_000_000_000 + spread % 900_000_000_000_000).to_string()
}
