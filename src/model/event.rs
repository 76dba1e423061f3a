//! One line of the append-only history, with the global sequence number.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// What happened.
    Kind {
        /// A conversation began.
        Opened = "opened",
        /// A patron wrote.
        Message = "message",
        /// One of us answered.
        Reply = "reply",
        /// One of us answered in the platform's own app.
        Echo = "echo",
        /// The desk was closed, and a machine of ours said so.
        Away = "away",
        /// A note for colleagues.
        Note = "note",
        /// Somebody took it.
        Claimed = "claimed",
        /// Put back for everybody.
        Released = "released",
        /// Somebody took it from whoever had it.
        TakenOver = "taken_over",
        /// Put back for everybody by the clock: an answer is due and whoever has it is not there.
        Returned = "returned",
        /// Somebody is asked to take it, or it went to a desk.
        HandedOff = "handed_off",
        /// They took it.
        HandoffAccepted = "handoff_accepted",
        /// They could not.
        HandoffRefused = "handoff_refused",
        /// They did not answer in time.
        HandoffLapsed = "handoff_lapsed",
        /// They are asked no more.
        HandoffWithdrawn = "handoff_withdrawn",
        /// Done.
        Closed = "closed",
        /// What was decided at "done" is another now.
        OutcomeChanged = "outcome_changed",
        /// Somebody will see to it on a day that they chose.
        FollowUp = "follow_up",
        /// Left to the home library's desk to see to.
        SentHome = "sent_home",
        /// Neither of the two any more.
        FollowUpEnded = "follow_up_ended",
        /// Not done after all.
        Reopened = "reopened",
        /// Put aside until a moment.
        Snoozed = "snoozed",
        /// Back before or at that moment.
        Woken = "woken",
        /// No patron is behind it.
        Spam = "spam",
        /// One is, after all.
        NotSpam = "not_spam",
        /// An answer waits to be looked through.
        ReviewAsked = "review_asked",
        /// One was looked through and leaves.
        ReviewApproved = "review_approved",
        /// One went back to its author.
        ReviewReturned = "review_returned",
        /// Its author took it back.
        ReviewTakenBack = "review_taken_back",
        /// Its patron is kept out: what they write from now on is held.
        Blocked = "blocked",
        /// They are not kept out any more.
        Unblocked = "unblocked",
        /// A message of theirs that was held is here now.
        LetIn = "let_in",
        /// It is about this.
        Tagged = "tagged",
        /// It is not.
        Untagged = "untagged",
        /// It comes before what is not late.
        Urgent = "urgent",
        /// It waits its turn.
        NotUrgent = "not_urgent",
        /// For a moment only one person is given it as the next.
        KeptFor = "kept_for",
        /// It is offered at another desk too: nobody took it.
        Offered = "offered",
        /// A desk was passed over.
        NotOffered = "not_offered",
        /// Somebody passed it on.
        Passed = "passed",
        /// Nobody took it, and nobody else is asked.
        Unanswered = "unanswered",
        /// What it needs of whoever is given it is another thing now.
        Needs = "needs",
        /// A rule chose another desk than its channel's.
        Routed = "routed",
        /// A rule could not do what it says.
        RuleFailed = "rule_failed",
        /// An answer is promised for another moment: the desk's hours changed.
        Due = "due",
        /// The answer left.
        Sent = "sent",
        /// It arrived or was read.
        Delivered = "delivered",
        /// It did not leave, or came back: the patron has no answer.
        Failed = "failed",
        /// Nobody knows whether it left; a person must look.
        Unknown = "unknown",
        /// Taken back before it left.
        Withdrawn = "withdrawn",
        /// Belongs with another conversation.
        Linked = "linked",
        /// It is part of another conversation since.
        Merged = "merged",
        /// Another conversation is part of this one since.
        Joined = "joined",
        /// Part of this is a conversation of its own since.
        Split = "split",
        /// This was part of another conversation until now.
        SplitOff = "split_off",
        /// Two conversations are two again.
        MergeUndone = "merge_undone",
        /// A file that the platform kept elsewhere has come, or never will.
        File = "file",
        /// The patron wants nothing more from this channel.
        OptedOut = "opted_out",
        /// The patron allows us to write again.
        OptedIn = "opted_in",
        /// The patron, called by a number or a handle until now, has a name.
        Named = "named",
        /// One of us calls the patron otherwise.
        Renamed = "renamed",
        /// One of us wrote something down about the patron.
        PatronNoted = "patron_noted",
        /// The patron and another one are one person.
        Union = "union",
        /// They are two, after all.
        UnionUndone = "union_undone",
    }
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Event {
    /// Global, without gaps becoming visible out of order.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// What happened.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// Where.
    pub conversation_id: Uuid,
    /// The message it speaks of.
    pub message_id: Option<Uuid>,
    /// Who of us did it.
    pub staff_id: Option<Uuid>,
    /// Who did it, as shown.
    pub actor_name: String,
    /// What else must be said, a sentence or a number of milliseconds depending on the kind.
    pub detail: Option<String>,
}

