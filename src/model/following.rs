//! Who follows some desks only: which lines of the history they are told. Decided by what the history itself says of where a
//! conversation was at a line, so that who comes back is told the same as who stayed.

use sqlx::FromRow;
use uuid::Uuid;

/// Where a line of the history belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Place {
    /// The desk its conversation is at from this line on.
    pub desk_id: Uuid,
    /// The desk it was at until this line took it elsewhere.
    pub left_id: Option<Uuid>,
    /// Whoever follows is, or was just then, asked to take it.
    pub addressed: bool,
}

/// What is told of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// All of it.
    Whole,
    /// That the conversation is at none of the desks any more.
    Gone,
    /// Nothing.
    Nothing,
}

/// What somebody who follows these desks is told of a line there.
pub fn told(desks: &[Uuid], place: &Place) -> Told {
    if place.addressed || desks.contains(&place.desk_id) {
        Told::Whole
    } else if place.left_id.is_some_and(|left| desks.contains(&left)) {
        Told::Gone
    } else {
        Told::Nothing
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn desk(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number))
    }

    proptest! {
        /// Whoever keeps a list of what is at these desks by what they are told has the right list, whatever moves.
        #[test]
        fn who_is_told_knows_what_is_at_their_desks(
            watched in prop::collection::vec(0..4_u8, 0..3),
            begins in prop::collection::vec(0..4_u8, 1..4),
            lines in prop::collection::vec((0..4_usize, prop::option::of(0..4_u8), any::<bool>()), 0..40),
        ) {
            let watched: Vec<Uuid> = watched.into_iter().map(desk).collect();
            let mut at: Vec<Uuid> = begins.into_iter().map(desk).collect();
            let mut known: Vec<bool> = at.iter().map(|desk| watched.contains(desk)).collect();
            for (which, goes_to, addressed) in lines {
                let which = which % at.len();
                let was = at[which];
                let is = goes_to.map_or(was, desk);
                at[which] = is;
                let place = Place { desk_id: is, left_id: (is != was).then_some(was), addressed };
                match told(&watched, &place) {
                    Told::Whole => known[which] = watched.contains(&place.desk_id),
                    Told::Gone => {
                        prop_assert!(known[which] && !addressed, "only what was there goes");
                        known[which] = false;
                    }
                    Told::Nothing => prop_assert!(!addressed),
                }
                for (desk, known) in at.iter().zip(&known) {
                    prop_assert_eq!(watched.contains(desk), *known);
                }
            }
        }
    }
}
