//! What a command says: results on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// One line of the result. When whoever reads it has gone (`| head`), there is nobody left to work for.
pub fn line(text: impl Display) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
        let code = i32::from(error.kind() != ErrorKind::BrokenPipe);
        std::process::exit(code);
    }
}

/// A word to the person beside the result.
pub fn note(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The sentence that a command fails with.
pub fn error(text: &str) {
    note(text);
}

/// A result for programs.
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?);
    Ok(())
}
