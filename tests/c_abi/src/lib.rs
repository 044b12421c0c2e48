//! The C border as the unit under test: the header and the archives are made here, by the same code for people, CI and tests.
//!
//! `cargo xtask header` and `cargo xtask c-lib` call this; the tests beside it compile C programs against what it makes, and run them.

pub mod archive;
pub mod baremetal;
pub mod core_library;
pub mod header;
pub mod notices;
pub mod program;
pub mod release;
pub mod rooms;
pub mod target;
