//! The collector as a process, with devices that speak to it over real sockets: a file a behaviour.

mod device;
mod link;
mod process;

mod changes_are_shown;
