//! The Tidings agent in a process of an embedded-Linux gateway, watching the real machine.
//!
//! It changes nothing on the machine, opens no port, and needs root only to see shadow flags and the owners of other users' sockets.
//!
//! | module | holds |
//! |---|---|
//! | [`source`] | where facts come from: a parser and a reader for each kind |
//! | [`watch`], [`observe`] | when to look again; a thread a source |
//! | [`fact`], [`encode`] | what is seen, and how it travels |
//! | [`machine`] | the sources that the command line chooses |
//! | [`gateway`], [`run`] | the agent and what is fed to it; the loop and its threads |
//! | [`state_dir`], [`key_file`] | the folder with the boot number; the keys |
//! | [`link`] | the TCP connection that comes back |
//! | [`arguments`], [`cli`], [`present`] | arguments in, lines out |

pub mod arguments;
pub mod cli;
pub mod encode;
pub mod fact;
pub mod gateway;
pub mod key_file;
pub mod link;
pub mod machine;
pub mod observe;
pub mod present;
pub mod run;
pub mod source;
pub mod state_dir;
pub mod watch;
