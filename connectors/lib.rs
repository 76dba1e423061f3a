//! Connectors talk to the platforms patrons write from and know nothing of Deskbell's tables or pages.
