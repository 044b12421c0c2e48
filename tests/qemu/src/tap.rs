//! The cable between a board and the collector: it can be unplugged, it writes down what passes, and it can carry noise.
//!
//! The board's end never closes, as a UART's does not. It does not know what a frame is; `traffic.rs` does.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long a blocked read may keep a thread from seeing that the cable was unplugged or dropped.
const GLANCE: Duration = Duration::from_millis(10);

/// A cable with two ends. Dropping it pulls both.
pub struct Tap {
    cable: Arc<Cable>,
    pumps: Vec<JoinHandle<()>>,
}

struct Cable {
    board: UnixStream,
    collector: SocketAddr,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    far_end: Option<TcpStream>,
    plugged: bool,
    clogged: bool,
    pulled: bool,
    /// Once in so many bytes some are lost, 0 for never; and how many came since.
    loses: (usize, usize),
    passed: Passed,
}

/// What went into the cable since [`Tap::forget`].
#[derive(Default, Clone)]
pub struct Passed {
    /// From the board to the collector.
    pub up: Vec<u8>,
    /// From the collector to the board.
    pub down: Vec<u8>,
    /// How many bytes had gone up when the first one came down.
    pub up_before_answer: Option<usize>,
    /// How many bytes the cable lost, or had nobody to give to.
    pub lost: usize,
}

impl Tap {
    /// Lays a cable from a board's link to a collector's TCP listener, and plugs it in.
    ///
    /// # Panics
    /// If the board's socket is gone.
    pub fn lay(board: UnixStream, collector: SocketAddr) -> Self {
        board.set_read_timeout(Some(GLANCE)).expect("a positive time-out is valid");
        let cable =
            Arc::new(Cable { board, collector, state: Mutex::new(State { plugged: true, ..State::default() }) });
        let pump = |job: fn(&Cable)| {
            let cable = Arc::clone(&cable);
            thread::spawn(move || job(&cable))
        };
        let pumps = vec![pump(Cable::pump_up), pump(Cable::pump_down)];
        Self { cable, pumps }
    }

    /// Pulls the collector's end. What the board sends is lost, as on a cut wire.
    pub fn unplug(&self) {
        let mut state = self.cable.state();
        state.plugged = false;
        state.hang_up();
    }

    /// Plugs the collector's end in again.
    pub fn plug_in(&self) {
        self.cable.state().plugged = true;
    }

    /// Takes nothing more from the board, which then cannot send.
    pub fn clog(&self) {
        self.cable.state().clogged = true;
    }

    /// Takes bytes from the board again.
    pub fn unclog(&self) {
        self.cable.state().clogged = false;
    }

    /// From now on a few bytes vanish each time that so many have come, either way.
    pub fn lose_some_in(&self, bytes: usize) {
        self.cable.state().loses = (bytes, 0);
    }

    /// What passed so far.
    pub fn passed(&self) -> Passed {
        self.cable.state().passed.clone()
    }

    /// Begins a new record of what passes.
    pub fn forget(&self) {
        self.cable.state().passed = Passed::default();
    }

    /// Noise on the wire: bytes that neither end sent arrive at both.
    ///
    /// # Panics
    /// If the board is gone.
    pub fn make_noise(&self, bytes: &[u8]) {
        (&self.cable.board).write_all(bytes).expect("the board runs");
        self.cable.send_up(bytes);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.cable.state().pulled = true;
        for pump in self.pumps.drain(..) {
            let _ = pump.join();
        }
    }
}

impl Cable {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pump_up(&self) {
        let mut bytes = [0; 4096];
        while !self.state().pulled {
            if self.state().clogged {
                thread::sleep(GLANCE);
                continue;
            }
            match (&self.board).read(&mut bytes) {
                Ok(0) => return,
                Ok(n) => self.send_up(&bytes[..n]),
                Err(error) if is_patience(&error) => {}
                Err(_) => return,
            }
        }
    }

    fn send_up(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.loses_this(bytes) {
            return;
        }
        let sent = state.far_end.as_mut().is_some_and(|far_end| far_end.write_all(bytes).is_ok());
        if sent {
            state.passed.up.extend_from_slice(bytes);
        } else {
            state.passed.lost += bytes.len();
            state.hang_up();
        }
    }

    fn pump_down(&self) {
        let mut bytes = [0; 4096];
        while !self.state().pulled {
            let Some(mut far_end) = self.far_end() else {
                thread::sleep(GLANCE);
                continue;
            };
            match far_end.read(&mut bytes) {
                Ok(0) => self.state().hang_up(),
                Ok(n) => self.send_down(&bytes[..n]),
                Err(error) if is_patience(&error) => {}
                Err(_) => self.state().hang_up(),
            }
        }
    }

    fn send_down(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.loses_this(bytes) {
            return;
        }
        let up_so_far = state.passed.up.len();
        state.passed.up_before_answer.get_or_insert(up_so_far);
        state.passed.down.extend_from_slice(bytes);
        // A board that was switched off hears nothing; its test ends soon.
        let _ = (&self.board).write_all(bytes);
    }

    /// A handle on the connection to the collector, which is made if the cable is plugged in and the collector listens.
    fn far_end(&self) -> Option<TcpStream> {
        let mut state = self.state();
        if state.plugged && state.far_end.is_none() {
            let stream = TcpStream::connect(self.collector).ok()?;
            stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(GLANCE))).ok()?;
            state.far_end = Some(stream);
        }
        state.far_end.as_ref()?.try_clone().ok()
    }
}

impl State {
    fn loses_this(&mut self, bytes: &[u8]) -> bool {
        let (every, since) = &mut self.loses;
        *since += bytes.len();
        let lost = *every > 0 && since >= every;
        if lost {
            *since = 0;
            self.passed.lost += bytes.len();
        }
        lost
    }

    fn hang_up(&mut self) {
        if let Some(far_end) = self.far_end.take() {
            let _ = far_end.shutdown(Shutdown::Both);
        }
    }
}

fn is_patience(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
