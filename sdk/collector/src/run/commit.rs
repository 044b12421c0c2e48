//! Group commit: takes what all listeners have, applies it in one transaction, and answers only when that is on the disk.
//!
//! One thread owns the database and all devices. It waits for nothing but packets and the disk: packets that arrive during a commit form the next batch,
//! so the batches grow with the load and an idle collector answers at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::challenge::Challenges;
use super::envelope::{self, Letter, Refused};
use super::fleet::{Fleet, Refusal};
use super::inbox::{Parcel, Replies, ReplyTo, Source};
use super::ledger::Ledger;
use super::plain::PlainDevices;
use super::printer::Printer;
use super::record::Recorder;
use super::refused::RefusedDevices;
use super::requests::Requests;
use super::say::say;
use super::tally::Tally;
use crate::device_id::DeviceId;
use crate::effects::Effects;
use crate::keys::Keyring;
use crate::store::{Batch, Request, Store, StoreError, query, unix_now_ms};

/// Packets in one transaction, at most; one parcel may go past it.
const BATCH_PACKETS: usize = 8_192;
/// How long a transaction takes packets in, at most: a multiple of what the last commit took, so that most of the time under load goes into
/// packets and not into flushing; within these bounds. An inbox that is empty ends it at once.
const BATCH_TIME: Duration = Duration::from_millis(5);
const LONGEST_BATCH_TIME: Duration = Duration::from_millis(50);
const BATCH_TO_COMMIT: u32 = 8;
/// How often an idle collector looks for requests, signals, and its file.
const TICK: Duration = Duration::from_millis(100);
/// How often what takes too much memory is let go.
const TRIM: Duration = Duration::from_secs(1);

/// The thread's whole estate.
pub struct Committer {
    store: Store,
    desk: Desk,
}

/// Everything but the database, which a batch borrows.
struct Desk {
    keys: Keyring,
    challenges: Challenges,
    refused: RefusedDevices,
    plain: PlainDevices,
    fleet: Fleet,
    requests: Requests,
    tally: Tally,
    printer: Option<Printer>,
    /// The packet at hand, opened in place; and what it did.
    opened: Vec<u8>,
    effects: Effects,
    ledger: Ledger,
    answers: Vec<(ReplyTo, Replies)>,
    seen_version: Option<i64>,
    seen_generation: Option<i64>,
    batch_time: Duration,
}

impl Committer {
    /// Takes over the database.
    #[must_use]
    pub fn new(store: Store, keys: Keyring, challenges: Challenges, fleet: Fleet, printer: Option<Printer>) -> Self {
        let desk = Desk {
            keys,
            challenges,
            refused: RefusedDevices::default(),
            plain: PlainDevices::default(),
            fleet,
            printer,
            requests: Requests::default(),
            tally: Tally::default(),
            opened: Vec::new(),
            effects: Effects::new(),
            ledger: Ledger::default(),
            answers: Vec::new(),
            seen_version: None,
            seen_generation: None,
            batch_time: BATCH_TIME,
        };
        Self { store, desk }
    }

    /// Works until told to stop; what was taken in by then is committed and answered.
    ///
    /// # Errors
    /// The database's trouble; nothing is answered that is not stored.
    pub fn work(mut self, inbox: &Receiver<Parcel>, stop: &AtomicBool) -> Result<(), StoreError> {
        let mut trimmed = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            match inbox.recv_timeout(TICK) {
                Ok(parcel) => self.commit(Some(parcel), inbox)?,
                Err(RecvTimeoutError::Timeout) => self.look_around(inbox)?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if trimmed.elapsed() > TRIM {
                self.desk.fleet.trim();
                self.desk.reread_keys();
                trimmed = Instant::now();
            }
        }
        self.desk.tally.make_due();
        self.commit(None, inbox)
    }

