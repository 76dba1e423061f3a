//! Keeping an eye on a conversation without having it. Nobody but the watcher is told: it changes nothing for anybody else.

use uuid::Uuid;

use super::{locked, may_read};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::conversation::State;
use crate::store::watches;

/// Begins to watch until it is done. Watching what one watches changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for what is done already.
pub async fn watch(app: &App, who: &Who, id: Uuid) -> Result<()> {
    may_read(who)?;
    let (staff, now) = (who.staff_id, app.clock.now());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if locked(tx, id).await?.state == State::Done {
                    return Err(Error::Invalid(
                        "This conversation is done, so there is nothing to watch. Open it again, then watch it."
                            .to_owned(),
                    ));
                }
                Ok(watches::put(tx, staff, id, now).await?)
            })
        })
        .await?;
    Ok(())
}

/// Watches no more. Leaving what one does not watch changes nothing.
pub async fn unwatch(app: &App, who: &Who, id: Uuid) -> Result<()> {
    may_read(who)?;
    let staff = who.staff_id;
    app.db
        .write(move |tx| {
            Box::pin(async move {
                locked(tx, id).await?;
                Ok::<_, Error>(watches::end(tx, staff, id).await?)
            })
        })
        .await?;
    Ok(())
}
