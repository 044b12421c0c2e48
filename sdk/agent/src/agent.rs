//! The public face: record, remove, scan, event; and what each does to table and sequence.

use crate::config::Settings;
use crate::coverage::{Coverages, KNOWN_KINDS};
use crate::events::Ring;
use crate::key::KeyRoom;
use crate::log::log;
use crate::memory::ROOMS;
use crate::moment::Moment;
use crate::stats::bump;
#[cfg(feature = "one-way")]
use crate::sync::OneWay;
use crate::sync::{Retry, Session, Timer};
use crate::table::{Head, NoRoom, Table};
use crate::{
    Config, DeviceId, EpochError, EpochStore, KeyChangeError, Keys, Limits, Memory, RecordError, Scan, Stats, config,
    epoch,
};
use tidings_wire::digest;
use tidings_wire::event::{MAX_ACTOR, MAX_DATA};
use tidings_wire::facts::{AgentFact, AgentItem, AgentKey, Coverage, Health, HealthKey, HealthValue, Part};
use tidings_wire::fields::Encoder;
use tidings_wire::{EventType, Fact, Kind, KindMask, Severity};

/// What recording did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Recorded {
    /// It was known already: nothing will be sent.
    Unchanged,
    /// It is new or different and will be sent.
    Changed,
    /// Its kind is switched off: it was not kept.
    SwitchedOff,
}

/// The agent of one device. It borrows its memory and keys, and nothing else.
// What is used most stands first, bytes before words: Thumb reaches the first 32 bytes, and words up to 124, with short instructions. Up to
// `events` all but a timer that stands still is zero at first. There is no padding between fields and no group over 16 bytes that is not zero, so that an agent is built where it
// will lie without `memcpy`, which is larger than most functions here.
#[derive(Debug)]
#[repr(C)]
pub struct Agent<'a> {
    pub(crate) table: Table<'a>,
    pub(crate) session: Session,
    pub(crate) retry: Retry,
    pub(crate) now: u64,
    pub(crate) started_at: u64,
    pub(crate) stats: Stats,
    /// Lengths of the longest key and of the longest key and value recorded so far: together they must fit a packet.
    longest_key: usize,
    longest_fact: usize,
    pub(crate) events: Ring<'a>,
    pub(crate) settings: Settings,
    pub(crate) coverage: Coverages,
    #[cfg(feature = "one-way")]
    pub(crate) one_way: OneWay,
    pub(crate) keys: Keys<'a>,
    pub(crate) id: DeviceId,
    /// Of the fact that is being recorded, removed or sampled.
    key: KeyRoom<'a>,
}

impl<'a> Agent<'a> {
    /// Bytes of memory that an agent needs besides those of facts and events.
    pub const ROOMS: usize = ROOMS;

    /// An agent that has recorded nothing and sends nothing before [`Agent::start`].
    pub fn new<const FACTS: usize, const EVENTS: usize>(
        config: Config,
        id: DeviceId,
        keys: Keys<'a>,
        memory: &'a mut Memory<FACTS, EVENTS>,
    ) -> Self {
        let Memory { facts, events, rooms } = memory;
        Self::built(&config, id, keys, rooms, facts, events)
    }

    /// An agent in memory whose size is known at run time only, as a caller from another language has it; see [`Memory`] for what goes where.
    ///
    /// The first [`Agent::ROOMS`] bytes of `facts` hold no facts; with fewer, none can be recorded.
    #[inline(always)]
    pub fn within(config: &Config, id: DeviceId, keys: Keys<'a>, facts: &'a mut [u8], events: &'a mut [u8]) -> Self {
        let rooms = facts.len().min(Self::ROOMS);
        let (rooms, facts) = facts.split_at_mut_checked(rooms).unwrap_or_default();
        Self::built(config, id, keys, rooms, facts, events)
    }

