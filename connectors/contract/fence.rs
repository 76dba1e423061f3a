//! The last thing before a platform can take an answer.

use futures::future::BoxFuture;

use super::Failure;

/// Where an answer is let out. A process that was stopped on its way there may find its work taken over when it goes on; one
/// that dies before it has surely sent nothing, and one that dies behind it may have.
pub trait Fence: Send + Sync {
    /// Asked right before the platform can take the part, when all else is done that sending takes: whoever asks is let through
    /// while the part is still theirs to send, and with the same stroke it is written down that it may have left.
    ///
    /// # Errors
    /// Another process sends the part, or finds it sent: nothing may leave, and this failure is what became of it here.
    fn pass(&self) -> BoxFuture<'_, Result<(), Failure>>;

    /// The platform has said for sure that it did not take the part (it refused the token), and there is more to do before it
    /// is asked once more: so is it written down, until [`Fence::pass`] is asked again.
    ///
    /// # Errors
    /// As [`Fence::pass`].
    fn back(&self) -> BoxFuture<'_, Result<(), Failure>>;
}

/// Lets everything out: for what no patron sees (a file that is handed over before it is shown), and where nobody else can be
/// about the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unfenced;

impl Fence for Unfenced {
    fn pass(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }

    fn back(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}
