//! The border as C sees it: programs that misuse it, archives that others link, structs that must not change, packets that must be those of Rust.

mod archives;
mod firmware;
mod header;
mod host;
mod layout;
mod packets;
mod programs;
mod readme;
mod release;
mod rtos;
mod statuses;
mod texts;
mod traces;
mod workshop;
