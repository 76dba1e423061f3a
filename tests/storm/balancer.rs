//! What stands before two processes: whoever calls is handed on to one that is up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::net::{TcpListener, TcpStream};

/// Hands on until it is dropped.
pub struct Balancer {
    pub port: u16,
    behind: Arc<Behind>,
    task: tokio::task::JoinHandle<()>,
}

struct Behind {
    ports: [u16; 2],
    up: [AtomicBool; 2],
    turn: AtomicUsize,
}

impl Balancer {
    /// Before these ports.
    pub async fn before(ports: [u16; 2]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let up = [AtomicBool::new(true), AtomicBool::new(true)];
        let behind = Arc::new(Behind { ports, up, turn: AtomicUsize::new(0) });
        let handing = behind.clone();
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let behind = handing.clone();
                // A line that breaks is the caller's to notice.
                tokio::spawn(async move { drop(behind.hand_on(caller).await) });
            }
        });
        Self { port, behind, task }
    }

    /// Whether this process is to be called: who looks after it has noticed that it answers, or that it does not.
    pub fn is_up(&self, which: usize, up: bool) {
        self.behind.up[which].store(up, Ordering::Relaxed);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Behind {
    async fn hand_on(&self, mut caller: TcpStream) -> io::Result<()> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        for which in [first % 2, (first + 1) % 2] {
            if !self.up[which].load(Ordering::Relaxed) {
                continue;
            }
            // Killed a moment ago: the other one is tried.
            if let Ok(mut process) = TcpStream::connect(("127.0.0.1", self.ports[which])).await {
                tokio::io::copy_bidirectional(&mut caller, &mut process).await?;
                return Ok(());
            }
        }
        Ok(())
    }
}
