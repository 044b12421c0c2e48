//! The last steps of a history in words, kept only when somebody will read them.

use crate::keys::{DEVICE, HOST};
use std::collections::VecDeque;
use tidings_wire::message::{Downlink, Message, Uplink};
use tidings_wire::packet::{Direction, Envelope, Unique, open};

/// Steps kept.
const KEPT: usize = 60;

/// The steps.
#[derive(Debug, Default)]
pub struct Trace {
    on: bool,
    all: bool,
    steps: VecDeque<String>,
}

impl Trace {
    /// Keeps the last steps if `on`, prints each if `all`.
    #[must_use]
    pub fn new(on: bool, all: bool) -> Self {
        Self { on: on || all, all, steps: VecDeque::new() }
    }

    /// Notes a step; `words` is not called if nobody reads it.
    pub fn note(&mut self, now: u64, words: impl FnOnce() -> String) {
        if !self.on {
            return;
        }
        let line = format!("{now:>10} ms  {}", words());
        if self.all {
            println!("{line}");
        }
        self.steps.push_back(line);
        if self.steps.len() > KEPT {
            self.steps.pop_front();
        }
    }

    /// Calls `work` if somebody reads.
    pub fn note_if_on(&self, work: impl FnOnce()) {
        if self.on {
            work();
        }
    }

    /// The steps, oldest first.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(String::as_str)
    }
}

/// A packet in a few words.
#[must_use]
pub fn words(packet: &[u8]) -> String {
    let mut copy = packet.to_vec();
    if let Ok((envelope, body)) = open(&*HOST, Direction::Up, &mut copy) {
        let Unique::Counter(ctr) = envelope.unique else { return "?".into() };
        let (epoch, len) = (envelope.epoch, packet.len());
        return format!("e{epoch} #{ctr} {} ({len} bytes)", Uplink::read(body).map_or("malformed".into(), up));
    }
    let mut copy = packet.to_vec();
    match open(&*DEVICE, Direction::Down, &mut copy) {
        Ok((envelope, body)) => {
            format!("e{} {}", envelope.epoch, Downlink::read(body).map_or("malformed".into(), down))
        }
        Err(error) => format!("rubbish of {} bytes ({error})", packet.len()),
    }
}

/// Epoch and counter of a packet from a device.
#[must_use]
pub fn number(packet: &[u8]) -> Option<(u32, u64)> {
    let (envelope, _) = Envelope::read(packet).ok()?;
    match envelope.unique {
        Unique::Counter(ctr) => Some((envelope.epoch, ctr)),
        _ => None,
    }
}

fn up(uplink: Uplink<'_>) -> String {
    let groups: Vec<_> =
        uplink.events.groups().map(|g| format!("{}:{}+{}", g.severity as u8, g.first, g.events().count())).collect();
    let events = if groups.is_empty() { String::new() } else { format!(" events {}", groups.join(" ")) };
    let body = match uplink.message {
        Message::Hello(hello) => {
            let s = hello.standing;
            format!(
                "Hello seq {} compared {:x} off {:x} acked epoch {} total {:08x}",
                s.seq, s.compared.0, s.off.0, s.acc_epoch, s.total as u32
            )
        }
        Message::Delta { base, upto, digest, records } => {
            let keys: Vec<_> = records
                .flatten()
                .map(|r| {
                    format!(
                        "{}{}:{}",
                        if r.value.is_some() { '+' } else { '-' },
                        r.kind.0,
                        String::from_utf8_lossy(r.key)
                    )
                })
                .collect();
            format!("Delta {base}..{upto} digest {digest:08x?} {}", keys.join(" "))
        }
        Message::Range { as_of, segments } => {
            let parts: Vec<_> = segments
                .flatten()
                .map(|s| {
                    format!(
                        "{}:({:?}+{}{}",
                        s.kind.0,
                        String::from_utf8_lossy(s.from),
                        s.count,
                        if s.last { "]" } else { "…" }
                    )
                })
                .collect();
            format!("Range as of {as_of} {}", parts.join(" "))
        }
        Message::Beat { seq, digest } => format!("Beat seq {seq} digest {digest:08x}"),
        Message::Buckets { standing: s, .. } => {
            format!("Buckets seq {} compared {:x} off {:x} total {:08x}", s.seq, s.compared.0, s.off.0, s.total as u32)
        }
        Message::Unknown(number) => format!("type {number}"),
    };
    let one_way = if uplink.one_way { " one-way" } else { "" };
    format!("{body}{events}{one_way}")
}

fn down(downlink: Downlink<'_>) -> String {
    match downlink {
        Downlink::Ack(ack) => format!(
            "Ack of #{} flags {:x} applied {} want {:x} marks {:?}",
            ack.echo, ack.flags.0, ack.applied, ack.want.0, ack.marks
        ),
        Downlink::Stale { echo, known } => format!("Stale of #{echo}, known {known}"),
        Downlink::Unknown { echo, number } => format!("type {number} of #{echo}"),
    }
}
