//! What a message is met with: its envelope is kept, and whoever and whatever it names is looked up, in one journey.

use sqlx::FromRow;
use uuid::Uuid;

use super::envelopes::{self, Envelope};
use super::messages::{self, Referred};
use super::{Conn, Error, Tx, conversations, row};
use crate::model::conversation::Conversation;
use crate::model::people::Address;

const MET: &str = "SELECT d.promise_ms, a.id, a.patron_id, a.kind, a.address, a.shown FROM desks d \
     LEFT JOIN addresses a ON a.kind = $2 AND a.address = $3 WHERE d.id = $1";

pub(super) const ALL: &[&str] = &[MET];

/// What a message says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The desk it comes to.
    pub desk: Uuid,
    /// Its writer: the connector's name and the address, folded.
    pub writer: Option<(&'a str, &'a str)>,
    /// The messages it answers, nearest first.
    pub references: &'a [String],
}

/// What the store knew of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// How long the desk takes at most, milliseconds.
    pub promise_ms: i64,
    /// Its writer's address.
    pub address: Option<Address>,
    /// The messages it answers that are ours to know.
    pub referred: Vec<Referred>,
    /// The conversations they are in, where these came along in the same journey.
    pub conversations: Vec<Conversation>,
}

#[derive(FromRow)]
struct Met {
    promise_ms: i64,
    id: Option<Uuid>,
    patron_id: Option<Uuid>,
    kind: Option<String>,
    address: Option<String>,
    shown: Option<String>,
}

impl Met {
    fn address(self) -> Option<Address> {
        Some(Address {
            id: self.id?,
            patron_id: self.patron_id?,
            kind: self.kind?,
            address: self.address?,
            shown: self.shown?,
        })
    }
}

/// Keeps an envelope and tells what is known of its message. None: the channel has had it already, and nothing was
/// changed.
pub async fn keep(tx: &mut Tx, envelope: &Envelope, claims: Claims<'_>) -> Result<Option<Known>, Error> {
    let (kind, address) = claims.writer.unzip();
    let asks = !claims.references.is_empty();
    let (met, referred, conversations) = match &mut tx.conn {
        Conn::Sqlite(file) => {
            envelopes::insert_into(file, envelope);
            file.add(MET).with(claims.desk).with(kind).with(address);
            if asks {
                messages::ask_referred(file, claims.writer, claims.references);
                conversations::ask_referred(file, claims.references);
            }
            let answers = file.ask_for(if asks { 4 } else { 2 }).await?;
            if answers[0].touched() == 0 {
                return Ok(None);
            }
            let met = answers[1].read::<Met>()?.into_iter().next();
            match &answers[2..] {
                [referred, conversations] => (met, referred.read()?, conversations.read()?),
                _ => (met, Vec::new(), Vec::new()),
            }
        }
        Conn::Postgres(_) => {
            if !envelopes::insert(tx, envelope).await? {
                return Ok(None);
            }
            let met = row!(&mut tx.conn, Met, MET, claims.desk, kind, address)?;
            let referred = match asks {
                true => messages::referred(tx, claims.writer, claims.references).await?,
                false => Vec::new(),
            };
            (met, referred, Vec::new())
        }
    };
    let met = met.ok_or(sqlx::Error::RowNotFound)?;
    Ok(Some(Known { promise_ms: met.promise_ms, address: met.address(), referred, conversations }))
}