    fn look_around(&mut self, inbox: &Receiver<Parcel>) -> Result<(), StoreError> {
        self.store.check_file()?;
        let seen = self.desk.seen_version == Some(query::data_version(&self.store.db)?);
        if !seen || self.desk.tally.is_due() {
            self.commit(None, inbox)?;
        }
        self.store.checkpoint(true)
    }

    fn commit(&mut self, first: Option<Parcel>, inbox: &Receiver<Parcel>) -> Result<(), StoreError> {
        let batch = self.store.begin()?;
        self.desk.catch_up(&batch)?;
        self.desk.take_all(&batch, first, inbox)?;
        self.desk.save(&batch)?;
        let began = Instant::now();
        batch.commit()?;
        self.desk.batch_time = (began.elapsed() * BATCH_TO_COMMIT).clamp(BATCH_TIME, LONGEST_BATCH_TIME);
        self.store.check_file()?;
        self.desk.deliver();
        self.store.checkpoint(false)
    }
}

impl Desk {
    /// Sees what other processes committed since the last batch.
    fn catch_up(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        let version = Some(batch.data_version()?);
        if self.seen_version == version {
            return Ok(());
        }
        self.seen_version = version;
        batch.check_schema()?;
        let generation = Some(batch.generation()?);
        if self.seen_generation == generation {
            return Ok(());
        }
        self.seen_generation = generation;
        self.fleet.reload(batch)?;
        for request in self.requests.reload(batch)? {
            self.take_request(batch, &request)?;
        }
        Ok(())
    }

    /// Takes a changed key file in; one that cannot be used changes nothing.
    fn reread_keys(&mut self) {
        match self.keys.reread() {
            Ok(false) => {}
            Ok(true) => {
                self.fleet.clear();
                say(format_args!("the key file was read anew"));
            }
            Err(error) => say(format_args!("the keys stay as they were: {error}")),
        }
    }

    fn take_request(&mut self, batch: &Batch<'_>, request: &Request) -> Result<(), StoreError> {
        let now_ms = unix_now_ms();
        let Ok(member) = self.fleet.admit(&self.keys, batch, request.device, now_ms)? else {
            return batch.request_done(request.n, now_ms);
        };
        self.effects.clear();
        member.replica.ask(&mut self.effects);
        let mut recorder = Recorder { batch, at_ms: now_ms, ledger: &mut self.ledger, tally: &mut self.tally };
        recorder.record(&member.row, &self.effects)?;
        self.fleet.note_change(&request.device);
        self.requests.watch(request);
        batch.request_taken(request.n, now_ms)
    }

    fn take_all(
        &mut self,
        batch: &Batch<'_>,
        first: Option<Parcel>,
        inbox: &Receiver<Parcel>,
    ) -> Result<(), StoreError> {
        let (began, mut packets) = (Instant::now(), 0);
        let mut next = first;
        while let Some(parcel) = next {
            packets += parcel.packets.len();
            self.take(batch, parcel)?;
            let room = packets < BATCH_PACKETS && began.elapsed() < self.batch_time;
            next = if room { inbox.try_recv().ok() } else { None };
        }
        Ok(())
    }

    fn take(&mut self, batch: &Batch<'_>, parcel: Parcel) -> Result<(), StoreError> {
        let Parcel { from, packets, spoiled, reply_to } = parcel;
        if spoiled > 0 {
            self.tally.refuse("refused_frame", spoiled.into(), &from, "a frame that is cut short or too long");
        }
        let mut replies = Replies::default();
        for packet in packets.iter() {
            self.take_packet(batch, packet, &from, &mut replies)?;
        }
        self.answers.push((reply_to, replies));
        Ok(())
    }

    fn take_packet(
        &mut self,
        batch: &Batch<'_>,
        packet: &[u8],
        from: &Source,
        replies: &mut Replies,
    ) -> Result<(), StoreError> {
        let mut bytes = std::mem::take(&mut self.opened);
        bytes.clear();
        bytes.extend_from_slice(packet);
        match envelope::open(&self.keys, from.device, &mut bytes) {
            Ok(letter) => self.receive(batch, &letter, from, replies)?,
            Err(refused) => self.refuse(&refused, from),
        }
        self.opened = bytes;
        Ok(())
    }

