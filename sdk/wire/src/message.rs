//! Bodies in both directions (SPEC §3, §4).
//!
//! Reading checks the whole body first: what comes out of [`Uplink::read`] can be walked without an error in the middle.

use crate::cursor::{Fields, Reader, Writer};
use crate::event::{Section, Severity};
use crate::record::Records;
use crate::segment::Segments;
use crate::{KindMask, Malformed};

/// Uplink body types.
pub mod head {
    /// The device starts an epoch.
    pub const HELLO: u8 = 0;
    /// What changed.
    pub const DELTA: u8 = 1;
    /// All facts within intervals of keys.
    pub const RANGE: u8 = 2;
    /// Nothing changed.
    pub const BEAT: u8 = 3;
    /// Digest of each kind.
    pub const BUCKETS: u8 = 4;
    /// Mask of the type within the head byte.
    pub const TYPE: u8 = 0x0F;
    /// An event section follows.
    pub const EVENTS: u8 = 0x80;
    /// A Delta carries a digest.
    pub const DIGEST: u8 = 0x40;
    /// A Hello echoes a challenge.
    pub const CHALLENGE: u8 = 0x20;
    /// A Hello names the collector instance last seen.
    pub const INSTANCE: u8 = 0x10;
    /// In every type but Hello: the sender cannot hear.
    pub const ONE_WAY: u8 = 0x10;

    /// The bits that a body type defines; any other one set makes the packet malformed.
    pub(super) const fn allowed(body_type: u8) -> u8 {
        match body_type {
            HELLO => TYPE | CHALLENGE | INSTANCE,
            DELTA => TYPE | EVENTS | DIGEST | ONE_WAY,
            RANGE | BEAT | BUCKETS => TYPE | EVENTS | ONE_WAY,
            _ => u8::MAX,
        }
    }
}

/// Why a device started (SPEC §3); an open registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BootReason(pub u8);

impl BootReason {
    /// Not known.
    pub const UNKNOWN: Self = Self(0);
    /// Power came on.
    pub const POWER_ON: Self = Self(1);
    /// The supply dipped.
    pub const BROWN_OUT: Self = Self(2);
    /// The reset pin.
    pub const RESET_PIN: Self = Self(3);
    /// The firmware asked for it.
    pub const SOFTWARE: Self = Self(4);
    /// The watchdog.
    pub const WATCHDOG: Self = Self(5);
    /// A fault or lock-up.
    pub const FAULT: Self = Self(6);
    /// Wake from a sleep that loses RAM.
    pub const WAKE: Self = Self(7);
    /// New firmware.
    pub const UPDATE: Self = Self(8);
    /// A debugger.
    pub const DEBUGGER: Self = Self(9);

    /// The name in SPEC §3, if the number has one.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "unknown",
            1 => "power-on",
            2 => "brown-out",
            3 => "reset pin",
            4 => "software",
            5 => "watchdog",
            6 => "fault",
            7 => "wake",
            8 => "firmware update",
            9 => "debugger",
            _ => return None,
        })
    }
}

/// What Hello and Buckets share: where the device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Changes recorded in this epoch.
    pub seq: u32,
    /// Kinds that are complete and digested.
    pub compared: KindMask,
    /// Kinds switched off.
    pub off: KindMask,
    /// The last epoch acknowledged within this boot, or 0.
    pub acc_epoch: u32,
    /// Digest over the compared kinds.
    pub total: u64,
}

impl Standing {
    fn read_masks(from: &mut Reader<'_>, seq: u32) -> Result<Self, Malformed> {
        let (compared, off) = (KindMask(from.u32()?), KindMask(from.u32()?));
        if !compared.intersection(off).is_empty() {
            return Err(Malformed);
        }
        Ok(Self { seq, compared, off, acc_epoch: from.u32()?, total: from.u64le()? })
    }

    fn write_masks(&self, out: &mut Writer<'_>) {
        out.u32(self.compared.0).u32(self.off.0).u32(self.acc_epoch).u64le(self.total);
    }
}

/// The first message of an epoch, and of each change of masks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hello {
    /// Where the device stands.
    pub standing: Standing,
    /// Minor wire revision.
    pub minor: u8,
    /// The firmware's own revision of what it records.
    pub schema_rev: u32,
    /// Why the device started.
    pub boot_reason: BootReason,
    /// Time since boot in s.
    pub uptime_s: u32,
    /// Resets counted by the firmware.
    pub resets: u32,
    /// Answer to an Ack that carried a challenge.
    pub challenge: Option<[u8; 8]>,
    /// The collector instance last seen.
    pub instance: Option<u32>,
}

