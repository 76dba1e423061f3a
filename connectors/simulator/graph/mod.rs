//! Meta's Graph API in miniature: Pages with Messenger conversations and comments, people who write, an app that reads,
//! answers and is called.
//!
//! ```no_run
//! # use connectors::simulator::{FrozenClock, graph::{GraphOptions, GraphPlatform}};
//! # async fn example() -> std::io::Result<()> {
//! let clock = FrozenClock::at(1_791_277_331_000);
//! let platform = GraphPlatform::start(GraphOptions::new(clock.clone())).await?;
//! let page = platform.add_page("Fernhill Library");
//! let abena = platform.person("Abena Osei");
//! abena.answers_next(60_000, "Thank you!");
//! abena.write(&page.id, "Do you lend laptops?");
//! // A connector reads and answers at platform.address() with page.token; then:
//! clock.advance(60_000);
//! platform.run_due();
//! # Ok(()) }
//! ```
//!
//! What it does not do: Instagram, reactions, templates, uploads by address, and looking at how fast calls come.

mod acting;
mod api;
mod book;
mod calls;
mod entry;
mod fields;
mod happening;
mod patron;
mod refusal;
mod render;
mod signin;
#[cfg(test)]
mod tests;
mod usage;

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;

pub use entry::Happened;
pub use patron::{Decide, GraphPatron, Heard};

use self::book::{Book, Grant, Message, Page, Usage};
use self::patron::Resident;
use super::web::{Caller, Entry, Front, WebFault};
use super::{Clock, Faults, Ledger, lock};

/// What fields a request names: each with the names of what is said of it, and what is wanted of it.
#[cfg(test)]
pub(crate) fn fields_of(text: &str) -> Option<Vec<(String, Vec<String>, String)>> {
    let fields = fields::parse(text)?;
    let laid_out = fields.into_iter().map(|field| {
        let said = field.said.iter().map(|(name, _)| name.clone()).collect();
        (field.name, said, fields::written(&field.within))
    });
    Some(laid_out.collect())
}

/// How the platform is to be.
#[derive(Debug, Clone)]
pub struct GraphOptions {
    /// What time it is there, and when later is.
    pub clock: Arc<dyn Clock>,
    /// The same seed makes the same ids and chances.
    pub seed: u64,
    /// Of the app.
    pub app_id: String,
    /// Of the app.
    pub app_secret: String,
    /// Meta has approved the feature Human Agent for the app.
    pub human_agent: bool,
    /// The echo of a message has been called out before the message's own answer is given.
    pub echo_first: bool,
    /// Posts, comments and conversations are numbered from here on: a platform that is built anew must number anew.
    pub first_number: u64,
    /// The port; 0: any free one.
    pub port: u16,
    /// The ledger is also appended to this file.
    pub ledger_file: Option<PathBuf>,
}

impl GraphOptions {
    /// An approved app, no Page yet, any port.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            seed: 1,
            app_id: "290112233445566".to_owned(),
            app_secret: "c0ffee5ec2e7c0ffee5ec2e7c0ffee5e".to_owned(),
            human_agent: true,
            echo_first: false,
            first_number: 0,
            port: 0,
            ledger_file: None,
        }
    }
}

/// A Page as the library is given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPage {
    /// Its number.
    pub id: String,
    /// What speaks for it.
    pub token: String,
}

struct Hall {
    front: Front<Happened>,
    caller: Caller<Happened>,
    book: Mutex<Book>,
    address: OnceLock<SocketAddr>,
    echo_first: bool,
}

impl Hall {
    /// Where it listens; known once it does.
    fn address(&self) -> String {
        self.address.get().map_or_else(String::new, |address| format!("http://{address}"))
    }
}

/// A running platform. Stops when it is dropped; [`GraphPlatform::stop`] also waits for it.
pub struct GraphPlatform {
    hall: Arc<Hall>,
    address: SocketAddr,
}

impl GraphPlatform {
    /// Starts it on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken, the ledger's file cannot be written, or the system's certificates cannot be read.
    pub async fn start(options: GraphOptions) -> io::Result<Self> {
        let front = Front::open(options.clock, options.seed, options.ledger_file.as_deref())?;
        let secret = options.app_secret.clone();
        let sign = Arc::new(move |call: &super::web::Callback| calls::sign(&secret, call));
        let caller = Caller::new(front.clone(), sign, calls::persistence())?;
        let book = Book {
            app_id: options.app_id,
            app_secret: options.app_secret,
            human_agent: options.human_agent,
            last_number: options.first_number,
            ..Book::default()
        };
        let hall = Arc::new(Hall {
            front: front.clone(),
            caller,
            book: Mutex::new(book),
            address: OnceLock::new(),
            echo_first: options.echo_first,
        });
        let router =
            Router::new().fallback(api::serve).layer(DefaultBodyLimit::disable()).with_state(hall.clone());
        let address = front.serve(options.port, api::Graphs, router).await?;
        // Set once, here.
        let _ = hall.address.set(address);
        Ok(Self { hall, address })
    }

    /// Where it listens: what `api_base` is set to.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The app's number and secret.
    pub fn app(&self) -> (String, String) {
        let book = lock(&self.hall.book);
        (book.app_id.clone(), book.app_secret.clone())
    }

