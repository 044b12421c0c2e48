//! The real agent and the real replica in a world without mercy and without a real clock.
//!
//! Promise: one number, the seed, decides everything; a history that breaks a promise of the protocol is printed with the one line that
//! replays it. Not here: sockets, disks and threads; the database is modelled by what would be in it after each commit.
//!
//! | file | holds |
//! |---|---|
//! | `scenario` | what can go wrong, as numbers |
//! | `history` | one history, step by step, and what must hold |
//! | `kept` | events that survive power loss: cuts at every byte and step, beside a list of what was recorded |
//! | `truth` | the plain model that judges what the host says |
//! | `link`, `flash`, `host`, `timers` | the world |
//! | `trace` | a history in words |
//! | `mutants` | each rule undone, and whether anybody notices |

pub mod flash;
pub mod history;
pub mod host;
pub mod kept;
pub mod keys;
pub mod link;
pub mod mutants;
pub mod rng;
pub mod scenario;
pub mod timers;
pub mod trace;
pub mod truth;
