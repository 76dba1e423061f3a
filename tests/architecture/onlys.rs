//! The five onlys: what only one place in the house may do.

use super::source::Source;
use super::{hold, source};
use regex::Regex;

const SRC: &[&str] = &["src/"];
const BOTH_CRATES: &[&str] = &["src/", "connectors/"];

/// Something that only a few files may say.
struct Only<'a> {
    /// Where it is looked for.
    rooms: &'a [&'a str],
    /// The files (paths, as prefixes) that may say it.
    allowed: &'a [&'a str],
    /// A regular expression for what they may say.
    says: &'a str,
    /// What to do about it, for whoever meets the failing test.
    instead: &'a str,
}

impl Only<'_> {
    fn broken_by(&self, files: &[Source], view: fn(&Source) -> &str) -> Vec<String> {
        let says = Regex::new(self.says).expect("written below");
        let mut found = Vec::new();
        for file in files.iter().filter(|file| file.ships_in(self.rooms)) {
            if self.allowed.iter().any(|path| file.path.starts_with(path)) {
                continue;
            }
            for (number, line) in (1..).zip(view(file).lines()) {
                if let Some(said) = says.find(line) {
                    let (path, said, instead) = (&file.path, said.as_str(), self.instead);
                    found.push(format!("{path}:{number}: `{said}`: {instead}"));
                }
            }
        }
        found
    }
}

fn code(file: &Source) -> &str {
    &file.code
}

fn bare(file: &Source) -> &str {
    &file.bare
}

fn words(file: &Source) -> &str {
    // A comment may need an example; the web's files are not taken apart, so there even a comment goes without.
    &file.code
}

/// The platforms in the one list of them, and the four that Deskbell began with.
fn platforms(lib: &str) -> Vec<String> {
    let mut names = ["email", "facebook", "sms", "x"].map(str::to_owned).to_vec();
    let list = lib.split_once("pub fn all()").and_then(|(_, rest)| rest.split_once("\n}"));
    let (body, _) = list.expect("connectors/lib.rs lists the platforms in `all`");
    for entry in Regex::new(r"&(\w+)::").expect("written here").captures_iter(body) {
        if !names.contains(&entry[1].to_owned()) {
            names.push(entry[1].to_owned());
        }
    }
    names
}

fn lib() -> String {
    std::fs::read_to_string(source::root().join("connectors/lib.rs")).expect("the crate is there")
}

#[test]
fn a_new_platform_is_read_from_the_one_list() {
    let lib = "pub fn all() -> &'static [&'static dyn C] {\n    &[&email::Email, &pigeon::Post]\n}\nfn b() { &c::D }";
    assert_eq!(platforms(lib), ["email", "facebook", "sms", "x", "pigeon"]);
}

/// Words that only a platform's own folder may use. A folder's name counts from three letters on.
fn platform_words() -> String {
    let mut words = ["facebook", "messenger", "instagram", "whatsapp", "twitter", "tweet", "twilio"]
        .map(str::to_owned)
        .to_vec();
    // Short ones only where a word begins: a "minimap" is none of them.
    words.extend(["imap", "smtp", "sms", "mms"].map(|word| format!(r"(?:\b|_){word}")));
    // A member of staff signs in with an e-mail address, which is no platform: the bare word is theirs.
    words.push(
        r#"(?-i:["'`]email["'`]|Email\b|Email[A-Z]|\bemail_\w|\b(email|mail)::|[Ee]-mail (channel|message))"#
            .to_owned(),
    );
    let long = platforms(&lib()).into_iter().filter(|name| name.len() > 2 && name != "email");
    words.extend(long.map(|name| format!(r"(?:\b|_){name}")));
    format!("(?i){}", words.join("|"))
}

