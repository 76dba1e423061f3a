//! What a platform must be able to do to stand in the storm, and the list of those that do.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use connectors::simulator::web::{Entry, WebFault};
use connectors::simulator::{Clock, Line, Plan};

use super::staff::Staff;
use super::{handle, line, mailbox, page, square};

/// How much goes wrong, by the share of requests, calls or mails.
pub const OUT_OF_ORDER: &str = "5%";
/// One request too many.
const TOO_MANY: &str = "1%";
/// The work is done and nobody hears of it: the line is cut.
pub const LOST: &str = "2%";
/// The same, and the line stays open without a word.
pub const MUTE: &str = "1%";
/// How long the program waits for an answer before it gives up, in seconds: so many answers that never come are waited for
/// that a storm of minutes would be one of hours.
pub const GIVES_UP_S: &str = "3";
/// Given once more.
pub const TWICE: &str = "10%";
/// Given after what followed it.
const LATE: &str = "2%";

/// A simulated platform, the library's account there, and its patrons.
pub trait Platform: Send + Sync {
    /// The connector's name.
    fn kind(&self) -> &'static str;

    /// What the connector asks for.
    fn settings(&self) -> Vec<(&'static str, String)>;

    /// What it asks for and nobody may see.
    fn secrets(&self) -> Vec<(&'static str, String)>;

    /// Patron number `who` says this, in the way that this patron always takes (in public or in private).
    fn say(&self, who: usize, text: &str);

    /// Everything that patrons said, and how often the platform has it under numbers of its own: it must be here, and no
    /// more often than that.
    fn given(&self) -> BTreeMap<String, usize>;

    /// Everything of ours that reached patrons after the so-manieth line of the platform's ledger.
    fn taken_after(&self, seq: u64) -> Vec<String>;

    /// Whether a file of an answer goes with it; where the platform fetches it from us, one that finds the program dead
    /// refuses the answer for good.
    fn carries(&self) -> bool {
        true
    }

    /// The files of ours that reached patrons, byte for byte.
    fn carried(&self) -> Vec<Vec<u8>>;

    /// The bodies of the calls to which the program has said that it has what they bring. None where nothing is called.
    fn acknowledged(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it calls.
    fn calls(&self) -> bool {
        false
    }

    /// How many calls were answered with word that the program can do nothing with them now.
    fn turned_away(&self) -> usize {
        0
    }

    /// How many lines the ledger has.
    fn lines(&self) -> u64;

    /// Lets everything go wrong by the shares above.
    fn trouble(&self);

    /// Lets everything go well.
    fn mend(&self);

    /// Gives again what was given, where calls and requests do not do that by themselves.
    fn repeat(&self) {}

    /// A sign-in that is refreshed by the program itself runs out, where there is one.
    fn wear(&self) {}

    /// Whether it gives things twice. What is only read onwards, after the last that is here, gives hardly any.
    fn gives_twice(&self) -> bool {
        true
    }

    /// The library's sign-in is worth nothing any more.
    fn sign_out(&self);

    /// Staff sign the channel in again, as the program tells them to. An error: it did not work, this time.
    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()>;

    /// Whether what the platform took is always found there when it is asked. Mail leaves no trace where the copy among
    /// the sent mail was not made.
    fn shows_what_it_took(&self) -> bool {
        true
    }
}

/// Starts every platform. A further one is a line here and a file beside this one.
pub async fn all(clock: Arc<dyn Clock>, seed: u64) -> Vec<Box<dyn Platform>> {
    vec![
        Box::new(mailbox::Mail::start(clock.clone(), seed).await),
        Box::new(line::Line::start(clock.clone(), seed).await),
        Box::new(page::Page::start(clock.clone(), seed).await),
        Box::new(handle::Handle::start(clock.clone(), seed).await),
        Box::new(square::Square::start(clock.clone(), seed).await),
    ]
}

/// What was said once each, under a number each.
pub fn once_each(said: Vec<String>) -> BTreeMap<String, usize> {
    said.into_iter().map(|text| (text, 1)).collect()
}

/// The body of a call that was answered with a yes.
pub fn acknowledged<Own>(line: &Line<Entry<Own>>) -> Option<String> {
    let called = line.what.called()?;
    called.status.filter(|status| (200..300).contains(status)).map(|_| called.body.clone())
}

/// Whether a call was answered with a 5xx.
pub fn turned_away<Own>(line: &Line<Entry<Own>>) -> Option<()> {
    line.what.called()?.status.filter(|status| *status >= 500).map(|_| ())
}

/// Switches the shares on at a platform on the web.
pub fn web_troubles() -> impl Iterator<Item = Plan<WebFault>> {
    let plans = [
        format!("5xx:{OUT_OF_ORDER}"),
        format!("429:{TOO_MANY}"),
        format!("lost:{LOST}"),
        format!("mute:{MUTE}"),
        format!("webhook/duplicate:{TWICE}"),
        format!("webhook/reorder:{LATE}"),
    ];
    plans.into_iter().map(|plan| plan.parse().expect("written above"))
}
