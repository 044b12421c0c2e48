//! What happens on the microcontrollers, scene by scene: what is said, what is typed, and what must arrive.
//!
//! Data only, but for the comparison of an entry of the log with what was awaited.

use super::ledger::{BOARD, Entry, IN_C};

/// One thing that happens.
pub struct Scene {
    /// For the person who watches.
    pub says: &'static str,
    /// The device.
    pub on: &'static str,
    /// The line on its console; a key on that of the firmware in C.
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
        on: BOARD,
        types: "cert set web 2027-06-30",
        arrives: Arrival { what: "certificate", is: ("change", "certificate", "added"), names: "web" },
    },
    Scene {
        says: "An application is installed.",
        on: BOARD,
        types: "app install pump-control 2.4.1-rc3",
        arrives: Arrival { what: "application", is: ("change", "software", "added"), names: "pump-control" },
    },
    Scene {
        says: "Somebody adds an account for remote maintenance.",
        on: BOARD,
        types: "user add maintenance service",
        arrives: Arrival { what: "account", is: ("change", "account", "added"), names: "maintenance" },
    },
    Scene {
        says: "A device that nobody knows appears on the network.",
        on: BOARD,
        types: "neighbour seen 02:00:5e:10:00:4d 192.0.2.77",
        arrives: Arrival { what: "neighbour", is: ("change", "neighbour", "added"), names: "192.0.2.77" },
    },
    Scene {
        says: "Telnet is opened.",
        on: BOARD,
        types: "port open tcp 23 telnet",
        arrives: Arrival { what: "listener", is: ("change", "listener", "added"), names: "telnet" },
    },
    Scene {
        says: "On the other microcontroller, whose firmware is in C, telnet is switched on.",
        on: IN_C,
        types: "t",
        arrives: Arrival { what: "setting", is: ("change", "setting", "changed"), names: "telnet" },
    },
    Scene {
        says: "Somebody opens its case.",
        on: IN_C,
        types: "c",
        arrives: Arrival { what: "event", is: ("event", "tamper", "warning"), names: "" },
    },
    Scene {
        says: "A certificate is rotated.",
        on: BOARD,
        types: "cert set web 2031-06-30",
        arrives: Arrival { what: "certificate", is: ("change", "certificate", "changed"), names: "web" },
    },
    Scene {
        says: "The processor resets. Nothing changed: one Hello, no facts again.",
        on: BOARD,
        types: "reboot",
        arrives: Arrival { what: "reboot", is: ("notice", "", "reboot"), names: "" },
    },
];

impl Scene {
    /// Whether `entry` is what was awaited.
    pub fn arrived_as(&self, entry: &Entry) -> bool {
        let (class, kind, op) = self.arrives.is;
        entry.is_of(self.on) && entry.has(class, kind, op) && entry.text().contains(self.arrives.names)
    }
}
