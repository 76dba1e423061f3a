//! Where a condition is met by few conversations, all of those are looked at, in place of everything in which common words
//! were said.

use uuid::Uuid;

use crate::model::conversation::{Conversation, State};
use crate::model::search::{Has, Is, Query, Term};
use crate::store::lists::{Sift, sifted};
use crate::store::{Conn, Error};

/// What is few.
const FEW: usize = 300;

/// Every conversation that one of the conditions leaves over, where those are few; they may fail the others.
pub(super) async fn few(
    conn: &mut Conn,
    query: &Query,
    drafts: &[Uuid],
) -> Result<Option<Vec<Conversation>>, Error> {
    let mut fewest: Option<Vec<Conversation>> = None;
    for sift in query.clauses.iter().filter_map(|clause| match &clause.items[..] {
        [only] if !only.negated => sift_of(&only.term, drafts),
        _ => None,
    }) {
        let most = fewest.as_ref().map_or(FEW, |found| found.len().saturating_sub(1));
        if let Some(found) = sifted(conn, &sift, most).await? {
            fewest = Some(found);
        }
    }
    Ok(fewest)
}

fn sift_of<'q>(term: &'q Term, drafts: &'q [Uuid]) -> Option<Sift<'q>> {
    Some(match term {
        Term::Tag { ids, .. } => Sift::Tags(ids),
        Term::Has(Has::Draft) => Sift::These(drafts),
        Term::Is(is) => Sift::States(match is {
            Is::Open | Is::Unclaimed => &[State::Open],
            Is::Mine => &[State::Open, State::Waiting],
            Is::Late | Is::Due => &[State::Open, State::Waiting, State::Snoozed],
            Is::Waiting => &[State::Waiting],
            Is::Snoozed => &[State::Snoozed],
            Is::Spam => &[State::Spam],
            Is::Done | Is::Urgent | Is::Public => return None,
        }),
        _ => return None,
    })
}
