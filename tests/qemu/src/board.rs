//! One running board: QEMU with both UARTs joined to sockets, under an outer time limit, gone when dropped.

use std::{
    io::ErrorKind,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{self, Child, Command},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{PATIENCE, console::Console, debugger::Debugger};

/// The board's id, as the collector's command line takes it.
pub const DEVICE: &str = "hex:6d7073322d616e333836";
/// Facts in a blank board's state: what the firmware says of itself.
pub const OWN_FACTS: usize = 3;

/// The outer limit, in seconds: a board that nobody stops, stops itself.
const LIMIT_S: &str = "300";

/// A board in QEMU. Dropping it switches the power off.
pub struct Board {
    /// UART1, where a person types.
    pub console: Console,
    link: Option<TcpStream>,
    debugger_socket: PathBuf,
    qemu: Child,
}

impl Board {
    /// Switches an mps2-an386 on with this image and waits for its greeting. Its RAM is blank.
    ///
    /// # Panics
    /// If QEMU does not start or the firmware does not greet.
    pub fn power_on(image: &Path) -> Self {
        let link = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let console = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let debugger_socket = fresh_socket_path();
        let mut qemu = qemu(image, &link, &console, &debugger_socket);
        let link = accept(&link, &mut qemu);
        let mut console = Console::new(accept(&console, &mut qemu));
        console.expect_greeting();
        Self { console, link: Some(link), debugger_socket, qemu }
    }

    /// UART0, the link to the collector. It can be taken once.
    ///
    /// # Panics
    /// If it was taken before.
    pub fn take_link(&mut self) -> TcpStream {
        self.link.take().expect("the link is taken once")
    }

    /// Stops the processor and lets a test look at it. It runs on when the debugger is dropped.
    pub fn debug(&self) -> Debugger {
        Debugger::attach(&self.debugger_socket)
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // `timeout` leads the group that QEMU is in: both end at once.
        let _ = kill_process_group(Pid::from_child(&self.qemu), Signal::KILL);
        let _ = self.qemu.wait();
        let _ = std::fs::remove_file(&self.debugger_socket);
    }
}

fn qemu(image: &Path, link: &TcpListener, console: &TcpListener, debugger: &Path) -> Child {
    let serial = |id: &str, to: &TcpListener| {
        let port = to.local_addr().expect("a bound socket has an address").port();
        // QEMU connects before the processor runs, so nothing is lost; without nodelay an answer takes 44 ms.
        [
            String::from("-chardev"),
            format!("socket,id={id},host=127.0.0.1,port={port},nodelay=on"),
            "-serial".into(),
            format!("chardev:{id}"),
        ]
    };
    Command::new("timeout")
        .args([
            "--kill-after=5",
            LIMIT_S,
            "qemu-system-arm",
            "-machine",
            "mps2-an386",
            "-display",
            "none",
            "-monitor",
            "none",
        ])
        .args(serial("link", link))
        .args(serial("console", console))
        .args([
            "-chardev",
            &format!("socket,id=gdb,path={},server=on,wait=off", debugger.display()),
            "-gdb",
            "chardev:gdb",
        ])
        .arg("-kernel")
        .arg(image)
        .process_group(0)
        .spawn()
        .expect("timeout and qemu-system-arm are installed: cargo xtask setup")
}

fn accept(listener: &TcpListener, qemu: &mut Child) -> TcpStream {
    listener.set_nonblocking(true).expect("sockets can be made non-blocking");
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream
                    .set_nonblocking(false)
                    .and_then(|()| stream.set_nodelay(true))
                    .expect("a fresh socket takes options");
                return stream;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("QEMU did not connect: {error}"),
        }
        let ended = qemu.try_wait().expect("QEMU is our child");
        assert!(ended.is_none(), "QEMU ended before it connected: {ended:?}");
        assert!(Instant::now() < deadline, "QEMU did not connect within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn fresh_socket_path() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("tidings-qemu-{}-{n}.gdb", process::id()))
}