impl Hello {
    /// Writes the body.
    pub fn write(&self, out: &mut Writer<'_>) {
        let challenge = if self.challenge.is_some() { head::CHALLENGE } else { 0 };
        let instance = if self.instance.is_some() { head::INSTANCE } else { 0 };
        out.u8(head::HELLO | challenge | instance).u32(self.standing.seq).u8(self.minor).u32(self.schema_rev);
        self.standing.write_masks(out);
        out.u8(self.boot_reason.0).u32(self.uptime_s).u32(self.resets);
        if let Some(challenge) = self.challenge {
            out.raw(&challenge);
        }
        if let Some(instance) = self.instance {
            out.u32le(instance);
        }
    }

    fn read(first: u8, from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let seq = from.u32()?;
        let (minor, schema_rev) = (from.u8()?, from.u32()?);
        Ok(Self {
            minor,
            schema_rev,
            standing: Standing::read_masks(from, seq)?,
            boot_reason: BootReason(from.u8()?),
            uptime_s: from.u32()?,
            resets: from.u32()?,
            challenge: if first & head::CHALLENGE == 0 { None } else { Some(from.array()?) },
            instance: if first & head::INSTANCE == 0 { None } else { Some(from.u32le()?) },
        })
    }
}

/// What an uplink body says, besides events.
#[derive(Debug, Clone, Copy)]
pub enum Message<'a> {
    /// The device starts an epoch or changed its masks.
    Hello(Hello),
    /// Everything that changed in `(base, upto]`.
    Delta {
        /// Changes up to here are not in it.
        base: u32,
        /// Changes up to here are.
        upto: u32,
        /// Low 32 bits of the total digest.
        digest: Option<u32>,
        /// The changes.
        records: Records<'a>,
    },
    /// Complete intervals of keys.
    Range {
        /// The seq that they reflect.
        as_of: u32,
        /// The intervals.
        segments: Segments<'a>,
    },
    /// Nothing new.
    Beat {
        /// Where the device stands.
        seq: u32,
        /// Low 32 bits of the total digest.
        digest: u32,
    },
    /// Digest of each compared kind.
    Buckets {
        /// Where the device stands.
        standing: Standing,
        /// Low 32 bits of each compared kind's digest, ascending.
        digests: Digests<'a>,
    },
    /// A type of a later revision.
    Unknown(u8),
}

/// The digests of a Buckets body.
#[derive(Debug, Clone, Copy)]
pub struct Digests<'a> {
    compared: KindMask,
    bytes: &'a [u8],
}

impl Digests<'_> {
    /// Each compared kind with the low 32 bits of its digest.
    pub fn iter(&self) -> impl Iterator<Item = (crate::Kind, u32)> + '_ {
        let mut from = Reader::new(self.bytes);
        self.compared.iter().map_while(move |kind| Some((kind, from.u32le().ok()?)))
    }
}

/// A checked uplink body.
#[derive(Debug, Clone, Copy)]
pub struct Uplink<'a> {
    /// The sender cannot hear: no answer is due.
    pub one_way: bool,
    /// What happened.
    pub events: Section<'a>,
    /// What is.
    pub message: Message<'a>,
}

impl<'a> Uplink<'a> {
    /// Reads a whole body.
    ///
    /// # Errors
    /// [`Malformed`] if any part of it is; then nothing of it counts.
    pub fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(body);
        let first = from.u8()?;
        if first & !head::allowed(first & head::TYPE) != 0 {
            return Err(Malformed);
        }
        let hello = first & head::TYPE == head::HELLO;
        let events = if first & head::EVENTS == 0 { Section::default() } else { Section::read(&mut from)? };
        let message = Message::read(first, from)?;
        Ok(Self { one_way: !hello && first & head::ONE_WAY != 0, events, message })
    }
}

impl<'a> Message<'a> {
    fn read(first: u8, mut from: Reader<'a>) -> Result<Self, Malformed> {
        Ok(match first & head::TYPE {
            head::HELLO => Self::Hello(Hello::read(first, &mut from)?),
            head::DELTA => Self::delta(first, from)?,
            head::RANGE => {
                let as_of = from.u32()?;
                let segments = Segments::new(from.rest());
                segments.into_iter().try_for_each(|segment| segment.map(drop))?;
                Self::Range { as_of, segments }
            }
            head::BEAT => Self::Beat { seq: from.u32()?, digest: from.u32le()? },
            head::BUCKETS => Self::buckets(from)?,
            other => Self::Unknown(other),
        })
    }

