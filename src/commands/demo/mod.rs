//! `demo`: a seeded library in a town of its own. Patrons keep writing and answer when staff reply; nothing leaves the
//! machine.

mod crowd;
mod files;
mod library;
mod past;
mod residents;
mod shift;
mod story;
mod street;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use connectors::simulator::town::{Town, serve_troubles};
use tokio_util::sync::CancellationToken;

use super::{Outcome, log, out, serve, stop};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config, Flags, Synchronous, listen_address};
use crate::error::Error;
use crate::store::{people, settings};
use library::TownTime;
use residents::Residents;
use story::Tales;

/// The setting that says which stories a store was made for.
const MARK: &str = "demo";
const STORE: &str = "deskbell.db";

/// Show everything with an invented library: nothing to set up, nothing leaves this machine
#[derive(clap::Args)]
#[command(after_help = "Example:\n  deskbell demo --listen 127.0.0.1:8090")]
pub struct Demo {
    /// Address and port of the page
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// So many conversations in all; besides the told ones they are made by the hundred
    #[arg(long, value_name = "N", default_value_t = 40)]
    conversations: u64,
    /// The same number makes the same library
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Let nobody write while it runs
    #[arg(long)]
    quiet: bool,
    /// Something goes wrong on a platform: its kind, a colon, the fault's name; may be given again
    #[arg(long, value_name = "KIND:FAULT")]
    fault: Vec<String>,
    /// How long patrons take to answer, milliseconds
    #[arg(long, value_name = "MS", hide = true, default_value_t = residents::PONDERS_MS)]
    ponder_ms: i64,
}

