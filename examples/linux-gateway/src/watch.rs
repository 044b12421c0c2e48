//! Waiting until a source may have changed: inotify for files, netlink for the kernel's tables, a clock for the rest.
//!
//! Promise: no change goes unnoticed. Files are watched through their folders, so that one that is replaced by renaming is seen; an
//! overflow or a vanished folder counts as a change. Not here: what changed.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use netlink_sys::{Socket, protocols::NETLINK_ROUTE};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, InotifyEvent, WatchDescriptor};

use crate::source::{Watch, netlink};

/// Files are read once nothing has happened to them for this long: `useradd` writes four, dpkg renames several times.
pub const FILE_SETTLE: Duration = Duration::from_millis(200);

/// The same for the kernel's tables: a new host brings a handful of messages.
pub const KERNEL_SETTLE: Duration = Duration::from_millis(50);

/// Without a quiet moment, a source is read after this many times the settling time.
const MOST_SETTLES: u32 = 3;

/// Files are read again after this long in any case: an account expires without a word in them.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// How often a folder that is not there is looked for again.
const MISSING_PERIOD: Duration = Duration::from_secs(1);

/// Waits for one source; made before the first reading, so that nothing falls in between.
pub enum Watcher {
    /// Folders of files.
    Files(FileWatcher),
    /// Multicast groups of rtnetlink.
    Kernel(Socket),
    /// A clock.
    Every(Duration),
}

impl Watcher {
    /// Begins to watch.
    ///
    /// # Errors
    /// Those of the system, when it has no more sockets or inotify instances to give.
    pub fn new(watch: Watch) -> io::Result<Watcher> {
        Ok(match watch {
            Watch::Files(paths) => Watcher::Files(FileWatcher::new(by_folder(paths))?),
            Watch::Folders(paths) => {
                Watcher::Files(FileWatcher::new(paths.into_iter().map(|path| (path, Names::All)).collect())?)
            }
            Watch::Kernel(groups) => {
                let socket = netlink::open(NETLINK_ROUTE, groups)?;
                socket.set_non_blocking(true)?;
                Watcher::Kernel(socket)
            }
            Watch::Every(period) => Watcher::Every(period),
        })
    }

    /// Returns once the source may have changed and has settled. There is no bound on how long that takes.
    ///
    /// # Errors
    /// Those of the system.
    pub fn wait(&mut self) -> io::Result<()> {
        match self {
            Watcher::Files(files) => files.wait(),
            Watcher::Kernel(socket) => wait_for_kernel(socket),
            Watcher::Every(period) => {
                thread::sleep(*period);
                Ok(())
            }
        }
    }
}

fn wait_for_kernel(socket: &Socket) -> io::Result<()> {
    wait_readable(socket.as_fd(), None)?;
    settle(socket.as_fd(), KERNEL_SETTLE, || drain(socket))
}

/// Reads what is there; the messages are only hints. Lost ones (`ENOBUFS`) are as good as any.
fn drain(socket: &Socket) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(64 << 10);
    loop {
        bytes.clear();
        match socket.recv(&mut bytes, 0) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(e) if e.raw_os_error() == Some(Errno::ENOBUFS as i32) => {}
            Err(e) => return Err(e),
        }
    }
}

/// Takes what comes until nothing has come for `quiet`, at most [`MOST_SETTLES`] times as long.
fn settle(fd: BorrowedFd, quiet: Duration, mut take: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let end = Instant::now() + quiet * MOST_SETTLES;
    loop {
        take()?;
        let left = quiet.min(end.saturating_duration_since(Instant::now()));
        if left.is_zero() || !wait_readable(fd, Some(left))? {
            return Ok(());
        }
    }
}

/// Whether there is something to read before the time is over.
fn wait_readable(fd: BorrowedFd, timeout: Option<Duration>) -> io::Result<bool> {
    // Rounded up, so that a rest below a millisecond does not spin.
    let timeout = timeout.map(|left| left + Duration::from_micros(999));
    let timeout = timeout.map_or(PollTimeout::NONE, |left| PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX));
    match poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], timeout) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::EINTR) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Watches folders for changes of some files, or of any.
