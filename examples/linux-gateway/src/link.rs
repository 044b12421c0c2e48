//! The way to the collector: a TCP connection that is made again whenever it breaks.
//!
//! Promise: one thread connects and reads; what it finds goes to the loop as [`LinkEvent`]s in the order of events. It never gives up,
//! and never hurries: pauses double up to [`LONGEST_PAUSE`]. Not here: framing and what the bytes mean.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::str::FromStr;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Pause after the first failure.
pub const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// Pause after many failures.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(10);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A peer that takes no bytes for this long is given up.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes taken from the connection at a time.
const READ_BYTES: usize = 4096;

/// Where the collector listens: `tcp:HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// `HOST:PORT`, resolved anew at each connection.
    pub address: String,
}

impl FromStr for Collector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address = text.strip_prefix("tcp:").ok_or("write it as tcp:HOST:PORT")?;
        let (host, port) = address.rsplit_once(':').ok_or("the port is missing: tcp:HOST:PORT")?;
        let valid = !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0);
        valid.then(|| Collector { address: address.into() }).ok_or_else(|| format!("{address:?} is not HOST:PORT"))
    }
}

/// What happens to the connection.
pub enum LinkEvent {
    /// It stands; this end is for writing.
    Up(LinkWriter),
    /// These bytes came.
    Bytes(Vec<u8>),
    /// It broke, or could not be made; the text says why.
    Down(String),
}

/// The writing end of a connection.
pub struct LinkWriter(TcpStream);

impl LinkWriter {
    /// Ends the connection, which will be made again; [`LinkEvent::Down`] follows.
    pub fn close(&self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }

    /// Writes all bytes. After a failure the connection is closed, and [`LinkEvent::Down`] follows.
    ///
    /// # Errors
    /// Those of the system; also if the peer takes nothing for two seconds.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).inspect_err(|_| self.close())
    }
}

/// Starts the thread that keeps the connection. It ends when nobody receives any more.
///
/// # Errors
/// Those of the system, when it has no more threads to give.
pub fn spawn<T: Send + 'static>(
    collector: Collector,
    events: SyncSender<T>,
    wrap: fn(LinkEvent) -> T,
) -> io::Result<()> {
    let run = move || keep(&collector, |event| events.send(wrap(event)).is_ok());
    thread::Builder::new().name("link".into()).spawn(run).map(drop)
}

/// Connects and reads in turn until `tell` refuses.
fn keep(collector: &Collector, mut tell: impl FnMut(LinkEvent) -> bool) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        let begun = Instant::now();
        let why = match connect(collector) {
            Ok(stream) => match read_all(stream, &mut tell) {
                Some(why) => why,
                None => return,
            },
            Err(e) => format!("{}: {e}", collector.address),
        };
        if !tell(LinkEvent::Down(why)) {
            return;
        }
        // A connection that held for a while was a good one.
        if begun.elapsed() > LONGEST_PAUSE {
            pause = SHORTEST_PAUSE;
        }
        thread::sleep(jittered(pause));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn connect(collector: &Collector) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in collector.address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
                return Ok(stream);
            }
            Err(e) => failure = e,
        }
    }
    Err(failure)
}

/// Tells what comes until the connection ends; why it did, or none if nobody listens any more.
fn read_all(mut stream: TcpStream, tell: &mut impl FnMut(LinkEvent) -> bool) -> Option<String> {
    let writer = match stream.try_clone() {
        Ok(writer) => LinkWriter(writer),
        Err(e) => return Some(e.to_string()),
    };
    let mut listening = tell(LinkEvent::Up(writer));
    let mut bytes = [0; READ_BYTES];
    while listening {
        match stream.read(&mut bytes) {
            Ok(0) => return Some("the collector closed the connection".into()),
            Ok(n) => listening = tell(LinkEvent::Bytes(bytes[..n].to_vec())),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Some(e.to_string()),
        }
    }
    None
}

/// Between half of the pause and all of it, so that many gateways do not come back at the same moment.
fn jittered(pause: Duration) -> Duration {
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    pause / 2 + pause / 2 * (nanoseconds % 1024) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::sync::mpsc::{Receiver, sync_channel};

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn a_collector_is_named_by_scheme_host_and_port() {
        assert_eq!("tcp:[::1]:7000".parse(), Ok(Collector { address: "[::1]:7000".into() }));
        for wrong in
            ["", "localhost:7000", "tcp:", "tcp:host", "tcp::7000", "tcp:host:0", "tcp:host:70000", "udp:host:1"]
        {
            assert!(wrong.parse::<Collector>().is_err(), "{wrong:?}");
        }
    }

    fn up(events: &Receiver<LinkEvent>) -> LinkWriter {
        loop {
            match events.recv_timeout(SOON).expect("no connection") {
                LinkEvent::Up(writer) => return writer,
                LinkEvent::Down(_) => {}
                LinkEvent::Bytes(_) => panic!("bytes from nowhere"),
            }
        }
    }

    #[test]
    fn a_broken_connection_is_made_again() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let (sender, events) = sync_channel(8);
        spawn(Collector { address: address.to_string() }, sender, |event| event).unwrap();
        for _ in 0..3 {
            let (mut peer, _) = server.accept().unwrap();
            let mut writer = up(&events);
            writer.write(b"up").unwrap();
            let mut bytes = [0; 2];
            peer.read_exact(&mut bytes).unwrap();
            assert_eq!(&bytes, b"up");
            peer.write_all(b"down").unwrap();
            assert!(matches!(events.recv_timeout(SOON), Ok(LinkEvent::Bytes(bytes)) if bytes == b"down"));
            drop(peer);
            assert!(matches!(events.recv_timeout(SOON), Ok(LinkEvent::Down(_))));
        }
    }

    #[test]
    fn pauses_are_spread_but_bounded() {
        for pause in [SHORTEST_PAUSE, LONGEST_PAUSE] {
            let jittered = jittered(pause);
            assert!(pause / 2 <= jittered && jittered <= pause);
        }
    }
}
