//! What happens on the microcontroller, scene by scene: what is said, what is typed, and what must arrive.
//!
//! Data only, but for the comparison of an entry of the log with what was awaited.

use super::ledger::{BOARD, Entry};

/// One thing that happens.
pub struct Scene {
    /// For the person who watches.
    pub says: &'static str,
    /// The line on the console.
    pub types: &'static str,
    /// What the collector's log must tell of it, exactly once.
    pub arrives: Arrival,
}

/// An entry of the log.
pub struct Arrival {
    /// In words, for messages.
    pub what: &'static str,
    /// Its `type`, `kind` and `op`.
    pub is: (&'static str, &'static str, &'static str),
    /// Its JSON contains this.
    pub names: &'static str,
}

/// The story, in order.
pub const STORY: &[Scene] = &[
    Scene {
        says: "The microcontroller gets its certificate.",
        types: "cert set web 2027-06-30",
        arrives: Arrival { what: "certificate", is: ("change", "certificate", "added"), names: "web" },
    },
    Scene {
        says: "An application is installed.",
        types: "app install pump-control 2.4.1-rc3",
        arrives: Arrival { what: "application", is: ("change", "software", "added"), names: "pump-control" },
    },
    Scene {
        says: "Somebody adds an account for remote maintenance.",
        types: "user add maintenance service",
        arrives: Arrival { what: "account", is: ("change", "account", "added"), names: "maintenance" },
    },
    Scene {
        says: "A device that nobody knows appears on the network.",
        types: "neighbour seen 02:00:5e:10:00:4d 192.0.2.77",
        arrives: Arrival { what: "neighbour", is: ("change", "neighbour", "added"), names: "192.0.2.77" },
    },
    Scene {
        says: "Telnet is opened.",
        types: "port open tcp 23 telnet",
        arrives: Arrival { what: "listener", is: ("change", "listener", "added"), names: "telnet" },
    },
    Scene {
        says: "A certificate is rotated.",
        types: "cert set web 2031-06-30",
        arrives: Arrival { what: "certificate", is: ("change", "certificate", "changed"), names: "web" },
    },
    Scene {
        says: "The processor resets. Nothing changed: one Hello, no facts again.",
        types: "reboot",
        arrives: Arrival { what: "reboot", is: ("notice", "", "reboot"), names: "" },
    },
];

impl Arrival {
    /// Whether `entry` is what was awaited.
    pub fn is(&self, entry: &Entry) -> bool {
        let (class, kind, op) = self.is;
        entry.is_of(BOARD) && entry.has(class, kind, op) && entry.text().contains(self.names)
    }
}
