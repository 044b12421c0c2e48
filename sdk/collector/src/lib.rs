//! The reference back-end of Tidings: the exact state of each device, and every change as it commits.
//!
//! [`replica`] holds one device and says what each packet changed as [`effects`]; [`present`] puts bytes into words.
//! None of them touches a clock, a socket or a database.

pub mod effects;
pub mod present;
pub mod replica;
pub mod terminal;
