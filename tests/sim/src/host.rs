//! The real replica on a modelled disk: what a commit wrote is there after a crash, and nothing else.
//!
//! The disk is written from the effects alone, as the store does it, so that a fact which the effects forget is missed after the next crash.

use crate::keys::{HOST, KEYS, set_of};
use crate::link::Party;
use crate::rng::Rng;
use crate::truth::{FactKey, Journey, Truth};
use std::collections::{BTreeMap, HashSet};
use tidings_collector::effects::{Count, Effect, Effects, Notice, Op, Why};
use tidings_collector::replica::{DeviceState, Fact, Opened, Replica, Settings};
use tidings_wire::KindMask;
use tidings_wire::cursor::Writer;
use tidings_wire::message::{Ack, Command, Downlink, head};
use tidings_wire::packet::{Direction, Envelope, NONCE, Unique, open, seal};

/// Host's clock minus the device's.
const AHEAD_MS: u64 = 1_700_000_000_000;

/// What a database holds.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    /// State of the device.
    pub state: DeviceState,
    /// Its facts.
    pub facts: BTreeMap<FactKey, Fact>,
    seen: HashSet<u32>,
    boot_epoch: u32,
    got: [u32; 4],
    lost: [u32; 4],
}

enum Write {
    Boot(u32),
    Put(FactKey, Fact),
    Count(FactKey, Count),
    Remove(FactKey),
    Clear(u8),
    Event(u8, u32),
    Lost(u8, u32),
}

/// An answer, to be sent once the disk has everything before it.
#[derive(Debug)]
pub struct Answer {
    /// Whom it is for.
    pub to: Party,
    /// When it is sent.
    pub at: u64,
    /// Sealed.
    pub bytes: Vec<u8>,
}

/// What the host went through.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostTotals {
    /// Databases lost, restored or damaged.
    pub faults: u64,
    /// Crashes.
    pub crashes: u64,
    /// Resyncs asked for.
    pub resyncs: u64,
    /// Of these, for a digest in Delta or Beat that differed: without a fault of the host or of the epoch store, a rule let something slip.
    pub slips: u64,
    /// Stale epochs told.
    pub stales: u64,
    /// Clone alarms.
    pub clones: u64,
    /// Other collectors noticed.
    pub foreign: u64,
    /// Events taken.
    pub events: u64,
    /// Events told as lost.
    pub events_lost: u64,
}

/// One collector.
pub struct Host {
    settings: Settings,
    replica: Replica,
    effects: Effects,
    staged: Vec<Write>,
    touched: bool,
    boot_epoch: u32,
    answers: Vec<Answer>,
    commit_at: u64,
    commit_ms: u64,
    options: u64,
    backups: Vec<Disk>,
    /// Events may come twice: two senders contradict each other about what was acknowledged.
    pub lenient: bool,
    /// What a crash leaves.
    pub disk: Disk,
    /// What it went through.
    pub totals: HostTotals,
}

impl Host {
    /// One that has heard of nothing.
    #[must_use]
    pub fn new(instance: u32, commit_ms: u64, options: u64) -> Self {
        let settings = Settings { max_facts: 100_000, instance, digest_key: *KEYS[0].digest() };
        Self {
            settings,
            replica: Replica::new(settings),
            effects: Effects::new(),
            staged: Vec::new(),
            touched: false,
            boot_epoch: 0,
            answers: Vec::new(),
            commit_at: u64::MAX,
            commit_ms,
            options,
            backups: vec![Disk::default()],
            lenient: false,
            disk: Disk::default(),
            totals: HostTotals::default(),
        }
    }

    /// No more delays and odd answers.
    pub fn heal(&mut self) {
        (self.commit_ms, self.options) = (0, 0);
    }

    /// Takes in a packet.
    ///
    /// # Errors
    /// What it believed that is not so.
    pub fn receive(
        &mut self,
        rng: &mut Rng,
        truth: &mut Truth,
        from: Party,
        (sent_at, now): (u64, u64),
        packet: &mut [u8],
    ) -> Result<(), String> {
        let suite = &HOST[set_of(packet)];
        let Ok((envelope, body)) = open(suite, Direction::Up, packet) else { return Ok(()) };
        let Unique::Counter(ctr) = envelope.unique else { return Ok(()) };
        let opened = Opened { epoch: envelope.epoch, ctr, body };
        self.effects.clear();
        let reply = match self.replica.receive(opened, now + AHEAD_MS, &mut self.effects) {
            Ok(reply) => reply,
            Err(_) => return Err(format!("the device sent a malformed body: {body:02x?}")),
        };
        self.totals.slips += u64::from(is_slip(body, &self.effects));
        self.stage(truth, Journey { sent_at, arrived_at: now, ahead: AHEAD_MS })?;
        let commit_at = now + rng.below(self.commit_ms + 1);
        self.commit_at = self.commit_at.min(commit_at);
        if let Some(reply) = reply {
            let body = self.with_options(rng, reply.body);
            let down = Envelope { epoch: reply.epoch, unique: Unique::Random(nonce(rng)), ..envelope };
            let at = self.commit_at + rng.below(self.commit_ms + 1);
            self.answers.push(Answer { to: from, at, bytes: sealed(&down, &body) });
        }
        Ok(())
    }

