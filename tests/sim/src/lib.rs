//! The real agent and the real replica in a world without mercy and without a real clock.
//!
//! Promise: one number, the seed, decides everything; a history that breaks a promise of the protocol is printed with the one line that replays it.
//! Not here: sockets, disks and threads; the database is modelled by what would be in it after each commit.
pub mod rng;