    fn delta(first: u8, mut from: Reader<'a>) -> Result<Self, Malformed> {
        let base = from.u32()?;
        let upto = base.checked_add(from.u32()?).ok_or(Malformed)?;
        let digest = if first & head::DIGEST == 0 { None } else { Some(from.u32le()?) };
        let records = Records::new(from.rest());
        records.into_iter().try_for_each(|record| record.map(drop))?;
        Ok(Self::Delta { base, upto, digest, records })
    }

    fn buckets(mut from: Reader<'a>) -> Result<Self, Malformed> {
        let seq = from.u32()?;
        let standing = Standing::read_masks(&mut from, seq)?;
        let bytes = from.take(standing.compared.0.count_ones() as usize * 4)?;
        Ok(Self::Buckets { standing, digests: Digests { compared: standing.compared, bytes } })
    }
}

/// Writes the fields of a Buckets body up to the digests; each compared kind's `u32le` follows.
pub fn write_buckets(out: &mut Writer<'_>, standing: &Standing) {
    out.u32(standing.seq);
    standing.write_masks(out);
}

/// Flags of an Ack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AckFlags(pub u8);

impl AckFlags {
    /// The epoch is not known: send Hello.
    pub const NEED_HELLO: Self = Self(1);
    /// Send Buckets.
    pub const ASK: Self = Self(2);
    /// The body was refused; event marks count all the same.
    pub const NOT_APPLIED: Self = Self(4);
    /// The body's type is not known.
    pub const UNSUPPORTED: Self = Self(8);

    /// The instance is told.
    pub const INSTANCE: Self = Self(0x10);
    /// A pause is asked for.
    pub const RETRY_AFTER: Self = Self(0x20);
    /// A challenge is there.
    pub const CHALLENGE: Self = Self(0x40);
    /// A command is there.
    pub const COMMAND: Self = Self(0x80);

    /// True if all of `flags` are set.
    pub const fn has(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// With `flags` set if `on`.
    #[must_use]
    pub const fn with(self, flags: Self, on: bool) -> Self {
        if on { Self(self.0 | flags.0) } else { self }
    }
}

/// An order to the device, executed once an epoch for each id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command<'a> {
    /// Chosen by the host.
    pub id: u32,
    /// What to do.
    pub code: u16,
    /// With what: at most 64 bytes.
    pub args: &'a [u8],
}

impl Command<'_> {
    /// Longest args in bytes.
    pub const MAX_ARGS: usize = 64;
}

/// The host's answer: everything it knows, each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ack<'a> {
    /// The ctr of the packet that is answered.
    pub echo: u64,
    /// Refusals and requests; the presence bits are set when it is written.
    pub flags: AckFlags,
    /// The highest seq of this epoch that the host holds.
    pub applied: u32,
    /// Kinds wanted as Range.
    pub want: KindMask,
    /// Highest event number held, by severity.
    pub marks: [u32; Severity::COUNT],
    /// Which database answers.
    pub instance: Option<u32>,
    /// Do not send for so many s.
    pub retry_after_s: Option<u32>,
    /// To be echoed in Hello.
    pub challenge: Option<[u8; 8]>,
    /// An order.
    pub command: Option<Command<'a>>,
}

/// A downlink body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downlink<'a> {
    /// The usual answer.
    Ack(Ack<'a>),
    /// The epoch is older than the known one.
    Stale {
        /// The ctr of the packet that is answered.
        echo: u64,
        /// The newest epoch that the host has seen.
        known: u32,
    },
    /// A type of a later revision.
    Unknown {
        /// The ctr of the packet that is answered.
        echo: u64,
        /// Its number.
        number: u8,
    },
}

impl<'a> Downlink<'a> {
    /// The ctr of the packet that is answered.
    pub const fn echo(&self) -> u64 {
        match self {
            Self::Ack(ack) => ack.echo,
            Self::Stale { echo, .. } | Self::Unknown { echo, .. } => *echo,
        }
    }

    /// Writes the body; `Unknown` is written as its number and echo alone.
    pub fn write(&self, out: &mut Writer<'_>) {
        match self {
            Self::Ack(ack) => ack.write(out),
            Self::Stale { echo, known } => {
                out.u8(Answer::STALE).varint(*echo).u32(*known);
            }
            Self::Unknown { echo, number } => {
                out.u8(*number).varint(*echo);
            }
        }
    }

