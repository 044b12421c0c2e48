//! One history: a device, its link and its host from the first boot until, after all trouble is over, both hold the same.
//!
//! Each step checks what can be checked at once; the end checks what must hold when the trouble is over. Not here: what trouble there is
//! (`scenario`), and what is true (`truth`).

use crate::flash::Flash;
use crate::host::{Host, HostTotals};
use crate::keys::{DEVICE, KEYS, SETS};
use crate::link::{Link, Party};
use crate::rng::Rng;
use crate::scenario::{Room, Scenario, Second};
use crate::timers::{Happening, Timers};
use crate::trace::{self, Trace};
use crate::truth::{FactKey, Truth};
use tidings::config::Profile;
use tidings::facts::{Coverage, RawFact};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, KindMask, Memory, RecordError, Recorded, Severity};
use tidings_wire::message::BootReason;

/// Kinds that the sources of the device fill; each fact's number decides its kind.
const KINDS: [u8; 9] = [1, 2, 3, 4, 5, 6, 9, 10, 15];
/// Kinds whose sources list everything now and then; the others tell each change.
const SCANNED: [u8; 2] = [1, 9];
/// The kind that is loaded after boot.
const EXPECTED: u8 = 1;
const RTO_MS: u32 = 200;
const BEAT_MS: u32 = 4_000;
const LOAD_MS: u32 = 1_500;
/// Packets that may leave in one instant, answers in no time included.
const MOST_AT_ONCE: u32 = 400;
/// Steps of a history.
const MOST_STEPS: u32 = 200_000;
/// After the trouble: packets until both agree, besides those that carry the table.
const HEAL_PACKETS: u64 = 24;
/// Beats for which they must go on agreeing.
const STEADY_BEATS: u64 = 3;

/// What a history contained.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Histories.
    pub histories: u64,
    /// Power cuts.
    pub power_cuts: u64,
    /// Epoch stores that went back.
    pub rollbacks: u64,
    /// Packets from the device.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Datagrams lost.
    pub lost: u64,
    /// Events recorded.
    pub events: u64,
    /// Changes made on the device.
    pub changes: u64,
    /// Tombstones given up.
    pub tombstones: u64,
    /// Facts refused for lack of room.
    pub refused: u64,
    /// Packets needed to agree after the trouble, at most.
    pub heal_packets: u64,
    /// Time needed, at most, in ms.
    pub heal_ms: u64,
    /// What the hosts went through.
    pub host: HostTotals,
}

/// Why a history failed.
#[derive(Debug)]
pub struct Failure {
    /// What was broken.
    pub what: String,
    /// The last steps.
    pub steps: Vec<String>,
}

enum Exit {
    PowerCut,
    Over,
}

/// A promise about when the agent has something to say.
#[derive(Debug, Clone, Copy, Default)]
struct Promise {
    wake_at: u64,
    /// Nothing happened to the agent since.
    holds: bool,
}

struct History<'s> {
    scenario: &'s Scenario,
    rng: Rng,
    now: u64,
    started: u64,
    calm_at: u64,
    calm: bool,
    truth: Truth,
    flash: Flash,
    link: Link,
    hosts: Vec<Host>,
    timers: Timers,
    trace: Trace,
    totals: Totals,
    off: KindMask,
    schema: u32,
    boots: u32,
    /// The active slot.
    key_set: usize,
    rekeyed: bool,
    loads_at: u64,
    link_up_at: u64,
    last_sent: (u32, u64),
    rolled_back: bool,
    taps: Vec<(Party, Party, u64, Vec<u8>)>,
    refusal: Option<Vec<u8>>,
    promise: Promise,
    at_once: (u64, u32),
    idle_steps: u32,
    steps: u32,
    agreed_at: Option<u64>,
    calm_packets: u64,
    calm_events: u64,
    failure: Option<String>,
}

/// Runs the history of `seed`; a failed one says why.
///
/// # Errors
/// [`Failure`], with its last steps if they were to be kept.
pub fn run(scenario: &Scenario, seed: u64, trace: Trace) -> Result<Totals, Failure> {
    let mut history = History::new(scenario, seed, trace);
    loop {
        let exit = match scenario.device.room {
            Room::Tight => history.live::<900, 200>(),
            Room::Small => history.live::<1_400, 200>(),
            Room::Usual => history.live::<8_192, 16_384>(),
            Room::Large => history.live::<120_000, 4_096>(),
        };
        match exit {
            Exit::PowerCut => history.power_cut(),
            Exit::Over => break,
        }
    }
    history.finish()
}

fn keys(set: usize) -> Keys<'static> {
    Keys::sealed(&DEVICE[set], &KEYS[set])
}

fn severity(number: u64) -> Severity {
    Severity::from_bits(number as u8)
}

