//! The API as its callers meet it: every test on both engines, through the real router.

mod channels;
mod claims;
mod closures;
mod conversations;
mod document;
mod doubles;
mod drafts;
mod files;
mod guard;
mod handoffs;
mod idle;
mod live;
mod marks;
mod next;
mod notes;
mod presence;
mod previews;
mod replies;
mod reports;
mod sessions;
mod signins;
mod snoozes;
mod strange;
mod tokens;
mod uploads;
mod webhooks;
