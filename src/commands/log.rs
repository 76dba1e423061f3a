//! Where the log goes: standard error, so that results stay alone on standard output.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging. `usual` counts when nobody said what to log.
///
/// # Errors
/// A sentence, when the filter makes no sense.
pub fn start(log: &Log, usual: &str) -> anyhow::Result<()> {
    let filter = log.filter.as_deref().unwrap_or(usual);
    let parsed = EnvFilter::try_new(filter).map_err(|error| {
        anyhow::anyhow!(
            "The log filter {filter} makes no sense ({error}). Write info, or info,outside=debug."
        )
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_writer(std::io::stderr)
        // A line that cannot be written (its disk is full) would be complained of where it could not be written, and that by
        // a panic in whatever work wanted to say something.
        .log_internal_errors(false);
    let colours = std::io::stderr().is_terminal();
    let started = match log.json {
        true => lines.json().try_init(),
        false => lines.with_target(false).with_ansi(colours).try_init(),
    };
    // A second start in one process (a test) changes nothing.
    let _ = started;
    Ok(())
}