    fn refuse(&mut self, refused: &Refused, from: &Source) {
        let Refused { device, why } = refused;
        let sentence = match device {
            Some(device) => format!("{device}: {}; {}", why.reason(), why.remedy()),
            None => why.reason(),
        };
        self.tally.refuse(why.counter(), 1, from, &sentence);
        if let Some(device) = device {
            self.refused.note(*device, *why, unix_now_ms());
        }
    }

    fn receive(
        &mut self,
        batch: &Batch<'_>,
        letter: &Letter<'_>,
        from: &Source,
        replies: &mut Replies,
    ) -> Result<(), StoreError> {
        let (id, at_ms) = (letter.device, unix_now_ms());
        let member = match self.fleet.admit(&self.keys, batch, id, at_ms)? {
            Ok(member) => member,
            Err(refusal) => {
                self.tally.refuse(refusal.counter(), 1, from, &refusal.sentence(&id));
                return Ok(());
            }
        };
        if letter.seal.is_sealed()
            && member.is_stranger()
            && let Some(demand) = self.challenges.demand(&id, &letter.opened)
        {
            replies.packets.push(&envelope::seal(&self.keys, &id, &letter.seal, &demand));
            self.tally.add("challenged", 1);
            self.fleet.drop_stranger(&id);
            return Ok(());
        }
        self.effects.clear();
        match member.replica.receive(letter.opened, at_ms.max(0) as u64, &mut self.effects) {
            Ok(reply) => {
                let mut recorder = Recorder { batch, at_ms, ledger: &mut self.ledger, tally: &mut self.tally };
                recorder.record(&member.row, &self.effects)?;
                let answer = reply.map(|reply| envelope::seal(&self.keys, &id, &letter.seal, &reply));
                answer.iter().for_each(|packet| replies.packets.push(packet));
                self.tally.add(if self.effects.state_changed() { "accepted" } else { "not_taken" }, 1);
            }
            Err(_) => self.tally.refuse("refused_body", 1, from, &format!("{id}: malformed body")),
        }
        if self.effects.state_changed() {
            member.heard(at_ms, &from.name);
            if !letter.seal.is_sealed() {
                self.plain.heard(&id);
            }
            self.fleet.note_change(&id);
            replies.accepted += 1;
        } else {
            self.fleet.drop_stranger(&id);
        }
        Ok(())
    }

    /// Counters alone are no reason to write to the disk each time.
    fn save(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        self.ledger.write(batch)?;
        let (requests, now_ms) = (&mut self.requests, unix_now_ms());
        let saved = self.fleet.save(batch, |row| requests.close_fulfilled(batch, row, now_ms))?;
        if saved > 0 || self.tally.is_due() {
            self.refused.save(batch)?;
            self.tally.save(batch)?;
        }
        Ok(())
    }

    fn deliver(&mut self) {
        self.answers.drain(..).for_each(|(to, replies)| to.send(replies));
        let lines = self.ledger.take_lines();
        if let Some(printer) = self.printer.as_mut().filter(|_| !lines.is_empty()) {
            printer.show(lines);
        }
    }
}

impl Refusal {
    fn counter(self) -> &'static str {
        match self {
            Self::Unknown => "refused_unknown_device",
            Self::Quarantined => "refused_quarantined",
            Self::TooMany => "refused_too_many_devices",
        }
    }

    fn sentence(self, id: &DeviceId) -> String {
        match self {
            Self::Unknown => format!("{id} is not known, and --unknown refuse is set"),
            Self::Quarantined => format!("{id} is quarantined; `name {id} NAME` lets it in"),
            Self::TooMany => format!("{id} is new, and --max-devices are known; `forget` one or raise the limit"),
        }
    }
}
