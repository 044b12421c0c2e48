//! The plain image with its packets in COBS frames on a serial port, through the adapter for `embedded-io`.

#![no_std]
#![no_main]

use core::convert::Infallible;
use embedded_io::{ErrorType, Read, ReadReady, Write, WriteReady};
use size::device::{Device, PACKET, tell_everything};
use size::kinds::record_all;
use size::unknown;
use tidings::Serial;

/// A port that nobody knows anything of.
struct Port;

impl ErrorType for Port {
    type Error = Infallible;
}

impl Read for Port {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        Ok(unknown(buffer).len())
    }
}

impl ReadReady for Port {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(unknown(true))
    }
}

impl Write for Port {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Infallible> {
        Ok(unknown(buffer).len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl WriteReady for Port {
    fn write_ready(&mut self) -> Result<bool, Infallible> {
        Ok(unknown(true))
    }
}

size::firmware! {
    DEVICE: Device = Device::new();
    LINK: Serial<Port, PACKET> = Serial::new(Port);
    => {
        DEVICE.run(|agent, _, now_ms| {
            record_all(agent);
            tell_everything(agent);
            size::keep(LINK.pump(agent, now_ms).is_ok());
        })
    }
}
