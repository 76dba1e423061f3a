//! Deskbell: every way a library's patrons ask, in one queue that staff share.

fn main() {}
