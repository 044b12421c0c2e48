//! What is installed: the distribution, the running kernel, and the packages of dpkg.
//!
//! Promise: one reading joins all three, so that the kind is complete or says it is not. Not here: software that no package owns.

use nix::sys::utsname::uname;

use crate::fact::{Fact, Kind, Part, Software};
use crate::source::{Failure, Reading, Root, Source, Watch, dpkg, os_release, read_file};

/// Where dpkg keeps its database.
pub const DPKG_STATUS: &str = "/var/lib/dpkg/status";

/// Software from the files under a root, and from the running kernel.
pub struct SoftwareSource {
    /// Where the files are looked up.
    pub root: Root,
}

impl Source for SoftwareSource {
    fn kind(&self) -> Kind {
        Kind::Software
    }

    fn watch(&self) -> Watch {
        let [first, second] = os_release::PATHS;
        Watch::Files([DPKG_STATUS, first, second].map(|path| self.root.at(path)).to_vec())
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let mut reading = dpkg::parse(&read_file(&self.root.at(DPKG_STATUS))?)?;
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
