//! What is installed: the distribution, the running kernel, and the packages of dpkg.
//!
//! Promise: one reading joins all three, so that the kind is complete or says it is not. While dpkg runs, a package that it is in the
//! middle of stays as it was told last: an upgrade is one change, not a removal. Not here: software that no package owns.

use nix::sys::utsname::uname;

use crate::fact::{Fact, Kind, Part, Software};
use crate::source::{Failure, Reading, Root, Source, Watch, dpkg, os_release, read_file};

/// Where dpkg keeps its database.
pub const DPKG_STATUS: &str = "/var/lib/dpkg/status";

/// Held by apt and by dpkg while they work; closed when they are done.
pub const DPKG_LOCKS: [&str; 2] = ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"];

/// Software from the files under a root, and from the running kernel.
pub struct SoftwareSource {
    root: Root,
    told: Vec<Software>,
}

impl SoftwareSource {
    /// A source that has not looked yet; files are looked up under `root`.
    #[must_use]
    pub fn new(root: Root) -> Self {
        Self { root, told: Vec::new() }
    }

    /// Packages, with those that dpkg is in the middle of as they were told last.
    fn packages(&self, reading: &mut Reading) -> Result<Vec<Software>, Failure> {
        let status = dpkg::parse(&read_file(&self.root.at(DPKG_STATUS))?, reading)?;
        let mut packages = status.installed;
        if !status.between.is_empty() && DPKG_LOCKS.iter().any(|lock| dpkg::is_locked(&self.root.at(lock))) {
            let same =
                |one: &Software, other: &Software| one.name == other.name && one.architecture == other.architecture;
            let told_last = |now: &Software| self.told.iter().find(|told| same(told, now)).cloned();
            packages.extend(status.between.iter().filter_map(told_last));
        }
        Ok(packages)
    }
}

impl Source for SoftwareSource {
    fn kind(&self) -> Kind {
        Kind::Software
    }

    fn watch(&self) -> Watch {
        let files = [DPKG_STATUS].into_iter().chain(DPKG_LOCKS).chain(os_release::PATHS);
        Watch::Files(files.map(|path| self.root.at(path)).collect())
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        let packages = self.packages(&mut reading)?;
        reading.facts.extend(packages.iter().cloned().map(Fact::Software));
        self.told = packages;
        reading.take(kernel().map(Fact::Software));
        reading.take(os_release::read(&self.root).map(|release| {
            Fact::Software(own_part(Part::OperatingSystem, release.id, String::new(), release.version))
        }));
        Ok(reading)
    }
}

fn kernel() -> Result<Software, Failure> {
    let kernel = uname().map_err(|e| Failure(format!("uname: {e}")))?;
    let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
    Ok(own_part(Part::Kernel, text(kernel.sysname()).to_lowercase(), text(kernel.machine()), text(kernel.release())))
}

/// A part of the system that is no package and so has no source package.
fn own_part(part: Part, name: String, architecture: String, version: String) -> Software {
    Software { part, name, architecture, version, source: String::new(), source_version: String::new() }
}
