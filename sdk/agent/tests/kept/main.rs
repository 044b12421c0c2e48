//! Events that survive a loss of power: the queue in flash to the byte, what it wears, and the agent's use of it.
#![cfg(feature = "persistent-events")]

mod flash;

mod power_cut_in_the_queue;
mod the_agent_and_its_store;
mod wear;
