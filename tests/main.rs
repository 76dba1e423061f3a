//! Every test of the whole program, linked once.

mod architecture;
mod journey;
mod leash_bed;
mod mail_servers;
mod postgres_bed;
mod store;
mod support;
