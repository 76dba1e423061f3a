//! Things that go wrong on purpose, switched on by name.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use super::{Random, lock};

/// The faults one platform knows.
pub trait Fault: Copy + Eq + fmt::Debug + Send + 'static {
    /// All of them, in the order in which help lists them.
    const ALL: &'static [Self];

    /// The name it is switched on by: small letters and hyphens.
    fn name(self) -> &'static str;

    /// What then happens, in one line.
    fn effect(self) -> &'static str;

    /// The fault of that name.
    ///
    /// # Errors
    /// When the platform knows no such fault; the error lists those it knows.
    fn named(name: &str) -> Result<Self, UnknownFault> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name).ok_or_else(|| UnknownFault {
            given: name.to_owned(),
            known: Self::ALL.iter().map(|fault| fault.name()).collect(),
        })
    }
}

/// A fault nobody knows, or a plan nobody can read.
#[derive(Debug, thiserror::Error)]
#[error(
    "There is no fault \"{given}\". Write NAME, NAME:TIMES, NAME:SHARE% (such as 0.5%), PLACE/NAME or NAME@ACCOUNT, where NAME is one of: {}.",
    known.join(", ")
)]
pub struct UnknownFault {
    given: String,
    known: Vec<&'static str>,
}

/// When and to whom a fault happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<F> {
    fault: F,
    place: Option<String>,
    account: Option<String>,
    left: Option<u32>,
    per_mille: u16,
}

impl<F: Fault> Plan<F> {
    /// Always, everywhere, for everybody.
    pub fn new(fault: F) -> Self {
        Self { fault, place: None, account: None, left: None, per_mille: 1000 }
    }

    /// Only for this account.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_lowercase());
        self
    }

    /// Only at one of the platform's doors, such as `imap` or `smtp`.
    #[must_use]
    pub fn place(mut self, place: &str) -> Self {
        self.place = Some(place.to_owned());
        self
    }

    /// Only the next `times` times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Now and then: so many times in a thousand, as the platform's seed has it.
    #[must_use]
    pub fn per_mille(mut self, per_mille: u16) -> Self {
        self.per_mille = per_mille;
        self
    }
}

impl<F: Fault> From<F> for Plan<F> {
    fn from(fault: F) -> Self {
        Self::new(fault)
    }
}

/// As it is read.
impl<F: Fault> fmt::Display for Plan<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}/")?;
        }
        f.write_str(self.fault.name())?;
        if let Some(left) = self.left {
            write!(f, ":{left}")?;
        }
        match (self.per_mille / 10, self.per_mille % 10) {
            (100.., _) => {}
            (percent, 0) => write!(f, ":{percent}%")?,
            (percent, tenth) => write!(f, ":{percent}.{tenth}%")?,
        }
        self.account.as_ref().map_or(Ok(()), |account| write!(f, "@{account}"))
    }
}

/// What one platform knows of trouble, for people: each fault's name and effect, and the plans that are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Troubles {
    /// Each fault's name, and what then happens.
    pub known: Vec<(&'static str, &'static str)>,
    /// What is switched on, as it would be written.
    pub on: Vec<String>,
}

/// `[PLACE/]NAME[:TIMES][:SHARE%][@ACCOUNT]`, such as `smtp-4xx:2`, `send/5xx:0.5%` or `imap/hang@ask@library.example`.
impl<F: Fault> FromStr for Plan<F> {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (what, account) = match text.split_once('@') {
            Some((what, account)) => (what, Some(account)),
            None => (text, None),
        };
        let (place, what) = match what.split_once('/') {
            Some((place, what)) => (Some(place), what),
            None => (None, what),
        };
        let mut pieces = what.split(':');
        let mut plan = Self::new(F::named(pieces.next().unwrap_or_default())?);
        for piece in pieces {
            match (piece.strip_suffix('%').and_then(per_mille), piece.parse()) {
                (Some(share), _) => plan.per_mille = share,
                (None, Ok(times)) => plan.left = Some(times),
                // Nobody's number: the whole is then nobody's name.
                (None, Err(_)) => plan.fault = F::named(what)?,
            }
        }
        plan.place = place.map(str::to_owned);
        plan.account = account.map(str::to_lowercase);
        Ok(plan)
    }
}

/// Per cent with at most one digit after the point, up to 100.
fn per_mille(percent: &str) -> Option<u16> {
    let (whole, tenths) = percent.split_once('.').unwrap_or((percent, "0"));
    let tenths: u16 = tenths.parse().ok().filter(|_| tenths.len() == 1)?;
    let share = whole.parse::<u16>().ok()?.checked_mul(10)?.checked_add(tenths)?;
    (share <= 1000).then_some(share)
}

/// The faults of one platform that are switched on.
#[derive(Debug)]
pub struct Faults<F> {
    plans: Mutex<Vec<Plan<F>>>,
    random: Random,
}

impl<F: Fault> Faults<F> {
    /// Chance of their own: what else the platform draws does not move them.
    pub(super) fn seeded(seed: u64) -> Self {
        // Not the stream of numbers that the platform itself draws from the same seed.
        Self { plans: Mutex::default(), random: Random::seeded(seed.rotate_left(32) ^ 0x00fa_0175) }
    }

    /// Switches a fault on; a second plan for the same fault stands beside the first.
    pub fn switch_on(&self, plan: impl Into<Plan<F>>) {
        lock(&self.plans).push(plan.into());
    }

    /// Switches a fault off, whatever the plans for it.
    pub fn switch_off(&self, fault: F) {
        lock(&self.plans).retain(|plan| plan.fault != fault);
    }

    /// Switches all faults off.
    pub fn clear(&self) {
        lock(&self.plans).clear();
    }

    /// Everything there is to know, for people.
    pub fn troubles(&self) -> Troubles {
        Troubles {
            known: F::ALL.iter().map(|fault| (fault.name(), fault.effect())).collect(),
            on: self.plans().iter().map(ToString::to_string).collect(),
        }
    }

    /// What is switched on and not yet used up.
    pub fn plans(&self) -> Vec<Plan<F>> {
        lock(&self.plans).clone()
    }

    /// Whether the fault happens here and now to `account` (if it is known by now). Uses up one of a plan's times.
    pub(super) fn strikes(&self, fault: F, place: &str, account: Option<&str>) -> bool {
        self.strikes_where(fault, place, |wanted| wanted.is_none_or(|wanted| account == Some(wanted)))
    }

    /// As [`Faults::strikes`], for a fault that had its chance before the account was known: only plans that name it.
    pub(super) fn strikes_now_known(&self, fault: F, place: &str, account: &str) -> bool {
        self.strikes_where(fault, place, |wanted| wanted == Some(account))
    }

    fn strikes_where(&self, fault: F, place: &str, whom: impl Fn(Option<&str>) -> bool) -> bool {
        let mut plans = lock(&self.plans);
        let struck = plans.iter_mut().find(|plan| {
            plan.fault == fault
                && plan.left != Some(0)
                && plan.place.as_deref().is_none_or(|wanted| wanted == place)
                && whom(plan.account.as_deref())
                && (plan.per_mille >= 1000 || self.random.below(1000) < usize::from(plan.per_mille))
        });
        let Some(plan) = struck else {
            return false;
        };
        if let Some(left) = &mut plan.left {
            *left -= 1;
        }
        plans.retain(|plan| plan.left != Some(0));
        true
    }
}