impl Event {
    /// Who did what nobody did: the program itself, by the clock.
    pub const NOBODY: &str = "Deskbell";

    /// The line as a person reads it in the timeline.
    pub fn words(&self) -> String {
        let who = &self.actor_name;
        let detail = self.detail.as_deref();
        match self.kind {
            Kind::Opened => format!("{who} asked"),
            Kind::Message => format!("{who} wrote"),
            Kind::Reply => format!("{who} answered"),
            Kind::Echo => format!("{who} answered outside Deskbell"),
            Kind::Away => format!("{who} was closed and said so automatically"),
            Kind::Note => format!("{who} left a note"),
            Kind::Claimed => match detail.and_then(|ms| ms.parse().ok()) {
                Some(ms) => format!("{who} claimed this after {}", length_in_words(ms)),
                None => format!("{who} claimed this"),
            },
            Kind::Released => format!("{who} put this back for everybody"),
            Kind::TakenOver => format!("{who} took this over from {}", detail.unwrap_or("a colleague")),
            Kind::Returned => format!("Returned to the queue: {}", detail.unwrap_or("nobody sees to it")),
            Kind::HandedOff => format!("{who} {}", detail.unwrap_or("handed this on")),
            Kind::HandoffAccepted => match detail {
                Some(from) => format!("{who} took this over from {from}"),
                None => format!("{who} took this over"),
            },
            Kind::HandoffRefused => {
                format!("{who} cannot take this now: {}", detail.unwrap_or("no reason given"))
            }
            Kind::HandoffLapsed => detail.unwrap_or("The hand-off was not answered in time").to_owned(),
            Kind::HandoffWithdrawn => format!("{who} took the hand-off back"),
            Kind::Closed => {
                let (reason, why) = detail.map_or(("", None), |detail| match detail.split_once(": ") {
                    Some((reason, why)) => (reason, Some(why)),
                    None => (detail, None),
                });
                let how = match reason.rsplit(", ").next() {
                    Some("no_answer_needed") => ", no answer needed",
                    Some("patron_lost") => ", patron lost",
                    Some("practice") => ", practice",
                    _ => "",
                };
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                format!("{who} marked this done{how}{why}")
            }
            Kind::OutcomeChanged => format!("{who} changed the outcome {}", detail.unwrap_or("")),
            Kind::FollowUp => format!("{who} will follow up on {}", detail.unwrap_or("a later day")),
            Kind::SentHome => format!("{who} left this to {}", detail.unwrap_or("the home library")),
            Kind::FollowUpEnded => format!("{who} took the follow-up back"),
            Kind::Reopened => format!("{who} reopened this"),
            Kind::Snoozed => format!("{who} snoozed this until {}", detail.unwrap_or("later")),
            Kind::Woken if self.staff_id.is_none() => detail.unwrap_or("The snooze ended").to_owned(),
            Kind::Woken => format!("{who} ended the snooze"),
            Kind::Spam if self.staff_id.is_none() => format!("Marked as spam by {who}"),
            Kind::Spam => format!("{who} marked this as spam"),
            Kind::NotSpam => format!("{who} said that this is no spam"),
            Kind::ReviewAsked => match detail {
                Some(whom) => format!("{who} asked {whom} to look through an answer"),
                None => format!("{who} wrote an answer that waits to be looked through"),
            },
            Kind::ReviewApproved => format!("{who} looked through {}", detail.unwrap_or("an answer")),
            Kind::ReviewReturned => format!("{who} returned {}", detail.unwrap_or("an answer")),
            Kind::ReviewTakenBack => format!("{who} took an answer back that waited to be looked through"),
            Kind::Blocked => format!("{who} blocked {}", detail.unwrap_or("the patron")),
            Kind::Unblocked => format!("{who} unblocked {}", detail.unwrap_or("the patron")),
            Kind::LetIn => match detail {
                Some(why) => format!("{who} let a message in that was held: {why}"),
                None => format!("{who} let a message in that was held"),
            },
            Kind::Tagged if self.staff_id.is_none() => format!("Tagged {} by {who}", detail.unwrap_or("")),
            Kind::Tagged => format!("{who} tagged this {}", detail.unwrap_or("")),
            Kind::Untagged => format!("{who} took the tag {} off", detail.unwrap_or("")),
            Kind::Urgent if self.staff_id.is_none() => format!("Marked urgent by {who}"),
            Kind::Urgent => format!("{who} marked this urgent"),
            Kind::NotUrgent => format!("{who} marked this as not urgent"),
            Kind::KeptFor => format!("Kept {}", detail.unwrap_or("for somebody for a moment")),
            Kind::Offered => format!("Offered {}", detail.unwrap_or("to another desk too")),
            Kind::NotOffered => format!("Not offered to {}", detail.unwrap_or("a desk that is closed")),
            Kind::Passed => format!("{who} {}", detail.unwrap_or("passed this on")),
            Kind::Unanswered => format!("This waits for everybody: {}", detail.unwrap_or("nobody took it")),
            Kind::Needs if self.staff_id.is_none() => {
                format!("Waits for {}, by {who}", detail.unwrap_or("anybody"))
            }
            Kind::Needs => format!("{who} said that this waits for {}", detail.unwrap_or("anybody")),
            Kind::Routed => format!("Moved to {} by {who}", detail.unwrap_or("another desk")),
            Kind::RuleFailed => {
                format!("Part of {who} was not done: {}", detail.unwrap_or("it names what is no more"))
            }
            Kind::Due => "Due at another time: the desk's hours changed".to_owned(),
            Kind::Sent => "The answer left".to_owned(),
            Kind::Delivered => detail.unwrap_or("The answer arrived").to_owned(),
            Kind::Failed => trouble(self.kind, detail.unwrap_or("the platform gave no reason")),
            Kind::Unknown => trouble(self.kind, detail.unwrap_or("the platform gave no answer")),
            Kind::Withdrawn => format!("{who} took an answer back before it left"),
            Kind::File => detail.unwrap_or("A file has come").to_owned(),
            Kind::OptedOut => format!("{who} asked us to stop writing here"),
            Kind::OptedIn => format!("{who} allowed us to write here again"),
            Kind::Named => format!("{who} is called {} now", detail.unwrap_or("something else")),
            Kind::Renamed => format!("{who} named the patron {}", detail.unwrap_or("otherwise")),
            Kind::PatronNoted => {
                format!("{who} {}", detail.unwrap_or("wrote something down about the patron"))
            }
            Kind::Union => {
                format!("{who} said that the patron is one person with {}", detail.unwrap_or("another one"))
            }
            Kind::UnionUndone => {
                format!("{who} said that the patron is not {}", detail.unwrap_or("another one"))
            }
            Kind::Merged => format!("{who} merged this into {}", detail.unwrap_or("another conversation")),
            Kind::Joined => format!("{who} merged {} into this", detail.unwrap_or("another conversation")),
            Kind::Split => format!("{who} split off {}", detail.unwrap_or("part of this")),
            Kind::SplitOff => format!("{who} split this off {}", detail.unwrap_or("another conversation")),
            Kind::MergeUndone => format!("{who} undid the merge with {}", detail.unwrap_or("another one")),
            Kind::Linked => detail.unwrap_or("Linked with another conversation").to_owned(),
        }
    }
}

