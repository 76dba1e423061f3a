//! What a message is met with: its envelope is kept, and whoever and whatever it names is looked up, in one journey.

use super::envelopes::{self, Envelope};
use super::messages::{self, Referred};
use super::{Conn, Error, Tx, conversations, row};
use crate::model::conversation::Conversation;
use crate::model::people::Address;

const MET: &str =
    "SELECT id, patron_id, kind, address, shown FROM addresses WHERE kind = $1 AND address = $2";

pub(super) const ALL: &[&str] = &[MET];

/// What a message says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// Its writer: the connector's name and the address, folded.
    pub writer: Option<(&'a str, &'a str)>,
    /// The messages it answers, nearest first.
    pub references: &'a [String],
}

/// What the store knew of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its writer's address.
    pub address: Option<Address>,
    /// The messages it answers that are ours to know.
    pub referred: Vec<Referred>,
    /// The conversations they are in, where these came along in the same journey.
    pub conversations: Vec<Conversation>,
}

/// Keeps an envelope and tells what is known of its message. None: the channel has had it already, and nothing was
/// changed.
pub async fn keep(tx: &mut Tx, envelope: &Envelope, claims: Claims<'_>) -> Result<Option<Known>, Error> {
    let (kind, address) = claims.writer.unzip();
    let asks = !claims.references.is_empty();
    let (address, referred, conversations) = match &mut tx.conn {
        Conn::Sqlite(file) => {
            envelopes::insert_into(file, envelope);
            file.add(MET).with(kind).with(address);
            if asks {
                messages::ask_referred(file, claims.writer, claims.references);
                conversations::ask_referred(file, claims.references);
            }
            let answers = file.ask_for(if asks { 4 } else { 2 }).await?;
            if answers[0].touched() == 0 {
                return Ok(None);
            }
            let address = answers[1].read()?.into_iter().next();
            match &answers[2..] {
                [referred, conversations] => (address, referred.read()?, conversations.read()?),
                _ => (address, Vec::new(), Vec::new()),
            }
        }
        Conn::Postgres(_) => {
            if !envelopes::insert(tx, envelope).await? {
                return Ok(None);
            }
            let address = row!(&mut tx.conn, Address, MET, kind, address)?;
            let referred = match asks {
                true => messages::referred(tx, claims.writer, claims.references).await?,
                false => Vec::new(),
            };
            (address, referred, Vec::new())
        }
    };
    Ok(Some(Known { address, referred, conversations }))
}
