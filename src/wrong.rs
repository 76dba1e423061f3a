//! Builds that are wrong on purpose, by which the crash run is itself tested: each makes one mistake, at the one line that it
//! spoils. Nobody has them who does not ask for a feature whose name begins with `wrong`; and what was built so refuses to
//! run unless the crash run's variable says which mistake it is to make.

/// Which of the mistakes this process makes, or `none`.
#[cfg(feature = "wrong")]
const VARIABLE: &str = "DESKBELL_WRONG";

/// Asked before anything else is done. Says loudly what this is, where it is wrong.
///
/// # Errors
/// A sentence, where a wrong build runs outside of the crash run.
#[cfg(feature = "wrong")]
pub fn refuse_by_accident() -> Result<(), String> {
    match crate::config::variable(VARIABLE) {
        Some(mistake) => {
            eprintln!("THIS BUILD IS WRONG ON PURPOSE and loses or doubles what it is given ({VARIABLE}={mistake}).");
            Ok(())
        }
        None => Err("This build is wrong on purpose: it loses or doubles what it is given, to test the crash run. Nothing was \
                     opened. Build it without any feature that begins with `wrong`."
            .to_owned()),
    }
}

/// Every other build.
///
/// # Errors
/// Never.
#[cfg(not(feature = "wrong"))]
pub const fn refuse_by_accident() -> Result<(), String> {
    Ok(())
}

/// Whether this process makes this mistake.
#[cfg(feature = "wrong")]
pub fn is(mistake: &str) -> bool {
    static MISTAKE: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| crate::config::variable(VARIABLE));
    MISTAKE.as_deref() == Some(mistake)
}
