//! Files and large originals, by the hash of their bytes: a folder on this machine, or an S3-compatible bucket.
//!
//! What is put is durable before [`Blobs::put`] returns, so that a row may refer to it. The same bytes are kept once. A
//! name is the SHA-256 of the bytes, or the id of the one row that they belong to: nothing a sender wrote ever becomes a path.

use std::path::Path as FsPath;
use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Error;
use crate::failpoint::{self, At};

/// Of bytes that arrive piece by piece, so many pieces are written at once.
const PIECES_AT_ONCE: usize = 2;

/// Where the bytes are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<dyn ObjectStore>);

/// An S3-compatible bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// `https://…`; none: AWS itself.
    pub endpoint: Option<String>,
    /// The bucket's name.
    pub name: String,
    /// Put before every key; may be empty.
    pub prefix: String,
    /// Its region (`us-east-1` where the server does not care).
    pub region: String,
    /// Access key id.
    pub key_id: String,
    /// Secret access key.
    pub secret: String,
}

impl Blobs {
    /// A folder, made if it is missing.
    pub fn folder(path: &FsPath) -> Result<Self, Error> {
        std::fs::create_dir_all(path).map_err(|error| {
            Error::Blob(format!("The folder {} cannot be made: {error}.", path.display()))
        })?;
        let folder = LocalFileSystem::new_with_prefix(path).map_err(refused)?.with_fsync(true);
        Ok(Self(Arc::new(folder)))
    }

    /// A bucket. Nothing is asked of it yet.
    pub fn bucket(bucket: &Bucket) -> Result<Self, Error> {
        // Its client takes its cryptography from the process. Already there is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret);
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let store = builder.build().map_err(refused)?;
        Ok(Self(Arc::new(PrefixStore::new(store, bucket.prefix.as_str()))))
    }

    /// Keeps the bytes and gives their name. Putting what is there already changes nothing.
    pub async fn put(&self, bytes: &Bytes) -> Result<String, Error> {
        let name = name_of(bytes);
        let options = PutOptions { mode: PutMode::Overwrite, ..PutOptions::default() };
        if !self.has(&name, bytes.len() as u64).await? {
            self.0
                .put_opts(&path(&name), PutPayload::from_bytes(bytes.clone()), options)
                .await
                .map_err(refused)?;
            failpoint::pass(At::BytesKept);
        }
        Ok(name)
    }

    /// Begins to keep bytes that arrive piece by piece, under a name of their own. Nothing is there before
    /// [`Writing::finish`]; what is given up leaves nothing.
    pub async fn begin(&self, id: Uuid) -> Result<Writing, Error> {
        let name = id.to_string();
        let upload = self.0.put_multipart(&path(&name)).await.map_err(refused)?;
        Ok(Writing { name, inner: WriteMultipart::new(upload) })
    }

    /// Removes bytes that one row alone had. What others may share is never removed, nor what is not there.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        if Uuid::try_parse(name).is_err() {
            return Ok(());
        }
        match self.0.delete(&path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }

    /// The bytes of this name.
    pub async fn get(&self, name: &str) -> Result<Bytes, Error> {
        let found = self.0.get(&path(name)).await.map_err(refused)?;
        found.bytes().await.map_err(refused)
    }

    /// Whether it is there, whole.
    pub async fn has(&self, name: &str, size: u64) -> Result<bool, Error> {
        match self.0.head(&path(name)).await {
            Ok(meta) => Ok(meta.size == size),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(refused(error)),
        }
    }
}

/// Bytes on their way in.
#[derive(Debug)]
pub struct Writing {
    name: String,
    inner: WriteMultipart,
}

impl Writing {
    /// The next piece.
    pub async fn push(&mut self, piece: Bytes) -> Result<(), Error> {
        self.inner.wait_for_capacity(PIECES_AT_ONCE).await.map_err(refused)?;
        self.inner.put(piece);
        Ok(())
    }

    /// All of them were there: they are durable now. Gives their name.
    pub async fn finish(self) -> Result<String, Error> {
        self.inner.finish().await.map_err(refused)?;
        Ok(self.name)
    }

    /// Gives up; nothing is left.
    pub async fn abort(self) -> Result<(), Error> {
        self.inner.abort().await.map_err(refused)
    }
}

/// The name of these bytes: their SHA-256, in lower-case hexadecimal.
fn name_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// Hashes are spread over 256 folders; anything but a hash or an id would be somebody's own path and finds nothing.
fn path(name: &str) -> Path {
    if let Some(id) = Uuid::try_parse(name).ok().filter(|id| id.to_string() == name) {
        return Path::from(format!("uploads/{id}"));
    }
    let hash = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash { Path::from(format!("{}/{}", &name[..2], name)) } else { Path::from("none") }
}

fn refused(error: object_store::Error) -> Error {
    Error::Blob(format!("A file could not be kept or found: {error}."))
}
