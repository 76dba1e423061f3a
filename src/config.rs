//! What this program is told, and the only reader of the environment: flags over `DESKBELL_…` variables over the file
//! `deskbell.toml` over what suits most libraries. Every setting has the same name in the file and in the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// The settings file's name in the data folder.
pub const FILE_NAME: &str = "deskbell.toml";
/// The key's name in the data folder.
pub const KEY_NAME: &str = "secret.key";

/// Everything this program is told. Nothing in it is read again while it runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where everything lies that is not told to lie elsewhere.
    pub data: PathBuf,
    /// The settings file that was read; none when there is none.
    pub file: Option<PathBuf>,
    /// Where the page is served.
    pub listen: SocketAddr,
    /// Where staff reach the page from outside; none: where it is served.
    pub public_url: Option<Url>,
    /// The store's address.
    pub store: String,
    /// What a commit survives.
    pub synchronous: Synchronous,
    /// Where files are kept.
    pub blobs: BlobPlace,
    /// Further certificates to trust, a PEM file.
    pub extra_ca: Option<PathBuf>,
    /// Hosts of the house itself that webhooks may call, over plain HTTP too; elsewhere only public addresses by HTTPS.
    pub private_hosts: Vec<String>,
    /// What is logged.
    pub log: Log,
    /// What seals secrets.
    pub key: KeySource,
}

/// What a commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Synchronous {
    /// A power cut.
    #[default]
    Full,
    /// The end of the process; a power cut may take the last moments back.
    Normal,
}

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum BlobPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In an S3-compatible bucket.
    Bucket(Bucket),
}

/// An S3-compatible bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Put before every key.
    pub prefix: String,
    /// Where it is; none: where the region says.
    pub endpoint: Option<Url>,
    /// Its region.
    pub region: String,
    /// Who we are there.
    pub access_key: String,
    /// What proves it.
    pub secret_key: SecretString,
}

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Which lines, as `info` or `info,outside=debug`; none: what suits the command.
    pub filter: Option<String>,
    /// One JSON object a line.
    pub json: bool,
}

/// Where the key is that seals secrets.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// In this file of our own, made when it is missing.
    Own(PathBuf),
    /// In a file that somebody else looks after.
    File(PathBuf),
    /// Given whole, base64 of 32 bytes.
    Given(SecretString),
}

/// What every command can be told.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// Folder with everything: store, files, key, settings [default: ~/.local/share/deskbell]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Settings file [default: deskbell.toml in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, as `warn` or `info,outside=debug`
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

impl Config {
    /// Reads flags, environment and file.
    ///
    /// # Errors
    /// A sentence naming the setting.
    pub fn load(flags: &Flags) -> Result<Self, Wrong> {
        Self::from(flags, &variable)
    }

    /// Settings for a data folder and nothing else: what tests and the demonstration start from.
    pub fn in_folder(data: &Path) -> Self {
        let flags = Flags { data: Some(data.to_owned()), ..Flags::default() };
        let told = Told::default();
        Self::put_together(&flags, told, data.to_owned(), None).expect("what is not told has a default")
    }

    /// Where staff reach the page.
    pub fn page_url(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{bound}"),
        }
    }

    fn from(flags: &Flags, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        let data = data_folder(flags, variable);
        let named = flags.config.clone().or_else(|| variable("DESKBELL_CONFIG").map(PathBuf::from));
        let usual = data.join(FILE_NAME);
        let file = named.or_else(|| usual.exists().then_some(usual));
        let told = match &file {
            Some(path) => Told::read(path)?,
            None => Told::default(),
        };
        Self::put_together(flags, told.overruled_by(variable)?, data, file)
    }

    fn put_together(flags: &Flags, told: Told, data: PathBuf, file: Option<PathBuf>) -> Result<Self, Wrong> {
        // A path in the settings file means the same wherever the program is started from.
        let base = file.as_deref().and_then(Path::parent).map_or_else(|| data.clone(), Path::to_owned);
        let listen = told.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let key = match (told.key.value, told.key.file) {
            (Some(value), _) => KeySource::Given(value.into()),
            (None, Some(file)) => KeySource::File(base.join(file)),
            (None, None) => KeySource::Own(data.join(KEY_NAME)),
        };
        Ok(Self {
            listen: address("listen", listen)?,
            public_url: told.public_url.as_deref().map(|url| web_url("public_url", url)).transpose()?,
            store: told.store.unwrap_or_else(|| format!("sqlite:{}", data.join("deskbell.db").display())),
            synchronous: told.synchronous.unwrap_or_default(),
            blobs: blob_place(told.blobs.as_deref(), told.s3, &base, &data)?,
            extra_ca: told.tls.extra_ca.map(|path| base.join(path)),
            private_hosts: told.webhooks.private_hosts,
            log: Log { filter: flags.log.clone().or(told.log.filter), json: told.log.json.unwrap_or(false) },
            key,
            data,
            file,
        })
    }
}