/// A folder for this run alone, gone when it ends.
struct Folder {
    path: PathBuf,
    passing: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.passing {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl Demo {
    pub async fn run(self, flags: Flags) -> Outcome {
        let folder = match &flags.data {
            Some(path) => Folder { path: path.clone(), passing: false },
            None => Folder { path: passing_folder()?, passing: true },
        };
        let mut config = Config::in_folder(&folder.path);
        config.listen = self.listen;
        config.synchronous = Synchronous::Normal;
        config.log.filter = flags.log.clone();
        log::start(&config.log, "warn")?;
        let listener = serve::bind(self.listen).await?;
        // The town's platforms call us where the page is.
        config.public_url = Some(format!("http://{}", listener.local_addr()?).parse().context("No address")?);
        let stop = stop::on_signal();

        let tales = Arc::new(Tales::read()?);
        let time = Arc::new(TownTime::new(Clock::system()));
        let town =
            Arc::new(Town::start(time.clone(), self.town_seed()).await.context("The town has no ports")?);
        let residents = Residents::settle(&town, &tales)?;
        let scene = Scene { tales: tales.clone(), town: town.clone(), time, residents: residents.clone() };
        if !folder.path.join(STORE).exists() {
            scene.make(&config).await?;
        }
        if !self.gather(&scene, &config, &stop).await? {
            bail!("Stopped on the way. The same command goes on from here.");
        }
        let app = App::open(config).await?;
        belongs_to_the_demo(&app).await?;
        library::connect(&app, &town, &tales.library).await?;
        library::connect_further(&app, &town).await?;
        for plan in &self.fault {
            town.fault(plan).map_err(|why| anyhow::anyhow!(why))?;
        }
        residents.wake(&tales, self.ponder_ms);
        let troubles = serve_troubles(town.clone(), stop.clone()).await.context("The town has no ports")?;
        self.welcome(&app, &listener, &tales, &folder).await?;
        out::line(format_args!("What goes wrong in the town: http://{troubles}"));
        out::line("Ctrl-c ends it.");
        if !self.quiet {
            let clock = app.clock.clone();
            tokio::spawn(street::run(town.clone(), residents, tales, clock, self.seed, stop.clone()));
        }
        let served = serve::serve(&app, listener, &stop).await;
        town.stop().await;
        drop(folder);
        served
    }

    /// Not the library's seed: a town that is built anew must number its letters anew.
    fn town_seed(&self) -> u64 {
        self.seed ^ Clock::system().now().unsigned_abs()
    }

    async fn gather(&self, scene: &Scene, config: &Config, stop: &CancellationToken) -> anyhow::Result<bool> {
        let told = scene.tales.conversations();
        let Some(crowd) = self.conversations.checked_sub(told).filter(|crowd| *crowd > 0) else {
            return Ok(true);
        };
        let end = past::beginning(&scene.tales, Clock::system().now())?;
        let app = App::open_at(config.clone(), Clock::frozen(0)).await?;
        belongs_to_the_demo(&app).await?;
        let whole = crowd::gather(&app, &scene.tales, crowd, self.seed, end, stop).await;
        app.close().await;
        whole
    }

    async fn welcome(
        &self,
        app: &App,
        listener: &tokio::net::TcpListener,
        tales: &Tales,
        folder: &Folder,
    ) -> Outcome {
        let page = format!("http://{}", listener.local_addr()?);
        out::line(format_args!("ready {page}"));
        let staff = people::all_staff(&mut app.db.read().await?).await?;
        for (place, person) in tales.library.staff.iter().take(2).enumerate() {
            let address = library::address_of(person);
            let row = staff.iter().find(|row| row.email == address).context("The staff are not all there")?;
            let (secret, _) = crate::access::link::make(&app.access, row.id).await?;
            if place == 0 {
                out::line(format_args!("{page}/sign-in?link={secret}"));
                out::line(format_args!("The link signs you in once, as {}, {}.", person.name, person.role));
            } else {
                out::line(format_args!(
                    "For a second person in another browser, as {}: {page}/sign-in?link={secret}",
                    person.name
                ));
            }
        }
        out::line(format_args!(
            "Further links: deskbell staff link marta@fernhill.example --data {}",
            folder.path.display()
        ));
        Ok(())
    }
}

/// What the stories are told with.
struct Scene {
    tales: Arc<Tales>,
    town: Arc<Town>,
    time: Arc<TownTime>,
    residents: Residents,
}

impl Scene {
    /// Tells the stories in a folder beside the one they are for, and moves the store over when it is whole: what was
    /// interrupted is told again from the start.
    async fn make(&self, config: &Config) -> Outcome {
        let making = config.data.join("making");
        if making.exists() {
            std::fs::remove_dir_all(&making).context("What was left half made cannot be removed")?;
        }
        let now = Clock::system().now();
        let clock = Clock::frozen(past::beginning(&self.tales, now)? - 3_600_000);
        self.time.follow(clock.clone());
        let half = Config { synchronous: Synchronous::Normal, ..Config::in_folder(&making) };
        let app = App::open_at(half, clock).await?;
        library::found(&app, &self.tales.library).await?;
        library::connect(&app, &self.town, &self.tales.library).await?;
        past::tell(&app, &self.town, &self.residents, &self.tales, now).await?;
        let write = app.db.write::<_, Error, _>(|tx| {
            Box::pin(async move { Ok(settings::set(tx, MARK, "fernhill").await?) })
        });
        write.await?;
        app.close().await;
        self.time.follow(Clock::system());
        move_over(&making, &config.data).context("The finished library could not be moved into place")
    }
}

/// The store comes last: where it is, everything is.
fn move_over(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(from)? {
        names.push(entry?.file_name());
    }
    names.sort_by_key(|name| name == STORE);
    for name in names {
        let there = to.join(&name);
        if there.is_dir() {
            std::fs::remove_dir_all(&there)?;
        }
        std::fs::rename(from.join(&name), there)?;
    }
    std::fs::remove_dir(from)
}

async fn belongs_to_the_demo(app: &App) -> anyhow::Result<()> {
    match settings::get(&mut app.db.read().await?, MARK).await? {
        Some(_) => Ok(()),
        None => bail!(
            "{} holds a library of its own, which the demonstration will not touch. Give it another --data.",
            app.config.data.display()
        ),
    }
}

fn passing_folder() -> anyhow::Result<PathBuf> {
    let mut random = [0; 6];
    getrandom::fill(&mut random).context("The system gave no randomness")?;
    let word: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(config::temporary_folder().join(format!("deskbell-demo-{word}")))
}
