//! Uplink bodies, field by field (SPEC §3).
//!
//! It judges nothing: a field is what its place says.

use tidings_wire::cursor::Reader;
use tidings_wire::event::{MAX_ACTOR, MAX_DATA};
use tidings_wire::message::{BootReason, head};
use tidings_wire::{EventType, Kind, KindMask, Malformed, Severity};

use super::walk::{Walk, text_or_hex};
use crate::present;

type Walked = Result<(), Malformed>;

pub(super) fn body(walk: &mut Walk<'_>) -> Walked {
    walk.deeper(|walk| {
        let first = walk.field("", |from| from.u8(), |first| head_byte(*first))?;
        if first & head::EVENTS != 0 {
            events(walk)?;
        }
        match first & head::TYPE {
            head::HELLO => hello(walk, first),
            head::DELTA => delta(walk, first),
            head::RANGE => range(walk),
            head::BEAT => beat(walk),
            head::BUCKETS => buckets(walk),
            _ => Ok(()),
        }?;
        walk.rest("fields of a later version, ignored");
        Ok(())
    })
}

fn head_byte(first: u8) -> String {
    let kind = first & head::TYPE;
    let name = ["Hello", "Delta", "Range", "Beat", "Buckets"].get(usize::from(kind));
    let mut words = name.map_or_else(|| format!("body type {kind}, not known here"), |name| (*name).to_owned());
    let hello = kind == head::HELLO;
    let bits = [
        (head::EVENTS, "events"),
        (head::DIGEST, "digest"),
        (head::CHALLENGE, "challenge"),
        (head::ONE_WAY, if hello { "collector instance" } else { "sender cannot hear" }),
    ];
    for (_, word) in bits.iter().filter(|(bit, _)| first & bit != 0) {
        words.push_str(", ");
        words.push_str(word);
    }
    words
}

fn hello(walk: &mut Walk<'_>, first: u8) -> Walked {
    walk.number("changes recorded (seq)", |from| from.u32())?;
    walk.number("minor version", |from| from.u8())?;
    walk.number("schema revision", |from| from.u32())?;
    masks(walk)?;
    let reason = |reason: &u8| BootReason(*reason).name().map_or_else(|| reason.to_string(), str::to_owned);
    walk.field("boot reason", |from| from.u8(), reason)?;
    walk.field("uptime", |from| from.u32(), |s| format!("{s} s"))?;
    walk.number("resets", |from| from.u32())?;
    if first & head::CHALLENGE != 0 {
        walk.field("challenge", |from| from.array::<8>(), |_| "echoed".into())?;
    }
    if first & head::INSTANCE != 0 {
        walk.field("collector instance last seen", |from| from.u32le(), |id| format!("{id:08x}"))?;
    }
    Ok(())
}

/// What Hello and Buckets share; gives the compared kinds.
fn masks(walk: &mut Walk<'_>) -> Result<KindMask, Malformed> {
    let compared = walk.field("compared kinds", |from| from.u32(), |mask| kinds(*mask))?;
    walk.field("kinds switched off", |from| from.u32(), |mask| kinds(*mask))?;
    walk.number("epoch last acknowledged in this boot", |from| from.u32())?;
    walk.field("total digest", |from| from.u64le(), |total| format!("{total:016x}"))?;
    Ok(KindMask(compared))
}

