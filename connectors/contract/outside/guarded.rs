//! The door to addresses that people typed in: only ever to the public internet, whatever a name leads to at the moment of
//! connecting, so that nobody reaches the house's own machines through us.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::{Outside, innermost, transient};

const LONGEST: Duration = Duration::from_secs(15);
/// An answer's body says nothing that counts; as much is read as lets the connection be used again.
const MOST_READ: usize = 4096;

/// What it needs, made when it is first needed.
#[derive(Default)]
pub(super) struct Guarded {
    private: OnceLock<Arc<[String]>>,
    client: OnceLock<reqwest::Client>,
}

impl Outside {
    /// Names the house's own hosts that may be called all the same, without encryption too. Counts once, before the first
    /// call.
    pub fn allow_private(&self, hosts: Vec<String>) {
        let _ = self.shared.guarded.private.set(hosts.into());
    }

    /// Whether an address may be called, as far as can be told without calling it; a name is looked up.
    ///
    /// # Errors
    /// A sentence: why not and what to write.
    pub async fn may_push(&self, url: &Url) -> Result<(), String> {
        let private = self.private();
        written_well(url, &private)?;
        match url.host() {
            Some(Host::Domain(name)) if !is_named(name, &private) => match look_up(name).await {
                // Who cannot be found today may be there tomorrow.
                Ok(_) | Err(Unfit::NotFound(_)) => Ok(()),
                Err(inside @ Unfit::Inside(..)) => Err(inside.to_string()),
            },
            _ => Ok(()),
        }
    }

    /// Posts JSON to an address that somebody typed in and gives the answer's status. Redirects are not followed; of
    /// the answer nothing but its status is looked at.
    ///
    /// # Errors
    /// A sentence: nobody answered, or the address leads into the house.
    pub async fn push(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<u16, String> {
        let what = format!("POST {}", url.host_str().unwrap_or_default());
        let result = self.push_unrecorded(url, headers, body).await;
        match &result {
            Ok(status) => self.record(what, Ok(status.to_string())),
            Err(why) => self.record(what, Err(&transient(why.clone()))),
        }
        result
    }

    async fn push_unrecorded(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<u16, String> {
        written_well(url, &self.private())?;
        let host = url.host_str().unwrap_or_default();
        let mut request = self.guarded()?.post(url.clone()).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut answer = request.body(body).send().await.map_err(|error| {
            format!("{host} did not answer ({}).", innermost(error).trim_end_matches('.'))
        })?;
        let mut read = 0;
        while let Ok(Some(piece)) = answer.chunk().await {
            read += piece.len();
            if read >= MOST_READ {
                break;
            }
        }
        Ok(answer.status().as_u16())
    }

    fn private(&self) -> Arc<[String]> {
        self.shared.guarded.private.get().cloned().unwrap_or_default()
    }

    fn guarded(&self) -> Result<&reqwest::Client, String> {
        let guarded = &self.shared.guarded;
        if let Some(client) = guarded.client.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(self.secured()?.tls.as_ref().clone())
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would look the name up by itself, and nobody would see where it leads.
            .no_proxy()
            .dns_resolver(OnlyPublic(self.private()))
            .timeout(LONGEST)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(10))
            .user_agent(concat!("Deskbell/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("The web client could not be set up: {error}."))?;
        Ok(guarded.client.get_or_init(|| client))
    }
}

/// What can be told without looking a name up. An address in numbers is judged here: no resolver is asked for it.
fn written_well(url: &Url, private: &[String]) -> Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    let named = is_named(host, private);
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Write the address without a name and a password in it.".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if named => {}
        _ => {
            return Err(
                "Only https:// is called: write the address whole, with https:// before it.".to_owned()
            );
        }
    }
    let number = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err("The address names no host.".to_owned()),
    };
    if named || is_public(number) { Ok(()) } else { Err(Unfit::Inside(host.to_owned(), number).to_string()) }
}

fn is_named(host: &str, private: &[String]) -> bool {
    private.iter().any(|named| named.eq_ignore_ascii_case(host))
}

/// Looks names up at the moment of connecting: what it gives is what is connected to.
struct OnlyPublic(Arc<[String]>);

impl Resolve for OnlyPublic {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.0.clone();
        Box::pin(async move {
            let name = name.as_str();
            let found = if is_named(name, &private) { every(name).await } else { look_up(name).await };
            let found: Addrs = Box::new(found.map_err(Box::<dyn Error + Send + Sync>::from)?.into_iter());
            Ok(found)
        })
    }
}

/// Why a name is not connected to.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the name cannot be found: {0}")]
    NotFound(std::io::Error),
    #[error(
        "{0} leads to {1}, which is not on the public internet. A host of the house must be named under webhooks.private_hosts"
    )]
    Inside(String, IpAddr),
}

