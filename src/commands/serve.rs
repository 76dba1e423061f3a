//! `serve`: the page, the API and the workers, until told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Outcome, log, out, stop};
use crate::app::App;
use crate::config::{Config, Flags, listen_address};
use crate::failpoint::{self, At};
use crate::store::presence;
use crate::{http, outbound, worker};

/// How often channels are read again: another process, such as `deskbell channel add`, may have changed them.
const ROSTER_EVERY: Duration = Duration::from_secs(2);

/// Serve the page and do all the work, until ctrl-c or SIGTERM
#[derive(clap::Args)]
#[command(after_help = "Example:\n  deskbell serve --data /srv/deskbell --listen 0.0.0.0:8080")]
pub struct Serve {
    /// Address and port of the page [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address)]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub async fn run(self, flags: Flags) -> Outcome {
        let mut config = Config::load(&flags)?;
        log::start(&config.log, "info")?;
        config.listen = self.listen.unwrap_or(config.listen);
        let listener = bind(config.listen).await?;
        let app = App::open(config).await?;
        let stop = stop::on_signal();
        out::line(format_args!("ready http://{}", listener.local_addr()?));
        serve(&app, listener, &stop).await
    }
}

/// Takes the address, before anything slow: a port that is taken is told at once.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("The page cannot be served at {address}. Stop what is there, or give another --listen")
    })
}

/// Answers and works until `stop`; then lets what has begun come to its end and closes the store.
pub async fn serve(app: &App, listener: TcpListener, stop: &CancellationToken) -> Outcome {
    // Held until the end, so that nobody who starts meanwhile takes our work for abandoned.
    failpoint::pass(At::StoreOpened);
    let _here = presence::enter(&app.db, app.clock.now() + outbound::LOOKED_FOR_AFTER_MS).await?;
    failpoint::pass(At::LeftoversFreed);
    let workers = worker::spawn(app, stop);
    let roster = tokio::spawn(keep_roster(app.clone(), stop.clone()));
    let served = http::serve(app.clone(), listener, stop.clone()).await;
    stop.cancel();
    workers.finish().await;
    let _ = roster.await;
    app.close().await;
    served.context("The page could no longer be served")
}

async fn keep_roster(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = app.roster.refresh().await {
            tracing::warn!(%error, "the channels could not be read again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ROSTER_EVERY) => {}
        }
    }
}
