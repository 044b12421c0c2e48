//! A sealed device: what it believes of its host, and how its keys change.

mod a_challenge_is_echoed;
mod a_host_moves_the_epoch_within_bounds;
mod answers_count_only_for_their_packet;
mod forgeries_cost_little;
mod host;
mod keys_are_never_printed;
mod keys_change_without_a_gap;
