//! The ports, and how each is run and asked to change.
//!
//! Data only; what is done with it stands in `machine.rs` and `cases.rs`.

use anyhow::{Result, bail};

/// A port in `examples`.
pub struct Port {
    /// Its folder, its binary, its model, and the id of its device.
    pub name: &'static str,
    /// The target triple.
    pub target: &'static str,
    /// The processor, for the table.
    pub core: &'static str,
    /// What it promises to stay under, if it promises.
    pub limit: Option<Limit>,
    /// How it is emulated, if it can be.
    pub machine: Option<Machine>,
}

/// What a port may take, in bytes; a figure that is reached is too large.
pub struct Limit {
    /// Stored.
    pub flash: u64,
    /// Statics and the deepest stack together.
    pub ram: u64,
}

/// How a port is emulated and handled.
pub struct Machine {
    /// The emulator and its arguments, but for chardevs and image.
    pub command: &'static [&'static str],
    /// What the image's path follows.
    pub image: &'static str,
    /// Arguments that lead to each UART in turn: the link first, then the console if there is one.
    pub uarts: &'static [&'static [&'static str]],
    /// A file of so many bytes that survives the machine: its memory without power.
    pub flash_bytes: Option<u64>,
    /// Its console knows `alarm`, and the event outlives power.
    pub keeps_events: bool,
    /// How its user changes something.
    pub change: Change,
    /// How it is reset.
    pub reset: Reset,
}

/// How something is changed; the collector must then hear of one fact.
pub enum Change {
    /// `set NAME VALUE` typed on the console.
    Typed,
    /// The button at this GPIO input is pressed or released.
    Button {
        /// The QOM path of the GPIO device.
        device: &'static str,
        /// Its input.
        pin: u32,
    },
}

/// How a machine is reset.
pub enum Reset {
    /// Through the emulator's monitor, as by a reset pin.
    Pin,
    /// Power off and on: only `flash_bytes` stay.
    Power,
}

/// Every port, in the order of the table.
pub const PORTS: &[Port] = &[MICROBIT, RISCV32_VIRT];

const MICROBIT: Port = Port {
    name: "microbit",
    target: "thumbv6m-none-eabi",
    core: "Cortex-M0",
    limit: Some(Limit { flash: 24 * 1024, ram: 8 * 1024 }),
    machine: Some(Machine {
        command: &["qemu-system-arm", "-machine", "microbit", "-accel", "tcg"],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Button { device: "/machine/nrf51", pin: 17 },
        reset: Reset::Pin,
    }),
};

const RISCV32_VIRT: Port = Port {
    name: "riscv32-virt",
    target: "riscv32imac-unknown-none-elf",
    core: "RV32IMAC",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-riscv32", "-machine", "virt", "-accel", "tcg"],
        image: "-bios",
        uarts: &[&["-serial", "chardev:link"], &["-device", "pci-serial,addr=1,chardev=console"]],
        flash_bytes: Some(32 * 1024 * 1024),
        keeps_events: true,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

/// The ports of these names; all if there are none.
pub fn named(names: &[String]) -> Result<Vec<&'static Port>> {
    if let Some(stranger) = names.iter().find(|name| PORTS.iter().all(|port| port.name != **name)) {
        let known: Vec<&str> = PORTS.iter().map(|port| port.name).collect();
        bail!("no port `{stranger}`; there are {}", known.join(", "));
    }
    Ok(PORTS.iter().filter(|port| names.is_empty() || names.iter().any(|name| name == port.name)).collect())
}
