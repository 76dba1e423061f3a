//! A server that cannot outlive the test process, and the directory and account it lives in.

use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The account of `make tools` that servers run as when the tests run as root.
pub const ACCOUNT: &str = "deskbell-test";

/// A running server. Dropping it stops the server, waits for its end and removes its directory; when the test process
/// is killed instead, the kernel closes the pipe it holds and the same happens without it.
pub struct Leash {
    watcher: Child,
}

/// What a server is given to end; its watcher kills it after ten seconds.
const END: Duration = Duration::from_secs(60);

/// Waits for the end of its input, which is the end of the test or of the whole test process.
/// `set -m` gives the server a process group of its own, so that its children get the signal too.
const WATCHER: &str = r#"
set -m
dir=$1 signal=$2 pid_file=$3; shift 3
"$@" </dev/null &
server=$!
cat
leader=$server
[ -n "$pid_file" ] && [ -s "$pid_file" ] && leader=$(tr -d ' ' <"$pid_file")
kill -s "$signal" -- "-$leader"
{ sleep 10; kill -s KILL -- "-$leader" "-$server"; } &
deadline=$!
wait "$server"
kill -- "-$deadline"
kill -s KILL -- "-$leader" "-$server"
rm -rf -- "$dir"
"#;

/// What to start and how it ends.
pub struct Server<'a> {
    /// Where it lives; its output goes to `output.log` there.
    pub dir: &'a Path,
    /// The program, staying in the foreground, and its arguments.
    pub command: &'a [&'a str],
    /// The signal it stops fast by.
    pub signal: &'a str,
    /// For a server that leaves the process group it was started in: the file in `dir` that names its new leader.
    pub pid_file: &'a str,
    /// Whom it runs as; this process's account when not given.
    pub owner: Option<Owner>,
}

impl Leash {
    /// Starts `server`, and a watcher that ends it.
    pub fn start(server: &Server) -> io::Result<Self> {
        let &Server { dir, command, signal, pid_file, owner } = server;
        let output = std::fs::File::create(dir.join("output.log"))?;
        let mut watcher = Command::new("bash");
        watcher.arg("-c").arg(WATCHER).arg("leash").arg(dir).args([signal, pid_file]);
        match owner {
            // The watcher stays root, so that it may signal what it started.
            Some(Owner { uid, gid }) => watcher
                .arg("setpriv")
                .arg(format!("--reuid={uid}"))
                .arg(format!("--regid={gid}"))
                .arg("--clear-groups"),
            None => &mut watcher,
        };
        let watcher = watcher
            .args(command)
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            // Ctrl-C goes to the test process alone; the watcher must live on to clean up.
            .process_group(0)
            .spawn()?;
        Ok(Self { watcher })
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let deadline = Instant::now() + END;
        while Instant::now() < deadline {
            match self.watcher.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                // Nothing to do about a watcher that cannot be asked, and a panic here would hide the test's own.
                Ok(Some(_)) | Err(_) => return,
            }
        }
        eprintln!("a server under test has not ended a minute after it was killed; it is left behind");
    }
}

/// The account that a server runs as.
#[derive(Clone, Copy)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

impl Owner {
    /// Nobody else when the tests run as an ordinary account, [`ACCOUNT`] when they run as root.
    pub fn for_servers() -> Option<Self> {
        if !is_root() {
            return None;
        }
        let accounts = std::fs::read_to_string("/etc/passwd").expect("every system lists its accounts");
        let line =
            accounts.lines().find(|line| line.split(':').next() == Some(ACCOUNT)).unwrap_or_else(|| {
                panic!("servers refuse to run as root and the account {ACCOUNT} is missing: run `make tools`")
            });
        let mut ids = line.split(':').skip(2).map(|id| id.parse().expect("passwd(5): a number"));
        Some(Self { uid: ids.next().expect("passwd(5): uid"), gid: ids.next().expect("passwd(5): gid") })
    }

    /// Gives `path` to this account.
    pub fn own(owner: Option<Self>, path: &Path) -> io::Result<()> {
        match owner {
            Some(Self { uid, gid }) => chown(path, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }
}

/// Whether this process is root.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// A new directory with a short path (a unix socket's may have 107 bytes), which the [`Leash`] removes.
pub fn directory(prefix: &str, owner: Option<Owner>) -> io::Result<PathBuf> {
    let dir = tempfile::Builder::new().prefix(prefix).tempdir_in("/tmp")?.keep();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755))?;
    Owner::own(owner, &dir)?;
    Ok(dir)
}

/// Ports that nothing listens on, all different, and never the same for two askers in this process.
///
/// They lie below those that the kernel hands out by itself (`ip_local_port_range`, from 32768 on Linux). A port from
/// there that is merely free now may a moment later be another test's: that server would then be spoken to in place of
/// the one that was meant, or nobody would, for ever, if it waits for its caller to speak first.
pub fn free_ports<const N: usize>() -> [u16; N] {
    const FIRST: u32 = 10_240;
    const COUNT: u32 = 32_768 - FIRST;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Two processes that test at once begin far from each other.
    let start = std::process::id().wrapping_mul(2_654_435_761) >> 8;
    let next = || loop {
        let step = start + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(FIRST + step % COUNT).expect("below 32768");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    };
    std::array::from_fn(|_| next())
}