impl<'s> History<'s> {
    fn new(scenario: &'s Scenario, seed: u64, trace: Trace) -> Self {
        let mut rng = Rng::new(seed);
        let started = scenario.device.start_ms;
        let hosts = if scenario.host.second == Second::None { 1 } else { 2 };
        let host = |n: u32| Host::new(100 * (n + 1), scenario.host.commit_ms, scenario.host.options);
        let mut history = Self {
            flash: Flash::new(&scenario.device, rng.any()),
            timers: Timers::new(&mut rng, scenario, started),
            link: Link::new(scenario.link),
            hosts: (0..hosts).map(host).collect(),
            scenario,
            rng,
            now: started,
            started,
            calm_at: started + scenario.work.active_ms,
            calm: false,
            truth: Truth::default(),
            trace,
            totals: Totals { histories: 1, ..Totals::default() },
            off: KindMask::NONE,
            schema: 0,
            boots: 0,
            key_set: 0,
            rekeyed: false,
            loads_at: 0,
            link_up_at: u64::MAX,
            last_sent: (0, 0),
            rolled_back: false,
            taps: Vec::new(),
            refusal: None,
            promise: Promise::default(),
            at_once: (0, 0),
            idle_steps: 0,
            steps: 0,
            agreed_at: None,
            calm_packets: 0,
            calm_events: 0,
            failure: None,
        };
        // Two senders, or a backup that knows neither the latest epoch nor that it is of the same boot, lose track of events.
        let moved = scenario.device.rekey_ms > 0 || scenario.device.rollback > 0;
        history.hosts[0].lenient = scenario.device.clone || moved && scenario.host.fault_ms > 0;
        for number in 0..scenario.work.facts * 3 / 4 {
            let (key, value) = (history.key(number), history.value());
            history.truth.is(key, value);
        }
        history
    }

    fn config(&self, one_way: bool) -> Config {
        let device = &self.scenario.device;
        let profile = Profile {
            start_rto_ms: RTO_MS,
            cap_ms: device.cap_ms,
            beat_ms: BEAT_MS,
            spread_ms: 100,
            mtu: device.mtu,
            bytes_per_hour: device.bytes_per_hour,
        };
        Config::new()
            .profile(profile)
            .schema_rev(self.schema)
            .expect(Kind(EXPECTED))
            .load_ms(LOAD_MS)
            .hold_down_ms(device.hold_down_ms)
            .boot(BootReason::POWER_ON, self.boots)
            .one_way(one_way)
    }

    /// From boot to power cut, or to the end.
    fn live<const FACTS: usize, const EVENTS: usize>(&mut self) -> Exit {
        let (mut memory, mut twin_memory) = (Box::new(Memory::<FACTS, EVENTS>::new()), Memory::<8_192, 256>::new());
        let id = DeviceId::new(b"sim").unwrap_or_else(|_| unreachable!("three bytes"));
        let config = self.config(self.scenario.device.one_way);
        let mut agent = Agent::new(config, id.clone(), keys(self.key_set), &mut *memory);
        let mut twin = self.scenario.device.clone.then(|| Agent::new(config, id, keys(self.key_set), &mut twin_memory));
        self.boot(&mut agent);
        loop {
            if let Some(exit) = self.step(&mut agent, &mut twin) {
                self.totals.tombstones += u64::from(agent.stats().tombstones_dropped);
                self.totals.refused += u64::from(agent.stats().facts_dropped);
                return exit;
            }
        }
    }

    // ---- what the device does ----

    fn boot(&mut self, agent: &mut Agent<'_>) {
        self.boots += 1;
        self.truth.reboot();
        self.promise.holds = false;
        self.loads_at = self.now + self.rng.below(2 * u64::from(LOAD_MS));
        self.trace.note(self.now, || "— boot".into());
        agent.tick(self.now);
        for kind in self.off.iter() {
            agent.switch_off(kind);
        }
        let facts: Vec<_> = self.truth.real.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        for (key, value) in facts.iter().filter(|(key, _)| key.0 != EXPECTED) {
            self.record(agent, key, value);
        }
        for kind in KINDS.into_iter().filter(|kind| *kind != EXPECTED && self.scenario.work.stuck >> kind & 1 == 0) {
            agent.complete(Kind(kind));
        }
        // What fails is tried again in the main loop.
        agent.start(self.now, &mut self.flash).ok();
    }

