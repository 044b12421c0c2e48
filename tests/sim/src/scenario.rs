//! What can go wrong in a history, as numbers: one [`Scenario`] a way of suffering.
//!
//! Times are in ms of virtual time, chances in percent, a mean of 0 means never. Not here: what happens then; see `history`.

/// How the link treats datagrams.
#[derive(Debug, Clone, Copy)]
pub struct LinkTerms {
    /// Chance that a datagram is lost.
    pub loss: u64,
    /// Chance that it arrives twice.
    pub dup: u64,
    /// Chance that a bit of it is flipped.
    pub corrupt: u64,
    /// Chance that its end is cut off.
    pub truncate: u64,
    /// Bounds of the delay one way.
    pub delay_ms: (u64, u64),
    /// The delay jumps to `late_ms` and back at this interval.
    pub shift_ms: u64,
    /// Delay while it is shifted; with no interval from a third of the history on.
    pub late_ms: u64,
    /// Longest datagram in bytes; 0 for no fragments.
    pub datagram: usize,
    /// Packets for which the receiver of fragments has room.
    pub slots: usize,
    /// Mean time between packets that an attacker repeats.
    pub replay_ms: u64,
    /// Mean time between packets that an attacker makes up.
    pub forge_ms: u64,
    /// Mean time between outages.
    pub outage_ms: u64,
    /// Each packet is answered at once with a repetition of the last refusal, for ever.
    pub refusals: bool,
}

/// How much room the device gives its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Enough for the facts, but not for tombstones and events.
    Tight,
    /// Too little for all facts and events.
    Small,
    /// Enough.
    Usual,
    /// Over 64 KiB, so that places are coarser than bytes.
    Large,
}

/// How the device suffers.
#[derive(Debug, Clone, Copy)]
pub struct DeviceTerms {
    /// Memory.
    pub room: Room,
    /// Longest packet in bytes.
    pub mtu: u16,
    /// It cannot hear.
    pub one_way: bool,
    /// Mean time between power cuts.
    pub power_ms: u64,
    /// Chance that a store is cut by a power cut.
    pub tear: u64,
    /// Chance that a store or a load fails.
    pub fail: u64,
    /// Chance that a store does nothing and says nothing.
    pub unkept: u64,
    /// Chance that the epoch store goes back at a power cut.
    pub rollback: u64,
    /// A second device with the same name and a copy of the epoch store speaks from the middle of the history on.
    pub clone: bool,
    /// The clock at first.
    pub start_ms: u64,
    /// Hold-down of flapping facts.
    pub hold_down_ms: u32,
    /// Budget; 0 for none.
    pub bytes_per_hour: u32,
    /// Longest pause between retries.
    pub cap_ms: u32,
    /// Mean time between changes of keys.
    pub rekey_ms: u64,
    /// Chance that a boot brings other firmware with other facts.
    pub schema: u64,
}

/// Whether a second collector takes part by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// No.
    None,
    /// Each packet goes to one of the two.
    Balanced,
    /// Each packet goes to both, and both answer.
    Both,
}

/// How the host suffers.
#[derive(Debug, Clone, Copy)]
pub struct HostTerms {
    /// Mean time between losses, restores and flips of stored bits.
    pub fault_ms: u64,
    /// Mean time between crashes.
    pub crash_ms: u64,
    /// Longest time from packet to commit, and again from commit to answer.
    pub commit_ms: u64,
    /// Another collector.
    pub second: Second,
    /// It begins to listen at this time of the history.
    pub late_ms: u64,
    /// Chance that an answer carries options: retry-after, challenge, command; or is of an unknown type.
    pub options: u64,
}

/// What happens on the device.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// How many different facts there are.
    pub facts: u64,
    /// Mean time between changes.
    pub change_ms: u64,
    /// Mean time between bursts of changes and removals.
    pub burst_ms: u64,
    /// Mean time between facts that flap.
    pub flap_ms: u64,
    /// Mean time between events.
    pub event_ms: u64,
    /// Mean time between measurements.
    pub health_ms: u64,
    /// Mean time between scans of a source.
    pub scan_ms: u64,
    /// Chance that a scan fails or is abandoned.
    pub scan_fault: u64,
    /// Mean time between opt-outs and opt-ins.
    pub opt_ms: u64,
    /// Kinds whose sources never finish.
    pub stuck: u32,
    /// Mean time between silences of months.
    pub silence_ms: u64,
    /// How long all this goes on.
    pub active_ms: u64,
    /// Nothing hides a change: what the host tells must add up.
    pub counted: bool,
    /// When it is over nothing happens any more: only Beats can show a difference.
    pub quiet_end: bool,
}

