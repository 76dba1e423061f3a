//! A real Dovecot: IMAP, LMTP and submission, with passwords and with tokens.

use super::leash::{self, Leash, Owner, directory, free_ports, is_root};
use super::{eventually, installed, log_of, skipped, smtp};
use axum::extract::State;
use axum::{Form, Json, Router, routing::post};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// How a Dovecot is to be.
#[derive(Default)]
pub struct Wanted {
    /// Serve IMAP over TLS too, with a certificate of an authority made for this server.
    pub tls: bool,
    /// The port on loopback that the submission service hands mail on to; a closed one when not given.
    pub relay: Option<u16>,
}

/// A running Dovecot. Every mailbox exists: `NAME@example.test` and `NAME` are the same, the password is [`PASSWORD`],
/// and a token works once [`Dovecot::grant`] said so.
pub struct Dovecot {
    /// IMAP without TLS.
    pub imap: u16,
    /// IMAP over TLS; nothing listens unless [`Wanted::tls`].
    pub imaps: u16,
    /// LMTP, as Postfix delivers.
    pub lmtp: u16,
    /// Submission (`AUTH` needed), handing on to [`Wanted::relay`].
    pub submission: u16,
    /// Certificate of the authority to trust for [`Dovecot::imaps`], which is `localhost`; empty unless [`Wanted::tls`].
    pub authority_pem: String,
    dir: PathBuf,
    tokens: Tokens,
    _leash: Leash,
}

/// The password of every mailbox.
pub const PASSWORD: &str = "correct-horse";

/// Token to user, as the introspection endpoint answers it.
type Tokens = Arc<Mutex<HashMap<String, String>>>;

impl Dovecot {
    /// Starts one; `None`, said aloud, where Dovecot is not installed.
    pub fn start(wanted: &Wanted) -> Option<Self> {
        let all = ["imap", "lmtp", "submission"].map(|part| format!("/usr/lib/dovecot/{part}"));
        let here = all.iter().all(|part| Path::new(part).exists());
        let Some(program) = installed(&["/usr/sbin/dovecot"]).filter(|_| here) else {
            skipped("Dovecot");
            return None;
        };
        // Another process may take a port between our look and Dovecot's.
        let tries =
            (0..3).find_map(|_| Self::start_once(&program, wanted).map_err(|log| eprintln!("{log}")).ok());
        Some(tries.expect("Dovecot starts"))
    }

    fn start_once(program: &Path, wanted: &Wanted) -> Result<Self, String> {
        let owner = Owner::for_servers();
        let dir = directory("bell-dc-", owner).expect("/tmp takes a directory");
        let tokens = Tokens::default();
        let introspection = serve_introspection(Arc::clone(&tokens));
        let [imap, imaps, lmtp, submission, closed] = free_ports();
        let authority_pem = if wanted.tls { write_certificate(&dir) } else { String::new() };

        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            std::fs::write(&path, text).expect("our own directory takes a file");
            Owner::own(owner, &path).expect("it is ours to give");
        };
        let relay = wanted.relay.unwrap_or(closed);
        write("oauth2.conf.ext", &oauth2_settings(introspection));
        let ports = Ports { imap, imaps, lmtp, submission, relay };
        let settings = settings(&dir, &ports, wanted.tls);
        write("dovecot.conf", &settings);

        let config = dir.join("dovecot.conf");
        let command = [program.to_str(), Some("-F"), Some("-c"), config.to_str()]
            .map(|word| word.expect("plain ASCII"));
        let leash = Leash::start(&leash::Server {
            dir: &dir,
            command: &command,
            signal: "TERM",
            pid_file: "",
            owner,
        })
        .expect("bash starts the server");
        let log = dir.join("output.log");
        eventually("Dovecot listens", || {
            if log_of(&log).contains("Fatal") {
                return Some(Err(log_of(&log)));
            }
            let listens = |port: &u16| std::net::TcpStream::connect(("127.0.0.1", *port)).is_ok();
            [imap, lmtp, submission].iter().all(listens).then_some(Ok(()))
        })?;
        Ok(Self { imap, imaps, lmtp, submission, authority_pem, dir, tokens, _leash: leash })
    }

    /// Delivers `raw` into the INBOX of `user`, as a mail server would.
    pub fn deliver_lmtp(&self, user: &str, raw: &[u8]) {
        let answer = smtp::Conversation::open(self.lmtp, "LHLO").mail("patron@far.test", &[user], raw);
        assert_eq!(answer.code, 250, "{answer:?}\n{}", self.log());
    }

    /// Lets `token` sign in as `user` until [`Dovecot::revoke`].
    pub fn grant(&self, token: &str, user: &str) {
        self.tokens.lock().expect("no panic while it is held").insert(token.to_owned(), user.to_owned());
    }

    /// Makes `token` worth nothing, as one that ran out.
    pub fn revoke(&self, token: &str) {
        self.tokens.lock().expect("no panic while it is held").remove(token);
    }

    /// Runs `doveadm` on this server with `input` and returns what it prints.
    pub fn doveadm(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = Command::new("doveadm");
        command.arg("-c").arg(self.dir.join("dovecot.conf")).args(arguments);
        if let Some(Owner { uid, gid }) = Owner::for_servers() {
            std::os::unix::process::CommandExt::uid(&mut command, uid);
            std::os::unix::process::CommandExt::gid(&mut command, gid);
        }
        let mut child = command
            .current_dir(&self.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("doveadm comes with Dovecot");
        std::io::Write::write_all(&mut child.stdin.take().expect("piped"), input).expect("doveadm reads");
        let end = child.wait_with_output().expect("doveadm ends");
        let errors = String::from_utf8_lossy(&end.stderr);
        assert!(end.status.success(), "doveadm {arguments:?}: {errors}");
        String::from_utf8_lossy(&end.stdout).into_owned()
    }

    /// Gives the INBOX of `user` another UIDVALIDITY, as a restored or rebuilt mailbox has: every UID known is void.
    pub fn renumber(&self, user: &str, uid_validity: u32) {
        let validity = uid_validity.to_string();
        self.doveadm(&["mailbox", "update", "-u", user, "--uid-validity", &validity, "INBOX"], b"");
    }

    /// What Dovecot wrote to its log.
    pub fn log(&self) -> String {
        log_of(&self.dir.join("output.log"))
    }
}

