//! Who is asking and what they may do: passwords, sessions, sign-in links, tokens of programs, roles.

pub mod link;
pub mod password;
mod secret;
pub mod session;
pub mod signin;
pub mod token;
mod tries;

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{Semaphore, broadcast};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::{Error, Result};
pub use crate::model::people::Who;
use crate::model::people::{Role, Staff};
use crate::store::Db;

/// Who signs in: the store of it, and what is remembered and never written down. Cheap to clone.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    known: session::Known,
    tries: tries::Tries,
    hashing: Arc<Semaphore>,
    ended: broadcast::Sender<Uuid>,
}

/// Where a request comes from, as the server itself sees it; never what a header claims.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The other end of the connection.
    pub address: Option<IpAddr>,
    /// What the browser calls itself: shown to its owner, trusted for nothing.
    pub user_agent: String,
}

impl Access {
    /// Nobody known yet, nobody limited.
    pub fn new(db: &Db, clock: &Clock) -> Self {
        Self(Arc::new(Inner {
            db: db.clone(),
            clock: clock.clone(),
            known: session::Known::default(),
            tries: tries::Tries::new(clock),
            hashing: Arc::new(Semaphore::new(password::AT_ONCE)),
            ended: broadcast::channel(64).0,
        }))
    }

    /// Hears the id of every session that ends in this process, so that what it holds open can end too.
    pub fn ended(&self) -> broadcast::Receiver<Uuid> {
        self.0.ended.subscribe()
    }
}

/// The person behind a row of the staff table.
pub fn who(staff: &Staff) -> Who {
    Who {
        staff_id: staff.id,
        name: staff.name.clone(),
        public_name: staff.public_name.clone(),
        role: staff.role,
    }
}

/// Lets pass whoever has this role or more.
///
/// # Errors
/// [`Error::NotAllowed`] names the role that would do.
pub fn require(who: &Who, role: Role) -> Result<()> {
    if who.role.includes(role) { Ok(()) } else { Err(Error::NotAllowed(role.as_str())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_includes_those_below_it() {
        let person =
            |role| Who { staff_id: Uuid::nil(), name: String::new(), public_name: String::new(), role };
        assert!(require(&person(Role::Manager), Role::Staff).is_ok());
        assert!(require(&person(Role::Staff), Role::Staff).is_ok());
        let refused = require(&person(Role::Viewer), Role::Staff).expect_err("a viewer may only read");
        assert_eq!(
            refused.to_string(),
            "Your role does not allow this. A person with the role staff can do it."
        );
    }
}
