//! Bodies of a device as the fuzzer wishes: any fields, but near what the host holds, so that they are not all refused alike.
//!
//! They are well formed, which is no promise to be honest: digests may be wrong, numbers run ahead or behind, intervals overlap.

use crate::Script;
use tidings_collector::replica::Replica;
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, Severity};
use tidings_wire::message::{Hello, Standing, head, write_buckets};
use tidings_wire::record::{Record, Told};
use tidings_wire::segment::{self, Segment};
use tidings_wire::{DigestKey, Kind, KindMask, MAX_PACKET, digest};

const KEY: DigestKey = DigestKey([0; 16]);

/// The next body of the script, from a device whose host is `replica`.
pub fn next(script: &mut Script<'_>, replica: &Replica) -> Vec<u8> {
    let mut bytes = vec![0; MAX_PACKET];
    let mut out = Writer::new(&mut bytes);
    let shape = script.byte();
    let head = if shape & 0x20 != 0 { head::ONE_WAY } else { 0 } | if shape & 0x40 != 0 { head::EVENTS } else { 0 };
    match shape & 7 {
        0 => hello(script, replica, &mut out),
        1 | 2 => delta(script, replica, head, &mut out),
        3 | 4 => range(script, replica, head, &mut out),
        5 => beat(script, replica, head, &mut out),
        6 => buckets(script, replica, head, &mut out),
        _ => {
            out.u8(head | 9);
            events(script, head, &mut out);
        }
    }
    let len = out.finish().unwrap_or(0); // one that does not fit is an empty body, which is malformed
    bytes.truncate(len);
    bytes
}

/// A number near `number`.
fn near(script: &mut Script<'_>, number: u32) -> u32 {
    match script.byte() {
        far @ 0x80.. => u32::MAX - u32::from(far & 3),
        step => number.saturating_add(u32::from(step & 15)).saturating_sub(4),
    }
}

fn mask(script: &mut Script<'_>) -> KindMask {
    KindMask(u32::from(script.byte()) | u32::from(script.byte()) << 8)
}

/// The digest of the kinds as the host holds them, or another.
fn total(script: &mut Script<'_>, replica: &Replica, kinds: KindMask) -> u64 {
    let of_kinds = replica.facts().filter(|(kind, ..)| kinds.has(Kind(*kind)));
    let hashes = of_kinds.map(|(kind, key, fact)| digest::hash(&KEY, Kind(kind), key, &fact.value));
    let honest = hashes.fold(0, u64::wrapping_add);
    if script.byte() & 1 == 0 { honest } else { script.word().into() }
}

fn standing(script: &mut Script<'_>, replica: &Replica) -> Standing {
    let state = replica.state();
    let off = if script.byte() & 3 == 0 { mask(script) } else { KindMask::NONE };
    let compared = mask(script).without(off);
    let acc_epoch = if script.byte() & 1 == 0 { 0 } else { state.epoch };
    Standing { seq: near(script, state.applied), compared, off, acc_epoch, total: total(script, replica, compared) }
}

fn hello(script: &mut Script<'_>, replica: &Replica, out: &mut Writer<'_>) {
    let standing = standing(script, replica);
    Hello { standing, instance: (script.byte() & 1 == 0).then_some(7), ..Hello::default() }.write(out);
}

fn buckets(script: &mut Script<'_>, replica: &Replica, head: u8, out: &mut Writer<'_>) {
    out.u8(head | head::BUCKETS);
    events(script, head, out);
    let standing = standing(script, replica);
    write_buckets(out, &standing);
    for kind in standing.compared.iter() {
        out.u32le(total(script, replica, KindMask::of(kind)) as u32);
    }
}

fn beat(script: &mut Script<'_>, replica: &Replica, head: u8, out: &mut Writer<'_>) {
    out.u8(head | head::BEAT);
    events(script, head, out);
    let state = replica.state();
    out.u32(near(script, state.applied)).u32le(total(script, replica, KindMask(state.compared)) as u32);
}

fn delta(script: &mut Script<'_>, replica: &Replica, head: u8, out: &mut Writer<'_>) {
    let with_digest = script.byte() & 3 == 0;
    out.u8(head | head::DELTA | if with_digest { head::DIGEST } else { 0 });
    events(script, head, out);
    out.u32(near(script, replica.state().applied)).u32((script.byte() & 15).into());
    if with_digest {
        out.u32le(script.word());
    }
    for _ in 0..script.byte() & 7 {
        let (shape, key) = (script.byte(), [script.byte() & 15]);
        let value = if shape & 0x80 == 0 { Some(script.take(1)) } else { None };
        let told = (shape & 0x40 != 0).then(|| Told { age_ms: script.byte().into(), count: script.byte() & 3 });
        Record { kind: Kind(shape & 15), key: &key, value, told }.write(out);
    }
}

fn range(script: &mut Script<'_>, replica: &Replica, head: u8, out: &mut Writer<'_>) {
    out.u8(head | head::RANGE);
    events(script, head, out);
    out.u32(near(script, replica.state().applied));
    for _ in 0..script.byte() & 3 {
        let (shape, start) = (script.byte(), script.byte() & 15);
        let (last, count) = (shape & 0x10 != 0, script.byte() & 7);
        let from: &[u8] = if start == 0 { &[] } else { &[start] };
        Segment::write_head(out, Kind(shape & 15), from, last, count.into());
        let mut key = start;
        for _ in 0..count {
            let step = script.byte();
            key += 1 + (step & 1);
            segment::fact(out, &[key], &[step >> 6]);
        }
    }
}

fn events(script: &mut Script<'_>, head: u8, out: &mut Writer<'_>) {
    if head & head::EVENTS == 0 {
        return;
    }
    let groups = script.byte();
    out.u8(groups & 3);
    for severity in Severity::ALL.into_iter().take(usize::from(groups & 3)) {
        let count = script.byte() & 3;
        let at = Group::write_head(out, severity, u32::from(script.byte() & 7) + 1);
        for _ in 0..count {
            Event { event_type: EventType::TEXT, age_ms: 0, actor: b"", data: b"e", origin: None }.write(out);
        }
        Group::patch_count(out, at, severity, count);
    }
}