    fn power_cut(&mut self) {
        self.totals.power_cuts += 1;
        self.flash.power_up();
        self.link_up_at = u64::MAX;
        self.link.out = false;
        self.agreed_at = None;
        self.trace.note(self.now, || "— power cut".into());
        if !self.calm && self.rng.percent(self.scenario.device.rollback) && self.flash.roll_back() {
            self.totals.rollbacks += 1;
            self.rolled_back = true;
            self.truth.epochs_repeat = true;
            self.trace.note(self.now, || "— the epoch store went back".into());
        }
        for _ in 0..self.rng.below(4) * u64::from(self.scenario.work.change_ms > 0) {
            self.change_real();
        }
        if self.rng.percent(self.scenario.device.schema) {
            self.update_firmware();
        }
        self.now += self.rng.below(500);
    }

    fn update_firmware(&mut self) {
        self.schema += 1;
        let kind = KINDS[self.rng.index(KINDS.len())];
        let vanishes = self.rng.percent(30);
        let keys: Vec<_> = self.truth.real.keys().filter(|key| key.0 == kind).cloned().collect();
        for key in keys {
            if vanishes {
                self.truth.is_gone(&key);
            } else {
                let mut value = self.value();
                value.extend_from_slice(b"+new field");
                self.truth.is(key, value);
            }
        }
    }

    fn key(&self, number: u64) -> FactKey {
        let kind = KINDS[(number % KINDS.len() as u64) as usize];
        let vendor: &[u8] = if kind == 15 { &[1, number as u8 % 3] } else { &[] };
        (kind, [vendor, format!("k{number:03}").as_bytes()].concat())
    }

    fn any_key(&mut self) -> FactKey {
        let number = self.rng.below(self.scenario.work.facts);
        self.key(number)
    }

    fn value(&mut self) -> Vec<u8> {
        let len = self.rng.below(25) as usize;
        (0..len).map(|_| self.rng.any() as u8).collect()
    }

    /// Something changes in the world; gives what.
    fn change_real(&mut self) -> FactKey {
        let key = self.any_key();
        if self.rng.percent(if self.scenario.work.counted { 0 } else { 30 }) {
            self.truth.is_gone(&key);
        } else {
            let value = self.value();
            self.truth.is(key.clone(), value);
        }
        key
    }

    /// The source of a fact tells the agent how it is now.
    fn tell(&mut self, agent: &mut Agent<'_>, key: &FactKey) {
        match self.truth.real.get(key).cloned() {
            Some(value) => self.record(agent, key, &value),
            None => {
                let fact = RawFact { kind: Kind(key.0), key: &key.1, value: b"" };
                if agent.remove(&fact) == Ok(Recorded::Changed) {
                    self.truth.let_go(key, self.now);
                }
            }
        }
        self.promise.holds = false;
    }

    fn record(&mut self, agent: &mut Agent<'_>, key: &FactKey, value: &[u8]) {
        match agent.record(&RawFact { kind: Kind(key.0), key: &key.1, value }) {
            Ok(Recorded::Changed | Recorded::Unchanged) => self.truth.hold(key, value, self.now),
            Ok(Recorded::SwitchedOff) => self.truth.let_go(key, self.now),
            Err(RecordError::Full) => self.truth.let_go(key, self.now),
            Err(error) => self.fail(format!("record: {error}")),
        }
    }

    fn scan(&mut self, agent: &mut Agent<'_>, kind: u8, well: bool) {
        let facts: Vec<_> =
            self.truth.real.iter().filter(|(key, _)| key.0 == kind).map(|(k, v)| (k.clone(), v.clone())).collect();
        let outcome = if well { 0 } else { self.rng.below(3) };
        let listed = if outcome == 0 { facts.len() } else { self.rng.index(facts.len() + 1) };
        let mut scan = agent.scan(Kind(kind));
        let mut refused = None;
        for (key, value) in &facts[..listed] {
            match scan.record(&RawFact { kind: Kind(kind), key: &key.1, value }) {
                Ok(Recorded::SwitchedOff) | Err(RecordError::Full) => self.truth.let_go(key, self.now),
                Ok(_) => self.truth.hold(key, value, self.now),
                Err(error) => refused = Some(error),
            }
        }
        match outcome {
            0 => scan.finish(),
            1 => scan.fail(),
            _ => drop(scan),
        }
        if let Some(error) = refused {
            self.fail(format!("scan: {error}"));
        }
        if outcome == 0 {
            let listed = |key: &FactKey| facts.binary_search_by(|(known, _)| known.cmp(key)).is_ok();
            let gone: Vec<_> = self.truth.held.keys().filter(|key| key.0 == kind && !listed(key)).cloned().collect();
            gone.iter().for_each(|key| self.truth.let_go(key, self.now));
        }
        self.promise.holds = false;
        self.trace.note(self.now, || {
            format!("— scan of kind {kind}: {}", ["finished", "failed", "abandoned"][outcome as usize])
        });
    }

