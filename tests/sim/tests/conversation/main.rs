//! Real agent and real replica on a perfect line, word by word.

mod a_clean_conversation;
mod found_by_simulation;
mod host;