    // Inlined, so that it is built where it will lie instead of being moved there.
    #[inline(always)]
    fn built(
        config: &Config,
        id: DeviceId,
        keys: Keys<'a>,
        rooms: &'a mut [u8],
        facts: &'a mut [u8],
        events: &'a mut [u8],
    ) -> Self {
        Self {
            now: 0,
            started_at: 0,
            session: Session::new(),
            retry: Retry::new(),
            stats: Stats::default(),
            longest_key: 0,
            longest_fact: 0,
            events: Ring::new(events),
            table: Table::new(facts),
            coverage: config.coverage,
            #[cfg(feature = "one-way")]
            one_way: OneWay::default(),
            settings: config.settings,
            keys,
            id,
            key: KeyRoom::new(rooms),
        }
    }

    /// Opens the next epoch: writes it, reads it back, and from then on packets may leave. Each call tries the store.
    ///
    /// # Errors
    /// [`EpochError`]; nothing is sent until [`Agent::maintain`], which tries again by itself, or another call of this succeeds.
    pub fn start<S: EpochStore>(&mut self, now_ms: u64, store: &mut S) -> Result<(), EpochError<S::Error>> {
        (self.now, self.started_at) = (now_ms, now_ms);
        self.retry.set(Timer::Quiet, 0);
        self.maintain(now_ms, store)
    }

    /// Opens a new epoch if none is open: at first, if the host knows a newer one than ours, after [`Agent::change_keys`]. Else, and for a second
    /// after a failure, it does nothing. Call it in the main loop; more than once a second is of no use.
    ///
    /// # Errors
    /// [`EpochError`]; nothing is sent until it succeeds.
    pub fn maintain<S: EpochStore>(&mut self, now_ms: u64, store: &mut S) -> Result<(), EpochError<S::Error>> {
        self.tick(now_ms);
        if self.session.epoch_open || self.retry.closed_for() > 0 {
            return Ok(());
        }
        let is_first = self.session.epoch == 0;
        let opened = self.next_epoch(store);
        if opened.is_ok() && is_first {
            self.begin_boot();
        }
        if opened.is_err() {
            bump(&mut self.stats.epoch_faults);
            self.retry.set(Timer::Quiet, 1000);
            self.tell(AgentItem::EPOCH_FAULTS, 0, u64::from(self.stats.epoch_faults));
            log!(error, "epoch store failed: nothing is sent");
        }
        opened
    }

    fn next_epoch<S: EpochStore>(&mut self, store: &mut S) -> Result<(), EpochError<S::Error>> {
        let stored = store.load().map_err(EpochError::Store)?;
        if stored.is_none() && self.keys.are_sealed() {
            return Err(EpochError::NotProvisioned);
        }
        let newest = stored.unwrap_or(0).max(self.session.epoch);
        let next = newest.checked_add(1).ok_or(EpochError::Exhausted)?;
        epoch::keep(store, next)?;
        let session = &mut self.session;
        (session.epoch, session.ctr, session.epoch_open) = (next, 0, true);
        session.open = false; // the packet that used up the counters opened it
        // Other times than its neighbours', and than in the last epoch: the hash of what is no fact of anybody's.
        self.retry.seed(digest::hash(self.keys.digest, Kind::AGENT, self.id.as_bytes(), &next.to_le_bytes()));
        Ok(())
    }

    // Once an epoch is open: the times are drawn from its seed.
    fn begin_boot(&mut self) {
        self.spread_hello();
        self.retry.set(Timer::Load, self.settings.boot.load_ms);
        if let Some(severity) = self.settings.boot.event {
            self.event(severity, EventType::BOOT, b"", &[self.settings.boot.reason.0]).ok();
        }
    }

    // Devices that get power or their link back together do not speak together.
    fn spread_hello(&mut self) {
        let spread = self.retry.uniform(self.settings.boot.spread_ms);
        self.retry.set(Timer::Step, spread);
    }

    /// Goes over to other keys; the next [`Agent::maintain`] opens an epoch, and Hello follows under them. The steps are in [`Keys`].
    ///
    /// # Errors
    /// [`KeyChangeError`]; the old keys stay in use.
    pub fn change_keys(&mut self, keys: Keys<'a>) -> Result<(), KeyChangeError> {
        self.keys.may_become(&keys)?;
        self.keys = keys;
        self.session.end_epoch();
        self.retry.set(Timer::Step, 0);
        Ok(())
    }

    /// True once the host has accepted a packet under the keys and the epoch in use.
    pub const fn keys_accepted(&self) -> bool {
        let session = &self.session;
        session.epoch_open && session.acc_epoch == session.epoch
    }

