//! A device as the tests need it: small, obedient to SPEC, and one that keeps everything in memory.
//!
//! It speaks the full protocol (Hello, Buckets, Range, Delta, Beat, events) but never waits by itself: each call is one exchange or one errand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, Severity};
use tidings_wire::message::{Ack, AckFlags, Downlink, Hello, Message, Standing, Uplink, head, write_buckets};
use tidings_wire::packet::{self, Direction, Envelope, Plain, Suite, Unique};
use tidings_wire::record::{Record, Told};
use tidings_wire::segment::{self, Segment};
use tidings_wire::suites::{ChaCha20Poly1305, KeySet};
use tidings_wire::{Digest, DigestKey, Kind, KindMask, MAX_PACKET, digest};

use crate::link::Link;

/// How long an errand may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an answer may take before the packet is sent again.
const ANSWER_WAIT: Duration = Duration::from_secs(2);
/// Bytes of facts in a packet.
const ROOM: usize = 1_000;

pub const SOFTWARE: Kind = Kind::SOFTWARE;
pub const SETTING: Kind = Kind::SETTING;

type FactKey = (u8, Vec<u8>);

/// One device and all that it knows.
pub struct Device {
    pub id: Vec<u8>,
    pub epoch: u32,
    pub link: Box<dyn Link>,
    /// Seals with these, if there are any.
    pub keys: Option<Arc<KeySet>>,
    challenge: Option<[u8; 8]>,
    ctr: u64,
    seq: u32,
    acked: u32,
    acc_epoch: u32,
    facts: BTreeMap<FactKey, Vec<u8>>,
    counts: BTreeMap<FactKey, u8>,
    changes: Vec<(u32, FactKey)>,
    events: BTreeMap<u8, Vec<(u32, String)>>,
    numbers: [u32; 4],
    bookmarks: RefCell<BTreeMap<u8, Vec<u8>>>,
    ack: Option<Ack<'static>>,
}

impl Device {
    pub fn new(id: &[u8], link: impl Link + 'static) -> Self {
        Self {
            id: id.to_vec(),
            epoch: 1,
            link: Box::new(link),
            keys: None,
            challenge: None,
            ctr: 0,
            seq: 0,
            acked: 0,
            acc_epoch: 0,
            facts: BTreeMap::new(),
            counts: BTreeMap::new(),
            changes: Vec::new(),
            events: BTreeMap::new(),
            numbers: [0; 4],
            bookmarks: RefCell::default(),
            ack: None,
        }
    }

    /// Records a fact; nothing is sent.
    pub fn put(&mut self, kind: Kind, key: &[u8], value: &[u8]) {
        self.facts.insert((kind.0, key.to_vec()), value.to_vec());
        self.note(kind, key);
    }

    pub fn remove(&mut self, kind: Kind, key: &[u8]) {
        self.facts.remove(&(kind.0, key.to_vec()));
        self.note(kind, key);
    }

    /// Records an event; nothing is sent.
    pub fn event(&mut self, severity: Severity, text: &str) {
        let number = &mut self.numbers[severity as usize];
        *number += 1;
        self.events.entry(severity as u8).or_default().push((*number, text.to_owned()));
    }

    fn note(&mut self, kind: Kind, key: &[u8]) {
        self.seq += 1;
        let count = self.counts.entry((kind.0, key.to_vec())).or_default();
        *count = count.wrapping_add(1);
        self.changes.push((self.seq, (kind.0, key.to_vec())));
    }

    /// Starts anew with the same facts, as after a reset.
    pub fn reboot(&mut self) {
        (self.epoch, self.ctr, self.seq, self.acked, self.acc_epoch) = (self.epoch + 1, 0, 0, 0, 0);
        self.changes.clear();
        self.counts.clear();
        self.events.clear();
        self.numbers = [0; 4];
        self.ack = None;
    }

