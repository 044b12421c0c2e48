//! Serves a serial port, and waits for it when it vanishes.
//!
//! One device or several on it; a packet without an id is of the device that the port's name stands for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use serial2::SerialPort;

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

/// The first 16 bytes of the port's file name.
fn device_of(path: &Path) -> Option<DeviceId> {
    let name = path.file_name()?.as_encoded_bytes();
    DeviceId::new(&name[..name.len().min(tidings_wire::MAX_ID)])
}
