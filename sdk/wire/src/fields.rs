//! Trimmed postcard: how the fields of keys and values become bytes (SPEC §5).
//!
//! A field is written by `postcard`, and a test holds whole values to it too; trailing defaults are trimmed, and the encoder can compare or measure
//! without a buffer, so that recording an unchanged fact needs neither copy nor stack.

use crate::cursor::Reader;
use crate::{MAX_KEY, MAX_VALUE, Malformed, TooLong};
use core::marker::PhantomData;
use serde::Serialize;

/// Takes fields in order; a default waits, as a zero, until something follows that is not one: so trailing defaults are never written.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut [u8],
    known: &'o [u8],
    len: usize,
    zeros: usize,
    equal: bool,
}

/// What an [`Encoder`] has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoded {
    /// Length in bytes after trimming.
    pub len: usize,
    /// True if the trimmed bytes equal those given to [`Encoder::compare`].
    pub equal: bool,
}

impl<'o> Encoder<'o> {
    /// Writes into `out`; what does not fit is measured all the same.
    pub const fn into(out: &'o mut [u8]) -> Self {
        Self { out, known: &[], len: 0, zeros: 0, equal: true }
    }

    /// Writes nothing, measures, and compares with `known`.
    pub const fn compare(known: &'o [u8]) -> Self {
        Self { out: &mut [], known, len: 0, zeros: 0, equal: true }
    }

    /// The length and comparison so far.
    pub const fn finish(&self) -> Encoded {
        Encoded { len: self.len, equal: self.equal && self.len == self.known.len() }
    }

    /// The trimmed length of a value.
    ///
    /// # Errors
    /// [`TooLong`] over [`MAX_VALUE`].
    pub const fn value(&self) -> Result<Encoded, TooLong> {
        let done = self.finish();
        if done.len > MAX_VALUE { Err(TooLong) } else { Ok(done) }
    }

    /// The trimmed length of a key: at least the first byte.
    ///
    /// # Errors
    /// [`TooLong`] if nothing was written or over [`MAX_KEY`].
    pub fn key(&mut self) -> Result<usize, TooLong> {
        if self.len == 0 && self.zeros > 0 {
            self.push(0);
        }
        if self.len == 0 || self.len > MAX_KEY { Err(TooLong) } else { Ok(self.len) }
    }

    /// Adds bytes as they are; they count as not default.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.settle();
        for &byte in bytes {
            self.push(byte);
        }
        self
    }

    /// Adds an unsigned integer wider than 8 bits.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        // A varint ends in 0x00 only if it is the default; taking bytes cannot fail.
        postcard::serialize_with_flavor(&value, Varint(self)).ok();
        self
    }

    /// Adds an unsigned integer of 9 to 32 bits.
    #[inline(never)]
    pub fn word(&mut self, value: u32) -> &mut Self {
        self.uint(u64::from(value))
    }

    /// Adds a signed integer wider than 8 bits; postcard's zigzag.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.uint((value << 1 ^ value >> 63).cast_unsigned())
    }

    /// Adds a `u8`, an `i8` or a `bool` as its one byte.
    #[inline(never)]
    pub fn byte(&mut self, value: u8) -> &mut Self {
        if value == 0 {
            self.zeros += 1;
        } else {
            self.settle();
            self.push(value);
        }
        self
    }

    /// Adds `bytes` or the bytes of a `str`.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        if value.is_empty() {
            self.zeros += 1;
        } else {
            self.uint(value.len() as u64).raw(value);
        }
        self
    }

    /// Makes the key or value longer than any may be: whoever asked for it finds it too long.
    pub const fn exceed(&mut self) {
        self.len = MAX_VALUE + 1;
    }

    // Writes the defaults that wait.
    #[inline(never)]
    fn settle(&mut self) {
        while self.zeros > 0 {
            self.zeros -= 1;
            self.push(0);
        }
    }

    #[inline(never)]
    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.out.get_mut(self.len) {
            *slot = byte;
        }
        self.equal &= self.known.get(self.len) == Some(&byte);
        self.len += 1;
    }
}