#[test]
fn only_a_connector_names_its_platform() {
    let platforms = platform_words();
    let named = Only {
        rooms: &["src/", "web/src/"],
        // The mailbox's own commands: what an administrator types to look into one.
        allowed: &["src/commands/mail"],
        says: &platforms,
        instead: "only connectors/<platform>/ names a platform; draw it from what the connector declares",
    };
    // What HTML itself calls a field for a staff member's own address.
    let html = Regex::new(r#"(type|autocomplete|inputmode)="email""#).expect("written here");
    let rule = |files: &[Source]| {
        let files: Vec<Source> = files
            .iter()
            .filter(|file| file.ships_in(named.rooms))
            .map(|file| Source::new(&file.path, &html.replace_all(&file.text, "")))
            .collect();
        let mut found = named.broken_by(&files, words);
        found.extend(folders_named(&files));
        found
    };
    hold(
        rule,
        &[
            ("src/inbound.rs", "if kind == \"facebook\" {}"),
            ("src/http/channels.rs", "fn imap_host() {}"),
            ("src/outbound.rs", "use connectors::x::compose;"),
            ("src/model/address.rs", "enum Kind { Email, Phone }"),
            ("src/outbound.rs", "if manifest.name == \"email\" {}"),
            ("src/store/people.rs", "fn email_channels() {}"),
            ("src/model/text.rs", "enum Unit { Characters, SmsSegments }"),
            ("src/model/text.rs", "if platform == \"x\" {}"),
            ("web/src/composer/Composer.svelte", "{#if channel.platform === 'sms'}"),
            ("web/src/inbox/row.ts", "// tweets are short"),
        ],
        &[
            ("src/commands/mailbox/mod.rs", "use connectors::email::read;"),
            ("src/commands/mail_import.rs", "const IMAP: &str = \"imap\";"),
            ("src/channel/roster.rs", "use connectors::contract::Manifest;"),
            ("src/store/people.rs", "const Q: &str = \"SELECT id FROM staff WHERE email = $1\";"),
            ("src/model/text.rs", "fn minimap() -> &'static str { \"transmission\" }"),
            ("web/src/inbox/keys.ts", "keys.bind(\"x\", select)"),
            ("web/src/access/SignIn.svelte", "<input type=\"email\" autocomplete=\"email\" />"),
            ("connectors/email/mod.rs", "const NAME: &str = \"email\";"),
        ],
    );
}

/// `connectors::x` and `"x"`, where the name of the folder is too short to be looked for as a word.
fn folders_named(files: &[Source]) -> Vec<String> {
    let any = Regex::new(r"\bconnectors::(\w+)").expect("written here");
    let platforms = platforms(&lib());
    let mut found = Vec::new();
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    for file in rust.filter(|file| !file.path.starts_with("src/commands/mail")) {
        for (number, _) in (1..).zip(file.code.lines()).filter(|(_, line)| line.contains("\"x\"")) {
            found.push(format!("{}:{number}: `\"x\"` names a platform", file.path));
        }
        for (number, line) in (1..).zip(file.bare.lines()) {
            for path in any.captures_iter(line) {
                if platforms.iter().any(|platform| *platform == path[1]) {
                    found.push(format!("{}:{number}: `{}` names a platform", file.path, &path[0]));
                }
            }
        }
    }
    found
}

#[test]
fn only_the_store_contains_sql_or_names_an_engine() {
    let in_code = Only {
        rooms: SRC,
        allowed: &["src/store/", "src/store.rs"],
        says: r"(?i)\bsqlx\b|sqlite|postgres|\bpg_?(pool|connection|row)",
        instead: "only src/store/ knows that there are engines",
    };
    let in_strings = Only {
        says: r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|ORDER BY|WHERE)\b",
        instead: "only src/store/ contains SQL",
        ..in_code
    };
    // How a row becomes a noun is a noun's own affair, and the same for any engine.
    let rows = Regex::new(r"(?m)^use sqlx::FromRow;|#\[sqlx\(").expect("written here");
    hold(
        |files| {
            let without_rows = |file: &Source| match file.path.starts_with("src/model/") {
                true => Source::new(&file.path, &rows.replace_all(&file.text, "")),
                false => Source::new(&file.path, &file.text),
            };
            let shipped = files.iter().filter(|file| file.ships_in(SRC));
            let files: Vec<Source> = shipped.map(without_rows).collect();
            let mut found = in_code.broken_by(&files, bare);
            found.extend(in_strings.broken_by(&files, code));
            found
        },
        &[
            ("src/report/waits.rs", "sqlx::query(\"x\")"),
            ("src/report/waits.rs", "const Q: &str = \"SELECT 1\";"),
            ("src/report/waits.rs", "use sqlx::FromRow;"),
            ("src/model/wait.rs", "use sqlx::{FromRow, Sqlite};"),
            ("src/app.rs", "match db { Db::Sqlite(_) => 1, Db::Postgres(_) => 2 }"),
            ("src/bus.rs", "const Q: &str = r#\"\n  DELETE FROM events\n\"#;"),
        ],
        &[
            ("src/store/events.rs", "sqlx::query(\"SELECT 1\")"),
            ("src/config.rs", "/// A `postgres://` address, or the file of a SQLite database.\nurl: String"),
            ("src/report/waits.rs", "const SENTENCE: &str = \"Select a desk, where it waits.\";"),
            (
                "src/model/wait.rs",
                "use sqlx::FromRow;\n#[derive(FromRow)]\nstruct W {\n    #[sqlx(try_from = \"String\")]\n    a: Role,\n}",
            ),
            ("src/report/tests.rs", "sqlx::query(\"SELECT 1\")"),
        ],
    );
}

