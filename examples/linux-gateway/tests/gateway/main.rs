//! The real gateway against the real collector, on a stage of network namespaces and copied roots. Needs root.

mod an_upgrade_is_one_change;
mod changes_show_up_once;
mod incomplete_sources_remove_nothing;
mod refuses_what_it_cannot_do;
mod stage;
mod state_equals_what_is_shown;