/// The names of the kinds in a mask.
pub(super) fn kinds(mask: u32) -> String {
    match mask {
        0 => "none".into(),
        u32::MAX => "all".into(),
        _ => KindMask(mask).iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn beat(walk: &mut Walk<'_>) -> Walked {
    walk.number("changes recorded (seq)", |from| from.u32())?;
    digest(walk, "digest, low half")
}

fn buckets(walk: &mut Walk<'_>) -> Walked {
    walk.number("changes recorded (seq)", |from| from.u32())?;
    let compared = masks(walk)?;
    compared.iter().try_for_each(|kind| digest(walk, &format!("digest of {kind}, low half")))
}

fn digest(walk: &mut Walk<'_>, name: &str) -> Walked {
    walk.field(name, |from| from.u32le(), |digest| format!("{digest:08x}")).map(drop)
}

fn delta(walk: &mut Walk<'_>, first: u8) -> Walked {
    let base = walk.field("changes after", |from| from.u32(), |base| base.to_string())?;
    walk.field("so many", |from| from.u32(), |span| format!("{span}, up to {}", u64::from(base) + u64::from(*span)))?;
    if first & head::DIGEST != 0 {
        digest(walk, "digest, low half")?;
    }
    while !walk.is_empty() {
        record(walk)?;
    }
    Ok(())
}

fn record(walk: &mut Walk<'_>) -> Walked {
    let tag = walk.field("record", |from| from.u8(), |tag| record_tag(*tag))?;
    walk.deeper(|walk| {
        if tag & 0x80 != 0 {
            return walk.field("extension", |from| from.bytes(usize::from(u16::MAX)), |_| "skipped".into()).map(drop);
        }
        let kind = tag >> 2;
        let key = walk.field("key", |from| from.key(), |key| present::subject(kind, key))?;
        if tag & 1 == 0 {
            walk.field("value", |from| from.value(), |value| present::details(kind, key, value))?;
        }
        if tag & 2 != 0 {
            age(walk)?;
            walk.number("count of its changes", |from| from.u8())?;
        }
        Ok(())
    })
}

fn record_tag(tag: u8) -> String {
    if tag & 0x80 != 0 {
        return "of a later version".into();
    }
    let verb = if tag & 1 == 0 { "put" } else { "remove" };
    let told = if tag & 2 == 0 { "" } else { ", with age and count" };
    format!("{verb} {}{told}", Kind(tag >> 2))
}

fn age(walk: &mut Walk<'_>) -> Walked {
    let say = |age: &u32| if *age == u32::MAX { "49 days or more".into() } else { format!("{age} ms") };
    walk.field("age", |from| from.u32(), say).map(drop)
}

fn range(walk: &mut Walk<'_>) -> Walked {
    walk.number("as of change", |from| from.u32())?;
    while !walk.is_empty() {
        segment(walk)?;
    }
    Ok(())
}

fn segment(walk: &mut Walk<'_>) -> Walked {
    let first = walk.field("segment", |from| from.u8(), |first| segment_head(*first))?;
    walk.deeper(|walk| {
        let kind = first & 31;
        if first & 64 != 0 {
            walk.field("after", |from| from.key(), |key| present::subject(kind, key))?;
        }
        let count = walk.number("facts", |from| from.u16())?;
        for _ in 0..count {
            let key = walk.field("key", |from| from.key(), |key| present::subject(kind, key))?;
            walk.field("value", |from| from.value(), |value| present::details(kind, key, value))?;
        }
        Ok(())
    })
}

fn segment_head(first: u8) -> String {
    let from = if first & 64 == 0 { "from the start" } else { "after a key" };
    let to = if first & 32 == 0 { "to the last key" } else { "to the end" };
    let wrong = if first & 128 == 0 { "" } else { ", bit 7 is not zero" };
    format!("all {} {from} {to}{wrong}", Kind(first & 31))
}

fn events(walk: &mut Walk<'_>) -> Walked {
    let groups = walk.number("groups of events", |from| from.u8())?;
    walk.deeper(|walk| (0..groups).try_for_each(|_| group(walk)))
}

fn group(walk: &mut Walk<'_>) -> Walked {
    let say = |first: &u8| format!("{} of severity {}", first & 63, Severity::from_bits(first >> 6));
    let first = walk.field("events", |from| from.u8(), say)?;
    walk.number("number of the first", |from| from.u32())?;
    walk.deeper(|walk| (0..first & 63).try_for_each(|_| event(walk)))
}

fn event(walk: &mut Walk<'_>) -> Walked {
    let len = walk.field("event", |from| from.u8(), |len| format!("{len} bytes"))?;
    let behind = walk.ahead().len().checked_sub(usize::from(len)).ok_or(Malformed)?;
    let later = walk.split_off(behind)?;
    let read = walk.deeper(event_fields);
    walk.join(later);
    read
}

fn event_fields(walk: &mut Walk<'_>) -> Walked {
    let kind = walk.field("type", |from| from.u16(), |kind| EventType(*kind).to_string())?;
    age(walk)?;
    let actor = walk.field("actor", |from| from.bytes(MAX_ACTOR), |actor| text_or_hex(actor))?;
    walk.field("data", |from| from.bytes(MAX_DATA), |data| present::event_line(kind, actor, data))?;
    if !walk.ahead().is_empty() {
        origin(walk)?;
    }
    walk.rest("fields of a later version, ignored");
    Ok(())
}

fn origin(walk: &mut Walk<'_>) -> Walked {
    if walk.ahead()[..1] == [0] {
        return walk.number("not kept: no epoch", |from| from.u32()).map(drop);
    }
    let counted =
        |from: &mut Reader<'_>| from.u32().and_then(|number| if number == 0 { Err(Malformed) } else { Ok(number) });
    walk.number("kept since epoch", |from| from.u32())?;
    walk.number("number among those kept", counted)?;
    walk.number("seconds after the boot", |from| from.u32())?;
    Ok(())
}
