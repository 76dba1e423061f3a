//! The mail platform, met by real clients: `async-imap`, `lettre`, and bare bytes where no client would go.
