//! Every SQL text of the house, gathered so that one test can prepare each of them.

use super::{
    channels, conversations, deliveries, drafts, envelopes, events, handoffs, histories, hours, intake,
    lists, media, messages, next, opt_outs, patrons, people, rates, refreshes, search, sequences, sessions,
    settings, signins, spendings, standings, streams, subscriptions, tags, tallies, uploads, viewers, waits,
    watches, webhooks,
};

/// The texts that both engines run, by file.
pub const SHARED: &[(&str, &[&str])] = &[
    ("channels", channels::ALL),
    ("check", super::check::ALL),
    ("conversations", conversations::ALL),
    ("copy", super::copy::ALL),
    ("deliveries", deliveries::ALL),
    ("drafts", drafts::ALL),
    ("envelopes", envelopes::ALL),
    ("events", events::ALL),
    ("handoffs", handoffs::ALL),
    ("histories", histories::ALL),
    ("hours", hours::ALL),
    ("intake", intake::ALL),
    ("lists", lists::ALL),
    ("lists of the unclaimed", lists::UNCLAIMED),
    ("lists of mine", lists::MINE),
    ("lists of the snoozed", lists::SNOOZED),
    ("lists of the waiting", lists::WAITING),
    ("lists of what is done", lists::DONE),
    ("lists of spam", lists::SPAM),
    ("lists of everything", lists::EVERYTHING),
    ("lists of the urgent", lists::URGENT),
    ("lists of the next that waits", next::WAITING),
    ("lists of the next that is urgent", next::URGENT),
    ("lists of the next of all", next::ANY),
    ("media", media::ALL),
    ("messages", messages::ALL),
    ("opt_outs", opt_outs::ALL),
    ("patrons", patrons::ALL),
    ("people", people::ALL),
    ("rates", rates::ALL),
    ("refreshes", refreshes::ALL),
    ("sessions", sessions::ALL),
    ("settings", settings::ALL),
    ("signins", signins::ALL),
    ("spendings", spendings::ALL),
    ("standings", standings::ALL),
    ("streams", streams::ALL),
    ("subscriptions", subscriptions::ALL),
    ("tagged", lists::TAGGED),
    ("tags", tags::ALL),
    ("tallies", tallies::ALL),
    ("uploads", uploads::ALL),
    ("viewers", viewers::ALL),
    ("waits", waits::ALL),
    ("watched", lists::WATCHED),
    ("watches", watches::ALL),
    ("webhooks", webhooks::ALL),
];

/// The texts that only a server runs.
pub const ONLY_POSTGRES: &[(&str, &[&str])] = &[
    ("arrivals", super::arrivals::ONLY_POSTGRES),
    ("deliveries", deliveries::ONLY_POSTGRES),
    ("check", super::check::ONLY_POSTGRES),
    ("copy", super::copy::ONLY_POSTGRES),
    ("group", super::group::ONLY_POSTGRES),
    ("media", media::ONLY_POSTGRES),
    ("search", search::ONLY_POSTGRES),
    ("sequences", sequences::ONLY_POSTGRES),
    ("streams", streams::ONLY_POSTGRES),
    ("subscriptions", subscriptions::ONLY_POSTGRES),
];

/// The texts that only a file runs.
pub const ONLY_SQLITE: &[(&str, &[&str])] = &[
    ("arrivals", super::arrivals::ONLY_SQLITE),
    ("check", super::check::ONLY_SQLITE),
    ("copy", super::copy::ONLY_SQLITE),
    ("search", search::ONLY_SQLITE),
    ("sequences", sequences::ONLY_SQLITE),
];
