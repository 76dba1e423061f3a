//! What every simulated platform stands on: clock, chance, agenda, and the tasks behind its listeners.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::agenda::Agenda;
use super::{Clock, Random};

/// How long a connection may take to say goodbye once the platform stops.
const FAREWELL: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Stage {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<Random>,
    pub agenda: Arc<Agenda>,
    pub stop: CancellationToken,
    tasks: TaskTracker,
}

impl Stage {
    /// Needs a running tokio runtime: the agenda starts at once.
    pub fn new(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let stage = Self {
            agenda: Arc::new(Agenda::new(Arc::clone(&clock))),
            clock,
            random: Arc::new(Random::seeded(seed)),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let agenda = Arc::clone(&stage.agenda);
        let stop = stage.stop.clone();
        stage.tasks.spawn(async move { agenda.run(stop).await });
        stage
    }

    /// Serves each connection to `port` of 127.0.0.1 (0: any free one) in a task of its own; returns the address.
    pub async fn listen<Serve, Served>(&self, port: u16, serve: Serve) -> io::Result<SocketAddr>
    where
        Serve: Fn(TcpStream) -> Served + Send + 'static,
        Served: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, tasks) = (self.stop.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = stop.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                match accepted {
                    Ok((stream, _)) => {
                        tasks.spawn(until_stopped(stop.clone(), serve(stream)));
                    }
                    // Out of file handles, most likely: they come back as connections end.
                    Err(error) => {
                        tracing::warn!(%error, "the simulator could not accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        });
        Ok(address)
    }

    /// Runs a task until it ends, or is given no more time after the stage has.
    pub fn run(&self, task: impl Future<Output = io::Result<()>> + Send + 'static) {
        self.tasks.spawn(until_stopped(self.stop.clone(), task));
    }

    /// Ends all connections and waits for their tasks.
    pub async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn until_stopped(stop: CancellationToken, served: impl Future<Output = io::Result<()>>) {
    let farewell = async {
        stop.cancelled().await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        ended = served => if let Err(error) = ended {
            tracing::debug!(%error, "a connection to the simulator ended early");
        },
        () = farewell => {}
    }
}