/// One way of suffering.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// Link.
    pub link: LinkTerms,
    /// Device.
    pub device: DeviceTerms,
    /// Host.
    pub host: HostTerms,
    /// Work.
    pub work: Work,
}

const LINK: LinkTerms = LinkTerms {
    loss: 20,
    dup: 10,
    corrupt: 0,
    truncate: 0,
    delay_ms: (1, 400),
    shift_ms: 0,
    late_ms: 0,
    datagram: 0,
    slots: 2,
    replay_ms: 0,
    forge_ms: 0,
    outage_ms: 0,
    refusals: false,
};
const CLEAN: LinkTerms = LinkTerms { loss: 0, dup: 0, delay_ms: (1, 30), ..LINK };
const DEVICE: DeviceTerms = DeviceTerms {
    room: Room::Usual,
    mtu: 200,
    one_way: false,
    power_ms: 0,
    tear: 0,
    fail: 0,
    unkept: 0,
    rollback: 0,
    clone: false,
    start_ms: 0,
    hold_down_ms: 0,
    bytes_per_hour: 0,
    cap_ms: 30_000,
    rekey_ms: 0,
    schema: 0,
};
const HOST: HostTerms =
    HostTerms { fault_ms: 0, crash_ms: 0, commit_ms: 0, second: Second::None, late_ms: 0, options: 0 };
const WORK: Work = Work {
    facts: 64,
    change_ms: 300,
    burst_ms: 0,
    flap_ms: 0,
    event_ms: 700,
    health_ms: 1_000,
    scan_ms: 4_000,
    scan_fault: 20,
    opt_ms: 0,
    stuck: 0,
    silence_ms: 0,
    active_ms: 30_000,
    counted: false,
    quiet_end: false,
};
const BASE: Scenario = Scenario { name: "", link: LINK, device: DEVICE, host: HOST, work: WORK };

const POWER: DeviceTerms = DeviceTerms { power_ms: 4_000, ..DEVICE };
const RARE_POWER: DeviceTerms = DeviceTerms { power_ms: 10_000, ..DEVICE };
const FAULTS: HostTerms = HostTerms { fault_ms: 4_000, crash_ms: 3_000, commit_ms: 20, ..HOST };
const SMALL: DeviceTerms = DeviceTerms { mtu: 144, ..DEVICE };

