//! The keys of sealed devices, in a file of their own: which device seals with which suite and key id is said here, never in the database and never
//! by a packet.
//!
//! One fleet secret gives every device its own keys; no device holds the secret. Keys that came from elsewhere are imported and kept as they are.
//! Not here: where a device keeps its keys.

mod derive;
mod file;
mod form;
mod refusal;
mod ring;

pub use derive::{FleetSecret, random};
pub use file::{Entry, KeyFile, KeyFileError, SuiteName};
pub use form::Form;
pub use refusal::Refusal;
pub use ring::{Keyring, Pin};