#[test]
fn only_http_chooses_our_status_codes() {
    let only = Only {
        rooms: SRC,
        allowed: &["src/http/"],
        says: r"\bStatusCode\b|\bIntoResponse\b|\baxum::(response|http)\b",
        instead: "return what happened; src/http/ decides what a caller is told",
    };
    hold(
        |files| only.broken_by(files, bare),
        &[
            ("src/conversation/claim.rs", "return Err(StatusCode::CONFLICT);"),
            ("src/error.rs", "impl IntoResponse for Error {}"),
            ("src/access/session.rs", "use axum::http::HeaderMap;"),
        ],
        &[
            ("src/http/problem.rs", "StatusCode::CONFLICT"),
            ("src/app.rs", "axum::serve(listener, http::routes(app)).await"),
            (
                "connectors/sms/outbound.rs",
                "if response.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {}",
            ),
        ],
    );
}

#[test]
fn only_config_reads_the_environment() {
    let in_code = Only {
        rooms: BOTH_CRATES,
        allowed: &["src/config.rs"],
        says: r"\benv::(var|vars|var_os|vars_os|args|args_os|home_dir|temp_dir|current_dir)\b",
        instead: "only src/config.rs reads the environment",
    };
    let in_attributes = Only { says: r#"#\[arg\(.*\benv\b"#, ..in_code };
    hold(
        |files| {
            let mut found = in_code.broken_by(files, bare);
            found.extend(in_attributes.broken_by(files, bare));
            found
        },
        &[
            ("src/worker/sender.rs", "let slow = std::env::var(\"SLOW\");"),
            ("connectors/sms/mod.rs", "env::var_os(\"HOST\")"),
            ("src/commands/serve.rs", "#[arg(long, env = \"DESKBELL_LISTEN\")]"),
        ],
        &[
            ("src/config.rs", "std::env::var(\"DESKBELL_LISTEN\")"),
            ("src/http/version.rs", "env!(\"CARGO_PKG_VERSION\")"),
            ("src/commands/serve.rs", "#[arg(long, default_value = \"127.0.0.1:8080\")]"),
        ],
    );
}

#[test]
fn only_the_clock_reads_the_time() {
    let only = Only {
        rooms: BOTH_CRATES,
        allowed: &["src/clock.rs"],
        says: r"\b(SystemTime|Instant|Timestamp|Zoned|Utc|Local|OffsetDateTime)::now\b|\bnow_v7\b|\bnow_utc\b",
        instead: "take the time from src/clock.rs (connectors: from contract::Outside), which tests can freeze",
    };
    hold(
        |files| only.broken_by(files, bare),
        &[
            ("src/conversation/claim.rs", "let now = jiff::Timestamp::now();"),
            ("src/worker/poller.rs", "let start = std::time::Instant::now();"),
            ("src/store/messages.rs", "let id = Uuid::now_v7();"),
            ("connectors/x/inbound.rs", "SystemTime::now()"),
        ],
        &[
            ("src/clock.rs", "jiff::Timestamp::now()"),
            ("connectors/x/inbound.rs", "let now = outside.now();"),
            ("src/worker/poller.rs", "tokio::time::sleep(pause).await // not Instant::now"),
        ],
    );
}

#[test]
fn only_outside_opens_connections_to_the_world() {
    let only = Only {
        rooms: BOTH_CRATES,
        allowed: &["connectors/contract/outside.rs", "connectors/contract/outside/"],
        says: r"\b(Tcp|Unix)Stream::connect|\bUdpSocket::|\breqwest::(get|blocking)\b|\b(reqwest::)?Client(Builder)?::(new|builder|default)\b|\bSmtpTransport\b|\bAsyncSmtpTransport\b|\blookup_host\b|\bto_socket_addrs\b|\bTlsConnector::",
        instead: "go through connectors::contract::Outside, which checks hosts, records and hides secrets",
    };
    hold(
        |files| only.broken_by(files, bare),
        &[
            ("src/channel/signin.rs", "let http = reqwest::Client::new();"),
            ("connectors/email/smtp.rs", "TcpStream::connect((host, port)).await"),
            ("connectors/email/smtp.rs", "AsyncSmtpTransport::<Tokio1Executor>::relay(host)"),
            ("src/worker/push.rs", "Client::builder().build()"),
        ],
        &[
            ("connectors/contract/outside.rs", "reqwest::Client::builder()"),
            ("src/app.rs", "TcpListener::bind(config.listen).await"),
            ("connectors/email/tests.rs", "TcpStream::connect((host, port)).await"),
        ],
    );
}

#[test]
fn nothing_that_ships_unwraps() {
    let only = Only {
        rooms: BOTH_CRATES,
        allowed: &[],
        says: r"\.unwrap\(\)|\b(todo|unimplemented|dbg)!",
        instead: "return an error, or `expect` why it cannot fail",
    };
    hold(
        |files| only.broken_by(files, bare),
        &[("src/model/wait.rs", "let at = hours.first().unwrap();"), ("connectors/x/wire.rs", "todo!()")],
        &[
            ("src/model/wait.rs", "at.unwrap_or_default() // never .unwrap()"),
            ("src/model/wait.rs", "#[cfg(test)]\nmod tests {\n    fn a() { b().unwrap() }\n}\n"),
        ],
    );
}