/// A variable of the environment, if it is set and not empty: for secrets that a command is told to take from there.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The system's folder for what need not last.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// The settings file, and the same names from the environment. No `Debug`: it holds secrets in the clear.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Told {
    listen: Option<String>,
    public_url: Option<String>,
    store: Option<String>,
    synchronous: Option<Synchronous>,
    blobs: Option<String>,
    s3: ToldS3,
    tls: ToldTls,
    webhooks: ToldWebhooks,
    log: ToldLog,
    key: ToldKey,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToldS3 {
    endpoint: Option<String>,
    region: Option<String>,
    access_key: Option<String>,
    secret_key: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToldTls {
    extra_ca: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToldWebhooks {
    private_hosts: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToldLog {
    filter: Option<String>,
    json: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToldKey {
    file: Option<PathBuf>,
    value: Option<String>,
}

impl Told {
    fn read(path: &Path) -> Result<Self, Wrong> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Wrong(format!("The settings file {} cannot be read: {error}.", path.display()))
        })?;
        toml::from_str(&text).map_err(|error| {
            // The parser's picture of the place, and the value it did not want, may be a secret.
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let said = match error.message().split_once(", expected ") {
                Some((wrong, expected)) if wrong.starts_with("invalid") => {
                    format!("this must be {expected}")
                }
                _ => error.message().trim_end_matches('.').to_owned(),
            };
            Wrong(format!("{} line {line}: {said}.", path.display()))
        })
    }

    fn overruled_by(mut self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        let over = |slot: &mut Option<String>, name: &str| {
            if let Some(value) = variable(name) {
                *slot = Some(value);
            }
        };
        over(&mut self.listen, "DESKBELL_LISTEN");
        over(&mut self.public_url, "DESKBELL_PUBLIC_URL");
        over(&mut self.store, "DESKBELL_STORE");
        over(&mut self.blobs, "DESKBELL_BLOBS");
        over(&mut self.s3.endpoint, "DESKBELL_S3_ENDPOINT");
        over(&mut self.s3.region, "DESKBELL_S3_REGION");
        over(&mut self.s3.access_key, "DESKBELL_S3_ACCESS_KEY");
        over(&mut self.log.filter, "DESKBELL_LOG");
        over(&mut self.s3.secret_key, "DESKBELL_S3_SECRET_KEY");
        over(&mut self.key.value, "DESKBELL_KEY");
        let path = |name: &str| variable(name).map(PathBuf::from);
        self.key.file = path("DESKBELL_KEY_FILE").or(self.key.file);
        self.tls.extra_ca = path("DESKBELL_TLS_EXTRA_CA").or(self.tls.extra_ca);
        if let Some(hosts) = variable("DESKBELL_WEBHOOKS_PRIVATE_HOSTS") {
            let named = hosts.split(',').map(str::trim).filter(|host| !host.is_empty());
            self.webhooks.private_hosts = named.map(str::to_owned).collect();
        }
        if let Some(word) = variable("DESKBELL_SYNCHRONOUS") {
            self.synchronous = Some(match word.as_str() {
                "full" => Synchronous::Full,
                "normal" => Synchronous::Normal,
                _ => return Err(Wrong(format!("DESKBELL_SYNCHRONOUS is {word}; write full or normal."))),
            });
        }
        if let Some(word) = variable("DESKBELL_LOG_JSON") {
            self.log.json = Some(match word.as_str() {
                "yes" | "true" | "1" => true,
                "no" | "false" | "0" => false,
                _ => return Err(Wrong(format!("DESKBELL_LOG_JSON is {word}; write yes or no."))),
            });
        }
        Ok(self)
    }
}

/// The first that is named: by flag, by variable, by the service manager, by the desktop's convention.
fn data_folder(flags: &Flags, variable: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    if let Some(told) = &flags.data {
        return told.clone();
    }
    for (name, below) in [
        ("DESKBELL_DATA", ""),
        ("STATE_DIRECTORY", ""),
        ("XDG_DATA_HOME", "deskbell"),
        ("HOME", ".local/share/deskbell"),
    ] {
        // A service manager may name several folders, separated by colons.
        let first = variable(name).and_then(|value| value.split(':').next().map(PathBuf::from));
        if let Some(folder) = first.filter(|folder| below.is_empty() || folder.is_absolute()) {
            return if below.is_empty() { folder } else { folder.join(below) };
        }
    }
    PathBuf::from("deskbell-data")
}

fn address(name: &str, text: &str) -> Result<SocketAddr, Wrong> {
    let numbered = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numbered.parse().map_err(|_| {
        Wrong(format!(
            "{name} is {text}; write an address with a port, such as 127.0.0.1:8080 or 0.0.0.0:80."
        ))
    })
}

/// Reads an address with a port from a flag.
///
/// # Errors
/// A sentence.
pub fn listen_address(text: &str) -> Result<SocketAddr, Wrong> {
    address("listen", text)
}

fn web_url(name: &str, text: &str) -> Result<Url, Wrong> {
    let wrong = || Wrong(format!("{name} is {text}; write it whole, such as https://ask.example.org."));
    let url = Url::parse(text).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

fn blob_place(told: Option<&str>, s3: ToldS3, base: &Path, data: &Path) -> Result<BlobPlace, Wrong> {
    let Some(bucket) = told.and_then(|place| place.strip_prefix("s3://")) else {
        return Ok(BlobPlace::Folder(told.map_or_else(|| data.join("files"), |place| base.join(place))));
    };
    let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
    let missing = |what: &str| {
        Wrong(format!(
            "blobs is a bucket, but s3.{what} is not set (or DESKBELL_S3_{}).",
            what.to_uppercase()
        ))
    };
    Ok(BlobPlace::Bucket(Bucket {
        name: name.to_owned(),
        prefix: prefix.trim_end_matches('/').to_owned(),
        endpoint: s3.endpoint.as_deref().map(|url| web_url("s3.endpoint", url)).transpose()?,
        region: s3.region.unwrap_or_else(|| "us-east-1".to_owned()),
        access_key: s3.access_key.ok_or_else(|| missing("access_key"))?,
        secret_key: s3.secret_key.ok_or_else(|| missing("secret_key"))?.into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], flags: &Flags) -> Result<Config, Wrong> {
        Config::from(flags, &|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn file(text: &str) -> (tempfile::TempDir, Flags) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE_NAME), text).unwrap();
        let flags = Flags { data: Some(dir.path().to_owned()), ..Flags::default() };
        (dir, flags)
    }

    #[test]
    fn flags_beat_the_environment_beats_the_file_beats_the_default() {
        let (_dir, flags) = file("listen = \"127.0.0.1:1111\"\n[log]\nfilter = \"warn\"\n");
        assert_eq!(with(&[], &flags).unwrap().listen.port(), 1111);
        let config = with(&[("DESKBELL_LISTEN", "0.0.0.0:2222"), ("DESKBELL_LOG", "debug")], &flags).unwrap();
        assert_eq!((config.listen.port(), config.log.filter.as_deref()), (2222, Some("debug")));
        let flags = Flags { log: Some("error".to_owned()), ..flags };
        assert_eq!(with(&[("DESKBELL_LOG", "debug")], &flags).unwrap().log.filter.as_deref(), Some("error"));
        assert_eq!(with(&[("DESKBELL_DATA", "/d")], &Flags::default()).unwrap().listen.port(), 8080);
    }

    #[test]
    fn the_data_folder_follows_the_conventions_in_order() {
        let folder = |variables: &[(&str, &str)]| {
            data_folder(&Flags::default(), &|name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(folder(&[]), Path::new("deskbell-data"));
        assert_eq!(folder(&[("HOME", "/home/ana")]), Path::new("/home/ana/.local/share/deskbell"));
        assert_eq!(folder(&[("HOME", "/h"), ("XDG_DATA_HOME", "/x")]), Path::new("/x/deskbell"));
        assert_eq!(folder(&[("HOME", "/h"), ("STATE_DIRECTORY", "/s:/t")]), Path::new("/s"));
        assert_eq!(folder(&[("STATE_DIRECTORY", "/s"), ("DESKBELL_DATA", "d")]), Path::new("d"));
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_never_with_the_secret_on_it() {
        let (_dir, flags) = file("listen = \"127.0.0.1:80\"\n[key]\nvaleu = \"hunter2-hunter2\"\n");
        let wrong = with(&[], &flags).unwrap_err().to_string();
        assert!(wrong.contains("line 3") && wrong.contains("valeu"), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
        let (_dir, flags) = file("[s3]\nsecret_key = 12345678\n");
        let wrong = with(&[], &flags).unwrap_err().to_string();
        assert!(wrong.contains("line 2") && !wrong.contains("12345678"), "{wrong}");
        let wrong = with(&[("DESKBELL_LISTEN", "eighty")], &flags).unwrap_err().to_string();
        assert!(wrong.contains("line 2"), "the file is read first: {wrong}");
    }

    #[test]
    fn paths_in_the_file_start_where_the_file_is() {
        let (dir, flags) =
            file("blobs = \"kept\"\n[tls]\nextra_ca = \"hall.pem\"\n[key]\nfile = \"/run/key\"\n");
        let config = with(&[], &flags).unwrap();
        assert!(matches!(&config.blobs, BlobPlace::Folder(path) if *path == dir.path().join("kept")));
        assert_eq!(config.extra_ca, Some(dir.path().join("hall.pem")));
        assert!(matches!(&config.key, KeySource::File(path) if path == Path::new("/run/key")));
    }

    #[test]
    fn hosts_of_the_house_are_called_only_where_they_are_named() {
        let (_dir, flags) = file("[webhooks]\nprivate_hosts = [\"hooks.hall.example\"]\n");
        assert_eq!(with(&[], &flags).unwrap().private_hosts, ["hooks.hall.example"]);
        let named = [("DESKBELL_WEBHOOKS_PRIVATE_HOSTS", "10.0.0.7, wiki.hall.example,")];
        assert_eq!(with(&named, &flags).unwrap().private_hosts, ["10.0.0.7", "wiki.hall.example"]);
        assert!(with(&[], &Flags::default()).unwrap().private_hosts.is_empty());
    }

    #[test]
    fn a_bucket_needs_its_keys_and_never_shows_them() {
        let flags = Flags { data: Some(PathBuf::from("/nowhere")), ..Flags::default() };
        let wrong = with(&[("DESKBELL_BLOBS", "s3://desk/fernhill/")], &flags).unwrap_err().to_string();
        assert!(wrong.contains("access_key"), "{wrong}");
        let told = [
            ("DESKBELL_BLOBS", "s3://desk/fernhill/"),
            ("DESKBELL_S3_ACCESS_KEY", "who"),
            ("DESKBELL_S3_SECRET_KEY", "hunter2"),
            ("DESKBELL_KEY", "hunter2"),
        ];
        let config = with(&told, &flags).unwrap();
        let BlobPlace::Bucket(bucket) = &config.blobs else { panic!("a bucket was told") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("desk", "fernhill"));
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