    /// When it has something to do.
    #[must_use]
    pub fn next_at(&self) -> u64 {
        self.answers.iter().map(|answer| answer.at).min().unwrap_or(u64::MAX).min(self.commit_at)
    }

    /// Writes what is staged, if it is time.
    ///
    /// # Errors
    /// What is wrong with what would be written.
    pub fn commit(&mut self, now: u64) -> Result<(), String> {
        if self.commit_at > now {
            return Ok(());
        }
        self.commit_at = u64::MAX;
        for write in self.staged.drain(..) {
            self.disk.write(write, self.lenient)?;
        }
        if std::mem::take(&mut self.touched) {
            self.disk.state.clone_from(self.replica.state());
        }
        let disk = &self.disk;
        let counted = (0..4).all(|s| disk.got[s] + disk.lost[s] == disk.state.marks[s]);
        if counted {
            Ok(())
        } else {
            Err(format!("events got {:?} lost {:?} marks {:?}", disk.got, disk.lost, disk.state.marks))
        }
    }

    /// The answers whose time has come, after their commit.
    pub fn answers(&mut self, now: u64) -> Vec<Answer> {
        let (due, later) = std::mem::take(&mut self.answers).into_iter().partition(|answer| answer.at <= now);
        self.answers = later;
        due
    }

    /// The process dies between receiving and committing, or between committing and answering, and starts again.
    pub fn crash(&mut self) {
        self.totals.crashes += 1;
        self.restart();
    }

    /// Takes a backup.
    pub fn back_up(&mut self) {
        self.backups.push(self.disk.clone());
    }

    /// Loses the database, restores an old one, or finds a bit flipped in a fact of the compared kinds.
    pub fn fault(&mut self, rng: &mut Rng, spared: KindMask) -> &'static str {
        self.totals.faults += 1;
        let what = match rng.below(4) {
            0 => {
                self.disk = Disk::default();
                self.settings.instance += 1;
                "lost"
            }
            1 | 2 => {
                self.disk = self.backups[rng.index(self.backups.len())].clone();
                "restored"
            }
            _ => {
                self.flip(rng, spared);
                "flipped"
            }
        };
        self.restart();
        what
    }

    /// An operator asks for a resync.
    pub fn ask(&mut self, now: u64) {
        self.effects.clear();
        self.replica.ask(&mut self.effects);
        self.touched = true;
        self.commit_at = now;
    }

    /// Whether nothing is left to ask.
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.disk.state.pending == 0 && !self.disk.state.ask && self.commit_at == u64::MAX
    }

    /// Whether the replica in memory is what the disk says.
    #[must_use]
    pub fn is_as_stored(&self) -> bool {
        let held = self.replica.facts().map(|(kind, key, fact)| (kind, key, &fact.value));
        held.eq(self.disk.facts.iter().map(|((kind, key), fact)| (*kind, key.as_slice(), &fact.value)))
    }

    fn flip(&mut self, rng: &mut Rng, spared: KindMask) {
        let compared = KindMask(self.disk.state.compared).without(spared);
        let flippable = |((kind, _), fact): &(&FactKey, &mut Fact)| {
            compared.has(tidings_wire::Kind(*kind)) && !fact.value.is_empty()
        };
        let mut facts: Vec<_> = self.disk.facts.iter_mut().filter(flippable).collect();
        let at = rng.index(facts.len());
        if let Some((_, fact)) = facts.get_mut(at) {
            let byte = rng.index(fact.value.len());
            fact.value[byte] ^= 1 << rng.below(8);
        }
    }

    fn restart(&mut self) {
        self.staged.clear();
        self.answers.clear();
        (self.touched, self.commit_at) = (false, u64::MAX);
        let facts = self.disk.facts.iter().map(|((kind, key), fact)| (*kind, key.clone(), fact.clone()));
        self.replica = Replica::restore(self.settings, self.disk.state.clone(), facts);
        self.boot_epoch = self.disk.state.boot_epoch;
    }

    fn stage(&mut self, truth: &mut Truth, journey: Journey) -> Result<(), String> {
        self.touched |= self.effects.state_changed();
        let boot_epoch = self.replica.state().boot_epoch;
        if boot_epoch != self.boot_epoch {
            self.boot_epoch = boot_epoch;
            self.staged.push(Write::Boot(boot_epoch));
        }
        for effect in self.effects.iter() {
            let write = match effect {
                Effect::Change(change) => {
                    truth.judge_change(&change, journey)?;
                    let key = (change.kind, change.key.to_vec());
                    match change.op {
                        Op::Added | Op::Changed => {
                            Write::Put(key, Fact { value: change.value.to_vec(), count: change.count })
                        }
                        Op::Removed | Op::Withdrawn => Write::Remove(key),
                    }
                }
                Effect::Counted { kind, key, count } => Write::Count((kind, key.to_vec()), count),
                Effect::Event(event) => {
                    self.totals.events += 1;
                    Write::Event(event.severity, truth.judge_event(&event, journey)?)
                }
                Effect::Lost { severity, count } => {
                    self.totals.events_lost += u64::from(count);
                    Write::Lost(severity, count)
                }
                Effect::Cleared { kind } => Write::Clear(kind),
                Effect::Notice(notice) => {
                    self.totals.count(&notice);
                    continue;
                }
            };
            self.staged.push(write);
        }
        Ok(())
    }

    fn with_options(&self, rng: &mut Rng, body: Downlink<'static>) -> Downlink<'static> {
        if !rng.percent(self.options) {
            return body;
        }
        match body {
            Downlink::Ack(ack) if rng.percent(80) => Downlink::Ack(Ack {
                retry_after_s: rng.percent(50).then_some(rng.below(3) as u32),
                challenge: rng.percent(50).then_some(*b"whoareu?"),
                command: rng.percent(50).then_some(Command { id: 1, code: 2, args: b"blink" }),
                ..ack
            }),
            other => Downlink::Unknown { echo: other.echo(), number: 9 },
        }
    }
}

