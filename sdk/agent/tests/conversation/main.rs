//! What passes between an agent and its host, packet by packet, each answer written by hand.

mod host;

mod a_boot_begins_when_an_epoch_opens;
mod a_host_with_other_masks_is_greeted_again;
mod changes_do_not_wait_for_a_snapshot;
