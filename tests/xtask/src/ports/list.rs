//! The ports, and how each is run and asked to change.
//!
//! Data only; what is done with it stands in `machine.rs` and `cases.rs`.

use anyhow::{Result, bail};
use tidings_wire::MAX_ID;

/// A port in `examples`.
pub struct Port {
    /// Its folder, its binary and its model.
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

impl Port {
    /// The id of its device: the name, or what follows its first dash if the whole is too long for an id.
    pub fn device(&self) -> &'static str {
        match self.name.split_once('-') {
            Some((_, end)) if self.name.len() > MAX_ID => end,
            _ => self.name,
        }
    }
}

/// How a port is emulated and handled.
pub struct Machine {
    /// The emulator and its arguments, but for chardevs and image.
    pub command: &'static [&'static str],
    /// What the image's path follows.
    pub image: &'static str,
    /// Arguments that lead to each UART in turn: the link first, then the console if there is one, then the log that defmt writes if there is one.
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
    /// In turn typed, and by an interrupt's line that is high for a moment and turns something over.
    TypedOrPulsed {
        /// The QOM path of the interrupt controller.
        device: &'static str,
        /// The number of the interrupt.
        pin: u32,
    },
}

impl Change {
    /// After so many changes all is as it was.
    pub const fn round(&self) -> u32 {
        match self {
            Self::Typed | Self::Button { .. } => 2,
            Self::TypedOrPulsed { .. } => 4,
        }
    }
}

/// How a machine is reset.
pub enum Reset {
    /// Through the emulator's monitor, as by a reset pin.
    Pin,
    /// Power off and on: only `flash_bytes` stay.
    Power,
}

/// Every port, in the order of the table.
pub const PORTS: &[Port] = &[
    ESP32C3,
    MICROBIT,
    MPS2_AN386,
    MPS2_AN386_EMBASSY,
    MPS2_AN505,
    NRF52840,
    RISCV32_VIRT,
    RP2040,
    STM32F4,
    STM32VLDISCOVERY,
    TEMPLATE,
    LINUX_GATEWAY,
];

const ESP32C3: Port =
    Port { name: "esp32c3", target: "riscv32imc-unknown-none-elf", core: "RV32IMC", limit: None, machine: None };

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

/// The log comes through semihosting: the emulator prints it.
pub const OUTPUT: &[&str] = &[];

/// Firmware semihosts: files beside the machine are its flash.
const SEMIHOSTING: &str = "enable=on,target=native";

const MPS2_AN386: Port = Port {
    name: "mps2-an386",
    target: "thumbv7em-none-eabi",
    core: "Cortex-M4",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-arm", "-machine", "mps2-an386", "-accel", "tcg", "-semihosting-config", SEMIHOSTING],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"], &["-serial", "chardev:console"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Typed,
        reset: Reset::Pin,
    }),
};

const MPS2_AN386_EMBASSY: Port = Port {
    name: "mps2-an386-embassy",
    target: "thumbv7em-none-eabi",
    core: "Cortex-M4",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-arm", "-machine", "mps2-an386", "-accel", "tcg", "-semihosting-config", SEMIHOSTING],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"], &["-serial", "chardev:console"], OUTPUT],
        flash_bytes: None,
        keeps_events: false,
        change: Change::TypedOrPulsed { device: "/machine/armv7m", pin: 16 },
        reset: Reset::Power,
    }),
};

const MPS2_AN505: Port = Port {
    name: "mps2-an505",
    target: "thumbv8m.main-none-eabi",
    core: "Cortex-M33",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-arm", "-machine", "mps2-an505", "-accel", "tcg", "-semihosting-config", SEMIHOSTING],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"], &["-serial", "chardev:console"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

const NRF52840: Port =
    Port { name: "nrf52840", target: "thumbv7em-none-eabihf", core: "Cortex-M4F", limit: None, machine: None };

const RISCV32_VIRT: Port = Port {
    name: "riscv32-virt",
    target: "riscv32imac-unknown-none-elf",
    core: "RV32IMAC",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-riscv32", "-machine", "virt", "-accel", "tcg"],
        image: "-bios",
        uarts: &[
            &["-serial", "chardev:link"],
            &["-device", "pci-serial,addr=1,chardev=console"],
            &["-device", "pci-serial,addr=2,chardev=log"],
        ],
        flash_bytes: Some(32 * 1024 * 1024),
        keeps_events: true,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

const RP2040: Port = Port {
    name: "rp2040",
    target: "thumbv6m-none-eabi",
    core: "Cortex-M0+",
    limit: None,
    machine: Some(Machine {
        command: &["node", concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/rp2040/emulator/run.mjs")],
        image: "--kernel",
        uarts: &[&["--link", "link", "--flash", "flash.bin"], &["--console", "console"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

const STM32F4: Port = Port {
    name: "stm32f4",
    target: "thumbv7em-none-eabihf",
    core: "Cortex-M4F",
    limit: None,
    machine: Some(Machine {
        command: &["qemu-system-arm", "-machine", "netduinoplus2", "-accel", "tcg", "-semihosting-config", SEMIHOSTING],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"], &["-serial", "chardev:console"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

const STM32VLDISCOVERY: Port = Port {
    name: "stm32vldiscovery",
    target: "thumbv7m-none-eabi",
    core: "Cortex-M3",
    limit: Some(Limit { flash: 128 * 1024, ram: 8 * 1024 }),
    machine: Some(Machine {
        command: &[
            "qemu-system-arm",
            "-machine",
            "stm32vldiscovery",
            "-accel",
            "tcg",
            "-semihosting-config",
            SEMIHOSTING,
        ],
        image: "-kernel",
        uarts: &[&["-serial", "chardev:link"], &["-serial", "chardev:console"]],
        flash_bytes: None,
        keeps_events: false,
        change: Change::Typed,
        reset: Reset::Power,
    }),
};

const TEMPLATE: Port =
    Port { name: "template", target: "thumbv7m-none-eabi", core: "Cortex-M3", limit: None, machine: None };

const LINUX_GATEWAY: Port = Port {
    name: "linux-gateway",
    target: "aarch64-unknown-linux-musl",
    core: "AArch64, Linux",
    limit: None,
    machine: None,
};

/// Further targets that a port must compile for.
pub fn further_targets(port: &Port) -> &'static [&'static str] {
    match port.name {
        "template" => &crate::setup::TARGETS,
        "linux-gateway" => &["armv7-unknown-linux-gnueabihf"],
        _ => &[],
    }
}

/// Whether a port has the feature `port-check`.
pub fn checks_itself(port: &Port) -> bool {
    ["microbit", "mps2-an386-embassy", "mps2-an505", "riscv32-virt", "rp2040", "stm32f4", "stm32vldiscovery"]
        .contains(&port.name)
}

/// The ports of these names; all if there are none.
pub fn named(names: &[String]) -> Result<Vec<&'static Port>> {
    if let Some(stranger) = names.iter().find(|name| PORTS.iter().all(|port| port.name != **name)) {
        let known: Vec<&str> = PORTS.iter().map(|port| port.name).collect();
        bail!("no port `{stranger}`; there are {}", known.join(", "));
    }
    Ok(PORTS.iter().filter(|port| names.is_empty() || names.iter().any(|name| name == port.name)).collect())
}