impl Disk {
    fn write(&mut self, write: Write, lenient: bool) -> Result<(), String> {
        match write {
            Write::Boot(epoch) => (self.boot_epoch, self.got, self.lost) = (epoch, [0; 4], [0; 4]),
            Write::Put(key, fact) => {
                self.facts.insert(key, fact);
            }
            Write::Count(key, count) => {
                self.facts.get_mut(&key).ok_or_else(|| format!("{key:?} is counted but not there"))?.count = count;
            }
            Write::Remove(key) => {
                self.facts.remove(&key).ok_or_else(|| format!("{key:?} went but was not there"))?;
            }
            Write::Clear(kind) => self.facts.retain(|key, _| key.0 != kind),
            Write::Event(severity, name) => {
                self.got[usize::from(severity)] += 1;
                if !self.seen.insert(name) && !lenient {
                    return Err(format!("event {name} came twice"));
                }
            }
            Write::Lost(severity, count) => self.lost[usize::from(severity)] += count,
        }
        Ok(())
    }

    /// Events told as lost in the current boot.
    #[must_use]
    pub fn events_lost(&self) -> u32 {
        self.lost.iter().sum()
    }
}

impl HostTotals {
    /// Adds what another host went through.
    pub fn add(&mut self, other: &Self) {
        self.faults += other.faults;
        self.crashes += other.crashes;
        self.resyncs += other.resyncs;
        self.slips += other.slips;
        self.stales += other.stales;
        self.clones += other.clones;
        self.foreign += other.foreign;
        self.events += other.events;
        self.events_lost += other.events_lost;
    }

    fn count(&mut self, notice: &Notice) {
        let counter = match notice {
            Notice::ResyncAsked { .. } => &mut self.resyncs,
            Notice::StaleEpoch { .. } => &mut self.stales,
            Notice::Clone => &mut self.clones,
            Notice::ForeignCollector { .. } => &mut self.foreign,
            _ => return,
        };
        *counter += 1;
    }
}

fn nonce(rng: &mut Rng) -> [u8; NONCE] {
    std::array::from_fn(|_| rng.any() as u8)
}

/// Whether a Delta or Beat shows that the host holds something else. A repeated Buckets may tell of changes that are still under way.
fn is_slip(body: &[u8], effects: &Effects) -> bool {
    let differs = |effect| matches!(effect, Effect::Notice(Notice::ResyncAsked { why: Why::Digest | Why::Beat }));
    let says_all = body.first().is_some_and(|first| matches!(first & head::TYPE, head::DELTA | head::BEAT));
    says_all && effects.iter().any(differs)
}

fn sealed(envelope: &Envelope<'_>, body: &Downlink<'_>) -> Vec<u8> {
    let mut buffer = [0; 256];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    body.write(&mut out);
    let end = out.finish().unwrap_or(clear);
    let len =
        seal(&HOST[usize::from(envelope.kid.unwrap_or(0))], envelope, &mut buffer, clear, end - clear).unwrap_or(0);
    buffer[..len].to_vec()
}
