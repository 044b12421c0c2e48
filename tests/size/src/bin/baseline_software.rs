//! The application of the image for software and events alone, with nothing to call.

#![no_std]
#![no_main]

use size::device::{exchange, run_nothing};
use size::kinds::record_software;

size::firmware! {
    => {
        run_nothing(|agent, received, now_ms| {
            record_software(agent);
            exchange(agent, received, now_ms);
        })
    }
}