    /// All facts, as `show --json` lists them: kind, key, value.
    pub fn state(&self) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
        self.facts.iter().map(|((kind, key), value)| (*kind, key.clone(), value.clone())).collect()
    }

    /// Exchanges packets until the collector has everything and says so.
    pub fn sync(&mut self) {
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < PATIENCE, "no agreement: {:?}", self.ack);
            let beat = self.is_quiet();
            let body = self.next_body();
            if self.exchange(&body).is_some() && beat && self.is_quiet() {
                return;
            }
        }
    }

    fn is_quiet(&self) -> bool {
        let calm = |ack: &Ack<'_>| {
            ack.want.is_empty()
                && ack.applied == self.seq
                && !ack.flags.has(AckFlags::ASK)
                && !ack.flags.has(AckFlags::NEED_HELLO)
        };
        self.ack.as_ref().is_some_and(calm) && self.events.is_empty()
    }

    /// What SPEC §5's priorities say is due.
    pub fn next_body(&self) -> Vec<u8> {
        let Some(ack) = &self.ack else { return self.hello() };
        if ack.flags.has(AckFlags::NEED_HELLO) {
            return self.hello();
        }
        let plain = if ack.flags.has(AckFlags::ASK) {
            self.buckets()
        } else if let Some(kind) = ack.want.first() {
            self.range(kind)
        } else if self.seq > self.acked {
            self.delta()
        } else {
            self.beat()
        };
        self.with_events(plain)
    }

    /// Sends one body; gives the answer, or none if there was none for a while.
    pub fn exchange(&mut self, body: &[u8]) -> Option<Ack<'static>> {
        let packet = self.packet(body);
        self.link.send(&packet);
        let upto = self.upto_of(body);
        let deadline = Instant::now() + ANSWER_WAIT;
        while let Some(answer) = self.link.receive(deadline.saturating_duration_since(Instant::now())) {
            if let Some(ack) = self.read(&answer) {
                self.heed(ack, upto);
                return Some(ack);
            }
        }
        None
    }

    /// The next packet that carries this body.
    pub fn packet(&mut self, body: &[u8]) -> Vec<u8> {
        let ctr = self.ctr;
        self.ctr += 1;
        self.with_suite(|suite| {
            let envelope = Envelope {
                suite: suite.id(),
                kid: self.keys.as_ref().map(|keys| keys.kid()),
                id: Some(&self.id),
                epoch: self.epoch,
                unique: Unique::Counter(ctr),
            };
            sealed_by(suite, &envelope, body)
        })
    }

    fn with_suite<T>(&self, act: impl FnOnce(&dyn Suite) -> T) -> T {
        match &self.keys {
            Some(keys) => act(&ChaCha20Poly1305::device(keys)),
            None => act(&Plain),
        }
    }

    fn read(&mut self, answer: &[u8]) -> Option<Ack<'static>> {
        let mut bytes = answer.to_vec();
        let opened = self.with_suite(|suite| packet::open(suite, Direction::Down, &mut bytes));
        let (envelope, body) = opened.expect("a good answer");
        if envelope.id != Some(&self.id[..]) || envelope.epoch != self.epoch {
            return None;
        }
        match Downlink::read(body).expect("a good body") {
            Downlink::Ack(ack) if ack.echo + 1 == self.ctr => Some(Ack { command: None, ..ack_owned(&ack) }),
            Downlink::Stale { echo, known } if echo + 1 == self.ctr => {
                self.reboot();
                self.epoch = known + 1;
                None
            }
            _ => None,
        }
    }

    fn heed(&mut self, ack: Ack<'static>, upto: Option<u32>) {
        self.challenge = ack.challenge.or(self.challenge);
        if !ack.flags.has(AckFlags::NEED_HELLO) {
            self.acc_epoch = self.epoch;
            self.acked = upto.filter(|_| !ack.flags.has(AckFlags::NOT_APPLIED)).unwrap_or(self.acked).max(self.acked);
        }
        let acked = self.acked;
        self.changes.retain(|(seq, _)| *seq > acked);
        for (severity, events) in &mut self.events {
            events.retain(|(number, _)| *number > ack.marks[usize::from(*severity)]);
        }
        self.events.retain(|_, events| !events.is_empty());
        self.ack = Some(ack);
    }

    /// After Hello and Buckets the host counts everything up to `seq` as known; a Delta carries its own end.
    fn upto_of(&self, body: &[u8]) -> Option<u32> {
        match Uplink::read(body).ok()?.message {
            Message::Hello(_) | Message::Buckets { .. } => Some(self.seq),
            Message::Delta { upto, .. } => Some(upto),
            _ => None,
        }
    }

    fn kinds(&self) -> KindMask {
        [SOFTWARE, SETTING, Kind::ACCOUNT, Kind(20)]
            .into_iter()
            .fold(KindMask::NONE, |mask, kind| mask.union(KindMask::of(kind)))
    }

    fn digest(&self, kinds: KindMask) -> Digest {
        let digest_key = self.keys.as_ref().map_or(DigestKey([0; 16]), |keys| *keys.digest());
        let mut sum = Digest::default();
        for ((kind, key), value) in &self.facts {
            if kinds.has(Kind(*kind)) {
                sum.add(digest::hash(&digest_key, Kind(*kind), key, value));
            }
        }
        sum
    }

    fn standing(&self) -> Standing {
        let compared = self.kinds();
        Standing {
            seq: self.seq,
            compared,
            off: KindMask::NONE,
            acc_epoch: self.acc_epoch,
            total: self.digest(compared).0,
        }
    }

    pub fn hello(&self) -> Vec<u8> {
        body(|out| Hello { standing: self.standing(), challenge: self.challenge, ..Hello::default() }.write(out))
    }

    pub fn beat(&self) -> Vec<u8> {
        body(|out| {
            out.u8(head::BEAT);
            out.u32(self.seq);
            out.raw(&self.digest(self.kinds()).short().to_le_bytes());
        })
    }

    fn buckets(&self) -> Vec<u8> {
        body(|out| {
            out.u8(head::BUCKETS);
            write_buckets(out, &self.standing());
            for kind in self.kinds().iter() {
                out.raw(&self.digest(KindMask::of(kind)).short().to_le_bytes());
            }
        })
    }

    /// What changed next, as much as fits.
    fn delta(&self) -> Vec<u8> {
        let (mut latest, mut bytes, mut upto) = (BTreeMap::new(), 0, self.acked);
        for (seq, (kind, key)) in &self.changes {
            let value = self.facts.get(&(*kind, key.clone())).map(Vec::as_slice);
            bytes += key.len() + value.map_or(0, <[u8]>::len) + 12;
            if bytes > ROOM && !latest.is_empty() {
                break;
            }
            upto = *seq;
            latest.insert((*kind, key.as_slice()), value);
        }
        body(|out| {
            out.u8(head::DELTA);
            out.u32(self.acked);
            out.u32(upto - self.acked);
            for ((kind, key), value) in latest {
                let count = self.counts[&(kind, key.to_vec())];
                Record { kind: Kind(kind), key, value, told: Some(Told { age_ms: 5, count }) }.write(out);
            }
        })
    }

    /// The next chunk of a kind: from where the last chunk of it ended.
    fn range(&self, kind: Kind) -> Vec<u8> {
        let mut bookmarks = self.bookmarks.borrow_mut();
        let bookmark = bookmarks.entry(kind.0).or_default();
        let from = std::mem::take(bookmark);
        let mut facts = self.facts.iter().filter(|((of, key), _)| *of == kind.0 && *key > from).peekable();
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while let Some(((_, key), value)) =
            facts.next_if(|((_, key), value)| bytes == 0 || bytes + key.len() + value.len() < ROOM)
        {
            bytes += key.len() + value.len() + 4;
            chunk.push((key.clone(), value.clone()));
        }
        let last = facts.peek().is_none();
        if !last {
            bookmark.clone_from(&chunk.last().expect("at least one").0);
        }
        body(|out| {
            out.u8(head::RANGE);
            out.u32(self.seq);
            Segment::write_head(out, kind, &from, last, chunk.len() as u16);
            chunk.iter().for_each(|(key, value)| segment::fact(out, key, value));
        })
    }

    fn with_events(&self, plain: Vec<u8>) -> Vec<u8> {
        if self.events.is_empty() {
            return plain;
        }
        body(|out| {
            out.u8(plain[0] | head::EVENTS);
            out.u8(self.events.len() as u8);
            for (severity, events) in &self.events {
                let severity = Severity::from_bits(*severity);
                let some = &events[..events.len().min(8)];
                let at = Group::write_head(out, severity, some[0].0);
                for (_, text) in some {
                    Event { event_type: EventType::TEXT, age_ms: 7, actor: b"", data: text.as_bytes(), origin: None }
                        .write(out);
                }
                Group::patch_count(out, at, severity, some.len() as u8);
            }
            out.raw(&plain[1..]);
        })
    }
}

fn ack_owned(ack: &Ack<'_>) -> Ack<'static> {
    Ack {
        echo: ack.echo,
        flags: ack.flags,
        applied: ack.applied,
        want: ack.want,
        marks: ack.marks,
        instance: ack.instance,
        challenge: ack.challenge,
        ..Ack::default()
    }
}

pub fn body(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; MAX_PACKET];
    let mut out = Writer::new(&mut buffer);
    write(&mut out);
    let len = out.finish().expect("fits");
    buffer[..len].to_vec()
}

pub fn sealed(envelope: &Envelope<'_>, body: &[u8]) -> Vec<u8> {
    sealed_by(&Plain, envelope, body)
}

pub fn sealed_by(suite: &dyn Suite, envelope: &Envelope<'_>, body: &[u8]) -> Vec<u8> {
    let mut buffer = [0; MAX_PACKET];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    out.raw(body);
    let len = packet::seal(suite, envelope, &mut buffer, clear, body.len()).expect("fits");
    buffer[..len].to_vec()
}
