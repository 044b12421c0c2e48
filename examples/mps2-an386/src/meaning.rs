//! Which fact a command changes.
//!
//! For now key and value are the words as typed; the wire types take their place.

use core::fmt::{self, Write as _};

use heapless::String;

use crate::{
    command::Command,
    facts::{KEY_MAX, VALUE_MAX},
};

/// A command as a change of one fact.
pub enum Meaning {
    /// The fact has this value.
    Put { kind: u8, key: String<KEY_MAX>, value: String<VALUE_MAX> },
    /// The fact is gone.
    Remove { kind: u8, key: String<KEY_MAX> },
    /// No fact.
    Nothing,
}

impl Meaning {
    /// The meaning of a command.
    pub fn of(command: Command<'_>) -> Self {
        match command {
            Command::AppInstall { name, version } => put(1, format_args!("{name}"), format_args!("{version}")),
            Command::AppRemove { name } => remove(1, format_args!("{name}")),
            Command::UserAdd { name, role } => put(2, format_args!("{name}"), format_args!("{role:?}")),
            Command::UserDel { name } => remove(2, format_args!("{name}")),
            Command::PortOpen { proto, port, name } => put(3, format_args!("{proto:?} {port}"), format_args!("{name}")),
            Command::PortClose { proto, port } => remove(3, format_args!("{proto:?} {port}")),
            Command::NeighbourSeen { mac, ip } => put(4, format_args!("{mac:02x?}"), format_args!("{ip}")),
            Command::CertSet { slot, expiry_unix_s } => put(5, format_args!("{slot}"), format_args!("{expiry_unix_s}")),
            Command::Set { key, value } => put(6, format_args!("{key}"), format_args!("{value}")),
            Command::Health { key, value } => put(7, format_args!("{key}"), format_args!("{value}")),
            Command::Event { .. } | Command::State | Command::Reboot | Command::Help => Self::Nothing,
        }
    }
}

fn put(kind: u8, key: fmt::Arguments<'_>, value: fmt::Arguments<'_>) -> Meaning {
    Meaning::Put { kind, key: text(key), value: text(value) }
}

fn remove(kind: u8, key: fmt::Arguments<'_>) -> Meaning {
    Meaning::Remove { kind, key: text(key) }
}

fn text<const N: usize>(text: fmt::Arguments<'_>) -> String<N> {
    let mut out = String::new();
    let _ = out.write_fmt(text);
    out
}