    /// Records a fact; the same value again does nothing.
    ///
    /// A kind is told as partial until [`Agent::complete`] or a finished scan says that all of it is recorded: its changes travel, but nothing
    /// compares it with what the host holds, and after each Hello it is told anew.
    ///
    /// # Errors
    /// [`RecordError`]; the kind is then told as partial until a scan finishes, and an old value of the fact is removed rather than left as current.
    pub fn record(&mut self, fact: &dyn Fact) -> Result<Recorded, RecordError> {
        self.record_of(KNOWN_KINDS, fact, fact)
    }

    /// Removes the fact with this one's key, if it is held; its value does not matter.
    ///
    /// # Errors
    /// [`RecordError::TooLong`] if the key is over its bound.
    pub fn remove(&mut self, fact: &dyn Fact) -> Result<Recorded, RecordError> {
        let (kind, fits) = self.key.encode(fact);
        fits?;
        Ok(match self.find_live(kind) {
            Some(at) => {
                self.forget(at);
                Recorded::Changed
            }
            None => Recorded::Unchanged,
        })
    }

    /// Records a measurement unless it is noise: see [`Limits`]. Its state is set from the limits.
    ///
    /// # Errors
    /// As [`Agent::record`].
    #[inline(never)]
    pub fn sample(&mut self, health: &Health<'_>, limits: &Limits) -> Result<Recorded, RecordError> {
        self.key.encode(health).1?;
        let found = self.find_live(Kind::HEALTH);
        let (held, held_state) = HealthValue::standing(found.map_or(&[], |at| self.table.value(at)));
        let state = limits.judge(health.value.value, held_state);
        if limits.is_noise(health.value.value, state, held, held_state) {
            if let Some(at) = found {
                self.table.set_mark(at, true);
            }
            return Ok(Recorded::Unchanged);
        }
        let value = HealthValue { state, ..health.value };
        self.record_of(KNOWN_KINDS, health, &Health { key: HealthKey::default(), value })
    }

    /// Starts a scan of `kind`: what it does not record again is removed when it finishes.
    #[inline(always)]
    pub fn scan(&mut self, kind: Kind) -> Scan<'_, 'a> {
        self.coverage.begin(kind);
        let mut at = self.table.start_of(kind.0);
        while self.table.is_of(at, kind) {
            self.table.set_mark(at, false);
            at = self.table.next(at);
        }
        Scan::new(self, kind)
    }

    /// Says that everything of `kind` is recorded, for sources that tell changes one by one instead of scanning. Once something of it was refused
    /// only a scan that finishes makes it complete again.
    #[inline(never)]
    pub fn complete(&mut self, kind: Kind) {
        self.set_by_source(kind, self.coverage.outcome(kind));
    }

    /// Says that the source of `kind` failed: nothing is removed, changes still travel, and the kind is told as failed.
    pub fn fail(&mut self, kind: Kind) {
        self.set_by_source(kind, Coverage::FAILED);
    }

    /// Switches a kind off, as the user of the device may ask: its facts are withdrawn, which does not look like their removal.
    pub fn switch_off(&mut self, kind: Kind) {
        if KNOWN_KINDS.has(kind) {
            let first = self.table.start_of(kind.0);
            while self.table.is_of(first, kind) {
                self.table.remove(first);
            }
            self.set_coverage(kind, Coverage::OFF);
        }
    }

    /// Switches a kind on again; it is incomplete until its source finishes a scan.
    pub fn switch_on(&mut self, kind: Kind) {
        if self.coverage.is(kind, Coverage::OFF) {
            self.set_coverage(kind, if kind.is_volatile() { Coverage::COMPLETE } else { Coverage::LOADING });
        }
    }

    /// Records that something happened. If the ring is full, the oldest of the lowest severity goes; what went is counted for the host.
    ///
    /// # Errors
    /// [`RecordError::TooLong`] if `actor` is over 16 bytes or `data` over 48.
    #[inline(never)]
    pub fn event(
        &mut self,
        severity: Severity,
        event_type: EventType,
        actor: &[u8],
        data: &[u8],
    ) -> Result<(), RecordError> {
        if actor.len() > MAX_ACTOR || data.len() > MAX_DATA {
            return Err(RecordError::TooLong);
        }
        let dropped = self.events.push(severity, event_type, Moment::of(self.now), actor, data);
        self.stats.events_dropped = self.stats.events_dropped.wrapping_add(dropped);
        Ok(())
    }