pub struct FileWatcher {
    inotify: Inotify,
    wanted: HashMap<PathBuf, Names>,
    watched: HashMap<WatchDescriptor, PathBuf>,
    longest_wait: Duration,
}

/// Which entries of a folder matter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Names {
    All,
    Some(Vec<OsString>),
}

impl Names {
    fn cover(&self, name: Option<&OsStr>) -> bool {
        match (self, name) {
            (Names::Some(names), Some(name)) => names.iter().any(|wanted| wanted == name),
            _ => true,
        }
    }
}

/// The names to look for in each folder.
fn by_folder(files: Vec<PathBuf>) -> HashMap<PathBuf, Names> {
    let mut folders: HashMap<PathBuf, Vec<OsString>> = HashMap::new();
    for file in files {
        let names = folders.entry(file.parent().unwrap_or(&file).into()).or_default();
        names.extend(file.file_name().map(OsString::from));
    }
    folders.into_iter().map(|(folder, names)| (folder, Names::Some(names))).collect()
}

impl FileWatcher {
    fn new(wanted: HashMap<PathBuf, Names>) -> io::Result<FileWatcher> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let mut watcher = FileWatcher { inotify, wanted, watched: HashMap::new(), longest_wait: LONGEST_WAIT };
        watcher.watch_missing();
        Ok(watcher)
    }

    /// Adds the folders that are not watched yet, and tells whether there was one.
    fn watch_missing(&mut self) -> bool {
        let events = AddWatchFlags::IN_CLOSE_WRITE
            | AddWatchFlags::IN_MODIFY
            | AddWatchFlags::IN_MOVE
            | AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_ATTRIB
            | AddWatchFlags::IN_DELETE_SELF
            | AddWatchFlags::IN_MOVE_SELF
            | AddWatchFlags::IN_ONLYDIR;
        let before = self.watched.len();
        for folder in self.wanted.keys() {
            if self.watched.values().any(|watched| watched == folder) {
                continue;
            }
            if let Ok(descriptor) = self.inotify.add_watch(folder, events) {
                self.watched.insert(descriptor, folder.clone());
            }
        }
        self.watched.len() > before
    }

    fn wait(&mut self) -> io::Result<()> {
        let end = Instant::now() + self.longest_wait;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let timeout = if self.watched.len() < self.wanted.len() { left.min(MISSING_PERIOD) } else { left };
            let something = wait_readable(self.inotify.as_fd(), Some(timeout))? && self.take()?;
            if self.watch_missing() || something {
                return self.settle();
            }
        }
    }

    fn settle(&mut self) -> io::Result<()> {
        let end = Instant::now() + FILE_SETTLE * MOST_SETTLES;
        let mut quiet_from = Instant::now();
        loop {
            let quiet_at = (quiet_from + FILE_SETTLE).min(end);
            let left = quiet_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            if wait_readable(self.inotify.as_fd(), Some(left))? && self.take()? {
                quiet_from = Instant::now();
            }
        }
    }

    /// Reads the events that are there, and tells whether one of them matters.
    fn take(&mut self) -> io::Result<bool> {
        let mut matters = false;
        loop {
            match self.inotify.read_events() {
                Ok(events) => {
                    for event in &events {
                        matters |= self.matters(event);
                    }
                }
                Err(Errno::EAGAIN) => return Ok(matters),
                Err(e) => return Err(e.into()),
            }
        }
    }

    fn matters(&mut self, event: &InotifyEvent) -> bool {
        if event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW) {
            return true;
        }
        let lost = AddWatchFlags::IN_IGNORED | AddWatchFlags::IN_MOVE_SELF | AddWatchFlags::IN_DELETE_SELF;
        if event.mask.intersects(lost) {
            // A folder that was moved away keeps its watch; it is given up, so that a new one of its name is found.
            let known = self.watched.remove(&event.wd).is_some();
            let _ = self.inotify.rm_watch(event.wd);
            return known;
        }
        let names = self.watched.get(&event.wd).and_then(|folder| self.wanted.get(folder));
        names.is_some_and(|names| names.cover(event.name.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc::{Receiver, channel};

    /// Longer than any settling time, for a machine that is busy.
    const SOON: Duration = Duration::from_secs(10);

    /// A watcher in a thread of its own, which tells each time it wakes.
    fn wakes(watch: Watch) -> Receiver<()> {
        let (sender, receiver) = channel();
        let mut watcher = Watcher::new(watch).unwrap();
        thread::spawn(move || while watcher.wait().is_ok() && sender.send(()).is_ok() {});
        receiver
    }

    #[test]
    fn a_file_replaced_by_renaming_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("status");
        fs::write(&file, "old").unwrap();
        let wakes = wakes(Watch::Files(vec![file.clone()]));
        for _ in 0..3 {
            fs::write(folder.path().join("status-new"), "new").unwrap();
            fs::rename(folder.path().join("status-new"), &file).unwrap();
            wakes.recv_timeout(SOON).expect("the renaming went unnoticed");
        }
    }

    #[test]
    fn writing_in_place_and_removing_are_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwd");
        let wakes = wakes(Watch::Files(vec![file.clone()]));
        fs::write(&file, "a").unwrap();
        wakes.recv_timeout(SOON).expect("the creation went unnoticed");
        fs::write(&file, "b").unwrap();
        wakes.recv_timeout(SOON).expect("the writing went unnoticed");
        fs::remove_file(&file).unwrap();
        wakes.recv_timeout(SOON).expect("the removal went unnoticed");
    }

    #[test]
    fn files_that_say_nothing_are_read_again_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut watcher = FileWatcher::new(by_folder(vec![folder.path().join("shadow")])).unwrap();
        watcher.longest_wait = FILE_SETTLE;
        let (sender, receiver) = channel();
        thread::spawn(move || while watcher.wait().is_ok() && sender.send(()).is_ok() {});
        for _ in 0..2 {
            receiver.recv_timeout(SOON).expect("it waits for ever");
        }
    }

    #[test]
    fn other_files_are_no_change() {
        let folder = tempfile::tempdir().unwrap();
        let wakes = wakes(Watch::Files(vec![folder.path().join("passwd")]));
        fs::write(folder.path().join("other"), "x").unwrap();
        assert!(wakes.recv_timeout(FILE_SETTLE * 3).is_err(), "another file woke the watcher");
    }

    #[test]
    fn a_burst_is_taken_together() {
        const WRITES: usize = 100;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwd");
        let wakes = wakes(Watch::Files(vec![file.clone()]));
        for _ in 0..WRITES {
            fs::write(&file, "b").unwrap();
            thread::sleep(FILE_SETTLE / 40);
        }
        wakes.recv_timeout(SOON).expect("the burst went unnoticed");
        let more = std::iter::from_fn(|| wakes.recv_timeout(FILE_SETTLE * 5).ok()).count();
        assert!(more < WRITES / 2, "{more} more wakes");
    }

    #[test]
    fn a_folder_that_comes_later_or_is_replaced_is_noticed() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("certs");
        let file = folder.join("a.pem");
        let wakes = wakes(Watch::Folders(vec![folder.clone()]));
        fs::create_dir(&folder).unwrap();
        wakes.recv_timeout(SOON).expect("the new folder went unnoticed");
        fs::rename(&folder, parent.path().join("old")).unwrap();
        wakes.recv_timeout(SOON).expect("moving the folder away went unnoticed");
        fs::create_dir(&folder).unwrap();
        wakes.recv_timeout(SOON).expect("the folder's return went unnoticed");
        fs::write(&file, "x").unwrap();
        wakes.recv_timeout(SOON).expect("the new folder is not watched");
    }
}
