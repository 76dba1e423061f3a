//! The API's table of contents. Each route parses, calls one verb and renders what it gives.

mod abilities;
mod assets;
mod attachments;
mod away;
mod blocks;
mod cascades;
mod channels;
mod claims;
mod closures;
mod conversation;
mod conversations;
mod cursor;
mod document;
mod drafts;
mod enclosed;
mod frames;
mod guard;
mod handoffs;
mod health;
mod held;
mod hooks;
mod hours;
mod input;
mod live;
mod marks;
mod merges;
mod messages;
mod metrics;
mod notes;
mod patron_notes;
mod patrons;
mod people;
mod presence;
mod previews;
mod problem;
mod replies;
mod reports;
mod reviews;
mod row;
mod rules;
mod scopes;
mod searches;
mod searching;
mod session;
mod sessions;
mod signins;
mod snoozes;
mod splits;
mod table;
mod time;
mod tokens;
mod unions;
mod uploads;
mod watches;
mod ways;
mod webhooks;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use document::openapi;
use table::{Table, routes};

use crate::app::App;
use crate::inbound::Together;

/// Where the API lives.
const BASE: &str = "/api/v1";

/// What every route is given.
#[derive(Clone)]
struct Http {
    app: App,
    /// Where platforms' calls wait for their turn to be kept.
    together: Together,
    /// Cancelled when the program stops: whatever stays open for long ends then.
    stop: CancellationToken,
    /// Whether browsers reach us over an encrypted connection.
    secure: bool,
}

impl FromRef<Http> for App {
    fn from_ref(http: &Http) -> Self {
        http.app.clone()
    }
}

impl FromRef<Http> for Together {
    fn from_ref(http: &Http) -> Self {
        http.together.clone()
    }
}

fn api() -> Table {
    Table::default()
        // Who is asking
        .routes(routes!(sessions::sign_in, sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::revoke))
        .routes(routes!(people::me))
        // The house
        .routes(routes!(people::staff))
        .routes(routes!(people::desks))
        .routes(routes!(cascades::read, cascades::decide))
        .routes(routes!(people::decide))
        .routes(routes!(away::read, away::put, away::remove))
        .routes(routes!(away::preview))
        .routes(routes!(abilities::decide))
        .routes(routes!(reviews::decide))
        .routes(routes!(abilities::head_start))
        .routes(routes!(hours::read))
        .routes(routes!(hours::close_today, hours::open_today))
        .routes(routes!(hours::take_in))
        .routes(routes!(presence::look))
        .routes(routes!(presence::say))
        .routes(routes!(marks::tags, marks::add_tag))
        .routes(routes!(marks::remove_tag))
        // What is done with what arrives
        .routes(routes!(rules::list, rules::add))
        .routes(routes!(rules::order))
        .routes(routes!(rules::attempt))
        .routes(routes!(rules::change, rules::remove))
        .routes(routes!(rules::pause, rules::resume))
        // Connected accounts
        .routes(routes!(channels::list, channels::edit::connect))
        .routes(routes!(channels::kinds::list))
        .routes(routes!(channels::edit::change, channels::edit::remove))
        .routes(routes!(channels::edit::settings))
        .routes(routes!(channels::edit::pause, channels::edit::resume))
        .routes(routes!(channels::edit::check))
        .routes(routes!(signins::begin))
        .routes(routes!(signins::again))
        .routes(routes!(signins::read))
        .routes(routes!(signins::choose))
        // Other programs
        .routes(routes!(webhooks::list, webhooks::register))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::pause, webhooks::resume))
        .routes(routes!(webhooks::attempts, webhooks::call))
        // Conversations
        .routes(routes!(conversations::views))
        .routes(routes!(conversations::list))
        .routes(routes!(conversation::read))
        .routes(routes!(searches::list, searches::add))
        .routes(routes!(searches::change, searches::remove))
        .routes(routes!(claims::take, claims::release))
        .routes(routes!(claims::next))
        .routes(routes!(cascades::pass))
        .routes(routes!(handoffs::give))
        .routes(routes!(handoffs::list))
        .routes(routes!(handoffs::accept))
        .routes(routes!(handoffs::not_now))
        .routes(routes!(handoffs::withdraw))
        .routes(routes!(watches::watch, watches::unwatch))
        .routes(routes!(presence::view, presence::leave))
        .routes(routes!(closures::close, closures::reopen))
        .routes(routes!(snoozes::snooze, snoozes::wake))
        .routes(routes!(marks::mark_spam, marks::unmark_spam))
        .routes(routes!(blocks::block_patron, blocks::unblock_patron))
        .routes(routes!(marks::mark_urgent, marks::unmark_urgent))
        .routes(routes!(abilities::need))
        .routes(routes!(marks::put_tag, marks::take_tag))
        .routes(routes!(merges::look, merges::merge, merges::undo))
        .routes(routes!(splits::split))
        .routes(routes!(replies::send))
        .routes(routes!(replies::withdraw))
        .routes(routes!(reviews::ask))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::approve))
        .routes(routes!(reviews::send_back))
        .routes(routes!(reviews::take_back))
        .routes(routes!(uploads::add, uploads::list))
        .routes(routes!(uploads::remove))
        .routes(routes!(drafts::read, drafts::keep, drafts::forget))
        .routes(routes!(drafts::list))
        .routes(routes!(previews::show))
        .routes(routes!(notes::write))
        // Who asks
        .routes(routes!(patrons::read, patrons::describe))
        .routes(routes!(patrons::conversations))
        .routes(routes!(unions::look, unions::unite, unions::undo))
        .routes(routes!(patron_notes::write))
        .routes(routes!(patron_notes::change, patron_notes::remove))
        // What was said
        .routes(routes!(frames::frame))
        .routes(routes!(frames::original))
        .routes(routes!(attachments::read))
        // What came in
        .routes(routes!(held::list))
        .routes(routes!(held::original))
        .routes(routes!(held::release))
        .routes(routes!(blocks::list, blocks::add))
        .routes(routes!(blocks::remove))
        .routes(routes!(blocks::release))
        // What managers ask
        .routes(routes!(reports::waits))
        // How it is going
        .routes(routes!(live::follow))
        .routes(routes!(health::alive))
        .routes(routes!(health::intake))
        .routes(routes!(document::read))
}

/// Everything we answer, the page included. Whatever stays open for long ends when `stop` is cancelled.
pub fn router(app: App, stop: CancellationToken) -> Router {
    // Ours or a proxy's: what counts is how browsers see us.
    let secure = app.config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let api = api().router().fallback(guard::nothing_here);
    let ours = Router::new()
        .nest(BASE, api)
        .route(signins::CALLBACK, get(signins::come_back))
        .route(metrics::PATH, get(metrics::read))
        .fallback(assets::read);
    let routes = guard::same_site(ours).merge(hooks::routes()).merge(enclosed::routes()).with_state(Http {
        app,
        together: Together::default(),
        stop,
        secure,
    });
    guard::around(routes, secure)
}

/// Answers on `listener` until `stop` is cancelled, then lets what has begun come to its end.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(app: App, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    let service = router(app, stop.clone()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await
}