    fn event(&mut self, agent: &mut Agent<'_>, severity: Severity) {
        let name = self.truth.happened(severity as u8, self.now).to_le_bytes();
        let (actor, more) = (self.rng.index(6), self.rng.index(20));
        let data = [&name[..], &[7; 20][..more]].concat();
        if agent.event(severity, EventType(0x8001), &b"mallory"[..actor], &data).is_err() {
            self.fail("an event within bounds was refused".into());
        }
        self.promise.holds = false;
    }

    fn switch(&mut self, agent: &mut Agent<'_>) {
        let kind = KINDS[self.rng.index(KINDS.len())];
        self.off.set(Kind(kind), !self.off.has(Kind(kind)));
        self.trace.note(self.now, || format!("— kind {kind} switched"));
        if self.off.has(Kind(kind)) {
            agent.switch_off(Kind(kind));
            self.truth.withdraw(kind);
        } else {
            agent.switch_on(Kind(kind));
            if self.rng.percent(70) {
                self.scan(agent, kind, true);
            }
        }
        self.promise.holds = false;
    }

    // ---- what happens ----

    fn happen(&mut self, agent: &mut Agent<'_>, happening: Happening) -> Option<Exit> {
        if self.scenario.work.counted && !self.truth.counting {
            return None;
        }
        match happening {
            Happening::Change => self.change(agent),
            Happening::Burst => (0..15).for_each(|_| self.change(agent)),
            Happening::Flap => self.flap(agent),
            Happening::Event => self.events(agent),
            Happening::Health => self.measure(agent),
            Happening::Scan => {
                let kind = SCANNED[self.rng.index(SCANNED.len())];
                let well =
                    !self.rng.percent(self.scenario.work.scan_fault) && self.scenario.work.stuck >> kind & 1 == 0;
                if self.loads_at < self.now || kind != EXPECTED {
                    self.scan(agent, kind, well);
                }
            }
            Happening::OptOut => self.switch(agent),
            Happening::Rekey => self.change_keys(agent),
            Happening::PowerCut => return Some(Exit::PowerCut),
            Happening::Silence => self.silence(agent),
            Happening::Outage => self.outage(agent),
            Happening::Replay => self.replay(),
            Happening::Forge => self.forge(),
            Happening::HostFault => self.host_fault(),
            Happening::HostCrash => {
                self.trace.note(self.now, || "— host crashes".into());
                self.hosts[0].crash();
            }
            Happening::Backup => self.hosts[0].back_up(),
        }
        None
    }

    fn change(&mut self, agent: &mut Agent<'_>) {
        self.totals.changes += 1;
        let key = self.change_real();
        if !SCANNED.contains(&key.0) {
            self.tell(agent, &key);
        }
    }

    fn flap(&mut self, agent: &mut Agent<'_>) {
        let key = (6, b"k005".to_vec());
        for _ in 0..self.rng.between(2, if self.scenario.work.counted { 30 } else { 300 }) {
            let value = self.value();
            self.truth.is(key.clone(), value);
            self.tell(agent, &key);
        }
    }

    fn events(&mut self, agent: &mut Agent<'_>) {
        for _ in 0..if self.rng.percent(10) { 12 } else { 1 } {
            let severity = severity(self.rng.any());
            self.event(agent, severity);
        }
    }

    fn measure(&mut self, agent: &mut Agent<'_>) {
        let key = (7, vec![1, b'm', self.rng.below(3) as u8]);
        let value = self.value();
        self.truth.is(key.clone(), value);
        self.tell(agent, &key);
    }

    fn change_keys(&mut self, agent: &mut Agent<'_>) {
        self.key_set = (self.key_set + 1) % SETS;
        self.rekeyed = true;
        self.trace.note(self.now, || "— other keys".into());
        if let Err(error) = agent.change_keys(keys(self.key_set)) {
            self.fail(format!("keys: {error}"));
        }
        self.promise.holds = false;
    }

    fn silence(&mut self, agent: &mut Agent<'_>) {
        agent.link_down();
        let gap = self.rng.between(1 << 28, 5 << 30);
        self.trace.note(self.now, || format!("— silence for {} days", gap / 86_400_000));
        (self.now, self.calm_at) = (self.now + gap, self.calm_at + gap);
        self.timers.put_off(gap);
        agent.tick(self.now);
        if self.rng.percent(50) {
            self.change(agent);
        }
        agent.link_up(self.now);
        self.promise.holds = false;
    }

    fn outage(&mut self, agent: &mut Agent<'_>) {
        self.trace.note(self.now, || "— the link is out".into());
        self.link.out = true;
        self.link_up_at = self.now + self.rng.between(100, 40_000);
        if self.rng.percent(50) {
            agent.link_down();
        }
        self.promise.holds = false;
    }

