//! Tests against real mail servers. `make test-mail` runs this folder, `make test-rust` all the others.

mod away;
mod bed;
mod browser;
mod connector;
mod desk;
mod files;
mod returns;
mod threads;
