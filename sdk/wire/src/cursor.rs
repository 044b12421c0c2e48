//! Bytes in and bytes out: a reader and a writer over slices that can fail but never panic.
//!
//! The writer's failure is sticky, so that a packet is built in straight lines and checked once, at the end.

use crate::{MAX_KEY, MAX_VALUE, Malformed};

/// Reads SPEC §1 primitives from the front of a slice.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// True when every byte has been read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads one byte.
    ///
    /// # Errors
    /// [`Malformed`] at the end of the bytes.
    #[inline(never)]
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    /// Reads `n` bytes.
    ///
    /// # Errors
    /// [`Malformed`] if fewer are left.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Reads `N` bytes as an array.
    ///
    /// # Errors
    /// [`Malformed`] if fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed)
    }

    /// Reads a minimal varint of at most `max`.
    ///
    /// # Errors
    /// [`Malformed`] if it is cut short, not minimal, or larger than `max`.
    pub fn varint(&mut self, max: u64) -> Result<u64, Malformed> {
        let mut rest = self.rest.iter();
        let last = rest.position(|byte| byte & 0x80 == 0).ok_or(Malformed)?;
        let groups = self.take(last + 1)?;
        let mut value = 0u64;
        for group in groups.iter().rev() {
            if value >> (u64::BITS - 7) != 0 {
                return Err(Malformed);
            }
            value = value << 7 | u64::from(group & 0x7F);
        }
        let minimal = last == 0 || groups.last() != Some(&0);
        if minimal && value <= max { Ok(value) } else { Err(Malformed) }
    }

    /// Reads a varint that fits `u32`.
    ///
    /// # Errors
    /// As [`Reader::varint`].
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.varint(u64::from(u32::MAX)).map(|v| v as u32)
    }

    /// Reads a varint that fits `u16`.
    ///
    /// # Errors
    /// As [`Reader::varint`].
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.varint(u64::from(u16::MAX)).map(|v| v as u16)
    }

    /// Reads a fixed little-endian `u32`.
    ///
    /// # Errors
    /// [`Malformed`] if fewer than 4 bytes are left.
    pub fn u32le(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    /// Reads a fixed little-endian `u64`.
    ///
    /// # Errors
    /// [`Malformed`] if fewer than 8 bytes are left.
    pub fn u64le(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    /// Reads `bytes` of at most `max`.
    ///
    /// # Errors
    /// [`Malformed`] if cut short or longer than `max`.
    pub fn bytes(&mut self, max: usize) -> Result<&'a [u8], Malformed> {
        let n = usize::from(self.u16()?);
        if n > max { Err(Malformed) } else { self.take(n) }
    }

    /// Reads `klen u8, key`.
    ///
    /// # Errors
    /// [`Malformed`] if the key is cut short, empty, or over [`MAX_KEY`].
    pub fn key(&mut self) -> Result<&'a [u8], Malformed> {
        let n = usize::from(self.u8()?);
        if n == 0 || n > MAX_KEY { Err(Malformed) } else { self.take(n) }
    }

    /// Reads `vlen varint, value`.
    ///
    /// # Errors
    /// [`Malformed`] if the value is cut short or over [`MAX_VALUE`].
    pub fn value(&mut self) -> Result<&'a [u8], Malformed> {
        self.bytes(MAX_VALUE)
    }
}

/// A [`Reader`] whose failure is sticky: what cannot be read is zero. For bodies without loops, and small on a device.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl<'a> Fields<'a> {
    /// Starts at the first byte of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, failed: false }
    }

    /// Whether everything could be read so far.
    ///
    /// # Errors
    /// [`Malformed`] if not.
    pub const fn check(&self) -> Result<(), Malformed> {
        if self.failed { Err(Malformed) } else { Ok(()) }
    }

    /// What has not been read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads a minimal varint that fits `u32`.
    #[inline(never)]
    pub fn u32(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.u8();
            let group = u32::from(byte & 0x7F);
            value |= group << shift;
            self.failed |= group << shift >> shift != group || (byte == 0 && shift > 0);
            shift += 7;
            if byte < 0x80 || shift > u32::BITS {
                self.failed |= byte >= 0x80;
                return value;
            }
        }
    }

    /// Reads one byte.
    #[inline(never)]
    pub fn u8(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// Reads a varint that fits `u16`.
    pub fn u16(&mut self) -> u16 {
        let value = u16::try_from(self.u32());
        self.failed |= value.is_err();
        value.unwrap_or(0)
    }

    /// Reads a fixed little-endian `u32`.
    #[inline(never)]
    pub fn u32le(&mut self) -> u32 {
        (0..4).fold(0, |word, n| word | u32::from(self.u8()) << (8 * n))
    }

    /// Reads `bytes` of at most `max`.
    pub fn bytes(&mut self, max: usize) -> &'a [u8] {
        let len = self.u32() as usize;
        self.failed |= len > max;
        self.take(len)
    }

    #[inline(always)]
    fn take(&mut self, n: usize) -> &'a [u8] {
        match self.rest.split_at_checked(n) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => {
                self.failed = true;
                &[]
            }
        }
    }
}

