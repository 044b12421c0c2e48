//! The engine beside plain models: whatever is done to it, it holds what a map would hold and queues what a queue would queue.

mod digests_are_sums;
mod events_follow_a_queue;
mod facts_follow_a_map;
mod host;
mod script;
