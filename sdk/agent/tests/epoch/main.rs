//! Epoch stores: whatever the power does, no epoch is used twice, and a device without a stored epoch does not seal.

mod a_failing_driver_is_no_torn_slot;
mod boot;
mod flash;
mod keys_without_an_epoch_do_not_seal;
mod power_cut_while_storing_in_bytes;
mod power_cut_while_storing_in_flash;