    /// Reads a whole body.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(body);
        let (number, echo) = (from.u8()?, from.varint((1 << 56) - 1)?);
        let Answer { flags, mut fields, .. } = Answer::after(number, 0, Fields::new(from.rest()))?;
        let downlink = match number {
            Answer::ACK => Self::Ack(Ack::read(echo, flags, &mut fields)),
            Answer::STALE => Self::Stale { echo, known: fields.u32() },
            _ => Self::Unknown { echo, number },
        };
        fields.check().map(|()| downlink)
    }
}

/// A downlink body that was checked, its fields still to be read in the order of SPEC §4: for a device, which has no room for an [`Ack`]. A command
/// is not checked, for a device of this revision reads none.
#[derive(Debug)]
pub struct Answer<'a> {
    /// [`Answer::ACK`], [`Answer::STALE`], or the type of a later revision.
    pub number: u8,
    /// The ctr of the packet that is answered; a device counts to 2³² at most.
    pub echo: u32,
    /// Requests of an Ack, and which optional fields it has.
    pub flags: AckFlags,
    /// What follows; none of it can fail but a command.
    pub fields: Fields<'a>,
}

impl<'a> Answer<'a> {
    /// The usual answer.
    pub const ACK: u8 = 0;
    /// The epoch is older than the known one.
    pub const STALE: u8 = 1;

    /// Checks a body up to its command.
    ///
    /// # Errors
    /// [`Malformed`] if any part of that is.
    pub fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = Fields::new(body);
        let (number, echo) = (from.u8(), from.u32());
        Self::after(number, echo, from)
    }

    // The rest of a body.
    fn after(number: u8, echo: u32, mut from: Fields<'a>) -> Result<Self, Malformed> {
        let flags = AckFlags(if number == Self::ACK { from.u8() } else { 0 });
        let fields = from;
        let words = match number {
            Self::ACK => 2 + Severity::COUNT,
            Self::STALE => 1,
            _ => 0,
        };
        for _ in 0..words {
            from.u32();
        }
        if flags.has(AckFlags::INSTANCE) {
            from.u32le();
        }
        if flags.has(AckFlags::RETRY_AFTER) {
            from.u32();
        }
        if flags.has(AckFlags::CHALLENGE) {
            from.u32le();
            from.u32le();
        }
        from.check().map(|()| Self { number, echo, flags, fields })
    }
}

impl<'a> Ack<'a> {
    fn write(&self, out: &mut Writer<'_>) {
        let flags = self
            .flags
            .with(AckFlags::INSTANCE, self.instance.is_some())
            .with(AckFlags::RETRY_AFTER, self.retry_after_s.is_some())
            .with(AckFlags::CHALLENGE, self.challenge.is_some())
            .with(AckFlags::COMMAND, self.command.is_some());
        out.u8(Answer::ACK).varint(self.echo).u8(flags.0).u32(self.applied).u32(self.want.0);
        for mark in self.marks {
            out.u32(mark);
        }
        if let Some(instance) = self.instance {
            out.u32le(instance);
        }
        if let Some(seconds) = self.retry_after_s {
            out.u32(seconds);
        }
        if let Some(challenge) = self.challenge {
            out.raw(&challenge);
        }
        if let Some(command) = self.command {
            out.u32(command.id).u32(command.code.into()).bytes(command.args);
        }
    }
}

impl<'a> Ack<'a> {
    fn read(echo: u64, flags: AckFlags, from: &mut Fields<'a>) -> Self {
        Self {
            echo,
            flags,
            applied: from.u32(),
            want: KindMask(from.u32()),
            marks: core::array::from_fn(|_| from.u32()),
            instance: flags.has(AckFlags::INSTANCE).then(|| from.u32le()),
            retry_after_s: flags.has(AckFlags::RETRY_AFTER).then(|| from.u32()),
            challenge: flags.has(AckFlags::CHALLENGE).then(|| core::array::from_fn(|_| from.u8())),
            command: flags.has(AckFlags::COMMAND).then(|| Command::read(from)),
        }
    }
}

impl<'a> Command<'a> {
    fn read(from: &mut Fields<'a>) -> Self {
        Self { id: from.u32(), code: from.u16(), args: from.bytes(Self::MAX_ARGS) }
    }
}
