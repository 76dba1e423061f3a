//! Whether the store takes what is to be kept: a full disk cannot be written down, so it is remembered here until something
//! is kept again.

use std::sync::{Arc, Mutex, PoisonError};

/// What keeps the store from keeping anything, if something does. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    /// Said to whoever asks from now on, and once to the log.
    pub(super) fn begins(&self, why: String) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_none() {
            tracing::error!(
                why,
                "nothing can be kept; platforms are told so and give it again, and it goes on by itself"
            );
        }
        *now = Some(why);
    }

    /// Something was kept.
    pub(super) fn is_over(&self) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::info!("the store keeps what it is given again");
        }
    }

    /// In words.
    pub(super) fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The words for a file that cannot be written, where it is the disk that refuses and not the statement: SQLite's result
/// codes FULL (13), IOERR (10), READONLY (8) and CANTOPEN (14); the upper bits say more.
pub(super) fn of_the_disk(error: &sqlx::Error) -> Option<String> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    match code & 0xff {
        13 => {
            Some("The disk that the store is on is full. Make room; nothing else is to be done.".to_owned())
        }
        8 | 10 | 14 => Some(format!("The disk that the store is on cannot be written ({error}).")),
        _ => None,
    }
}
