//! What can go wrong at the mail platform.

use crate::simulator::Fault;

/// A fault of the mail platform. Its doors are `imap`, `smtp` and, for what needs no door, `delivery`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "`effect` says of each what happens, for people and for code")]
pub enum MailFault {
    WrongPassword,
    Revoked,
    TlsBroken,
    Hang,
    DropMidFetch,
    HalfAnswer,
    TruncatedBody,
    Slow,
    UidValidityChange,
    NoIdle,
    DeafIdle,
    ServerBusy,
    Smtp4xx,
    Smtp5xx,
    SmtpDropInData,
    SmtpLostAnswer,
    DuplicateDelivery,
}

impl Fault for MailFault {
    const ALL: &'static [Self] = &[
        Self::WrongPassword,
        Self::Revoked,
        Self::TlsBroken,
        Self::Hang,
        Self::DropMidFetch,
        Self::HalfAnswer,
        Self::TruncatedBody,
        Self::Slow,
        Self::UidValidityChange,
        Self::NoIdle,
        Self::DeafIdle,
        Self::ServerBusy,
        Self::Smtp4xx,
        Self::Smtp5xx,
        Self::SmtpDropInData,
        Self::SmtpLostAnswer,
        Self::DuplicateDelivery,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong-password",
            Self::Revoked => "revoked",
            Self::TlsBroken => "tls-broken",
            Self::Hang => "hang",
            Self::DropMidFetch => "drop-mid-fetch",
            Self::HalfAnswer => "half-answer",
            Self::TruncatedBody => "truncated-body",
            Self::Slow => "slow",
            Self::UidValidityChange => "uidvalidity-change",
            Self::NoIdle => "no-idle",
            Self::DeafIdle => "deaf-idle",
            Self::ServerBusy => "server-busy",
            Self::Smtp4xx => "smtp-4xx",
            Self::Smtp5xx => "smtp-5xx",
            Self::SmtpDropInData => "smtp-drop-in-data",
            Self::SmtpLostAnswer => "smtp-lost-answer",
            Self::DuplicateDelivery => "duplicate-delivery",
        }
    }

    fn effect(self) -> &'static str {
        match self {
            Self::WrongPassword => "a right password is refused as if it were wrong; tokens still work",
            Self::Revoked => "password and token are refused; XOAUTH2 gets the 401 challenge first",
            Self::TlsBroken => "the TLS handshake gets rubbish",
            Self::Hang => {
                "the connection is accepted (for one account: the sign-in is read) and nothing is ever answered"
            }
            Self::DropMidFetch => "the connection is cut somewhere inside a mail's body",
            Self::HalfAnswer => {
                "the answer to a body FETCH or to the end of DATA stops halfway, the connection stays open"
            }
            Self::TruncatedBody => {
                "half a mail is given as if it were whole; RFC822.SIZE still tells the truth"
            }
            Self::Slow => "the whole connection trickles",
            Self::UidValidityChange => "the folder is renumbered when it is selected",
            Self::NoIdle => "IDLE is neither offered nor understood",
            Self::DeafIdle => {
                "IDLE is answered, but the client is told of nothing, as when the line has died unnoticed"
            }
            Self::ServerBusy => "IMAP says BYE, SMTP says 421 (for one account: after the sign-in was read)",
            Self::Smtp4xx => "a message is refused after DATA for now, with 451",
            Self::Smtp5xx => "a message is refused after DATA for good, with 554",
            Self::SmtpDropInData => "the connection is cut at the end of DATA and the message is not kept",
            Self::SmtpLostAnswer => {
                "the message is accepted and goes its way, but the connection is cut before the 250"
            }
            Self::DuplicateDelivery => "a mail arrives twice",
        }
    }
}
