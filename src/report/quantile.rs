//! Medians that count those who still wait: the Kaplan-Meier estimate.
//!
//! Who still waits has waited *at least* so long. Leaving them out makes a library look faster the worse it gets, and
//! counting them as answered now does the same; the estimate takes from each what is known of them.

/// One wait as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// How long, in milliseconds.
    pub length_ms: i64,
    /// Whether it has ended; else it was only looked at after so long.
    pub ended: bool,
}

/// The estimate: which share has been answered after how long.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// At each length at which somebody was answered, the share that waits longer; falling.
    steps: Vec<(i64, f64)>,
}

/// Shares are products of fractions; two that differ by less than this are the same.
const CLOSE: f64 = 1e-9;

impl Estimate {
    /// From every wait; one still open counts as waiting until its length and says nothing of what follows. Where an
    /// answer and a look at an open wait fall on the same millisecond, the open one was still waiting at the answer.
    pub fn of(mut seen: Vec<Seen>) -> Self {
        seen.sort_unstable_by_key(|one| one.length_ms);
        let mut waiting = seen.len();
        let mut longer = 1.0;
        let mut steps = Vec::new();
        for same in seen.chunk_by(|a, b| a.length_ms == b.length_ms) {
            let answered = same.iter().filter(|one| one.ended).count();
            if answered > 0 {
                longer *= share(waiting - answered, waiting);
                steps.push((same[0].length_ms, longer));
            }
            waiting -= same.len();
        }
        Self { steps }
    }

    /// The least length within which at least this share (0.5 for the median) was answered. None where so many have not
    /// been: all that is known is that it is longer than anything seen.
    pub fn within(&self, answered: f64) -> Option<i64> {
        let left = 1.0 - answered + CLOSE;
        let at = self.steps.partition_point(|(_, longer)| *longer > left);
        self.steps.get(at).map(|(length, _)| *length)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of waits are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn waits(ended: &[i64], open: &[i64]) -> Vec<Seen> {
        let of = |ended| move |length: &i64| Seen { length_ms: *length, ended };
        ended.iter().map(of(true)).chain(open.iter().map(of(false))).collect()
    }

    #[test]
    fn cases_worked_by_hand() {
        // Answered after, still waiting since, the median, the 90th percentile.
        type Case = (&'static str, &'static [i64], &'static [i64], Option<i64>, Option<i64>);
        let cases: &[Case] = &[
            ("nobody", &[], &[], None, None),
            ("one", &[7], &[], Some(7), Some(7)),
            ("an even number: the lower of the two in the middle", &[1, 2, 3, 4], &[], Some(2), Some(4)),
            ("ten", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], &[], Some(5), Some(9)),
            ("only waiting", &[], &[5, 6], None, None),
            ("half answered, half waiting for longer", &[1, 2], &[9, 9], Some(2), None),
            ("more than half still waiting", &[1, 2], &[9, 9, 9], None, None),
            ("asked a moment ago: it says almost nothing", &[4, 5], &[0], Some(4), Some(5)),
            // 5 waiting; at 2: 4/5; 3 is lost from sight; at 4: 4/5 * 2/3 = 8/15; at 6: 8/15 * 1/2 = 4/15; at 8: 0.
            ("one lost from sight in the middle", &[2, 4, 6, 8], &[3], Some(6), Some(8)),
            ("seen open at the very moment of an answer", &[3, 3], &[3, 3], Some(3), None),
        ];
        for (name, ended, open, median, ninetieth) in cases {
            let estimate = Estimate::of(waits(ended, open));
            assert_eq!((estimate.within(0.5), estimate.within(0.9)), (*median, *ninetieth), "{name}");
        }
    }

    proptest! {
        #[test]
        fn without_open_waits_it_is_the_plain_quantile(mut lengths in prop::collection::vec(0_i64..500, 1..200), tenths in 1_usize..=10) {
            let estimate = Estimate::of(waits(&lengths, &[]));
            lengths.sort_unstable();
            let rank = (lengths.len() * tenths).div_ceil(10);
            prop_assert_eq!(estimate.within(share(tenths, 10)), Some(lengths[rank - 1]));
        }

        #[test]
        fn those_who_still_wait_never_make_it_faster(
            ended in prop::collection::vec(0_i64..500, 1..60),
            open in prop::collection::vec(0_i64..500, 0..60),
        ) {
            let without = Estimate::of(waits(&ended, &[])).within(0.5);
            let with = Estimate::of(waits(&ended, &open)).within(0.5);
            prop_assert!(with.is_none() || with >= without);
        }
    }
}
