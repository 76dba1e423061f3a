//! Mail read, judged, trimmed, shown and written, without network; and, in [`wire`], carried.

mod classify;
mod corpora;
mod fields;
mod hostile;
mod inspect;
mod odd;
mod parts;
mod support;
mod tnef;
mod trim;
mod wire;
mod write;
