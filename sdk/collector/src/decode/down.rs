//! Downlink bodies, field by field (SPEC §4).
//!
//! It judges nothing: a field is what its place says.

use tidings_wire::message::{AckFlags, Command};
use tidings_wire::{Malformed, Severity};

use super::body::kinds;
use super::walk::Walk;

const FLAGS: [&str; 8] = [
    "send Hello",
    "send Buckets",
    "not applied",
    "type not known",
    "instance follows",
    "retry-after follows",
    "challenge follows",
    "command follows",
];

pub(super) fn body(walk: &mut Walk<'_>) -> Result<(), Malformed> {
    walk.deeper(|walk| {
        let number = walk.field("", |from| from.u8(), |number| type_name(*number))?;
        walk.number("answers packet", |from| from.varint((1 << 56) - 1))?;
        match number {
            0 => ack(walk)?,
            1 => drop(walk.number("epoch known to the host", |from| from.u32())?),
            _ => {}
        }
        walk.rest("fields of a later version, ignored");
        Ok(())
    })
}

fn type_name(number: u8) -> String {
    let name = ["Ack", "Stale", "Config (reserved)", "Time (reserved)", "Rekey (reserved)"].get(usize::from(number));
    name.map_or_else(|| format!("body type {number}, not known here"), |name| (*name).to_owned())
}

fn ack(walk: &mut Walk<'_>) -> Result<(), Malformed> {
    let flags = walk.field("flags", |from| from.u8().map(AckFlags), |flags| flag_names(flags.0))?;
    walk.number("applied up to change", |from| from.u32())?;
    walk.field("kinds wanted", |from| from.u32(), |mask| kinds(*mask))?;
    for severity in Severity::ALL {
        walk.number(&format!("last {severity} event held"), |from| from.u32())?;
    }
    if flags.0 & 0x10 != 0 {
        walk.field("collector instance", |from| from.u32le(), |id| format!("{id:08x}"))?;
    }
    if flags.0 & 0x20 != 0 {
        walk.field("retry after", |from| from.u32(), |s| format!("{s} s"))?;
    }
    if flags.0 & 0x40 != 0 {
        walk.field("challenge", |from| from.array::<8>(), |_| "to be echoed".into())?;
    }
    if flags.0 & 0x80 != 0 {
        command(walk)?;
    }
    Ok(())
}

fn command(walk: &mut Walk<'_>) -> Result<(), Malformed> {
    walk.number("command", |from| from.u32())?;
    walk.deeper(|walk| {
        walk.number("code", |from| from.u16())?;
        walk.field("args", |from| from.bytes(Command::MAX_ARGS), |args| format!("{} bytes", args.len())).map(drop)
    })
}

fn flag_names(flags: u8) -> String {
    let set = (0..8).filter(|bit| flags >> bit & 1 == 1).map(|bit| FLAGS[bit]);
    let names = set.collect::<Vec<_>>().join(", ");
    if names.is_empty() { "none".into() } else { names }
}
