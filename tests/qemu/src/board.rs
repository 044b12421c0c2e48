//! One running board: QEMU with both UARTs joined to sockets, under an outer time limit, gone when dropped.

use std::{
    io::ErrorKind,
    os::unix::{
        net::{UnixListener, UnixStream},
        process::CommandExt as _,
    },
    path::Path,
    process::{Child, Command},
    sync::Arc,
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{console::Console, debugger::Debugger, eventually, flash::Flash, folder::Folder};

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
    /// What stays without power.
    pub flash: Arc<Flash>,
    link: Option<UnixStream>,
    qemu: Qemu,
}

/// The process, and the folder with its sockets: `link`, `console` and `debugger`.
struct Qemu {
    process: Child,
    sockets: Folder,
}

impl Board {
    /// As [`Board::power_on_with`], with flash of its own as it leaves the factory.
    ///
    /// # Panics
    /// If QEMU does not start or the firmware does not greet.
    pub fn power_on(image: &Path) -> Self {
        Self::power_on_with(image, &Flash::provisioned())
    }

    /// Switches an mps2-an386 on with this image and this flash and waits for its greeting. Its RAM is blank.
    ///
    /// # Panics
    /// If QEMU does not start or the firmware does not greet.
    pub fn power_on_with(image: &Path, flash: &Arc<Flash>) -> Self {
        let sockets = Folder::fresh();
        let [link, console] = ["link", "console"].map(|name| listen(&sockets.join(name)));
        let mut qemu = Qemu { process: start(image, &sockets, flash.folder()), sockets };
        let link = qemu.accept(&link);
        let mut console = Console::new(qemu.accept(&console));
        console.expect_greeting();
        Self { console, flash: Arc::clone(flash), link: Some(link), qemu }
    }

    /// Takes the power away, wherever the processor is.
    pub fn power_off(&mut self) {
        self.qemu.kill();
    }

    /// UART0, the link to the collector. It can be taken once.
    ///
    /// # Panics
    /// If it was taken before.
    pub fn take_link(&mut self) -> UnixStream {
        self.link.take().expect("the link is taken once")
    }

    /// Stops the processor and lets a test look at it. It runs on when the debugger is dropped.
    pub fn debug(&self) -> Debugger {
        Debugger::attach(&self.qemu.sockets.join("debugger"))
    }
}

impl Qemu {
    fn accept(&mut self, listener: &UnixListener) -> UnixStream {
        let stream = eventually("QEMU to connect", || {
            let ended = self.process.try_wait().expect("QEMU is our child");
            assert!(ended.is_none(), "QEMU ended before it connected: {ended:?}");
            match listener.accept() {
                Ok((stream, _)) => Some(stream),
                Err(error) if error.kind() == ErrorKind::WouldBlock => None,
                Err(error) => panic!("QEMU did not connect: {error}"),
            }
        });
        stream.set_nonblocking(false).expect("sockets can be made blocking");
        stream
    }
}

impl Qemu {
    fn kill(&mut self) {
        // `timeout` leads the group that QEMU is in: both end at once. Nobody has its number before it is waited for.
        if let Ok(None) = self.process.try_wait() {
            let _ = kill_process_group(Pid::from_child(&self.process), Signal::KILL);
            let _ = self.process.wait();
        }
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        self.kill();
    }
}

fn listen(path: &Path) -> UnixListener {
    let listener = UnixListener::bind(path).expect("the folder is ours");
    listener.set_nonblocking(true).expect("sockets can be made non-blocking");
    listener
}

/// QEMU connects the UARTs before the processor runs, so nothing is lost.
fn start(image: &Path, sockets: &Folder, flash: &Path) -> Child {
    let socket = |name: &str| format!("socket,id={name},path={}", sockets.join(name).display());
    let mut qemu = Command::new("timeout");
    qemu.args(["--kill-after=5", LIMIT_S, "qemu-system-arm", "-machine", "mps2-an386"]);
    qemu.args(["-display", "none", "-monitor", "none"]);
    qemu.args(["-semihosting-config", "enable=on,target=native"]).current_dir(flash);
    for name in ["link", "console"] {
        qemu.args(["-chardev", &socket(name), "-serial", &format!("chardev:{name}")]);
    }
    qemu.args(["-chardev", &format!("{},server=on,wait=off", socket("debugger")), "-gdb", "chardev:debugger"]);
    qemu.arg("-kernel").arg(image).process_group(0);
    qemu.spawn().expect("timeout and qemu-system-arm are installed: cargo xtask setup")
}
