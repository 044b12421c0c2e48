//! Records of a Delta (SPEC §3): one change each.

use crate::cursor::{Reader, Writer};
use crate::{Kind, Malformed};

const REMOVE: u8 = 1;
const TOLD: u8 = 2;
const EXTENSION: u8 = 0x80;

/// The tag of a record: `removed` if the fact is gone, `told` if age and count follow.
pub const fn tag(kind: Kind, removed: bool, told: bool) -> u8 {
    kind.0 << 2 | if removed { REMOVE } else { 0 } | if told { TOLD } else { 0 }
}

/// When a change happened and how many there were; outside value and digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Time since the change in ms; `u32::MAX` means that or more.
    pub age_ms: u32,
    /// Changes of this key, wrapping.
    pub count: u8,
}

/// One change: a fact's new value, or its removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// What the fact is about.
    pub kind: Kind,
    /// 1–64 bytes.
    pub key: &'a [u8],
    /// The value now; `None` if the fact is gone.
    pub value: Option<&'a [u8]>,
    /// Absent for facts that were there at boot.
    pub told: Option<Told>,
}

impl<'a> Record<'a> {
    /// Writes the record.
    pub fn write(&self, out: &mut Writer<'_>) {
        out.u8(tag(self.kind, self.value.is_none(), self.told.is_some())).key(self.key);
        if let Some(value) = self.value {
            out.bytes(value);
        }
        if let Some(told) = self.told {
            out.u32(told.age_ms).u8(told.count);
        }
    }

    /// Reads the next record, passing over extensions; `None` at the end.
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are no record.
    pub fn read(from: &mut Reader<'a>) -> Result<Option<Self>, Malformed> {
        loop {
            if from.is_empty() {
                return Ok(None);
            }
            let tag = from.u8()?;
            if tag < EXTENSION {
                return Self::standard(tag, from).map(Some);
            }
            from.bytes(usize::from(u16::MAX))?;
        }
    }

    fn standard(tag: u8, from: &mut Reader<'a>) -> Result<Self, Malformed> {
        let key = from.key()?;
        let value = if tag & REMOVE == 0 { Some(from.value()?) } else { None };
        let told = if tag & TOLD == 0 { None } else { Some(Told { age_ms: from.u32()?, count: from.u8()? }) };
        Ok(Self { kind: Kind(tag >> 2), key, value, told })
    }
}

/// The records of a Delta in order.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a>(pub(crate) Reader<'a>);

impl<'a> Records<'a> {
    /// The records in `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(Reader::new(bytes))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = Record::read(&mut self.0).transpose();
        if matches!(next, Some(Err(_))) {
            self.0 = Reader::new(&[]);
        }
        next
    }
}
