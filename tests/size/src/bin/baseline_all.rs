//! The application of the images that use everything, with nothing to call.

#![no_std]
#![no_main]

use size::device::{exchange, run_nothing, tell_everything};
use size::kinds::record_all;

size::firmware! {
    => {
        run_nothing(|agent, received, now_ms| {
            record_all(agent);
            tell_everything(agent);
            exchange(agent, received, now_ms);
        })
    }
}
