//! What is so: the plain model beside the agent, and the memory of everything that ever was.
//!
//! It knows nothing of packets, epochs or digests; it only judges what the host says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use tidings_collector::effects::{Change, Event, Op};

/// Ages are told to this many ms.
const TICK_MS: u64 = 64;

/// Kind and key of a fact.
pub type FactKey = (u8, Vec<u8>);

/// From this age on times may be told as "that or more": 2³⁰ ms, 12 days.
const OLD_MS: u64 = 1 << 30;

/// An event that was recorded on the device.
#[derive(Debug, Clone, Copy)]
struct Happened {
    severity: u8,
    number: u32,
    at: u64,
}

/// When a packet left and arrived, and how far the host's clock is ahead.
#[derive(Debug, Clone, Copy)]
pub struct Journey {
    /// Departure.
    pub sent_at: u64,
    /// Arrival.
    pub arrived_at: u64,
    /// Host's clock minus device's clock.
    pub ahead: u64,
}

/// The device as it is, and as it was.
#[derive(Debug, Default)]
pub struct Truth {
    /// What the sources would list.
    pub real: BTreeMap<FactKey, Vec<u8>>,
    /// What the agent was told and must hold.
    pub held: BTreeMap<FactKey, Vec<u8>>,
    had: HashSet<u64>,
    gone: HashSet<FactKey>,
    /// The epoch store went back once: a life may bear the epoch of another.
    pub epochs_repeat: bool,
    changed: HashMap<FactKey, Vec<u64>>,
    events: Vec<Happened>,
    /// Events recorded in this boot, by severity.
    pub heads: [u32; 4],
    /// Changes that the host told, and that the device made, while both counted.
    pub told_changes: u64,
    /// See `told_changes`.
    pub made_changes: u64,
    /// Counting is on.
    pub counting: bool,
}

fn hash(kind: u8, key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, key, value).hash(&mut hasher);
    hasher.finish()
}

impl Truth {
    /// A source has this now.
    pub fn is(&mut self, key: FactKey, value: Vec<u8>) {
        self.had.insert(hash(key.0, &key.1, &value));
        self.real.insert(key, value);
    }

    /// A source has it no longer.
    pub fn is_gone(&mut self, key: &FactKey) {
        if self.real.remove(key).is_some() {
            self.gone.insert(key.clone());
        }
    }

    /// The agent took it.
    pub fn hold(&mut self, key: &FactKey, value: &[u8], now: u64) {
        if self.held.insert(key.clone(), value.to_vec()).as_deref() != Some(value) {
            self.note_change(key, now);
        }
    }

    /// The agent let it go.
    pub fn let_go(&mut self, key: &FactKey, now: u64) {
        if self.held.remove(key).is_some() {
            self.gone.insert(key.clone());
            self.note_change(key, now);
        }
    }

    fn note_change(&mut self, key: &FactKey, now: u64) {
        self.changed.entry(key.clone()).or_default().push(now);
        self.made_changes += u64::from(self.counting);
    }

    /// The power went: the agent holds nothing.
    pub fn reboot(&mut self) {
        self.held.clear();
        // Measurements do not outlive a boot: that they are no longer told is no removal.
        self.real.retain(|key, _| key.0 != 7);
        self.heads = [0; 4];
    }

    /// The user switched `kind` off.
    pub fn withdraw(&mut self, kind: u8) {
        self.held.retain(|key, _| key.0 != kind);
    }

    /// An event was recorded; gives its name.
    pub fn happened(&mut self, severity: u8, at: u64) -> u32 {
        let head = &mut self.heads[usize::from(severity)];
        *head += 1;
        self.events.push(Happened { severity, number: *head, at });
        self.events.len() as u32 - 1
    }

    /// How many events were recorded.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    /// Whether the host may tell this of a fact.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge_change(&mut self, change: &Change<'_>, journey: Journey) -> Result<(), String> {
        self.told_changes += if self.counting && change.kind != 8 { u64::from(change.times) } else { 0 };
        let what = || format!("{} {} {:?}", change.op.as_str(), change.kind, String::from_utf8_lossy(change.key));
        let key = (change.kind, change.key.to_vec());
        let of_agent = change.kind == 8;
        match change.op {
            Op::Added | Op::Changed
                if !of_agent && !self.had.contains(&hash(change.kind, change.key, change.value)) =>
            {
                return Err(format!("a value that never was: {}", what()));
            }
            // A host takes a life for the one before under its epoch, whose measurements this one then lacks.
            Op::Removed if change.kind == 7 && self.epochs_repeat => {}
            Op::Removed if !of_agent && !self.gone.contains(&key) => {
                return Err(format!("a removal that never was: {}", what()));
            }
            _ => {}
        }
        let Some(told) = change.changed_at_ms.filter(|_| !of_agent) else { return Ok(()) };
        let age = journey.arrived_at + journey.ahead - told;
        let near = |at: &u64| journey.sent_at.saturating_sub(*at).abs_diff(age) < TICK_MS;
        let old = |at: &u64| age == u64::from(u32::MAX) && journey.sent_at.saturating_sub(*at) >= OLD_MS;
        match self.changed.get(&key) {
            Some(times) if times.iter().any(|at| near(at) || old(at)) => Ok(()),
            // The packet of an earlier boot may come late.
            None => Ok(()),
            times => Err(format!("a time that never was: {} age {age} sent at {} {times:?}", what(), journey.sent_at)),
        }
    }

    /// Whether the host may tell this event; gives its name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge_event(&self, event: &Event<'_>, journey: Journey) -> Result<u32, String> {
        let name = event.data.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)).ok_or("an event without name")?;
        let happened = self.events.get(name as usize).ok_or("an event that never happened")?;
        if (happened.severity, happened.number) != (event.severity, event.number) {
            return Err(format!("event {name} is {happened:?}, told as {} #{}", event.severity, event.number));
        }
        let at_ms = event.at_ms.ok_or("an event of no known time")?;
        let age = journey.arrived_at + journey.ahead - at_ms;
        let true_age = journey.sent_at.saturating_sub(happened.at);
        let old = age == u64::from(u32::MAX) && true_age >= OLD_MS;
        if age.abs_diff(true_age) < TICK_MS || old {
            Ok(name)
        } else {
            Err(format!("event {name} is {true_age} ms old, told as {age}"))
        }
    }
}
