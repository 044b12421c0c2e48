//! The reference back-end of Tidings: the exact state of each device, and every change as it commits.
//!
//! [`replica`] holds one device and says what each packet changed as [`effects`].
//! Neither touches a clock, a socket or a database.

pub mod effects;
pub mod replica;