struct Ports {
    imap: u16,
    imaps: u16,
    lmtp: u16,
    submission: u16,
    relay: u16,
}

/// One setting a line: Dovecot's parser wants it so inside blocks.
fn settings(dir: &Path, ports: &Ports, tls: bool) -> String {
    let dir = dir.display();
    let Ports { imap, imaps, lmtp, submission, relay } = ports;
    let mut text = format!(
        "base_dir = {dir}/run
state_dir = {dir}/state
log_path = /dev/stderr
protocols = imap lmtp submission
listen = 127.0.0.1
hostname = mx.example.test
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %n
# A wrong password is answered at once; waiting would only slow tests down.
auth_failure_delay = 0
passdb {{
  driver = static
  mechanisms = plain login
  args = password={PASSWORD}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.conf.ext
}}
userdb {{
  driver = static
  # LMTP asks no password, so no password database could vouch for the user.
  args = home={dir}/mail/%n allow_all_users=yes
}}
mail_location = maildir:~/Maildir
first_valid_uid = 1
first_valid_gid = 1
lda_mailbox_autocreate = yes
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {}
    ssl = {}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
",
        if tls { *imaps } else { 0 },
        if tls { "yes" } else { "no" },
    );
    if tls {
        write!(text, "ssl = yes\nssl_cert = <{dir}/server.pem\nssl_key = <{dir}/server.key\n")
            .expect("to memory");
    } else {
        text.push_str("ssl = no\n");
    }
    text.push_str(&without_privileges());
    text
}

/// Dovecot's processes usually run as several accounts in chroots, which only root can set up. Here all are one account.
fn without_privileges() -> String {
    let (user, group) = if is_root() {
        (leash::ACCOUNT.to_owned(), leash::ACCOUNT.to_owned())
    } else {
        let ask = |flag: &str| {
            let told = Command::new("id").arg(flag).output().expect("every system has id");
            String::from_utf8_lossy(&told.stdout).trim().to_owned()
        };
        (ask("-un"), ask("-gn"))
    };
    let mut text = format!(
        "default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n"
    );
    for service in ["anvil", "stats", "imap-login", "submission-login"] {
        writeln!(text, "service {service} {{\n  chroot =\n}}").expect("to memory");
    }
    text
}

fn oauth2_settings(port: u16) -> String {
    format!(
        "introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
"
    )
}

/// Answers token introspection (RFC 7662) from `tokens` until the process ends; returns its port.
fn serve_introspection(tokens: Tokens) -> u16 {
    async fn introspect(
        State(tokens): State<Tokens>,
        Form(asked): Form<HashMap<String, String>>,
    ) -> Json<Value> {
        let tokens = tokens.lock().expect("no panic while it is held");
        Json(match asked.get("token").and_then(|token| tokens.get(token)) {
            Some(user) => json!({ "active": true, "username": user }),
            None => json!({ "active": false }),
        })
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.set_nonblocking(true).expect("a socket setting");
    let port = listener.local_addr().expect("it is bound").port();
    // A thread with its own runtime: a test's runtime may be paused, or end before Dovecot asks for the last time.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime needs only a few descriptors");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it is non-blocking");
            let routes = Router::new().route("/introspect", post(introspect)).with_state(tokens);
            axum::serve(listener, routes).await.expect("serving on loopback does not fail");
        });
    });
    port
}

/// Writes `server.pem` and `server.key` for `localhost`; returns the certificate of the authority that signed it.
fn write_certificate(dir: &Path) -> String {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    let key = || KeyPair::generate().expect("ring makes keys");
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Deskbell test authority");
    let authority_key = key();
    let authority_pem = authority.self_signed(&authority_key).expect("a plain authority").pem();
    let issuer = Issuer::new(authority, authority_key);
    let server_key = key();
    let server = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])
        .and_then(|names| names.signed_by(&server_key, &issuer))
        .expect("a plain server certificate");
    std::fs::write(dir.join("server.pem"), server.pem()).expect("our own directory takes a file");
    std::fs::write(dir.join("server.key"), server_key.serialize_pem())
        .expect("our own directory takes a file");
    let owner = Owner::for_servers();
    Owner::own(owner, &dir.join("server.pem")).expect("it is ours to give");
    Owner::own(owner, &dir.join("server.key")).expect("it is ours to give");
    authority_pem
}