/// Hands the bytes of postcard's varints on.
struct Varint<'e, 'o>(&'e mut Encoder<'o>);

impl postcard::ser_flavors::Flavor for Varint<'_, '_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.byte(byte);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Reads fields in order; past the end every field is its default.
#[derive(Debug, Clone, Copy)]
pub struct Decoder<'a> {
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Starts at the first byte of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads an unsigned integer wider than 8 bits.
    ///
    /// # Errors
    /// [`Malformed`] if it is cut short or over 64 bits.
    pub fn uint(&mut self) -> Result<u64, Malformed> {
        if self.rest.is_empty() {
            return Ok(0);
        }
        let mut from = Reader::new(self.rest);
        let value = from.varint(u64::MAX)?;
        self.rest = from.rest();
        Ok(value)
    }

    /// Reads a signed integer wider than 8 bits.
    ///
    /// # Errors
    /// [`Malformed`] if it is cut short or over 64 bits.
    pub fn int(&mut self) -> Result<i64, Malformed> {
        let zigzag = self.uint()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// Reads one byte.
    pub fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((first, rest)) => {
                self.rest = rest;
                *first
            }
            None => 0,
        }
    }

    /// Reads `bytes`.
    ///
    /// # Errors
    /// [`Malformed`] if they are cut short.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let n = usize::try_from(self.uint()?).map_err(|_| Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// A type that can be a field of a key or value.
pub trait Field<'a>: Sized {
    /// Writes the field.
    fn write(&self, out: &mut Encoder<'_>);

    /// Reads the field, or its default at the end of the bytes.
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are not of this type.
    fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed>;
}

macro_rules! integers {
    ($($t:ty: $write:ident as $wide:ty, $read:ident;)*) => {$(
        impl<'a> Field<'a> for $t {
            fn write(&self, out: &mut Encoder<'_>) {
                out.$write(<$wide>::from(*self));
            }
            fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                from.$read()?.try_into().map_err(|_| Malformed)
            }
        }
    )*};
}

integers! {
    u16: word as u32, uint;
    u32: word as u32, uint;
    u64: uint as u64, uint;
    i32: int as i64, int;
    i64: int as i64, int;
}

impl<'a> Field<'a> for u8 {
    fn write(&self, out: &mut Encoder<'_>) {
        out.byte(*self);
    }
    fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        Ok(from.byte())
    }
}

impl<'a> Field<'a> for i8 {
    fn write(&self, out: &mut Encoder<'_>) {
        out.byte(self.cast_unsigned());
    }
    fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        Ok(from.byte().cast_signed())
    }
}

impl<'a> Field<'a> for &'a str {
    fn write(&self, out: &mut Encoder<'_>) {
        out.bytes(self.as_bytes());
    }
    fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        core::str::from_utf8(from.bytes()?).map_err(|_| Malformed)
    }
}

/// An element of a [`List`]: length-prefixed bytes with a meaning.
pub trait Item<'a>: Copy {
    /// The bytes of the element.
    fn bytes(self) -> &'a [u8];
    /// The element of these bytes, if they are one.
    fn of(bytes: &'a [u8]) -> Option<Self>;
}

impl<'a> Item<'a> for &'a str {
    fn bytes(self) -> &'a [u8] {
        self.as_bytes()
    }
    fn of(bytes: &'a [u8]) -> Option<Self> {
        core::str::from_utf8(bytes).ok()
    }
}

/// A short list inside a value: either the caller's slice, or bytes off the wire that are read lazily.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    given: &'a [T],
    wire: &'a [u8],
    count: u8,
    item: PhantomData<T>,
}

