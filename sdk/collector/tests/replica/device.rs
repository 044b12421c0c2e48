//! The other side of each test: bodies as a device would send them, and what the replica made of them in words.
//!
//! It holds no protocol state but the packet counter: each test says itself what the device says.

use std::collections::BTreeMap;

use tidings_collector::effects::{Effect, Effects};
use tidings_collector::replica::{Opened, Replica, Reply, Settings};
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, Severity};
use tidings_wire::message::{Ack, AckFlags, Downlink, Hello, Standing, head, write_buckets};
use tidings_wire::record::{Record, Told};
use tidings_wire::segment::{self, Segment};
use tidings_wire::{Digest, DigestKey, Kind, KindMask, digest};

pub const SETTINGS: Settings = Settings { max_facts: 100, instance: 0xC0FFEE, digest_key: DigestKey([0; 16]) };
/// The host's clock in all tests.
pub const NOW: u64 = 1_000_000;
/// Two ordinary kinds.
pub const SOFT: u8 = 1;
pub const USER: u8 = 2;
pub const BOTH: KindMask = KindMask(0b110);

/// A replica, and the counter of the device that speaks to it.
pub struct Line {
    pub host: Replica,
    pub epoch: u32,
    pub ctr: u64,
    pub now: u64,
}

/// What one packet brought about.
#[derive(Debug, PartialEq)]
pub struct Heard {
    pub reply: Option<Reply>,
    pub told: Vec<String>,
    pub stored: bool,
}

impl Line {
    pub fn new() -> Self {
        Self::to(Replica::new(SETTINGS))
    }

    pub fn to(host: Replica) -> Self {
        Self { host, epoch: 1, ctr: 0, now: NOW }
    }

    /// A device that is known, holds `facts` at seq 0, and has nothing open.
    pub fn synced(facts: &Facts) -> Self {
        let mut line = Self::new();
        line.send(&hello(facts.standing(0)));
        line.send(&buckets(facts, 0));
        line.send(&range(0, &[(SOFT, "", true, &facts.of(SOFT)), (USER, "", true, &facts.of(USER))]));
        assert_eq!(line.host.state().pending, 0, "synced");
        line
    }

    /// Sends the next packet.
    pub fn send(&mut self, body: &[u8]) -> Heard {
        self.ctr += 1;
        self.send_as(self.epoch, self.ctr, body)
    }

    pub fn send_as(&mut self, epoch: u32, ctr: u64, body: &[u8]) -> Heard {
        let mut effects = Effects::new();
        let reply = self.host.receive(Opened { epoch, ctr, body }, self.now, &mut effects).expect("well formed");
        Heard { reply, told: effects.iter().filter(is_told).map(words).collect(), stored: effects.state_changed() }
    }

    /// Everything held, in words.
    pub fn held(&self) -> Vec<String> {
        let facts = self.host.facts().map(|(kind, key, fact)| format!("{kind} {}={}", text(key), text(&fact.value)));
        let held: Vec<String> = facts.collect();
        assert_eq!(held.len(), self.host.fact_count());
        held
    }
}

impl Heard {
    pub fn ack(&self) -> Ack<'static> {
        match self.reply.map(|reply| reply.body) {
            Some(Downlink::Ack(ack)) => ack,
            other => panic!("no ack: {other:?}"),
        }
    }

    pub fn stale(&self) -> Option<u32> {
        match self.reply.map(|reply| reply.body) {
            Some(Downlink::Stale { known, .. }) => Some(known),
            _ => None,
        }
    }

    pub fn asks(&self) -> bool {
        self.ack().flags.has(AckFlags::ASK)
    }

    pub fn refused(&self) -> bool {
        self.ack().flags.has(AckFlags::NOT_APPLIED)
    }
}

/// The device's own table.
#[derive(Debug, Clone, Default)]
pub struct Facts(pub BTreeMap<(u8, String), String>);

impl Facts {
    pub fn new(facts: &[(u8, &str, &str)]) -> Self {
        Self(facts.iter().map(|(kind, key, value)| ((*kind, (*key).into()), (*value).into())).collect())
    }

    pub fn of(&self, kind: u8) -> Vec<(&str, &str)> {
        let of_kind = self.0.iter().filter(|((k, _), _)| *k == kind);
        of_kind.map(|((_, key), value)| (key.as_str(), value.as_str())).collect()
    }

    pub fn digest(&self, kinds: KindMask) -> Digest {
        let mut sum = Digest::EMPTY;
        for ((kind, key), value) in self.0.iter().filter(|((kind, _), _)| kinds.has(Kind(*kind))) {
            sum.add(digest::hash(&DigestKey([0; 16]), Kind(*kind), key.as_bytes(), value.as_bytes()));
        }
        sum
    }

    /// With both kinds compared and nothing acknowledged in this boot.
    pub fn standing(&self, seq: u32) -> Standing {
        Standing { seq, compared: BOTH, off: KindMask::NONE, acc_epoch: 0, total: self.digest(BOTH).0 }
    }