    fn replay(&mut self) {
        if self.taps.is_empty() {
            return;
        }
        let back = if self.rng.percent(70) { 12 } else { self.taps.len() };
        let at = self.taps.len() - 1 - self.rng.index(back.min(self.taps.len()));
        let (from, to, sent_at, bytes) = self.taps[at].clone();
        self.link.inject(self.now, from, to, sent_at, bytes);
    }

    fn forge(&mut self) {
        let len = self.rng.index(40);
        let bytes = (0..len).map(|_| self.rng.any() as u8).collect();
        let ends = [Party::Device(0), Party::Host(0)];
        let to = self.rng.index(2);
        self.link.inject(self.now, ends[1 - to], ends[to], self.now, bytes);
    }

    fn host_fault(&mut self) {
        let stuck = KindMask(self.scenario.work.stuck);
        if self.rng.percent(10) {
            self.hosts[0].ask(self.now);
            return;
        }
        let what = self.hosts[0].fault(&mut self.rng, stuck);
        self.trace.note(self.now, || format!("— database {what}"));
    }

    // ---- the loop ----

    fn step(&mut self, agent: &mut Agent<'_>, twin: &mut Option<Agent<'_>>) -> Option<Exit> {
        if self.failure.is_some() {
            return Some(Exit::Over);
        }
        agent.tick(self.now);
        self.arrive(agent, twin);
        self.work_hosts();
        while let Some(happening) = self.timers.take(&mut self.rng, self.now).filter(|_| !self.calm) {
            if let Some(exit) = self.happen(agent, happening) {
                return Some(exit);
            }
        }
        self.keep_time(agent);
        agent.maintain(self.now, &mut self.flash).ok();
        if self.flash.is_cut() {
            return Some(Exit::PowerCut);
        }
        self.transmit(agent, 0);
        if let Some(twin) = twin.as_mut().filter(|_| !self.calm && self.now > self.started + 10_000) {
            self.live_twin(twin);
        }
        self.compare_with_model(agent);
        self.start_counting(agent);
        if self.calm && self.is_over(agent) {
            return Some(Exit::Over);
        }
        self.advance(agent);
        None
    }

    fn arrive(&mut self, agent: &mut Agent<'_>, twin: &mut Option<Agent<'_>>) {
        while let Some(mut arrived) = self.link.receive(self.now) {
            match arrived.to {
                Party::Host(n) => {
                    if self.now < self.started + self.scenario.host.late_ms {
                        continue;
                    }
                    self.trace.note(self.now, || format!("host {n} gets {}", trace::words(&arrived.bytes)));
                    let times = (arrived.sent_at, self.now);
                    let heard =
                        self.hosts[n].receive(&mut self.rng, &mut self.truth, arrived.from, times, &mut arrived.bytes);
                    heard.unwrap_or_else(|what| self.fail(what));
                }
                Party::Device(0) => {
                    self.promise.holds = false;
                    let words = self.words_if_traced(&arrived.bytes);
                    let taken = agent.handle_input(self.now, &mut arrived.bytes);
                    self.trace.note(self.now, || format!("device gets {words}: {taken:?}"));
                }
                Party::Device(_) => {
                    if let Some(twin) = twin {
                        twin.handle_input(self.now, &mut arrived.bytes).ok();
                    }
                }
            }
        }
    }

    fn words_if_traced(&mut self, bytes: &[u8]) -> String {
        let mut words = String::new();
        self.trace.note_if_on(|| words = trace::words(bytes));
        words
    }

    fn work_hosts(&mut self) {
        for n in 0..self.hosts.len() {
            if let Err(what) = self.hosts[n].commit(self.now) {
                self.fail(what);
            }
            for answer in self.hosts[n].answers(self.now) {
                if self.scenario.link.refusals && trace::is_refusal(&answer.bytes) {
                    self.refusal = Some(answer.bytes.clone());
                }
                self.send(Party::Host(n), answer.to, &answer.bytes);
            }
        }
    }

    fn keep_time(&mut self, agent: &mut Agent<'_>) {
        if self.now >= self.link_up_at {
            self.link_up_at = u64::MAX;
            self.link.out = false;
            agent.link_up(self.now);
            self.promise.holds = false;
        }
        if self.now >= self.loads_at {
            self.loads_at = u64::MAX;
            let stuck = self.scenario.work.stuck >> EXPECTED & 1 == 1;
            agent.tick(self.now);
            self.scan(agent, EXPECTED, !stuck);
        }
        if !self.calm && self.now >= self.calm_at {
            self.calm_down(agent);
        }
    }