impl<'a, T: Item<'a>> List<'a, T> {
    /// The list of no element.
    pub const EMPTY: Self = Self { given: &[], wire: &[], count: 0, item: PhantomData };
    /// Most elements that SPEC allows in any list.
    pub const MAX: usize = 16;

    /// A list of the caller's elements; those past [`List::MAX`] are left out, which the caller tells in the `more_` field.
    pub const fn new(items: &'a [T]) -> Self {
        let given = match items.split_at_checked(Self::MAX) {
            Some((head, _)) => head,
            None => items,
        };
        Self { given, wire: &[], count: given.len() as u8, item: PhantomData }
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let mut wire = Decoder::new(self.wire);
        let decoded =
            core::iter::from_fn(move || if wire.rest().is_empty() { None } else { wire.bytes().ok().and_then(T::of) });
        self.given.iter().copied().chain(decoded)
    }

    /// How many elements there are.
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// True if there is none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<'a, T: Item<'a>> Default for List<'a, T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<'a, T: Item<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Item<'a> + core::fmt::Debug> core::fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Item<'a> + Serialize> Serialize for List<'a, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut seq = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|item| seq.serialize_element(&item))?;
        seq.end()
    }
}

impl<'a, T: Item<'a>> Field<'a> for List<'a, T> {
    fn write(&self, out: &mut Encoder<'_>) {
        out.word(u32::from(self.count));
        for item in self.given {
            out.bytes(item.bytes());
        }
        if self.count > 0 {
            out.raw(self.wire); // nothing, or all elements; an empty last one is an element all the same
        }
    }
    fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        let count = from.uint()?;
        if count > Self::MAX as u64 {
            return Err(Malformed);
        }
        let start = from.rest;
        for _ in 0..count {
            if from.rest.is_empty() || T::of(from.bytes()?).is_none() {
                return Err(Malformed);
            }
        }
        let wire = start.get(..start.len() - from.rest.len()).ok_or(Malformed)?;
        Ok(Self { given: &[], wire, count: count as u8, item: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exceeds_is_too_long_for_a_key_and_for_a_value() {
        let mut out = [0; 16];
        let mut encoder = Encoder::into(&mut out);
        encoder.byte(1).exceed();
        assert_eq!(encoder.key(), Err(TooLong));
        assert_eq!(encoder.byte(0).value(), Err(TooLong));
    }

    #[test]
    fn trims_trailing_defaults_only() {
        let mut out = [0xEE; 16];
        let mut encoder = Encoder::into(&mut out);
        encoder.byte(0);
        encoder.uint(300);
        encoder.bytes(b"");
        encoder.byte(0);
        assert_eq!(encoder.finish().len, 3);
        assert_eq!(out[..3], [0, 0xAC, 0x02]);
    }

    #[test]
    fn compares_without_a_buffer() {
        for (known, equal) in [(&[1u8, 2][..], true), (&[1], false), (&[1, 2, 3], false), (&[1, 3], false)] {
            let mut encoder = Encoder::compare(known);
            encoder.byte(1);
            encoder.byte(2);
            encoder.uint(0);
            assert_eq!(encoder.finish(), Encoded { len: 2, equal });
        }
    }

    #[test]
    fn a_key_keeps_its_first_byte() {
        let mut encoder = Encoder::compare(&[]);
        encoder.byte(0);
        encoder.uint(0);
        assert_eq!(encoder.key(), Ok(1));
        assert_eq!(Encoder::compare(&[]).key(), Err(TooLong));
    }

    #[test]
    fn lists_survive_the_wire_and_refuse_lies() {
        let mut out = [0; 16];
        let mut encoder = Encoder::into(&mut out);
        List::new(&["ab", ""]).write(&mut encoder);
        let len = encoder.finish().len;
        assert_eq!(out[..len], [2, 2, b'a', b'b', 0]);
        let back: List<'_, &str> = List::read(&mut Decoder::new(&out[..len])).unwrap();
        assert!(back.iter().eq(["ab", ""]));
        for lie in [&[17u8][..], &[1], &[1, 5, b'x'], &[1, 1, 0xFF]] {
            assert!(List::<&str>::read(&mut Decoder::new(lie)).is_err());
        }
    }
}