    /// Sets the time of what is recorded next, in ms of a clock that never goes back; calls that take a time do it too.
    pub fn tick(&mut self, now_ms: u64) {
        let elapsed = now_ms.saturating_sub(self.now);
        self.now += elapsed;
        self.retry.tick(u32::try_from(elapsed).unwrap_or(u32::MAX));
    }

    /// The link is there again after [`Agent::link_down`]: what waits is sent at once, and if nothing waits a Beat, for the host may have lost what
    /// it knew. The first Hello of a boot comes within the spread of the profile. Without a link that was down it does nothing.
    #[inline(never)]
    pub fn link_up(&mut self, now_ms: u64) {
        self.tick(now_ms);
        if self.session.link_down {
            self.session.link_down = false;
            self.retry.fresh();
            self.retry.set(Timer::Step, 0);
            self.retry.set(Timer::Beat, 0);
            if !self.session.hello_sent {
                self.spread_hello();
            }
        }
    }

    /// The link is gone: nothing is built until [`Agent::link_up`].
    pub fn link_down(&mut self) {
        self.session.link_down = true;
    }

    /// True if the host has acknowledged everything recorded so far.
    #[inline(never)]
    pub fn is_synced(&self) -> bool {
        let session = &self.session;
        session.greeted && !session.dirty() && !session.ask && self.wanted().is_empty() && !self.events.pending()
    }

    /// Counters since boot.
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// The epoch in use, 0 before [`Agent::start`].
    pub const fn epoch(&self) -> u32 {
        self.session.epoch
    }

    /// The facts held, in the order of kind and key: kind, key, value.
    pub fn facts(&self) -> impl Iterator<Item = (Kind, &[u8], &[u8])> {
        let table = &self.table;
        let first = Some(0).filter(|at| *at < table.used());
        core::iter::successors(first, |at| Some(table.next(*at)).filter(|at| *at < table.used()))
            .filter(|at| !table.is_dead(*at))
            .map(|at| (table.kind(at), table.key(at), table.value(at)))
    }

    /// The state of a kind's source, `None` if nothing of it was ever recorded.
    pub fn coverage(&self, kind: Kind) -> Option<Coverage> {
        self.coverage.of(kind)
    }
}