async fn every(name: &str) -> Result<Vec<SocketAddr>, Unfit> {
    Ok(tokio::net::lookup_host((name, 0)).await.map_err(Unfit::NotFound)?.collect())
}

/// One address inside is enough to refuse them all: which of them is connected to is not ours to say.
async fn look_up(name: &str) -> Result<Vec<SocketAddr>, Unfit> {
    let found = every(name).await?;
    match found.iter().find(|address| !is_public(address.ip())) {
        Some(inside) => Err(Unfit::Inside(name.to_owned(), inside.ip())),
        None => Ok(found),
    }
}

/// Whether an address is one of the public internet (the IANA special-purpose registries, RFC 6890): no loopback, private,
/// link-local (where clouds keep their metadata), unique local, shared (CGNAT), multicast, documentation or reserved one, nor
/// one that hides any of these in another.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    match (a, b) {
        // Where a network has no IPv4 of its own, that is how the whole of it is reached (RFC 6052).
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => {
            let ([w, x], [y, z]) = (g.to_be_bytes(), h.to_be_bytes());
            is_public_v4(Ipv4Addr::new(w, x, y, z))
        }
        // Teredo, ORCHID, benchmarks; documentation; 6to4.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) => false,
        (0x3fff, 0..=0xfff) => false,
        (0x2000..=0x3fff, _) => true,
        // Among them loopback, mapped IPv4, unique local, link-local, multicast.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Blocks nothing of which may be called: network and length of its prefix.
    const INSIDE: &[(&str, u32)] = &[
        ("0.0.0.0", 8),
        ("10.0.0.0", 8),
        ("100.64.0.0", 10),
        ("127.0.0.0", 8),
        ("169.254.0.0", 16),
        ("172.16.0.0", 12),
        ("192.0.0.0", 24),
        ("192.0.2.0", 24),
        ("192.168.0.0", 16),
        ("198.18.0.0", 15),
        ("198.51.100.0", 24),
        ("203.0.113.0", 24),
        ("224.0.0.0", 4),
        ("240.0.0.0", 4),
        ("::", 96),
        ("::ffff:0:0", 96),
        ("64:ff9b::a00:0", 104),
        ("64:ff9b::7f00:0", 104),
        ("64:ff9b:1::", 48),
        ("100::", 64),
        ("2001::", 23),
        ("2001:db8::", 32),
        ("2002::", 16),
        ("3fff::", 20),
        ("fc00::", 7),
        ("fe80::", 10),
        ("fec0::", 10),
        ("ff00::", 8),
    ];

    fn within(network: IpAddr, prefix: u32, luck: u128) -> IpAddr {
        match network {
            IpAddr::V4(network) => {
                let free = u32::MAX.checked_shr(prefix).unwrap_or(0);
                IpAddr::V4((u32::from(network) | (luck as u32 & free)).into())
            }
            IpAddr::V6(network) => {
                IpAddr::V6((u128::from(network) | (luck & u128::MAX.checked_shr(prefix).unwrap_or(0))).into())
            }
        }
    }

    proptest! {
        #[test]
        fn no_address_of_the_house_is_public(block in 0..INSIDE.len(), luck: u128) {
            let (network, prefix) = INSIDE[block];
            let address = within(network.parse().unwrap(), prefix, luck);
            prop_assert!(!is_public(address), "{address}");
            let (first, last) = (within(address, 128, 0), within(network.parse().unwrap(), prefix, u128::MAX));
            prop_assert!(!is_public(first) && !is_public(last));
        }

        #[test]
        fn a_mapped_address_is_refused_whatever_it_maps(luck: u32) {
            prop_assert!(!is_public(IpAddr::V6(Ipv4Addr::from(luck).to_ipv6_mapped())));
        }
    }

    #[test]
    fn the_neighbours_of_those_blocks_are_public() {
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        // Where clouds answer with the machine's own secrets.
        for metadata in ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"] {
            assert!(!is_public(metadata.parse().unwrap()), "{metadata}");
        }
    }

    #[test]
    fn an_address_is_judged_as_it_is_meant_and_not_as_it_is_written() {
        let private = ["hooks.house.example".to_owned(), "[::1]".to_owned()];
        for refused in [
            "http://hooks.example/",
            "ftp://hooks.example/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://127。0。0。1/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
            "https://ana:secret@hooks.example/",
        ] {
            assert!(written_well(&refused.parse().unwrap(), &private).is_err(), "{refused}");
        }
        for taken in [
            "https://hooks.example/a?b=c",
            "https://1.1.1.1/",
            "http://HOOKS.house.example:8080/",
            "https://[::1]:1/",
        ] {
            assert_eq!(written_well(&taken.parse().unwrap(), &private), Ok(()), "{taken}");
        }
    }
}
