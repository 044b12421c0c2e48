//! The ways to a collector: TCP, UDP, and a serial line.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use serial2::SerialPort;
use tidings_wire::MAX_PACKET;
use tidings_wire::cobs::{Decoder, Encoder, Step};

/// Carries packets both ways.
pub trait Link: Send {
    fn send(&mut self, packet: &[u8]);
    /// The next packet, or none if none comes in time or the link is gone.
    fn receive(&mut self, wait: Duration) -> Option<Vec<u8>>;
}

/// The frame of a packet on a stream.
pub fn framed(packet: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    std::iter::from_fn(|| encoder.next(packet)).collect()
}

/// A byte stream that waits a bounded time.
pub trait Bytes: Read + Write + Send {
    fn set_wait(&mut self, wait: Duration);
}

impl Bytes for TcpStream {
    fn set_wait(&mut self, wait: Duration) {
        self.set_read_timeout(Some(wait)).expect("timeout");
    }
}

impl Bytes for SerialPort {
    fn set_wait(&mut self, wait: Duration) {
        self.set_read_timeout(wait).expect("timeout");
    }
}

/// Packets on a byte stream.
pub struct StreamLink<S> {
    pub stream: S,
    decoder: Decoder,
    frame: Vec<u8>,
    ready: VecDeque<Vec<u8>>,
}

impl<S> StreamLink<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, decoder: Decoder::new(), frame: vec![0; MAX_PACKET], ready: VecDeque::new() }
    }
}

pub fn tcp(address: SocketAddr) -> StreamLink<TcpStream> {
    let stream = TcpStream::connect(address).expect("a listening collector");
    stream.set_nodelay(true).expect("nodelay");
    StreamLink::new(stream)
}

impl<S: Bytes> Link for StreamLink<S> {
    fn send(&mut self, packet: &[u8]) {
        // A link that is gone shows in the missing answer.
        let _ = self.stream.write_all(&framed(packet));
    }

    fn receive(&mut self, wait: Duration) -> Option<Vec<u8>> {
        let deadline = Instant::now() + wait;
        let mut bytes = [0; 512];
        while self.ready.is_empty() {
            let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_wait(left.max(Duration::from_millis(1)));
            let read = match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return None,
            };
            for byte in &bytes[..read] {
                if let Step::Frame(len) = self.decoder.push(*byte, &mut self.frame) {
                    self.ready.push_back(self.frame[..len].to_vec());
                }
            }
        }
        self.ready.pop_front()
    }
}

/// No cable at all.
pub struct NoLink;

pub fn nowhere() -> NoLink {
    NoLink
}

impl Link for NoLink {
    fn send(&mut self, _packet: &[u8]) {}

    fn receive(&mut self, _wait: Duration) -> Option<Vec<u8>> {
        None
    }
}

/// Datagrams.
pub struct UdpLink(pub UdpSocket);

pub fn udp(address: SocketAddr) -> UdpLink {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.connect(address).expect("an address");
    UdpLink(socket)
}

impl Link for UdpLink {
    fn send(&mut self, packet: &[u8]) {
        let _ = self.0.send(packet);
    }

    fn receive(&mut self, wait: Duration) -> Option<Vec<u8>> {
        self.0.set_read_timeout(Some(wait.max(Duration::from_millis(1)))).expect("timeout");
        let mut bytes = [0; MAX_PACKET];
        let read = self.0.recv(&mut bytes).ok()?;
        Some(bytes[..read].to_vec())
    }
}
