//! The collector as a process, with devices that speak to it over real sockets: a file a behaviour.

mod device;
mod link;
mod process;

mod changes_are_shown;
mod engineers_query_the_database;
mod older_databases_are_brought_forward;
