//! A small page of the town's own, on this machine only, where somebody who is shown the demonstration lets platforms fail.

use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawForm, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded;

use super::Town;

/// Serves the page on any free port until `stop`; gives where.
///
/// # Errors
/// When the system gives no port.
pub async fn serve_troubles(town: Arc<Town>, stop: CancellationToken) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let routes = Router::new()
        .route("/", get(show))
        .route("/on", post(switch_on))
        .route("/mend", post(mend))
        .with_state(town);
    let serving = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned());
    tokio::spawn(async move { serving.await });
    Ok(address)
}

async fn show(State(town): State<Arc<Town>>) -> Html<String> {
    Html(page(&town, None))
}

async fn switch_on(State(town): State<Arc<Town>>, RawForm(form): RawForm) -> Response {
    let plan = format!("{}:{}", value(&form, "platform"), value(&form, "plan").trim());
    then(&town, town.fault(&plan))
}

async fn mend(State(town): State<Arc<Town>>, RawForm(form): RawForm) -> Response {
    then(&town, town.mend(&value(&form, "platform")))
}

fn then(town: &Town, done: Result<(), String>) -> Response {
    match done {
        Ok(()) => Redirect::to("/").into_response(),
        Err(why) => Html(page(town, Some(&why))).into_response(),
    }
}

fn value(form: &[u8], name: &str) -> String {
    form_urlencoded::parse(form)
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>What goes wrong</title>\
     <meta name=\"viewport\" content=\"width=device-width\">\
     <style>body{font:1rem/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}td{padding:.1rem 1rem .1rem 0;\
     vertical-align:top}form{display:inline}</style><h1>What goes wrong in the town</h1>\
     <p>A fault strikes until it is mended. Write <code>429:2</code> for the next two times, <code>429:5%</code> for five \
     times in a hundred, <code>PLACE/429</code> for one door of a platform, <code>429@ACCOUNT</code> for one account.</p>";

fn page(town: &Town, complaint: Option<&str>) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a string cannot fail.
    if let Some(why) = complaint {
        let _ = write!(page, "<p role=\"alert\"><b>{}</b></p>", escaped(why));
    }
    for (platform, troubles) in town.troubles() {
        let on = troubles.on.join(", ");
        let state =
            if on.is_empty() { "Nothing goes wrong.".to_owned() } else { format!("On: {}.", escaped(&on)) };
        let _ = write!(
            page,
            "<h2>{platform}</h2><p>{state} <form method=\"post\" action=\"/mend\"><input type=\"hidden\" name=\"platform\" \
             value=\"{platform}\"><button>Mend everything</button></form></p><form method=\"post\" action=\"/on\"><input \
             type=\"hidden\" name=\"platform\" value=\"{platform}\"><label>Fault <input name=\"plan\" list=\"of-{platform}\" \
             required></label> <button>Switch on</button></form><datalist id=\"of-{platform}\">"
        );
        for (name, _) in &troubles.known {
            let _ = write!(page, "<option>{name}</option>");
        }
        page.push_str("</datalist><table>");
        for (name, effect) in &troubles.known {
            let _ = write!(page, "<tr><td><code>{name}</code><td>{}</tr>", escaped(effect));
        }
        page.push_str("</table>");
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
