//! Serves a serial port, and waits for it when it vanishes.
//!
//! One device or several on it; a packet without an id is of the device that the port's name stands for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use serial2::SerialPort;
use sha2::{Digest, Sha256};

use super::inbox::{Parcel, Source};
use super::say::say;
use super::stream::Stream;
use crate::device_id::DeviceId;

/// How often a port that is not there is looked for.
const RETRY: Duration = Duration::from_millis(500);
/// How long a read waits before the port is looked after again.
const READ_WAIT: Duration = Duration::from_secs(1);
const WRITE_WAIT: Duration = Duration::from_secs(10);

/// A port and its speed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Device file.
    pub path: PathBuf,
    /// Bits per second.
    pub baud: u32,
}

/// Serves the port from now on, in a thread of its own; it need not be there yet.
///
/// # Errors
/// If no thread can be had.
pub fn listen(port: Port, inbox: SyncSender<Parcel>) -> io::Result<()> {
    thread::Builder::new().name("serial".into()).spawn(move || serve_for_ever(&port, &inbox))?;
    Ok(())
}

fn serve_for_ever(port: &Port, inbox: &SyncSender<Parcel>) {
    let name = port.path.display();
    let mut told = false;
    loop {
        match open(port) {
            Ok(link) => {
                say(format_args!("listening on serial {name} at {} baud", port.baud));
                let ended = serve(link, port, inbox.clone());
                say(format_args!("serial {name}: gone ({ended}); waiting for it"));
                told = true;
            }
            Err(error) if !told => {
                say(format_args!("serial {name}: {error}; waiting for it"));
                told = true;
            }
            Err(_) => {}
        }
        thread::sleep(RETRY);
    }
}

fn open(port: &Port) -> io::Result<SerialPort> {
    let mut link = SerialPort::open(&port.path, port.baud)?;
    link.set_read_timeout(READ_WAIT)?;
    link.set_write_timeout(WRITE_WAIT)?;
    Ok(link)
}

fn serve(mut link: SerialPort, port: &Port, inbox: SyncSender<Parcel>) -> io::Error {
    let from = Source { name: format!("serial {}", port.path.display()).into(), device: device_of(&port.path) };
    let mut stream = Stream::new(from, inbox);
    loop {
        match stream.serve_once(&mut link) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::TimedOut && port.path.exists() => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return error,
        }
    }
}

/// The port's file name; of one that is too long its first 7 bytes, `-`, and the first 8 hex digits of its SHA-256: long names of ports differ at their end.
fn device_of(path: &Path) -> Option<DeviceId> {
    let name = path.file_name()?.as_encoded_bytes();
    if name.len() <= tidings_wire::MAX_ID {
        return DeviceId::new(name);
    }
    let digest: [u8; 32] = Sha256::digest(name).into();
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    DeviceId::new(&[&name[..7], b"-", digits.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(path: &str) -> DeviceId {
        device_of(Path::new(path)).expect("a name")
    }

    #[test]
    fn a_port_whose_name_fits_is_called_by_it() {
        assert_eq!(device("/dev/ttyUSB0").readable(), Some("ttyUSB0"));
        assert_eq!(device("/dev/sixteen-bytes-ok").readable(), Some("sixteen-bytes-ok"));
    }

    #[test]
    fn ports_with_long_names_are_devices_of_their_own() {
        let one = device("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A5XK3RJT-if00-port0");
        let two = device("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9M1QF3W-if00-port0");
        assert_ne!(one, two);
        // It never changes, or a device would be another one after an update. From `printf NAME | sha256sum`.
        assert_eq!(one.readable(), Some("usb-FTD-d8357c9e"));
        assert_eq!(device("seventeen-bytes-x").as_bytes().len(), tidings_wire::MAX_ID);
    }
}