    /// The digest in Delta and Beat.
    pub fn short(&self) -> u32 {
        self.digest(BOTH).short()
    }
}

pub fn body(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 2304];
    let mut out = Writer::new(&mut buffer);
    write(&mut out);
    let len = out.finish().expect("fits");
    buffer[..len].to_vec()
}

pub fn hello(standing: Standing) -> Vec<u8> {
    body(|out| Hello { standing, ..Hello::default() }.write(out))
}

pub fn buckets(facts: &Facts, seq: u32) -> Vec<u8> {
    buckets_of(&facts.standing(seq), facts)
}

pub fn buckets_of(standing: &Standing, facts: &Facts) -> Vec<u8> {
    body(|out| {
        out.u8(head::BUCKETS);
        write_buckets(out, standing);
        for kind in standing.compared.iter() {
            out.raw(&facts.digest(KindMask::of(kind)).short().to_le_bytes());
        }
    })
}

pub fn delta(base: u32, span: u32, records: &[Record<'_>]) -> Vec<u8> {
    body(|out| {
        out.u8(head::DELTA);
        out.u32(base);
        out.u32(span);
        records.iter().for_each(|record| record.write(out));
    })
}

pub fn delta_with_digest(base: u32, span: u32, digest: u32, records: &[Record<'_>]) -> Vec<u8> {
    body(|out| {
        out.u8(head::DELTA | head::DIGEST);
        out.u32(base);
        out.u32(span);
        out.raw(&digest.to_le_bytes());
        records.iter().for_each(|record| record.write(out));
    })
}

/// (kind, from, last, facts).
pub type Interval<'a> = (u8, &'a str, bool, &'a [(&'a str, &'a str)]);

pub fn range(as_of: u32, segments: &[Interval<'_>]) -> Vec<u8> {
    body(|out| {
        out.u8(head::RANGE);
        out.u32(as_of);
        for (kind, from, last, facts) in segments {
            Segment::write_head(out, Kind(*kind), from.as_bytes(), *last, facts.len() as u16);
            facts.iter().for_each(|(key, value)| segment::fact(out, key.as_bytes(), value.as_bytes()));
        }
    })
}

pub fn beat(seq: u32, digest: u32) -> Vec<u8> {
    body(|out| {
        out.u8(head::BEAT);
        out.u32(seq);
        out.raw(&digest.to_le_bytes());
    })
}

/// The same body from a device that cannot hear.
pub fn one_way(mut body: Vec<u8>) -> Vec<u8> {
    body[0] |= head::ONE_WAY;
    body
}

/// The same body with event groups: (severity, first, texts).
pub fn with_events(body_without: &[u8], groups: &[(Severity, u32, &[&str])]) -> Vec<u8> {
    body(|out| {
        out.u8(body_without[0] | head::EVENTS);
        out.u8(groups.len() as u8);
        for (severity, first, texts) in groups {
            let at = Group::write_head(out, *severity, *first);
            for data in texts.iter().map(|text| text.as_bytes()) {
                Event { event_type: EventType::TEXT, age_ms: 7, actor: b"", data, origin: None }.write(out);
            }
            Group::patch_count(out, at, *severity, texts.len() as u8);
        }
        out.raw(&body_without[1..]);
    })
}

pub fn put<'a>(kind: u8, key: &'a str, value: &'a str) -> Record<'a> {
    Record { kind: Kind(kind), key: key.as_bytes(), value: Some(value.as_bytes()), told: None }
}

pub fn remove(kind: u8, key: &str) -> Record<'_> {
    Record { kind: Kind(kind), key: key.as_bytes(), value: None, told: None }
}

/// The same record with age and count.
pub fn told(record: Record<'_>, age_ms: u32, count: u8) -> Record<'_> {
    Record { told: Some(Told { age_ms, count }), ..record }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn words(effect: Effect<'_>) -> String {
    match effect {
        Effect::Change(c) => {
            let old = c.old.map_or(String::new(), |old| format!(" was={}", text(old)));
            let at = c.changed_at_ms.map_or(String::new(), |at| format!(" at={at}"));
            let times = if c.times == 1 { String::new() } else { format!(" times={}", c.times) };
            let (op, cause) = (c.op.as_str(), c.cause.as_str());
            format!("{op} {} {}={}{old}{at}{times} by {cause}", c.kind, text(c.key), text(c.value))
        }
        Effect::Counted { .. } => String::new(),
        Effect::Event(e) => format!("event {} #{} {} at={}", e.severity, e.number, text(e.data), when(e.at_ms)),
        Effect::Lost { severity, count } => format!("lost {count} of severity {severity}"),
        Effect::Cleared { kind } => format!("cleared {kind}"),
        Effect::Notice(notice) => notice.to_string(),
    }
}

/// A better count is for the store alone.
fn is_told(effect: &Effect<'_>) -> bool {
    !matches!(effect, Effect::Counted { .. })
}

fn when(at_ms: Option<u64>) -> String {
    at_ms.map_or("?".into(), |at| at.to_string())
}
