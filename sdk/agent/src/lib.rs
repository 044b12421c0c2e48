//! An agent for firmware that records device state and sends only what changed.
//!
//! Promise: `no_std`, no heap, no panic, no `unsafe`, no clock, socket, flash or lock inside; the caller owns all memory, and every call is bounded by it.
//! Not here: I/O (bytes come in and go out through [`Agent::handle_input`] and [`Agent::poll_transmit`]), and the wire format (crate `tidings-wire`).
//!
//! One law drives it: **time and bytes come in as arguments, the agent says when to come back**. Every main loop has the same steps:
//!
//! 1. time comes in, 2. what interrupts saw ([`Agent::drain`]), 3. bytes in, bytes out ([`Serial::pump`]), 4. the epoch, if the
//!    host asked for one ([`Agent::maintain`]), 5. sleep until [`Agent::next_deadline`].
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::indexing_slicing)]

mod agent;
mod bytes;
pub mod config;
mod coverage;
pub mod epoch;
mod error;
mod events;
mod framing;
mod health;
pub mod kept;
mod key;
mod keys;
mod log;
pub mod mailbox;
mod memory;
mod moment;
mod scan;
#[cfg(feature = "embedded")]
pub mod serial;
#[cfg(feature = "embedded")]
pub mod serial_async;
mod stats;
mod sync;
mod table;

pub use agent::{Agent, Recorded};
pub use config::{Config, mtu_for};
pub use epoch::{EpochStore, provision};
pub use error::{EpochError, IdError, InputError, KeyChangeError, RecordError};
pub use events::{event_bytes, kept_event_bytes};
pub use framing::{Framing, MAX_ANSWER};
pub use health::Limits;
#[cfg(feature = "persistent-events")]
pub use kept::FlashEvents;
pub use kept::{EventStore, KeepError, KeptEvents, MAX_RECORD};
pub use keys::{DeviceId, Keys};
pub use mailbox::Mailbox;
pub use memory::Memory;
pub use scan::Scan;
#[cfg(feature = "embedded")]
pub use serial::Serial;
#[cfg(feature = "embedded")]
pub use serial_async::SerialAsync;
pub use stats::Stats;
pub use table::fact_bytes;

pub use tidings_wire as wire;
pub use tidings_wire::facts;
pub use tidings_wire::suites;
pub use tidings_wire::{EventType, Fact, Kind, KindMask, Severity};

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
