//! The rules of SPEC §10 as a device meets them: one file a behaviour.

mod device;

mod answers_repeat_everything;
mod arbitrary_bytes_change_nothing;
mod changes_are_counted;
mod digests_start_a_resync;
mod duplicates_change_nothing;
mod epochs_start_with_a_greeting;
mod events_arrive_once;
mod facts_are_limited;
mod gaps_are_asked_for;
mod off_is_not_removed;
mod old_lives_are_told;
mod one_way_devices_heal;
mod snapshots_replace_intervals;
mod stored_state_goes_on;
