//! The Tidings agent in a process of an embedded-Linux gateway, watching the real machine.
//!
//! `source` says where facts come from, `watch` when to look again, `fact` what they are.
//! It changes nothing on the machine, opens no port, and needs root only to see shadow flags and the owners of other users' sockets.

pub mod encode;
pub mod fact;
pub mod link;
pub mod observe;
pub mod source;
pub mod watch;
