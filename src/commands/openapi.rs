//! `openapi`: the API's description, for whoever writes a program against it.

use super::{Outcome, out};
use crate::http;

/// Print the API's description (OpenAPI 3.1, JSON)
#[derive(clap::Args)]
#[command(after_help = "Example:\n  deskbell openapi > openapi.json")]
pub struct Openapi {}

impl Openapi {
    pub fn run(self) -> Outcome {
        out::json(&http::openapi())
    }
}
