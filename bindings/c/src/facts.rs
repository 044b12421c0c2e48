//! One file a kind: its struct, and how it is recorded, removed and posted.
//!
//! Promise: each struct has the fields of the type of the same name in the crate `tidings`, and zero is each field's default. Numbers of registries
//! are open: one that this library does not know travels as it is.

pub mod account;
pub mod agent_item;
pub mod certificate;
pub mod health;
pub mod identity;
pub mod interface;
pub mod listener;
pub mod neighbour;
pub mod raw;
pub mod scalar;
pub mod setting;
pub mod software;
pub mod update;
pub mod vendor;
