//! Writes down every byte between a device of the demo and its collector, and looks in it for what was recorded.
//!
//! It passes bytes on as they come and keeps no time. A word counts as readable whether it stands in the stream or in a packet freed of its COBS
//! frame. Words of fewer than [`SHORTEST`] bytes are not looked for: among the bytes of a cipher they turn up by chance.

use super::children::PAUSE;
use anyhow::{Context, Result};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use tidings_wire::cobs::{Decoder, Step};

/// Bytes of the shortest word that is looked for.
pub const SHORTEST: usize = 6;

/// A relay to a collector; dropping it takes no more connections.
pub struct Capture {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    over: AtomicBool,
    /// A stream each way of each connection.
    streams: Mutex<Vec<Vec<u8>>>,
}

impl Capture {
    /// Listens for a device, and connects it to a collector.
    pub fn before(collector: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
        listener.set_nonblocking(true)?;
        let (address, shared) = (listener.local_addr()?, Arc::new(Shared::default()));
        let relay = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, collector, &relay));
        Ok(Self { address, shared })
    }

    /// Where the device connects to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What passed so far.
    pub fn passed(&self) -> Passed {
        Passed::of(self.shared.streams().clone())
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    fn streams(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, collector: SocketAddr, shared: &Arc<Shared>) {
    while !shared.over.load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((device, _)) => {
                if let Err(error) = join(device, collector, shared) {
                    eprintln!("the capture connects nobody: {error}");
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) => return eprintln!("the capture takes nobody: {error}"),
        }
    }
}

fn join(device: TcpStream, collector: SocketAddr, shared: &Arc<Shared>) -> std::io::Result<()> {
    device.set_nonblocking(false)?;
    let host = TcpStream::connect(collector)?;
    for end in [&device, &host] {
        end.set_nodelay(true)?;
    }
    pass(device.try_clone()?, host.try_clone()?, shared);
    pass(host, device, shared);
    Ok(())
}

/// Passes on what comes, until an end closes: then the other is closed too.
fn pass(mut from: TcpStream, mut to: TcpStream, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    let stream = {
        let mut streams = shared.streams();
        streams.push(Vec::new());
        streams.len() - 1
    };
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(len @ 1..) = from.read(&mut bytes) {
            shared.streams()[stream].extend_from_slice(&bytes[..len]);
            if to.write_all(&bytes[..len]).is_err() {
                break;
            }
        }
        for end in [&from, &to] {
            let _ = end.shutdown(Shutdown::Both); // closed already: as wished
        }
    });
}

/// What passed, both ways, as it was on the wire and as packets.
pub struct Passed {
    streams: Vec<Vec<u8>>,
    packets: Vec<Vec<u8>>,
}

impl Passed {
    fn of(streams: Vec<Vec<u8>>) -> Self {
        let packets = streams.iter().flat_map(|stream| packets(stream)).collect();
        Self { streams, packets }
    }

    /// How many packets.
    pub fn packets(&self) -> usize {
        self.packets.len()
    }

    /// How many bytes, with their frames.
    pub fn bytes(&self) -> usize {
        self.streams.iter().map(Vec::len).sum()
    }

    /// It can be read by whoever listens.
    pub fn shows(&self, word: &[u8]) -> bool {
        let places = self.streams.iter().chain(&self.packets);
        places.into_iter().any(|place| place.windows(word.len()).any(|part| part == word))
    }
}

fn packets(stream: &[u8]) -> Vec<Vec<u8>> {
    let (mut decoder, mut buffer, mut packets) = (Decoder::new(), vec![0; tidings_wire::MAX_PACKET], Vec::new());
    for byte in stream {
        if let Step::Frame(len) = decoder.push(*byte, &mut buffer) {
            packets.push(buffer[..len].to_vec());
        }
    }
    packets
}

/// The printable words in the bytes of a key or a value: each run of at least [`SHORTEST`].
pub fn words(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let runs = bytes.split(|byte| !(b' '..=b'~').contains(byte));
    runs.filter(|run| run.len() >= SHORTEST).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidings_wire::cobs::Encoder;

    fn framed(packet: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        std::iter::from_fn(|| encoder.next(packet)).collect()
    }

    #[test]
    fn a_word_is_found_in_the_stream_and_in_a_packet_that_cobs_cut_through() {
        let whole = Passed::of(vec![framed(b"\x01\x00maintenance\x00")]);
        assert!(whole.shows(b"maintenance") && !whole.shows(b"Maintenance"));
        let (mut long, word) = (vec![7; 250], b"pump-control");
        long.extend_from_slice(word); // the 254th byte of a block lies within
        let cut = Passed::of(vec![framed(&long)]);
        assert!(cut.shows(word) && !cut.streams[0].windows(word.len()).any(|part| part == word));
    }

    #[test]
    fn words_are_printable_runs_that_are_long_enough() {
        let found: Vec<_> = words(b"\x05hello\x06123456\x00a b c d\xFF").collect();
        assert_eq!(found, [b"123456".to_vec(), b"a b c d".to_vec()]);
    }

    #[test]
    fn a_capture_passes_bytes_both_ways_and_keeps_them() {
        let far = TcpListener::bind("127.0.0.1:0").expect("a port");
        let capture = Capture::before(far.local_addr().expect("an address")).expect("a port");
        let mut near = TcpStream::connect(capture.address()).expect("it listens");
        let (mut far, _) = far.accept().expect("it connects");
        let (mut heard, mut told) = ([0; 4], [0; 3]);
        near.write_all(b"up\0.").and_then(|()| far.read_exact(&mut heard)).expect("it passes");
        far.write_all(b"dn.").and_then(|()| near.read_exact(&mut told)).expect("it passes");
        assert_eq!((&heard, &told), (b"up\0.", b"dn."));
        assert_eq!(capture.passed().bytes(), 7);
        drop(far);
        assert_eq!(near.read(&mut told).expect("closed"), 0, "a closed end closes the other");
    }
}