    /// From here on nothing fails.
    fn calm_down(&mut self, agent: &mut Agent<'_>) {
        self.trace.note(self.now, || "— calm".into());
        self.calm = true;
        (self.link.calm, self.link.out, self.link_up_at) = (true, false, u64::MAX);
        self.loads_at = u64::MAX;
        self.flash.heal();
        self.hosts.iter_mut().for_each(Host::heal);
        agent.link_up(self.now);
        agent.tick(self.now);
        for kind in KINDS.into_iter().filter(|kind| self.scenario.work.stuck >> kind & 1 == 0) {
            if !self.off.has(Kind(kind)) {
                self.scan(agent, kind, true);
            }
        }
        if !self.scenario.work.quiet_end {
            Severity::ALL.into_iter().for_each(|severity| self.event(agent, severity));
            let key = (6, b"the end".to_vec());
            self.truth.is(key.clone(), b"is near".to_vec());
            self.tell(agent, &key);
        }
        let held = &self.hosts[0].disk.state.marks;
        self.calm_events =
            self.truth.heads.iter().zip(held).map(|(head, mark)| u64::from(head.saturating_sub(*mark))).sum();
        self.promise.holds = false;
    }

    fn transmit(&mut self, agent: &mut Agent<'_>, device: usize) {
        let mut buffer = [0; 2304];
        while let Some(len) = agent.poll_transmit(self.now, &mut buffer) {
            let packet = &buffer[..len];
            if device == 0 {
                self.check_sent(agent, packet);
            }
            self.trace.note(self.now, || format!("device {device} sends {}", trace::words(packet)));
            let party = Party::Device(device);
            match self.scenario.host.second {
                Second::Balanced if !self.calm && self.rng.percent(50) => self.send(party, Party::Host(1), packet),
                Second::Both if !self.calm => {
                    self.send(party, Party::Host(1), packet);
                    self.send(party, Party::Host(0), packet);
                }
                _ => self.send(party, Party::Host(0), packet),
            }
            if let Some(refusal) = self.refusal.clone() {
                self.link.inject(self.now, Party::Host(0), party, self.now, refusal);
            }
            if self.failure.is_some() {
                return;
            }
        }
        if device == 0 {
            self.promise = Promise { wake_at: agent.next_deadline(), holds: true };
            if self.promise.wake_at <= self.now {
                self.fail(format!("next_deadline {} is not after {}: the loop spins", self.promise.wake_at, self.now));
            }
        }
    }

    fn check_sent(&mut self, agent: &Agent<'_>, packet: &[u8]) {
        self.totals.packets += 1;
        self.totals.bytes += packet.len() as u64;
        self.calm_packets += u64::from(self.calm);
        self.at_once = if self.at_once.0 == self.now { (self.now, self.at_once.1 + 1) } else { (self.now, 1) };
        if self.at_once.1 > MOST_AT_ONCE {
            self.fail(format!("{MOST_AT_ONCE} packets in one instant"));
        }
        if self.promise.holds && self.now < self.promise.wake_at {
            self.fail(format!("next_deadline said {}, but there is something to send now", self.promise.wake_at));
        }
        self.promise.holds = false;
        if packet.len() > usize::from(self.scenario.device.mtu) {
            self.fail(format!("a packet of {} bytes", packet.len()));
        }
        let sent = trace::number(packet);
        if sent <= Some(self.last_sent) && !self.rolled_back && agent.epoch() != 0 {
            self.fail(format!("epoch and counter {sent:?} after {:?}", self.last_sent));
        }
        self.last_sent = sent.unwrap_or(self.last_sent);
        self.rolled_back = false;
    }

    fn send(&mut self, from: Party, to: Party, packet: &[u8]) {
        let link = &self.scenario.link;
        let since = self.now - self.started;
        let is_late = match since.checked_div(link.shift_ms) {
            Some(shift) => shift % 2 == 1,
            None => since > self.scenario.work.active_ms / 3,
        };
        let late = link.late_ms > 0 && is_late;
        self.link.send(&mut self.rng, self.now, late, from, to, packet);
        let taps = self.scenario.link.replay_ms > 0 && self.taps.len() < 3_000;
        if taps && self.scenario.link.datagram == 0 {
            self.taps.push((from, to, self.now, packet.to_vec()));
        }
    }

    fn live_twin(&mut self, twin: &mut Agent<'_>) {
        if twin.epoch() == 0 {
            let mut copy = self.flash.clone();
            twin.start(self.now, &mut copy).ok();
        }
        let mut copy = self.flash.clone();
        twin.maintain(self.now, &mut copy).ok();
        self.transmit(twin, 1);
    }