/// All scenarios.
pub const ALL: &[Scenario] = &[
    Scenario { name: "clean", link: CLEAN, ..BASE },
    Scenario { name: "lossy", link: LinkTerms { loss: 40, ..LINK }, ..BASE },
    Scenario {
        name: "reorder",
        link: LinkTerms { loss: 10, dup: 30, delay_ms: (1, 3_000), ..LINK },
        work: Work { change_ms: 150, ..WORK },
        ..BASE
    },
    Scenario { name: "noise", link: LinkTerms { loss: 5, corrupt: 20, truncate: 10, ..LINK }, ..BASE },
    Scenario { name: "power", device: POWER, ..BASE },
    Scenario { name: "host-faults", device: RARE_POWER, host: FAULTS, ..BASE },
    Scenario { name: "host-crash", host: HostTerms { fault_ms: 0, crash_ms: 500, commit_ms: 100, ..FAULTS }, ..BASE },
    Scenario {
        name: "small-mtu",
        link: LinkTerms { delay_ms: (1, 600), ..LINK },
        device: DeviceTerms { power_ms: 8_000, ..SMALL },
        host: FAULTS,
        ..BASE
    },
    Scenario {
        name: "hell",
        link: LinkTerms { loss: 50, dup: 30, delay_ms: (1, 4_000), corrupt: 5, truncate: 5, ..LINK },
        device: DeviceTerms { power_ms: 5_000, mtu: 150, ..DEVICE },
        host: FAULTS,
        work: Work { change_ms: 100, ..WORK },
    },
    Scenario { name: "replay", link: LinkTerms { replay_ms: 100, forge_ms: 200, ..LINK }, device: RARE_POWER, ..BASE },
    Scenario {
        name: "replay-and-restore",
        link: LinkTerms { replay_ms: 100, forge_ms: 200, ..LINK },
        device: RARE_POWER,
        host: FAULTS,
        ..BASE
    },
    Scenario {
        name: "replayed-refusals",
        link: LinkTerms { loss: 5, refusals: true, ..LINK },
        host: HostTerms { fault_ms: 4_000, ..HOST },
        ..BASE
    },
    Scenario { name: "opt-out", device: RARE_POWER, work: Work { opt_ms: 2_000, ..WORK }, ..BASE },
    Scenario { name: "rekey", device: DeviceTerms { rekey_ms: 4_000, ..RARE_POWER }, ..BASE },
    Scenario {
        name: "rekey-and-restore",
        link: LinkTerms { replay_ms: 200, ..LINK },
        device: DeviceTerms { rekey_ms: 4_000, ..RARE_POWER },
        host: FAULTS,
        ..BASE
    },
    Scenario { name: "epoch-rollback", device: DeviceTerms { power_ms: 4_000, rollback: 40, ..DEVICE }, ..BASE },
    Scenario {
        name: "rollback-and-restore",
        device: DeviceTerms { power_ms: 4_000, rollback: 40, ..DEVICE },
        host: FAULTS,
        ..BASE
    },
    Scenario {
        name: "epoch-store-faults",
        device: DeviceTerms { power_ms: 3_000, tear: 30, fail: 20, unkept: 10, ..DEVICE },
        ..BASE
    },
    Scenario {
        name: "rtt-shift",
        link: LinkTerms { loss: 10, delay_ms: (1, 30), shift_ms: 10_000, late_ms: 9_000, ..LINK },
        device: RARE_POWER,
        ..BASE
    },
    Scenario {
        name: "rtt-far-above-rto",
        link: LinkTerms { loss: 10, delay_ms: (1, 30), late_ms: 7_000, ..LINK },
        device: DeviceTerms { cap_ms: 5_000, ..RARE_POWER },
        host: HostTerms { fault_ms: 15_000, ..HOST },
        ..BASE
    },
    Scenario { name: "rtt-far-below-rto", link: LinkTerms { delay_ms: (0, 0), ..LINK }, device: POWER, ..BASE },
    Scenario {
        name: "churn",
        device: DeviceTerms { room: Room::Tight, ..SMALL },
        work: Work { burst_ms: 2_000, facts: 30, change_ms: 200, ..WORK },
        ..BASE
    },
    Scenario {
        name: "starve",
        link: LinkTerms { loss: 10, delay_ms: (1, 600), ..LINK },
        device: DeviceTerms { room: Room::Tight, ..SMALL },
        work: Work { burst_ms: 150, facts: 30, event_ms: 300, ..WORK },
        ..BASE
    },
    Scenario { name: "fragments", link: LinkTerms { datagram: 40, ..LINK }, device: RARE_POWER, ..BASE },
    Scenario {
        name: "fragments-hell",
        link: LinkTerms {
            datagram: 40,
            loss: 10,
            dup: 30,
            delay_ms: (1, 2_000),
            replay_ms: 500,
            forge_ms: 300,
            ..LINK
        },
        device: RARE_POWER,
        host: FAULTS,
        ..BASE
    },
    Scenario {
        name: "fragments-flood",
        link: LinkTerms { datagram: 40, loss: 5, delay_ms: (1, 60), forge_ms: 25, ..LINK },
        ..BASE
    },
    Scenario {
        name: "one-way",
        device: DeviceTerms { one_way: true, ..DEVICE },
        work: Work { change_ms: 1_500, ..WORK },
        ..BASE
    },
    Scenario {
        name: "one-way-late",
        link: LinkTerms { loss: 30, ..LINK },
        device: DeviceTerms { one_way: true, power_ms: 12_000, ..DEVICE },
        host: HostTerms { late_ms: 15_000, ..HOST },
        work: Work { change_ms: 1_500, ..WORK },
    },
    Scenario {
        name: "one-way-hell",
        link: LinkTerms { loss: 50, dup: 30, delay_ms: (1, 1_000), replay_ms: 500, ..LINK },
        device: DeviceTerms { one_way: true, power_ms: 8_000, ..DEVICE },
        host: FAULTS,
        work: Work { change_ms: 1_500, ..WORK },
    },
    Scenario { name: "two-collectors-balanced", host: HostTerms { second: Second::Balanced, ..HOST }, ..BASE },
    Scenario { name: "two-collectors-both", host: HostTerms { second: Second::Both, ..HOST }, ..BASE },
    Scenario {
        name: "clone",
        device: DeviceTerms { clone: true, ..DEVICE },
        work: Work { active_ms: 600_000, ..WORK },
        ..BASE
    },
    Scenario {
        name: "volatile-at-boot",
        link: CLEAN,
        device: POWER,
        work: Work { change_ms: 0, event_ms: 0, scan_ms: 0, health_ms: 300, ..WORK },
        ..BASE
    },
    Scenario {
        name: "full-table",
        device: DeviceTerms { room: Room::Small, power_ms: 10_000, ..DEVICE },
        host: HostTerms { fault_ms: 8_000, ..FAULTS },
        ..BASE
    },
    Scenario {
        name: "incomplete-kinds",
        device: RARE_POWER,
        host: FAULTS,
        work: Work { stuck: 1 << 2 | 1 << 9 | 1 << 10, scan_fault: 60, ..WORK },
        ..BASE
    },
    Scenario {
        name: "hold-down",
        link: CLEAN,
        device: DeviceTerms { hold_down_ms: 2_000, ..DEVICE },
        work: Work { flap_ms: 500, ..WORK },
        ..BASE
    },
    Scenario {
        name: "clock-near-2^31",
        device: DeviceTerms { start_ms: (1 << 31) - 15_000, power_ms: 20_000, ..DEVICE },
        ..BASE
    },
    Scenario {
        name: "clock-near-2^32",
        device: DeviceTerms { start_ms: (1 << 32) - 15_000, hold_down_ms: 1_000, ..DEVICE },
        work: Work { flap_ms: 1_000, ..WORK },
        ..BASE
    },
    Scenario { name: "months-of-silence", work: Work { silence_ms: 6_000, ..WORK }, ..BASE },
    Scenario { name: "outages", link: LinkTerms { outage_ms: 5_000, ..LINK }, device: RARE_POWER, ..BASE },
    Scenario { name: "firmware-updates", device: DeviceTerms { power_ms: 5_000, schema: 60, ..DEVICE }, ..BASE },
    Scenario {
        name: "bulk-install",
        link: LinkTerms { loss: 5, delay_ms: (1, 60), ..LINK },
        device: DeviceTerms { room: Room::Large, mtu: 512, ..DEVICE },
        work: Work { facts: 1_500, burst_ms: 3_000, active_ms: 12_000, ..WORK },
        ..BASE
    },
    Scenario {
        name: "metered",
        link: CLEAN,
        device: DeviceTerms { bytes_per_hour: 8_192, ..DEVICE },
        work: Work { active_ms: 60_000, ..WORK },
        ..BASE
    },
    Scenario { name: "options", host: HostTerms { options: 20, ..HOST }, device: RARE_POWER, ..BASE },
    Scenario {
        name: "quiet-end",
        host: HostTerms { fault_ms: 3_000, ..FAULTS },
        work: Work { quiet_end: true, ..WORK },
        ..BASE
    },
    Scenario {
        name: "counts",
        link: LinkTerms { loss: 20, delay_ms: (1, 100), ..LINK },
        work: Work { counted: true, flap_ms: 1_000, facts: 24, scan_fault: 0, ..WORK },
        ..BASE
    },
    Scenario {
        name: "everything",
        link: LinkTerms {
            loss: 35,
            dup: 20,
            delay_ms: (1, 1_500),
            corrupt: 3,
            truncate: 3,
            replay_ms: 200,
            forge_ms: 500,
            outage_ms: 15_000,
            ..LINK
        },
        device: DeviceTerms { power_ms: 5_000, tear: 10, fail: 5, rollback: 5, mtu: 160, schema: 10, ..DEVICE },
        host: HostTerms { options: 5, ..FAULTS },
        work: Work { opt_ms: 5_000, burst_ms: 8_000, flap_ms: 4_000, ..WORK },
    },
];

impl Scenario {
    /// The scenario of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|scenario| scenario.name == name)
    }
}
