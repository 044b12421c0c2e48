//! The collector as a process, with devices that speak to it over real sockets: a file a behaviour.

mod device;
mod link;
mod process;

mod attacks_are_counted_and_harmless;
mod bad_input_disturbs_nobody;
mod changes_are_shown;
mod devices_are_managed;
mod engineers_query_the_database;
mod floods_are_bounded;
mod followers_see_changes;
mod fragments_become_packets;
mod key_files_are_kept_safe;
mod locks_are_shared;
mod older_databases_are_brought_forward;
mod restarts_lose_nothing;
mod sealed_devices_are_held_to_their_keys;
mod serial_ports_come_and_go;
mod trouble_with_the_database_ends_run;
mod words_are_kept;