    fn advance(&mut self, agent: &Agent<'_>) {
        let hosts = self.hosts.iter().map(Host::next_at).min().unwrap_or(u64::MAX);
        let troubles = if self.calm { u64::MAX } else { self.timers.next_at().min(self.calm_at) };
        let next = agent.next_deadline().min(self.link.next_at()).min(hosts).min(troubles);
        let next = next.min(self.loads_at).min(self.link_up_at);
        if next == u64::MAX {
            self.fail("nobody will ever speak again".into());
        }
        self.idle_steps = if next > self.now { 0 } else { self.idle_steps + 1 };
        self.steps += 1;
        if self.idle_steps > MOST_AT_ONCE || self.steps > MOST_STEPS {
            self.fail(format!("the loop spins: {} steps, {} in this instant", self.steps, self.idle_steps));
        }
        self.now = next.max(self.now);
    }

    // ---- what must hold ----

    fn compare_with_model(&mut self, agent: &Agent<'_>) {
        if self.rng.percent(97) && !self.calm {
            return;
        }
        let told = |kind: Kind| !kind.is_volatile() || kind == Kind::HEALTH;
        let held = agent.facts().filter(|(kind, ..)| told(*kind));
        let same =
            held.eq(self.truth.held.iter().map(|((kind, key), value)| (Kind(*kind), key.as_slice(), value.as_slice())));
        if !same {
            self.fail("the agent's table is not what it was told".into());
        }
    }

    /// Once both agree for the first time, changes are counted on both sides.
    fn start_counting(&mut self, agent: &Agent<'_>) {
        let exact = self.scenario.work.counted && !self.truth.counting && self.boots == 1 && self.loads_at == u64::MAX;
        if exact && self.agree(agent).is_ok() {
            self.truth.counting = true;
            (self.truth.made_changes, self.truth.told_changes) = (0, 0);
            self.trace.note(self.now, || "— changes are counted from here".into());
        }
    }

    fn is_over(&mut self, agent: &Agent<'_>) -> bool {
        let agree = self.agree(agent);
        match (agree, self.agreed_at) {
            (Ok(()), None) => {
                self.agreed_at = Some(self.now);
                self.totals.heal_packets = self.calm_packets;
                self.totals.heal_ms = self.now - self.calm_at;
                self.check_heal(agent);
            }
            (Ok(()), Some(since)) => return self.now >= since + STEADY_BEATS * u64::from(BEAT_MS),
            (Err(_), None) if self.now - self.calm_at < self.patience(agent) => {}
            (Err(what), None) => self.fail(format!("no agreement: {what}")),
            // Packets that left before the calm, of a clone or an epoch that was taken back, may undo it, and so may digests of a device that
            // cannot hear.
            (Err(_), Some(_)) if self.scenario.device.one_way || self.now <= self.calm_at + self.longest_delay() => {
                self.agreed_at = None;
            }
            (Err(what), Some(_)) => self.fail(format!("agreement was lost again: {what}")),
        }
        false
    }

    fn longest_delay(&self) -> u64 {
        self.scenario.link.delay_ms.1 + self.scenario.link.late_ms
    }

    /// The chunks that carry the whole table, at most.
    fn chunks(&self, agent: &Agent<'_>) -> u64 {
        let bytes: usize = agent.facts().map(|(_, key, value)| key.len() + value.len() + 8).sum();
        bytes as u64 / u64::from(self.scenario.device.mtu / 3) + KINDS.len() as u64
    }

    fn patience(&self, agent: &Agent<'_>) -> u64 {
        let device = &self.scenario.device;
        let link = &self.scenario.link;
        let round_trip = 2 * (link.delay_ms.1 + link.late_ms) + u64::from(RTO_MS);
        let trips = 2 * (HEAL_PACKETS + 2 * self.chunks(agent));
        let budget = if device.bytes_per_hour > 0 { 10 * 3_600_000 } else { 0 };
        let carousel = if device.one_way { 3 * u64::from(BEAT_MS) } else { 0 };
        u64::from(device.cap_ms) + 3 * u64::from(BEAT_MS) + 120_000 + trips * (round_trip + carousel) + budget
    }

    fn check_heal(&mut self, agent: &Agent<'_>) {
        let bound = HEAL_PACKETS + 2 * self.chunks(agent) + self.calm_events / 2;
        let slow = self.scenario.link.late_ms > 0;
        if self.calm_packets > bound && !self.scenario.device.one_way && !slow {
            self.fail(format!("{} packets until both agreed, over {bound}", self.calm_packets));
        }
    }

