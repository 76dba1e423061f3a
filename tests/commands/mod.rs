//! What is typed after `deskbell`, with the real binary.

mod bed;
mod block;
mod channels;
mod demo;
mod doctor;
mod help;
mod hours;
mod mailbox;
mod rules;
mod staff;
mod store;
mod waits;
mod webhook;