/// Writes SPEC §1 primitives into a slice; what does not fit sets a sticky overflow.
#[derive(Debug)]
pub struct Writer<'a> {
    buf: &'a mut [u8],
    len: usize,
    end: usize,
    overflow: bool,
    compares: bool,
}

impl<'a> Writer<'a> {
    /// Starts at the first byte of `buf`.
    pub const fn new(buf: &'a mut [u8]) -> Self {
        let end = buf.len();
        Self { buf, len: 0, end, overflow: false, compares: false }
    }

    /// Changes nothing, but overflows at the first byte that differs from what stands in `buf`.
    pub(crate) const fn comparing(buf: &'a mut [u8]) -> Self {
        Self { compares: true, ..Self::new(buf) }
    }

    /// Bytes written so far.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True if nothing was written yet.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that still fit.
    pub const fn room(&self) -> usize {
        self.end.saturating_sub(self.len)
    }

    /// Everything written so far.
    pub fn written(&self) -> &[u8] {
        self.buf.get(..self.len).unwrap_or(&[])
    }

    /// The length, if everything fitted.
    pub const fn finish(self) -> Option<usize> {
        if self.overflow { None } else { Some(self.len) }
    }

    /// True if something did not fit since the start or the last [`Writer::rewind`].
    pub const fn overflowed(&self) -> bool {
        self.overflow
    }

    /// Forgets everything written after `len` and a failure since then.
    #[inline(never)]
    pub fn rewind(&mut self, len: usize) {
        self.len = len.min(self.len);
        self.overflow = false;
    }

    /// Sets `bits` in the byte at `at`, which must have been written.
    pub fn mark(&mut self, at: usize, bits: u8) {
        if let Some(slot) = self.buf.get_mut(at).filter(|_| at < self.len) {
            *slot |= bits;
        }
    }

    /// Leaves the last `spare` bytes alone until [`Writer::release`]; if there are fewer, nothing more fits.
    pub fn hold_back(&mut self, spare: usize) {
        self.end = self.buf.len().saturating_sub(spare);
    }

    /// Gives back what was held back.
    pub fn release(&mut self) {
        self.end = self.buf.len();
    }

    /// Writes one byte. As all that write it gives the writer back: a call that does costs a device two bytes less.
    #[inline(never)]
    pub fn u8(&mut self, byte: u8) -> &mut Self {
        match self.buf.get_mut(self.len).filter(|_| self.len < self.end) {
            Some(slot) if !self.compares || *slot == byte => {
                *slot = byte;
                self.len += 1;
            }
            _ => self.overflow = true,
        }
        self
    }

    /// Writes all of `bytes`, or nothing.
    #[inline(never)]
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        if bytes.len() > self.room() {
            self.overflow = true;
            return self;
        }
        for &byte in bytes {
            self.u8(byte);
        }
        self
    }

    /// Writes a minimal varint.
    #[inline(never)]
    pub fn varint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// Writes `value` as a varint.
    #[inline(never)]
    pub fn u32(&mut self, mut value: u32) -> &mut Self {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// Writes the four bytes of `value`, little-endian.
    #[inline(never)]
    pub fn u32le(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Writes the eight bytes of `value`, little-endian.
    pub fn u64le(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Writes `klen u8, key`; the caller has checked the bounds.
    pub fn key(&mut self, key: &[u8]) -> &mut Self {
        self.u8(key.len() as u8).raw(key)
    }

    /// Writes `bytes`: a varint length and the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(bytes.len() as u32).raw(bytes)
    }
}
