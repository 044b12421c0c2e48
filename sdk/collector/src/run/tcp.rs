//! Listens on TCP: a thread a connection, a bounded number of them, each with a deadline for its next good packet.
//!
//! A peer that says nothing of use holds its seat only until the deadline, or until somebody else needs it.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Limits;
use super::inbox::{Parcel, Source};
use super::say::say;
use super::stream::Stream;

/// How long a peer may leave answers unread.
const WRITE_WAIT: Duration = Duration::from_secs(10);
/// How long a peer that sent a good packet may stay silent.
const IDLE: Duration = Duration::from_secs(24 * 3_600);
/// How long after a connection that could not be taken the next one is looked for.
const RETRY: Duration = Duration::from_millis(100);
/// A connection's buffers are on the heap.
const STACK_BYTES: usize = 128 * 1024;

/// Binds and listens from now on, in threads of its own.
///
/// # Errors
/// What the operating system reports if the address cannot be bound.
pub fn listen(address: SocketAddr, limits: Limits, inbox: SyncSender<Parcel>) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    say(format_args!("listening on tcp {}", listener.local_addr()?));
    let seats = Arc::new(Seats { most: limits.max_connections, taken: Mutex::default() });
    thread::Builder::new().name("tcp".into()).spawn(move || accept_all(&listener, &seats, limits.patience, &inbox))?;
    Ok(())
}

fn accept_all(listener: &TcpListener, seats: &Arc<Seats>, patience: Duration, inbox: &SyncSender<Parcel>) {
    for number in 0.. {
        let accepted = listener.accept().and_then(|(stream, peer)| {
            stream.set_nodelay(true)?;
            stream.set_write_timeout(Some(WRITE_WAIT))?;
            let connection = Connection { number, peer, seats: Arc::clone(seats), patience };
            let stream = Arc::new(stream);
            seats.take(number, Arc::clone(&stream));
            let inbox = inbox.clone();
            thread::Builder::new().stack_size(STACK_BYTES).spawn(move || connection.serve(stream, inbox)).map(drop)
        });
        if let Err(error) = accepted {
            seats.leave(number);
            say(format_args!("tcp: a connection could not be taken: {error}"));
            if is_out_of_descriptors(&error) {
                seats.close_idlest();
            }
            // The error comes at once again and again; and the peer that was closed needs a moment to go.
            thread::sleep(RETRY);
        }
    }
}

/// Whether another connection must go before this one can come.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    let of = rustix::io::Errno::from_io_error(error);
    matches!(of, Some(rustix::io::Errno::MFILE | rustix::io::Errno::NFILE))
}

struct Connection {
    number: u64,
    peer: SocketAddr,
    seats: Arc<Seats>,
    patience: Duration,
}

impl Connection {
    fn serve(self, link: Arc<TcpStream>, inbox: SyncSender<Parcel>) {
        let from = Source { name: format!("tcp {}", self.peer).into(), device: None };
        let mut stream = Stream::new(from, inbox);
        let ended = self.serve_until_silent(&mut stream, &link);
        self.seats.leave(self.number);
        match ended.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {}
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                say(format_args!("tcp {}: closed, no good packet for too long", self.peer));
            }
            _ => say(format_args!("tcp {}: closed: {ended}", self.peer)),
        }
    }

    fn serve_until_silent(&self, stream: &mut Stream, mut link: &TcpStream) -> io::Error {
        let mut deadline = Instant::now() + self.patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return io::ErrorKind::TimedOut.into();
            }
            match link.set_read_timeout(Some(left)).and_then(|()| stream.serve_once(&mut link)) {
                Ok(0) => {}
                Ok(_) => {
                    deadline = Instant::now() + IDLE;
                    self.seats.heard(self.number);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error,
            }
        }
    }
}

/// Who is connected. When all seats are taken, the peer that gave the last good packet longest ago loses its own.
struct Seats {
    most: usize,
    taken: Mutex<HashMap<u64, Seat>>,
}

struct Seat {
    stream: Arc<TcpStream>,
    heard: Option<Instant>,
}

impl Seats {
    fn take(&self, number: u64, stream: Arc<TcpStream>) {
        let mut taken = self.taken();
        if taken.len() >= self.most && close_idlest(&mut taken) {
            say(format_args!("tcp: all {} connections taken, the idlest is closed", self.most));
        }
        taken.insert(number, Seat { stream, heard: None });
    }

    fn close_idlest(&self) {
        if close_idlest(&mut self.taken()) {
            say(format_args!("tcp: the idlest connection is closed"));
        }
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<u64, Seat>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self, number: u64) {
        if let Some(seat) = self.taken().get_mut(&number) {
            seat.heard = Some(Instant::now());
        }
    }

    fn leave(&self, number: u64) {
        self.taken().remove(&number);
    }
}

/// Peers that never gave a good packet first, of those the oldest. False if there is nobody.
fn close_idlest(taken: &mut HashMap<u64, Seat>) -> bool {
    let idlest = taken.iter().min_by_key(|(number, seat)| (seat.heard, **number)).map(|(number, _)| *number);
    let Some(seat) = idlest.and_then(|number| taken.remove(&number)) else { return false };
    let _ = seat.stream.shutdown(Shutdown::Both);
    true
}
