//! Named places at which it matters that the process may end: for the crash run alone. Built without the feature
//! `failpoints`, as everybody has it, [`pass`] is empty, [`shortened`] shortens nothing, and no variable is read.
//!
//! With it, `DESKBELL_FAILPOINT=PLACE:NTH:end` ends the process when it comes to that place for the nth time, as a power cut
//! would, and `…:sleep` stops it there until somebody wakes it (SIGCONT).

macro_rules! places {
    ($($(#[$says:meta])* $name:ident,)*) => {
        /// A place in the program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum At { $($(#[$says])* $name,)* }

        impl At {
            /// Each of them, in the order in which a question and its answer come by.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

places! {
    /// The tables are up to date; what those before left in hand is not looked for yet.
    StoreOpened,
    /// What those before left in hand is free; nobody works yet.
    LeftoversFreed,
    /// A transaction of the one writer has begun.
    TransactionBegun,
    /// Every change of a group is made, none is committed.
    GroupDone,
    /// A group is committed; nobody has been told.
    GroupCommitted,
    /// A stream is this process's to read.
    StreamLeased,
    /// The platform has given a batch; nothing of it is here.
    BatchGiven,
    /// Bytes are in the place for files; no row names them.
    BytesKept,
    /// Envelopes are ready, their files kept; no transaction has begun.
    EnvelopesReady,
    /// Conversations of a run are written, its messages are not.
    RunHalfWritten,
    /// Everything of a batch is filed in a transaction, the counts and the place are not.
    BatchFiled,
    /// A batch is committed, with its place; nobody has been told.
    BatchKept,
    /// A batch is kept; the read is not written down as ended.
    ReadToEnd,
    /// A call's envelopes are kept; the platform is not answered.
    CallKept,
    /// A file that was fetched is kept; its row does not say so.
    FileFetched,
    /// An answer's message is written, its parts are not.
    ReplyHalfWritten,
    /// An answer is committed; its writer is not told.
    ReplyKept,
    /// A part is this process's to send.
    PartLeased,
    /// `sending` is committed; the platform has not been asked.
    SendingMarked,
    /// The platform has taken a part, or refused it; that is not written down.
    PartAnswered,
    /// The platform was asked what became of a part; its word is not written down.
    PartLookedFor,
    /// A part's fate is written in a transaction, what follows from it is not.
    FateHalfWritten,
    /// A part's fate is committed; nobody has been told.
    FateKept,
    /// This process has the turn to refresh a sign-in.
    RefreshBegun,
    /// The platform has given a new pair of tokens, and the old one means nothing any more; nothing is written down.
    PairGiven,
    /// The new pair is committed; nobody has it yet.
    PairKept,
}

#[cfg(not(feature = "failpoints"))]
mod quiet {
    /// Does nothing.
    #[inline(always)]
    pub const fn pass(_: super::At) {}

    /// As long as it is.
    #[inline(always)]
    pub const fn shortened(wait_ms: i64) -> i64 {
        wait_ms
    }
}
#[cfg(not(feature = "failpoints"))]
pub use quiet::{pass, shortened};

#[cfg(feature = "failpoints")]
mod armed {
    use std::process::{Command, abort, id};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::At;
    use crate::config::variable;

    /// Leases and waits are so many times as short, so that a crash run meets their ends.
    const SHORTER: i64 = 10;

    struct Plan {
        place: At,
        /// How often it is still to be come by.
        left: AtomicU32,
        sleeps: bool,
    }

    static PLAN: LazyLock<Option<Plan>> = LazyLock::new(|| {
        let told = variable("DESKBELL_FAILPOINT")?;
        let plan = read(&told);
        assert!(plan.is_some(), "DESKBELL_FAILPOINT={told} is not PLACE:NTH:end or PLACE:NTH:sleep");
        plan
    });

    fn read(told: &str) -> Option<Plan> {
        let mut words = told.split(':');
        let (name, nth, does) = (words.next()?, words.next()?, words.next()?);
        let place = *At::ALL.iter().find(|place| format!("{place:?}") == name)?;
        let sleeps = match does {
            "end" => false,
            "sleep" => true,
            _ => return None,
        };
        Some(Plan { place, left: AtomicU32::new(nth.parse().ok()?), sleeps })
    }

    /// The process comes by this place.
    pub fn pass(place: At) {
        let Some(plan) = PLAN.as_ref().filter(|plan| plan.place == place) else { return };
        // It wraps around after the last time, and no process lives so long.
        if plan.left.fetch_sub(1, Ordering::Relaxed) != 1 {
            return;
        }
        if !plan.sleeps {
            eprintln!("failpoint {place:?}: ends");
            abort();
        }
        eprintln!("failpoint {place:?}: sleeps");
        let told = Command::new("kill").args(["-STOP", &id().to_string()]).status();
        eprintln!("failpoint {place:?}: woke ({told:?})");
    }

    /// A lease or a wait in the crash run.
    pub const fn shortened(wait_ms: i64) -> i64 {
        wait_ms / SHORTER
    }
}
#[cfg(feature = "failpoints")]
pub use armed::{pass, shortened};