    /// What was asked, what was called, and what happened.
    pub fn ledger(&self) -> &Ledger<Entry<Happened>> {
        &self.hall.front.ledger
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<WebFault> {
        &self.hall.front.faults
    }

    /// Adds a Page.
    pub fn add_page(&self, name: &str) -> OwnPage {
        let mut book = lock(&self.hall.book);
        let id = book.account();
        let token = format!("EAAP{}", self.hall.front.stage.random.word());
        book.grants.insert(token.clone(), Grant::Page(id.clone()));
        let page = Page { id: id.clone(), name: name.to_owned(), token: token.clone(), subscribed: None };
        book.pages.insert(id.clone(), page);
        OwnPage { id, token }
    }

    /// The Page posts something; gives the post's number.
    pub fn post(&self, page: &str, text: &str) -> String {
        self.hall.posts(page, (page, &self.name_of(page)), text)
    }

    /// Somebody with an account.
    pub fn person(&self, name: &str) -> GraphPatron {
        self.settle(name, None)
    }

    /// Somebody who decides what they say to each thing they get, unless something is laid ready.
    pub fn person_who(&self, name: &str, decide: Decide) -> GraphPatron {
        self.settle(name, Some(decide))
    }

    fn settle(&self, name: &str, decide: Option<Decide>) -> GraphPatron {
        let mut book = lock(&self.hall.book);
        let id = book.account();
        let resident = Arc::new(Resident {
            id: id.clone(),
            name: name.to_owned(),
            next: Mutex::new(VecDeque::new()),
            decide: Mutex::new(decide),
            heard: Mutex::default(),
        });
        book.people.insert(id, resident.clone());
        GraphPatron { resident, hall: self.hall.clone() }
    }

    /// The Page's staff write to a person in Meta's own inbox; gives the message's number.
    pub fn answer_by_hand(&self, page: &str, person: &str, text: &str) -> String {
        let id = lock(&self.hall.book).mid(&self.hall.front.stage.random.word());
        let message = Message {
            id: id.clone(),
            ours: true,
            text: Some(text.to_owned()),
            at: self.hall.front.now(),
            files: Vec::new(),
            metadata: None,
            app: None,
        };
        self.hall.front.note(Happened::Answered { id: id.clone(), public: false });
        self.hall.page_writes(page, person, message);
        id
    }

    /// The Page's staff answer a comment at Facebook; gives the comment's number.
    pub fn comment_by_hand(&self, page: &str, on: &str, text: &str) -> Option<String> {
        let id = self.hall.comments((page, &self.name_of(page)), on, text, None)?;
        self.hall.front.note(Happened::Answered { id: id.clone(), public: true });
        Some(id)
    }

    fn name_of(&self, page: &str) -> String {
        lock(&self.hall.book).pages.get(page).map_or_else(String::new, |page| page.name.clone())
    }

    /// How much of an allowance is used, in per cent: of `app`, `pages` or `messenger`. At 100 calls are refused, and would
    /// be heard again after so many minutes.
    pub fn set_usage(&self, about: &str, percent: u32, regain_minutes: u32) {
        lock(&self.hall.book).usage.insert(about.to_owned(), Usage { percent, regain_minutes });
    }

    /// Refuses the next call that would do something, with this code and subcode (0: none).
    pub fn refuse_next(&self, code: i64, subcode: i64) {
        lock(&self.hall.book).refusals.push_back(refusal::no(code, subcode, "as was asked for"));
    }

    /// The Page's token works no more.
    pub fn revoke(&self, page: &str) {
        lock(&self.hall.book).grants.retain(|_, grant| !matches!(grant, Grant::Page(of) if of == page));
    }

    /// The Page's token works again.
    pub fn restore(&self, page: &OwnPage) {
        lock(&self.hall.book).grants.insert(page.token.clone(), Grant::Page(page.id.clone()));
    }

    /// The addresses of all files run out; asking for their message or comment gives new ones.
    pub fn let_files_run_out(&self) {
        let mut book = lock(&self.hall.book);
        let old = std::mem::take(&mut book.files);
        for (name, file) in old {
            let fresh = format!("fresh-{name}");
            for sent in
                book.threads.iter_mut().flat_map(|thread| &mut thread.messages).flat_map(|m| &mut m.files)
            {
                if sent.url.ends_with(&format!("/{name}")) {
                    sent.url = sent.url.replace(&name, &fresh);
                }
            }
            book.files.insert(fresh, file.clone());
            book.files.insert(name, book::StoredFile { bytes: None, ..file });
        }
    }

    /// Takes the app off the Page without a word, as Meta does after an hour without success.
    pub fn forget_app(&self, page: &str) {
        if let Some(page) = lock(&self.hall.book).pages.get_mut(page) {
            page.subscribed = None;
        }
    }

    /// Waits until no call is under way or to be repeated.
    pub async fn calls_settled(&self) {
        self.hall.caller.settled().await;
    }

    /// The files of the message or comment of this number, as they came.
    pub fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        let book = lock(&self.hall.book);
        let messages = book.threads.iter().flat_map(|thread| &thread.messages).filter(|one| one.id == id);
        let shown = book.comments.iter().filter(|one| one.id == id).filter_map(|one| one.photo.as_ref());
        let urls = messages.flat_map(|one| one.files.iter().map(|file| &file.url)).chain(shown);
        let pieces = urls.filter_map(|url| book.files.get(url.rsplit('/').next()?));
        pieces.filter_map(|file| file.bytes.clone()).collect()
    }

    /// Returns when everything is done that is due by the clock.
    pub fn run_due(&self) {
        self.hall.front.run_due();
    }

    /// When the next thing is due, epoch milliseconds.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.hall.front.next_due_ms()
    }

    /// Stops, and waits until the last task has ended.
    pub async fn stop(&self) {
        self.hall.front.end().await;
    }
}

impl Drop for GraphPlatform {
    fn drop(&mut self) {
        self.hall.front.cancel();
    }
}

impl fmt::Debug for GraphPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphPlatform").field("address", &self.address).finish_non_exhaustive()
    }
}
