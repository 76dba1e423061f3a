//! What comes, goes or moves between places whose numbers are kept: summed before it is written.

/// By how many each place grows: of each move, where it was and where it is. Moves that cancel out leave nothing.
pub(super) fn summed<P: PartialEq>(moves: impl Iterator<Item = (Option<P>, Option<P>)>) -> Vec<(P, i64)> {
    let mut changes: Vec<(P, i64)> = Vec::new();
    for (before, after) in moves {
        for (place, by) in before.map(|place| (place, -1)).into_iter().chain(after.map(|place| (place, 1))) {
            match changes.iter_mut().find(|(known, _)| *known == place) {
                Some((_, sum)) => *sum += by,
                None => changes.push((place, by)),
            }
        }
    }
    changes.retain(|(_, by)| *by != 0);
    changes
}

#[cfg(test)]
mod tests {
    use super::summed;

    #[test]
    fn what_cancels_out_is_not_told() {
        let moves = [
            (None, Some('a')),
            (Some('a'), Some('b')),
            (Some('c'), None),
            (None, Some('b')),
            (Some('d'), Some('d')),
        ];
        assert_eq!(summed(moves.into_iter()), [('b', 2), ('c', -1)]);
    }
}
