//! Secrets come from a prompt, a file, standard input or a variable: never from the command line, which other users of
//! the machine can read.

use std::io::{IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, bail};
use secrecy::SecretString;

use crate::config;

/// Where `--secret name=…` says a secret is: `@FILE`, `@-`, `env:NAME` or `prompt`.
pub fn secret_from(place: &str, what: &str) -> anyhow::Result<SecretString> {
    match place {
        "prompt" => prompt(what),
        "@-" => stdin(),
        _ => match (place.strip_prefix('@'), place.strip_prefix("env:")) {
            (Some(path), _) => file(Path::new(path)),
            (None, Some(name)) => match config::variable(name) {
                Some(value) => Ok(value.into()),
                None => bail!("The variable {name} for {what} is not set."),
            },
            (None, None) => bail!(
                "{what} is a secret and does not belong on the command line, where others can read it. Write \
                 @FILE, @- (standard input), env:NAME or prompt."
            ),
        },
    }
}

/// What stands in a file, without the line break at its end.
pub fn file(path: &Path) -> anyhow::Result<SecretString> {
    if path == Path::new("-") {
        return stdin();
    }
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("The secret in {} cannot be read", path.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
}

/// What comes on standard input, without the line break at its end.
pub fn stdin() -> anyhow::Result<SecretString> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).context("Standard input cannot be read")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
}

/// What a person types without seeing it.
pub fn prompt(what: &str) -> anyhow::Result<SecretString> {
    if !std::io::stdin().is_terminal() {
        bail!("{what} can only be asked for at a terminal. Give it with @FILE, @- or env:NAME instead.");
    }
    Ok(rpassword::prompt_password(format!("{what}: ")).context("Nothing was typed")?.into())
}

/// Whether a person sits before this.
pub fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
