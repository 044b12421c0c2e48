//! The port's error in one direction costs nothing in the other, and nothing is asked of a port that might wait.

use embedded_io::{Error, ErrorKind, ErrorType, Read, ReadReady, Write, WriteReady};
use tidings::epoch::RamEpoch;
use tidings::{Agent, Config, DeviceId, Keys, Memory, Serial};

/// A line so noisy that each byte is an overrun, on which sending works.
#[derive(Default)]
struct Noisy {
    sent: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
struct Overrun;

impl core::fmt::Display for Overrun {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("overrun")
    }
}

impl core::error::Error for Overrun {}

impl Error for Overrun {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

impl ErrorType for Noisy {
    type Error = Overrun;
}

impl Read for Noisy {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, Overrun> {
        Err(Overrun)
    }
}

impl ReadReady for Noisy {
    fn read_ready(&mut self) -> Result<bool, Overrun> {
        Ok(true)
    }
}

impl Write for Noisy {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Overrun> {
        self.sent.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Overrun> {
        panic!("flush waits until the line has taken everything");
    }
}

impl WriteReady for Noisy {
    fn write_ready(&mut self) -> Result<bool, Overrun> {
        Ok(true)
    }
}

#[test]
fn what_cannot_be_read_does_not_stop_what_is_to_be_sent() {
    let mut memory = Memory::<256, 64>::new();
    let mut agent = Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, &mut memory);
    agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
    let mut link = Serial::<Noisy, 512>::new(Noisy::default());
    assert_eq!(link.pump(&mut agent, 0), Err(Overrun));
    let sent = &link.port().sent;
    assert!(sent.len() > 20 && sent.first() == Some(&0) && sent.last() == Some(&0), "Hello in its frame: {sent:?}");
}
