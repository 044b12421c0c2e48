//! Who holds a socket: the links under `/proc/*/fd`.
//!
//! Promise: a process that ends meanwhile, or that may not be looked into, is passed over. Not here: sockets of the kernel itself, which
//! nobody holds.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

/// The program that holds each wanted socket, by the socket's number; where several do, the one with the lowest process id.
#[must_use]
pub fn find(proc: &Path, wanted: &HashSet<u64>) -> HashMap<u64, String> {
    let mut pids: Vec<u32> = entries(proc).filter_map(|name| name.parse().ok()).collect();
    pids.sort_unstable();
    let mut owners = HashMap::new();
    for pid in pids {
        let process = proc.join(pid.to_string());
        for inode in sockets_of(&process).filter(|inode| wanted.contains(inode)) {
            owners.entry(inode).or_insert_with(|| program_of(&process));
        }
        if owners.len() == wanted.len() {
            break;
        }
    }
    owners
}

fn entries(directory: &Path) -> impl Iterator<Item = String> + use<> {
    fs::read_dir(directory).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok())
}

fn sockets_of(process: &Path) -> impl Iterator<Item = u64> + use<> {
    let folder = process.join("fd");
    entries(&folder).filter_map(move |fd| {
        let target = fs::read_link(folder.join(fd)).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    })
}

/// Path of the executable, or the name that the process gave itself.
fn program_of(process: &Path) -> String {
    match fs::read_link(process.join("exe")) {
        Ok(path) => path.to_string_lossy().trim_end_matches(" (deleted)").into(),
        Err(_) => fs::read_to_string(process.join("comm")).unwrap_or_default().trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::os::fd::AsRawFd;

    #[test]
    fn a_socket_is_held_by_the_program_that_opened_it() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let link = fs::read_link(format!("/proc/self/fd/{}", socket.as_raw_fd())).unwrap();
        let number = link.to_str().unwrap().trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        let found = find(Path::new("/proc"), &HashSet::from([number, u64::MAX]));
        let program = std::env::current_exe().unwrap().to_str().unwrap().to_string();
        assert_eq!(found, HashMap::from([(number, program)]));
    }
}
