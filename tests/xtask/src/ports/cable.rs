//! The cable between a board and the collector: it writes down what passes, and can spoil a bit of each frame.
//!
//! It does not know what a frame means, only that a zero ends it. `tests/qemu` has one that can be unplugged.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// How long a blocked read may keep a thread from seeing that the cable was dropped.
const GLANCE: Duration = Duration::from_millis(10);
/// The byte of a frame that is spoiled: past the clear fields of a short packet.
const SPOILED: usize = 20;

/// A way through the cable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// From the board.
    Up,
    /// To the board.
    Down,
}

/// A cable; dropping it pulls both ends.
pub struct Cable(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    passed: [Vec<u8>; 2],
    spoiled: [bool; 2],
    pulled: bool,
}

impl Cable {
    /// Lays a cable from a board's link to a collector.
    pub fn lay(board: UnixStream, collector: SocketAddr) -> Result<Self> {
        let host = TcpStream::connect(collector).context("the collector does not answer")?;
        host.set_nodelay(true)?;
        host.set_read_timeout(Some(GLANCE))?;
        board.set_read_timeout(Some(GLANCE))?;
        let state = Arc::new(Mutex::new(State::default()));
        pump(Way::Up, board.try_clone()?, host.try_clone()?, Arc::clone(&state));
        pump(Way::Down, host, board, Arc::clone(&state));
        Ok(Self(state))
    }

    /// What arrived on a way since [`Cable::forget`], as it was before it was spoiled.
    pub fn passed(&self, way: Way) -> Vec<u8> {
        lock(&self.0).passed[way as usize].clone()
    }

    /// Begins a new record of what passes.
    pub fn forget(&self) {
        lock(&self.0).passed = Default::default();
    }

    /// From now on one bit of each frame on this way is another; or no more.
    pub fn spoil(&self, way: Way, on: bool) {
        lock(&self.0).spoiled[way as usize] = on;
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        lock(&self.0).pulled = true;
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pump(way: Way, mut from: impl Read + Send + 'static, mut to: impl Write + Send + 'static, state: Arc<Mutex<State>>) {
    thread::spawn(move || {
        let (mut bytes, mut place) = ([0; 4096], 0);
        while !lock(&state).pulled {
            let len = match from.read(&mut bytes) {
                Ok(0) => return,
                Ok(len) => len,
                Err(error) if is_passing(error.kind()) => continue,
                Err(error) => return eprintln!("the cable broke, {way:?}: {error}"),
            };
            let passing = &mut bytes[..len];
            let mut now = lock(&state);
            now.passed[way as usize].extend_from_slice(passing);
            spoil(passing, &mut place, now.spoiled[way as usize]);
            drop(now);

            if let Err(error) = to.write_all(passing) {
                return eprintln!("the cable broke, {way:?}: {error}");
            }
        }
    });
}

/// Nothing came in time, or the process was stopped for a while: a read with a time limit is then not taken up again by the system.
fn is_passing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// Keeps count of the place within a frame; changes one bit there, never to or from the zero that ends a frame.
fn spoil(passing: &mut [u8], place: &mut usize, on: bool) {
    for byte in passing {
        *place = if *byte == 0 { 0 } else { *place + 1 };
        if on && *place == SPOILED {
            *byte ^= if *byte == 1 { 2 } else { 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_of_each_frame_is_spoiled_wherever_the_stream_is_cut() {
        let mut stream = [[1; 30], [2; 30]].concat();
        (stream[0], stream[30], stream[59]) = (0, 0, 0);
        let (mut spoiled, mut place) = (stream.clone(), 0);
        spoiled.chunks_mut(7).for_each(|chunk| spoil(chunk, &mut place, true));
        let differ: Vec<usize> = (0..60).filter(|at| spoiled[*at] != stream[*at]).collect();
        assert_eq!(differ, [SPOILED, 30 + SPOILED]);
        assert!(differ.iter().all(|at| spoiled[*at] != 0));
    }
}
