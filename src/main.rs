//! Deskbell: every way a library's patrons ask, in one queue that staff share.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A person who meets a mistake of ours is told so in a sentence; whoever asks for the stack still gets it.
    if deskbell::config::variable("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
            // Nothing here may panic in its turn: that would end the process.
            let _ = writeln!(
                std::io::stderr().lock(),
                "Deskbell made a mistake here{place}. What was kept is safe; please report this line."
            );
        }));
    }
    // The one provider of cryptography, before anything makes a connection.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("Encryption could not be set up twice.");
        return ExitCode::FAILURE;
    }
    deskbell::commands::run()
}
