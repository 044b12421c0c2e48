//! The application of the image with a serial port, with nothing to call; the port costs what the adapter calls of it.

#![no_std]
#![no_main]

use size::device::{run_nothing, tell_everything};
use size::kinds::record_all;

size::firmware! {
    => {
        run_nothing(|agent, _, _| {
            record_all(agent);
            tell_everything(agent);
        })
    }
}
