//! The reference back-end of Tidings: the exact state of each device, and every change as it commits.
//!
//! [`replica`] holds one device and says what each packet changed as [`effects`]; [`present`] and [`decode`] put bytes into words: none of
//! them touches a clock, a socket or a database. [`store`] keeps all of it in SQLite, [`keys`] the keys of sealed devices in a file;
//! [`run`] brings packets from listeners to the replicas, and answers only after the commit.

pub mod decode;
pub mod device_id;
pub mod effects;
pub mod keys;
pub mod line;
pub mod present;
pub mod replica;
pub mod run;
pub mod store;
pub mod terminal;
