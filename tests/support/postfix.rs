//! A real Postfix, so that bounces are those that a mail server writes.

use super::dovecot::{Dovecot, Wanted};
use super::leash::{self, Leash, directory, free_ports, is_root};
use super::sink::Sink;
use super::{eventually, installed, log_of, skipped};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A whole post office on loopback: mail to `example.test` ends in Dovecot, mail to `far.test` at the [`Sink`] which
/// takes, refuses or puts it off, and mail to anywhere else is refused, so that nothing leaves this machine.
/// What cannot be delivered comes back to its sender as a bounce, within seconds.
pub struct PostOffice {
    /// Where mail is handed in, without a password; [`Dovecot::submission`] asks for one and hands on to here.
    pub smtp: u16,
    /// The mailboxes.
    pub dovecot: Dovecot,
    /// The far side.
    pub sink: Sink,
    dir: PathBuf,
    _leash: Leash,
}

impl PostOffice {
    /// Starts all three; `None`, said aloud, where one is not installed or the tests do not run as root, which Postfix
    /// needs.
    pub fn start() -> Option<Self> {
        let Some(program) = installed(&["/usr/sbin/postfix"]) else {
            skipped("Postfix");
            return None;
        };
        if !is_root() {
            skipped("root, without which Postfix does not start,");
            return None;
        }
        let [smtp] = free_ports();
        let dovecot = Dovecot::start(&Wanted { relay: Some(smtp), ..Wanted::default() })?;
        let sink = Sink::start();
        let dir = directory("bell-pf-", None).expect("/tmp takes a directory");
        write_configuration(&dir, smtp, dovecot.lmtp, sink.port);

        let config = dir.join("etc");
        let command = [program.to_str(), Some("-c"), config.to_str(), Some("start-fg")];
        let leash = Leash::start(&leash::Server {
            dir: &dir,
            command: &command.map(|word| word.expect("plain ASCII")),
            signal: "TERM",
            pid_file: "spool/pid/master.pid",
            owner: None,
        })
        .expect("bash starts the server");
        let office = Self { smtp, dovecot, sink, dir, _leash: leash };
        eventually("Postfix listens", || {
            let log = office.log();
            assert!(!log.contains("fatal:"), "{log}");
            std::net::TcpStream::connect(("127.0.0.1", smtp)).ok()
        });
        Some(office)
    }

    /// What Postfix wrote to its log.
    pub fn log(&self) -> String {
        let output = log_of(&self.dir.join("output.log"));
        let log = log_of(&self.dir.join("log/postfix.log"));
        format!("{output}\n{log}")
    }
}

fn write_configuration(dir: &Path, smtp: u16, lmtp: u16, sink: u16) {
    let at = |name: &str| dir.join(name);
    for folder in ["etc", "spool", "data", "log"] {
        std::fs::create_dir(at(folder)).expect("our own directory takes a folder");
        std::fs::set_permissions(at(folder), Permissions::from_mode(0o755)).expect("it is ours");
    }
    // The queue stays root's, the caches and locks are the mail account's.
    let accounts = std::process::Command::new("chown")
        .args(["postfix:postfix".as_ref(), at("data").as_os_str()])
        .status()
        .expect("every system has chown");
    assert!(accounts.success(), "the account postfix comes with its package");
    let root = dir.display();
    let main = format!(
        "compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/log/postfix.log
maillog_file_prefixes = {root}
myhostname = mx.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = example.test, far.test
local_recipient_maps =
relay_recipient_maps =
alias_maps =
# Names are never looked up, and only two domains have a way out of the queue.
disable_dns_lookups = yes
smtp_host_lookup = native
transport_maps = inline:{{ example.test=lmtp:inet:127.0.0.1:{lmtp}, far.test=smtp:[127.0.0.1]:{sink} }}
default_transport = error:5.1.2 there is no way out of this machine
smtp_tls_security_level = none
biff = no
# A mail put off is tried again at once and given up within seconds, not days.
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
maximal_queue_lifetime = 3s
bounce_queue_lifetime = 3s
"
    );
    std::fs::write(at("etc/main.cf"), main).expect("our own folder takes a file");
    std::fs::write(at("etc/master.cf"), services(smtp)).expect("our own folder takes a file");
}

/// service, type, private, unprivileged, chroot, wake-up, limit, program (see master(5)); nothing runs in a chroot.
fn services(smtp: u16) -> String {
    let inside = [
        ("pickup", "n - n 60 1 pickup"),
        ("cleanup", "n - n - 0 cleanup"),
        ("qmgr", "n - n 1 1 qmgr"),
        ("rewrite", "- - n - - trivial-rewrite"),
        ("bounce", "- - n - 0 bounce"),
        ("defer", "- - n - 0 bounce"),
        ("trace", "- - n - 0 bounce"),
        ("verify", "- - n - 1 verify"),
        ("flush", "n - n 1000? 0 flush"),
        ("proxymap", "- - n - - proxymap"),
        ("proxywrite", "- - n - 1 proxymap"),
        ("smtp", "- - n - - smtp"),
        ("relay", "- - n - - smtp"),
        ("lmtp", "- - n - - lmtp"),
        ("showq", "n - n - - showq"),
        ("error", "- - n - - error"),
        ("retry", "- - n - - error"),
        ("discard", "- - n - - discard"),
        ("anvil", "- - n - 1 anvil"),
        ("scache", "- - n - 1 scache"),
        ("tlsmgr", "- - n 1000? 1 tlsmgr"),
    ];
    let mut text = format!("127.0.0.1:{smtp} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\n");
    for (name, rest) in inside {
        text.push_str(&format!("{name} unix {rest}\n"));
    }
    text
}
