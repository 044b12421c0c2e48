//! The package database of dpkg: `/var/lib/dpkg/status`, and nothing else of it.
//!
//! Promise: every stanza whose status is exactly `install ok installed` becomes one fact; a stanza that makes no sense is counted. Packages
//! that dpkg is in the middle of are listed apart: what they are is known only when it is done. Not here: what a package contains.

use std::fs::File;
use std::path::Path;

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::fact::{Part, Software};
use crate::source::{Failure, Reading};

/// The only state in which a package counts.
pub const INSTALLED: &str = "install ok installed";

/// States of a package on its way to [`INSTALLED`], or stuck there.
const BETWEEN: [&str; 5] = ["half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"];

/// What a status file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Packages in [`INSTALLED`].
    pub installed: Vec<Software>,
    /// Packages on their way there; their version may be the old or the new one.
    pub between: Vec<Software>,
}

/// Reads the text of a status file; what makes no sense is counted in `reading`.
///
/// # Errors
/// [`Failure`] if it holds no stanza at all: a machine with dpkg has packages, so the file was cut off.
pub fn parse(text: &[u8], reading: &mut Reading) -> Result<Status, Failure> {
    let mut status = Status::default();
    let mut stanzas = 0;
    for (bytes, whole) in split_stanzas(text) {
        stanzas += 1;
        match (parse_stanza(bytes), whole) {
            (Err(why), _) => reading.skip(format_args!("stanza {stanzas}: {why}")),
            (_, false) => reading.skip(format_args!("stanza {stanzas}: the file ends inside it")),
            (Ok(Stanza::Gone), true) => {}
            (Ok(Stanza::Installed(package)), true) => status.installed.push(package),
            (Ok(Stanza::Between(package)), true) => status.between.push(package),
        }
    }
    match stanzas {
        0 => Err(Failure("the dpkg status file is empty".into())),
        _ => Ok(status),
    }
}

/// Whether another process holds a lock of dpkg or its front end. A lock file that is not there is not held.
#[must_use]
pub fn is_locked(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let mut lock = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_GETLK(&mut lock)).is_ok() && i32::from(lock.l_type) != libc::F_UNLCK
}

/// Stanzas are separated by blank lines; one without a final newline is not whole.
fn split_stanzas(status: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    let mut rest = status;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|&b| b != b'\n')?;
        rest = &rest[start..];
        let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 1);
        let (stanza, tail) = rest.split_at(end);
        rest = tail;
        Some((stanza, stanza.ends_with(b"\n")))
    })
}

enum Stanza {
    Installed(Software),
    Between(Software),
    Gone,
}

fn parse_stanza(bytes: &[u8]) -> Result<Stanza, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(str::trim).filter(|value| !value.is_empty())
    };
    let name = field("Package").ok_or("no Package field")?;
    let need = |what: &str| field(what).ok_or_else(|| format!("{name} has no {what} field"));
    let status = need("Status")?;
    let is_between = status.starts_with("install ") && BETWEEN.iter().any(|state| status.ends_with(state));
    if status != INSTALLED && !is_between {
        return Ok(Stanza::Gone);
    }
    let version = need("Version")?;
    let (source, source_version) = split_source(field("Source").unwrap_or(name), version);
    let package = Software {
        part: Part::Deb,
        name: name.into(),
        architecture: need("Architecture")?.into(),
        version: version.into(),
        source: source.into(),
        source_version: source_version.into(),
    };
    Ok(if is_between { Stanza::Between(package) } else { Stanza::Installed(package) })
}

/// `NAME (VERSION)`, or `NAME` with the version of the package itself.
fn split_source<'a>(source: &'a str, version: &'a str) -> (&'a str, &'a str) {
    let Some((name, rest)) = source.split_once(" (") else {
        return (source, version);
    };
    (name, rest.trim_end_matches(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../samples/dpkg-status");

    fn read(text: &[u8]) -> (Status, Reading) {
        let mut reading = Reading::default();
        (parse(text, &mut reading).unwrap(), reading)
    }

    fn names(packages: &[Software]) -> Vec<String> {
        packages.iter().map(|package| format!("{}:{}", package.name, package.architecture)).collect()
    }

    #[test]
    fn only_installed_packages_count_and_those_between_are_apart() {
        let (status, reading) = read(SAMPLE);
        assert_eq!(names(&status.installed), ["adduser:all", "libc6:amd64", "libgcc-s1:amd64", "libc6:i386"]);
        assert_eq!(names(&status.between), ["nginx-core:amd64"]);
        assert_eq!(reading.skipped, 0);
    }

    #[test]
    fn a_package_knows_its_source_and_that_ones_version() {
        let (status, _) = read(SAMPLE);
        let expected = Software {
            part: Part::Deb,
            name: "libgcc-s1".into(),
            architecture: "amd64".into(),
            version: "12.2.0-14+deb12u1".into(),
            source: "gcc-12".into(),
            source_version: "12.2.0-14+deb12u1".into(),
        };
        assert_eq!(status.installed[2], expected);
        assert_eq!((&*status.installed[0].source, &*status.installed[0].source_version), ("adduser", "3.134"));
        assert_eq!(split_source("gcc-defaults (1.203)", "4:12.2.0-3"), ("gcc-defaults", "1.203"));
    }

    #[test]
    fn a_stanza_without_a_version_is_counted_and_the_others_stay() {
        let mut broken =
            b"Package: cut\nStatus: install ok installed\n\n\xff\xfe: bad\n\nDescription: nameless\n\n".to_vec();
        broken.extend_from_slice(SAMPLE);
        let (status, reading) = read(&broken);
        assert_eq!((status.installed.len(), reading.skipped), (4, 3));
        assert_eq!(reading.first_skipped.as_deref(), Some("stanza 1: cut has no Version field"));
    }

    #[test]
    fn a_file_that_ends_inside_a_stanza_is_partial() {
        for cut in 1..SAMPLE.len() - 1 {
            let (_, reading) = read(&SAMPLE[..cut]);
            let whole_lines_only = SAMPLE[cut - 1] == b'\n';
            assert!(reading.skipped > 0 || whole_lines_only, "cut at {cut} went unnoticed");
        }
    }

    #[test]
    fn an_empty_file_is_a_failure_not_a_machine_without_packages() {
        assert!(parse(b"", &mut Reading::default()).is_err());
        assert!(parse(b"\n\n", &mut Reading::default()).is_err());
    }

    #[test]
    fn a_missing_or_free_lock_is_not_held() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(!is_locked(file.path()));
        assert!(!is_locked(Path::new("/no/such/lock")));
    }
}
