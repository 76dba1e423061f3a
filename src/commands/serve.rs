//! `serve`: the page, the API and the workers, until told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Outcome, log, out, stop};
use crate::app::App;
use crate::channel::connect;
use crate::config::{Config, Flags, listen_address};
use crate::store::{events, presence, wake};
use crate::{http, worker};

/// How often channels are read again: another process, such as `deskbell channel add`, may have changed them.
const ROSTER_EVERY: Duration = Duration::from_secs(2);
/// Each how many of these turns the platforms are asked which places there are to read: every five minutes.
const STREAMS_EVERY: u32 = 150;

/// An answer that was leaving when the process before died may still be arriving: it is looked for after so long.
const LOOKED_FOR_AFTER_MS: i64 = 30_000;

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
    let _here = presence::enter(&app.db, app.clock.now() + LOOKED_FOR_AFTER_MS).await?;
    let workers = worker::spawn(app, stop);
    let roster = tokio::spawn(keep_roster(app.clone(), stop.clone()));
    let newest = events::newest(&mut app.db.read().await?).await?;
    app.bus.tell_in_order_after(newest);
    let relay = tokio::spawn(relay(app.clone(), newest, stop.clone()));
    let served = http::serve(app.clone(), listener, stop.clone()).await;
    stop.cancel();
    workers.finish().await;
    let _ = tokio::join!(roster, relay);
    app.close().await;
    served.context("The page could no longer be served")
}

/// What other processes keep, such as an import on the command line, is told to everybody here too.
async fn relay(app: App, newest: i64, stop: CancellationToken) {
    let bus = app.bus.clone();
    wake::follow(&app.db, newest, move |event| bus.relay(event), &stop).await;
}

async fn keep_roster(app: App, stop: CancellationToken) {
    let mut turn = 0_u32;
    loop {
        if let Err(error) = look_after_roster(&app, turn.is_multiple_of(STREAMS_EVERY)).await {
            tracing::warn!(%error, "the channels could not be read again");
        }
        turn = turn.wrapping_add(1);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ROSTER_EVERY) => {}
        }
    }
}

async fn look_after_roster(app: &App, streams_too: bool) -> crate::error::Result<()> {
    app.roster.refresh().await?;
    if streams_too {
        // A folder may have been made, or a channel connected while its platform was away.
        for open in app.roster.all() {
            connect::learn_streams(&app.roster, open.row.id).await?;
        }
    }
    Ok(())
}