    /// Whether host and device hold the same, and know it.
    fn agree(&self, agent: &Agent<'_>) -> Result<(), String> {
        let (host, one_way) = (&self.hosts[0], self.scenario.device.one_way);
        if self.loads_at != u64::MAX {
            return Err("a source is still loading".into());
        }
        let state = &host.disk.state;
        if !(one_way || agent.is_synced()) {
            return Err("the device is not in sync".into());
        }
        if !host.is_content() {
            return Err(format!("the host wants {:x}, asks {}", state.pending, state.ask));
        }
        if !host.is_as_stored() {
            return Err("the disk holds other facts than the replica".into());
        }
        if state.epoch != agent.epoch() {
            return Err(format!("epoch {} here, {} there", agent.epoch(), state.epoch));
        }
        // An epoch that was used twice, and a database that remembers the first use: events cannot be told apart.
        let twice = self.totals.rollbacks > 0 && self.hosts[0].totals.faults > 0 || self.scenario.device.clone;
        if !self.scenario.work.quiet_end && !twice && state.marks != self.truth.heads {
            return Err(format!("events up to {:?}, told up to {:?}", self.truth.heads, state.marks));
        }
        let mut kinds: Vec<u8> = KINDS.to_vec();
        kinds.extend([7, 8]);
        kinds.into_iter().try_for_each(|kind| self.agree_on(agent, Kind(kind)))
    }

    fn agree_on(&self, agent: &Agent<'_>, kind: Kind) -> Result<(), String> {
        let disk = &self.hosts[0].disk;
        let here = agent.facts().filter(|(k, ..)| *k == kind).map(|(_, key, value)| (key, value));
        let there = disk.facts.range((kind.0, Vec::new())..(kind.0 + 1, Vec::new()));
        let mut there = there.map(|((_, key), fact)| (key.as_slice(), fact.value.as_slice()));
        let compared = KindMask(disk.state.compared).has(kind);
        let agree = match agent.coverage(kind) {
            Some(Coverage::COMPLETE) => compared && here.eq(there),
            Some(Coverage::OFF) => !compared && there.next().is_none(),
            Some(Coverage::PARTIAL | Coverage::FAILED) => {
                let there: std::collections::BTreeMap<_, _> = there.collect();
                !compared && { here }.all(|(key, value)| there.get(key) == Some(&value))
            }
            _ => true,
        };
        if agree { Ok(()) } else { Err(format!("kind {} ({:?}) differs", kind.0, agent.coverage(kind))) }
    }

    fn finish(mut self) -> Result<Totals, Failure> {
        self.totals.lost = self.link.lost;
        self.totals.events = self.truth.event_count() as u64;
        self.hosts.iter().for_each(|host| self.totals.host.add(&host.totals));
        self.check_end();
        match self.failure.take() {
            None => Ok(self.totals),
            Some(what) => Err(Failure { what, steps: self.trace.steps().map(str::to_owned).collect() }),
        }
    }

    fn check_end(&mut self) {
        let (device, host) = (&self.scenario.device, &self.scenario.host);
        let alone = host.second == Second::None && !device.clone && !device.one_way;
        let whole = host.fault_ms == 0
            && device.rollback == 0
            && matches!(device.room, Room::Usual | Room::Large)
            && host.options == 0;
        if alone && whole && self.hosts[0].totals.events_lost > 0 {
            self.fail(format!("{} events lost though nothing was full", self.hosts[0].totals.events_lost));
        }
        let undisturbed = alone && host.fault_ms == 0 && device.rollback == 0;
        if undisturbed && self.hosts[0].totals.slips > 0 {
            self.fail(format!("{} digests differed though the host forgot nothing", self.hosts[0].totals.slips));
        }
        let hours = (self.now - self.started) / 3_600_000 + 1;
        let budget = u64::from(device.bytes_per_hour) * (hours + 1) + u64::from(device.mtu);
        if device.bytes_per_hour > 0 && self.totals.bytes > budget {
            self.fail(format!("{} bytes in {hours} hours, over {budget}", self.totals.bytes));
        }
        let Truth { counting, made_changes, told_changes, .. } = self.truth;
        // A count of 256 changes at once looks like none.
        if counting && made_changes % 256 != told_changes % 256 {
            self.fail(format!("{made_changes} changes were made, {told_changes} told"));
        }
        if device.clone && self.hosts[0].totals.clones == 0 {
            self.fail("two senders took turns and nobody noticed".into());
        }
    }

    fn fail(&mut self, what: String) {
        self.trace.note(self.now, || format!("✗ {what}"));
        self.failure.get_or_insert(what);
    }
}

impl Totals {
    /// Adds what another history contained.
    pub fn add(&mut self, other: &Self) {
        self.histories += other.histories;
        self.power_cuts += other.power_cuts;
        self.rollbacks += other.rollbacks;
        self.packets += other.packets;
        self.bytes += other.bytes;
        self.lost += other.lost;
        self.events += other.events;
        self.changes += other.changes;
        self.tombstones += other.tombstones;
        self.refused += other.refused;
        self.heal_packets = self.heal_packets.max(other.heal_packets);
        self.heal_ms = self.heal_ms.max(other.heal_ms);
        self.host.add(&other.host);
    }
}
