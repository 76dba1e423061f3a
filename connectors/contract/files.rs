//! Files that answers carry. A part names them; their bytes stay where they are kept, behind this door, so that every try to
//! send a part reads the same ones.

use bytes::Bytes;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::failure::{Failure, Reason};

/// A file to send. Goes into a [`super::Part`]'s body as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// By which its bytes are read: see [`Files::read`].
    pub id: Uuid,
    /// As the recipient shall see it; never a path.
    pub filename: String,
    /// Sniffed, not declared.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

/// Where a channel gets the bytes of the files that its own answers enclose. No other file can be reached through it.
pub trait Files: Send + Sync {
    /// The file's bytes: the same on every try.
    ///
    /// # Errors
    /// [`Failure::Permanent`] when no answer of this channel encloses it, [`Failure::Transient`] when it cannot be read now.
    fn read<'a>(&'a self, file: &'a Enclosure) -> BoxFuture<'a, Result<Bytes, Failure>>;

    /// An address at which whoever has it can fetch the file for a while, for platforms that fetch files themselves. Nobody
    /// can guess it. None: the world cannot reach us.
    fn link(&self, file: &Enclosure) -> Option<String>;
}

/// For accounts that send nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read<'a>(&'a self, file: &'a Enclosure) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async { Err(missing(file)) })
    }

    fn link(&self, _file: &Enclosure) -> Option<String> {
        None
    }
}

/// No answer of this channel encloses that file.
pub fn missing(file: &Enclosure) -> Failure {
    Failure::Permanent {
        reason: Reason::BadAttachment,
        why: format!("The file \"{}\" is no longer kept. Add it again.", file.filename),
    }
}
