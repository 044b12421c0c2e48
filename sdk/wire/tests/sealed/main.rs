//! Sealed packets: the ciphers are the documents' own, and whoever carries a packet can only drop it.

mod ends;
mod every_change_is_refused;
mod suites_match_their_documents;