/// That the patron has no answer: the one place that says so. `why` says nothing but why.
pub fn trouble(kind: Kind, why: &str) -> String {
    match kind {
        Kind::Failed => format!("Not delivered: {why}"),
        _ => format!("It may not have been sent: {why}"),
    }
}

/// A length of time as people say it: "22 seconds", "3 minutes", "2 hours", "5 days".
pub fn length_in_words(ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    let (n, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_says_whether_an_answer_was_needed_and_why_not() {
        let done = |detail: Option<&str>| {
            Event {
                seq: 1,
                at: 0,
                kind: Kind::Closed,
                conversation_id: Uuid::nil(),
                message_id: None,
                staff_id: None,
                actor_name: "Ana".to_owned(),
                detail: detail.map(str::to_owned),
            }
            .words()
        };
        assert_eq!(done(None), "Ana marked this done");
        assert_eq!(done(Some("answered")), "Ana marked this done");
        assert_eq!(done(Some("no_answer_needed")), "Ana marked this done, no answer needed");
        assert_eq!(done(Some("practice")), "Ana marked this done, practice");
        assert_eq!(
            done(Some("no_answer_needed, patron_lost: gone")),
            "Ana marked this done, patron lost: gone"
        );
        assert_eq!(
            done(Some("no_answer_needed: an advert: again")),
            "Ana marked this done, no answer needed: an advert: again"
        );
    }

    #[test]
    fn lengths_are_said_in_the_largest_whole_unit() {
        for (ms, words) in [
            (-5, "0 seconds"),
            (1_000, "1 second"),
            (59_999, "59 seconds"),
            (60_000, "1 minute"),
            (7_200_000, "2 hours"),
            (86_400_000 * 3, "3 days"),
        ] {
            assert_eq!(length_in_words(ms), words);
        }
    }
}
