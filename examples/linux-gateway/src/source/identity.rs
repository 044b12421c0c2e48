//! What the machine is: distribution, kernel, architecture, host name, and the board's maker and model.
//!
//! Promise: a claim that cannot be answered is left out, never guessed. Not here: the device's id, which is given at start.

use std::path::Path;
use std::time::Duration;

use nix::sys::utsname::uname;

use crate::fact::{Claim, Fact, Identity, Kind};
use crate::source::{Failure, Reading, Root, Source, Watch, os_release, read_file};

/// Files that name the board, by claim: DMI on PCs, the device tree elsewhere.
const BOARD: [(Claim, &str); 3] = [
    (Claim::Vendor, "/sys/class/dmi/id/sys_vendor"),
    (Claim::Model, "/sys/class/dmi/id/product_name"),
    (Claim::Model, "/proc/device-tree/model"),
];

/// The host name has no notification that reaches every C library, so it is looked at this often.
const PERIOD: Duration = Duration::from_secs(2);

/// Identity from os-release under a root, and from the running kernel.
pub struct IdentitySource {
    /// Where os-release is looked up.
    pub root: Root,
}

impl Source for IdentitySource {
    fn kind(&self) -> Kind {
        Kind::Identity
    }

    fn watch(&self) -> Watch {
        Watch::Every(PERIOD)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        let mut claim = |claim, text: &str| {
            if !text.is_empty() {
                reading.facts.push(Fact::Identity(Identity { claim, text: text.into() }));
            }
        };
        let kernel = uname().map_err(|e| Failure(format!("uname: {e}")))?;
        claim(Claim::Kernel, &kernel.release().to_string_lossy());
        claim(Claim::Host, &kernel.nodename().to_string_lossy());
        claim(Claim::Architecture, &kernel.machine().to_string_lossy());
        for (what, path) in BOARD {
            claim(what, &board_text(Path::new(path)));
        }
        match os_release::read(&self.root) {
            Ok(release) => {
                claim(Claim::OsName, &release.id);
                claim(Claim::OsVersion, &release.version);
            }
            Err(why) => reading.skip(why),
        }
        Ok(reading)
    }
}

/// The text of a file that names the board; empty if this machine has none. Device-tree strings end with a zero byte.
fn board_text(path: &Path) -> String {
    let bytes = read_file(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim_matches(|c: char| c == '\0' || c.is_whitespace()).into()
}