impl Agent<'_> {
    /// Records a fact of one of these kinds, with the key of one and the value of another.
    #[inline(never)]
    pub(crate) fn record_of(
        &mut self,
        kinds: KindMask,
        key: &dyn Fact,
        value: &dyn Fact,
    ) -> Result<Recorded, RecordError> {
        let (kind, fits) = self.key.encode(key);
        if !kinds.has(kind) {
            return Err(RecordError::UnknownKind);
        }
        if self.coverage.is(kind, Coverage::OFF) {
            return Ok(Recorded::SwitchedOff);
        }
        self.coverage.enter_if_unheard(kind, Coverage::PARTIAL);
        let recorded = fits.and_then(|()| self.record_value(value, kind).map_err(|error| self.refused(kind, error)));
        if recorded.is_err() {
            self.overflow(kind);
        }
        recorded
    }

    // Records a value under the key at hand.
    fn record_value(&mut self, fact: &dyn Fact, kind: Kind) -> Result<Recorded, RecordError> {
        let live = self.find_live(kind);
        let mut value = Encoder::compare(live.map_or(&[], |at| self.table.value(at)));
        fact.encode(Part::Value, &mut value);
        let encoded = value.value().map_err(|_| RecordError::TooLong)?;
        if let Some(at) = live.filter(|_| encoded.equal) {
            self.table.set_mark(at, true);
            return Ok(Recorded::Unchanged);
        }
        self.check_fits(encoded.len)?;
        self.change(fact, kind, encoded.len)
    }

    // The fact with the key at hand, unless it is gone.
    fn find_live(&self, kind: Kind) -> Option<usize> {
        self.table.find(kind, self.key.bytes()).ok().filter(|at| !self.table.is_dead(*at))
    }

    // A Range must be able to carry any fact after any key.
    fn check_fits(&mut self, value: usize) -> Result<(), RecordError> {
        let key = self.key.bytes().len();
        let (key, fact) = (self.longest_key.max(key), self.longest_fact.max(key + value));
        if config::mtu_for(key, fact, self.id.as_bytes().len()) > usize::from(self.settings.shape.mtu) {
            return Err(RecordError::TooLong);
        }
        (self.longest_key, self.longest_fact) = (key, fact);
        Ok(())
    }

    fn overflow(&mut self, kind: Kind) {
        if self.coverage.overflow(kind) {
            self.set_by_source(kind, Coverage::PARTIAL);
        }
    }

    pub(crate) fn finish_scan(&mut self, kind: Kind) {
        let mut at = self.table.start_of(kind.0);
        while self.table.is_of(at, kind) {
            let head = self.table.head(at);
            if head.mark() || head.dead() {
                at = self.table.next(at);
            } else {
                self.forget(at); // then a tombstone is there, or the next entry
            }
        }
        self.complete(kind);
    }

    /// Puts `kind`, unless it is switched off, into a state that its source brought about.
    #[inline(always)]
    pub(crate) fn set_by_source(&mut self, kind: Kind, state: Coverage) {
        if !self.coverage.is(kind, Coverage::OFF) {
            self.set_coverage(kind, state);
        }
    }

    #[inline(never)]
    fn set_coverage(&mut self, kind: Kind, state: Coverage) {
        let masks = |coverage: &Coverages| (coverage.compared(), coverage.off());
        let before = masks(&self.coverage);
        let changed = self.coverage.set(kind, state);
        if state != Coverage::COMPLETE {
            self.stamp(KindMask::of(kind), false);
        }
        if masks(&self.coverage) != before {
            self.greet_again();
        }
        if changed {
            self.tell_coverage(kind);
        }
    }

    /// Registers volatile kinds: from now on their facts are digested and sent.
    pub(crate) fn register_volatile(&mut self) {
        if self.session.volatile_ready {
            return;
        }
        self.session.volatile_ready = true;
        self.stamp(KindMask::VOLATILE, false);
    }

    /// Tells a number about the agent itself, if there is room.
    pub(crate) fn tell(&mut self, item: AgentItem, arg: u8, value: u64) {
        self.record(&AgentFact { key: AgentKey { item, arg }, value }).ok();
    }

    fn tell_coverage(&mut self, kind: Kind) {
        if kind == Kind::AGENT {
            return;
        }
        let key = AgentKey { item: AgentItem::COVERAGE, arg: kind.0 };
        let state = self.coverage.of(kind).unwrap_or(Coverage::COMPLETE);
        let fact = AgentFact { key, value: u64::from(state.0) };
        if state == Coverage::COMPLETE {
            self.remove(&fact).ok()
        } else {
            self.record(&fact).ok()
        };
    }

    // Before Hello and while a kind is loading there is nothing to send: Hello or the next one compares digests.
    fn is_stamped(&self, kind: Kind) -> bool {
        self.session.hello_sent && self.is_digested(kind) && !self.coverage.is(kind, Coverage::LOADING)
    }

    fn is_digested(&self, kind: Kind) -> bool {
        !kind.is_volatile() || self.session.volatile_ready
    }

    fn change(&mut self, fact: &dyn Fact, kind: Kind, vlen: usize) -> Result<Recorded, RecordError> {
        let found = self.table.find(kind, self.key.bytes());
        let before = found.map_or(Head::default(), |at| self.table.head(at));
        let mut head = Head::new(kind, self.key.bytes().len(), vlen);
        head.set_mark(true);
        head.changed_at = Moment::of(self.now);
        head.count = before.count;
        if self.is_stamped(kind) {
            head.set_told();
            head.stamp = self.session.seq + 1;
            head.count = head.count.wrapping_add(1);
        }
        let mut has_tombstones = true;
        while self.write_entry(fact, &head).is_err() {
            if !has_tombstones {
                return Err(RecordError::Full);
            }
            self.drop_tombstones();
            has_tombstones = false;
        }
        self.session.seq = self.session.seq.max(head.stamp);
        self.note_due(&before);
        Ok(Recorded::Changed)
    }

    #[inline(always)]
    fn write_entry(&mut self, fact: &dyn Fact, head: &Head) -> Result<(), NoRoom> {
        let key = self.key.bytes();
        let room = self.table.lay(self.table.find(head.kind(), key), head, key)?;
        fact.encode(Part::Value, &mut Encoder::into(room));
        Ok(())
    }

    // The old value under the key at hand is no longer true: it goes, rather than stay as current.
    fn refused(&mut self, kind: Kind, why: RecordError) -> RecordError {
        if let Some(at) = self.find_live(kind) {
            self.forget(at);
        }
        // What the agent tells of itself is no loss of the caller's, and telling of its loss would be another.
        if why == RecordError::Full && kind != Kind::AGENT {
            bump(&mut self.stats.facts_dropped);
            self.tell(AgentItem::FACTS_DROPPED, 0, u64::from(self.stats.facts_dropped));
        }
        why
    }

    fn forget(&mut self, at: usize) {
        let before = self.table.head(at);
        let kind = before.kind();
        if !self.is_stamped(kind) {
            self.table.remove(at);
            return;
        }
        self.session.seq += 1;
        self.table.kill(at, self.session.seq, Moment::of(self.now));
        self.note_due(&before);
    }

    // A fact that changes again within the hold-down waits for its end; everything else is due at once.
    fn note_due(&mut self, before: &Head) {
        let since = before.changed_at.age_ms(self.now);
        let wait = if before.told() { self.settings.hold_down_ms.saturating_sub(since) } else { 0 };
        self.retry.hasten(Timer::News, wait);
    }

    // What the entry adds to its kind's digest.
    pub(crate) fn hash_of(&self, at: usize) -> u64 {
        let kind = self.table.kind(at);
        if self.table.is_dead(at) || !self.is_digested(kind) {
            return 0;
        }
        digest::hash(self.keys.digest, kind, self.table.key(at), self.table.value(at))
    }

    /// Stamps what was recorded while nothing of these kinds was sent, or everything, to be told `anew`.
    #[inline(never)]
    pub(crate) fn stamp(&mut self, kinds: KindMask, anew: bool) {
        let mut at = 0;
        while at < self.table.used() {
            let kind = self.table.kind(at);
            if kinds.has(kind) && self.is_stamped(kind) && (anew || self.table.stamp(at) == 0) {
                self.session.seq += 1;
                self.table.set_stamp(at, self.session.seq);
                self.retry.set(Timer::News, 0);
            }
            at = self.table.next(at);
        }
    }

    // Changing a mask sends a Hello; what the host wanted before it still gets.
    pub(crate) fn greet_again(&mut self) {
        if self.session.hello_sent && !self.settings.shape.is_one_way() {
            let want = self.wanted();
            self.session.rehello();
            self.session.want = want;
            self.retry.set(Timer::Step, 0);
        }
    }

    // Gives up tombstones of compared kinds: the kinds are range-replaced, which implies the deletions. A pass that may have gone by one, or an
    // open chunk that may be older than it, makes a second pass.
    fn drop_tombstones(&mut self) {
        let mut at = 0;
        while at < self.table.used() {
            let kind = self.table.kind(at);
            if !self.table.is_dead(at) || !self.coverage.is(kind, Coverage::COMPLETE) {
                at = self.table.next(at);
                continue;
            }
            if !self.settings.shape.is_one_way() {
                if self.passed(kind, at) {
                    self.session.again.insert(kind);
                }
                self.session.want.insert(kind);
            }
            self.table.remove(at);
            bump(&mut self.stats.tombstones_dropped);
        }
    }

    fn passed(&self, kind: Kind, at: usize) -> bool {
        let session = &self.session;
        let in_flight = session.open && session.body == crate::sync::Body::Range && session.chunk.kinds.has(kind);
        let behind = kind.0 < session.chunk.kind
            || (kind.0 == session.chunk.kind && session.chunk.inside && at < self.table.cursor);
        session.want.has(kind) && (in_flight || behind)
    }
}
