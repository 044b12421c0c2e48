//! COBS on byte streams (SPEC §9): `0x00 | COBS(packet) | 0x00`.
//!
//! The decoder never resumes inside a frame: after an overflow or a bad code it drops everything up to the next 0x00.
//! COBS finds frame borders, not errors: the packet's own check does that.

/// Bytes that a frame of `packet` bytes takes on a stream, at most, both zeros included.
pub const fn frame_len(packet: usize) -> usize {
    packet + packet / 254 + 3
}

/// Produces the frame of a packet byte by byte, straight from the packet: no second buffer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Encoder {
    at: usize,
    run: u8,
    full: bool,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, Default)]
enum Stage {
    #[default]
    Open,
    Code,
    Run,
    Done,
}

impl Encoder {
    /// Before the first byte of a frame.
    pub const fn new() -> Self {
        Self { at: 0, run: 0, full: false, stage: Stage::Open }
    }

    /// The next byte of the frame of `packet`, `None` after its last one; call with the same packet each time.
    pub fn next(&mut self, packet: &[u8]) -> Option<u8> {
        match self.stage {
            Stage::Open => {
                self.stage = Stage::Code;
                Some(0)
            }
            Stage::Code => Some(self.code(packet)),
            Stage::Run => Some(self.byte(packet)),
            Stage::Done => None,
        }
    }

    fn code(&mut self, packet: &[u8]) -> u8 {
        if self.at > packet.len() {
            self.stage = Stage::Done;
            return 0;
        }
        let rest = packet.get(self.at..).unwrap_or(&[]);
        self.run = rest.iter().take(254).take_while(|byte| **byte != 0).count() as u8;
        self.full = self.run == 254;
        let code = self.run.saturating_add(1);
        if self.run == 0 {
            self.at += 1;
        } else {
            self.stage = Stage::Run;
        }
        code
    }

    fn byte(&mut self, packet: &[u8]) -> u8 {
        let byte = packet.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        self.run = self.run.saturating_sub(1);
        if self.run == 0 {
            // A full run carries no zero, every other one does; past the last run that zero is only implied.
            self.at += usize::from(!self.full || self.at == packet.len());
            self.stage = Stage::Code;
        }
        byte
    }
}

/// What a received byte completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing yet.
    More,
    /// A packet of this many bytes stands at the start of the buffer.
    Frame(usize),
    /// A frame ended that was too long or cut short; it was dropped.
    Dropped,
}

/// Rebuilds packets from a stream, byte by byte, in a buffer of the caller.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decoder {
    len: usize,
    left: u8,
    inside: Inside,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Joined,
    Lost,
    Start,
    AfterFull,
    AfterRun,
}

impl Decoder {
    /// Before the first byte of a stream; what comes before the first 0x00 is dropped.
    pub const fn new() -> Self {
        Self { len: 0, left: 0, inside: Inside::Joined }
    }

    /// Takes one byte in; `buffer` must be the same each time and keeps the packet until the next call.
    pub fn push(&mut self, byte: u8, buffer: &mut [u8]) -> Step {
        if byte == 0 {
            return self.end();
        }
        match self.inside {
            Inside::Joined | Inside::Lost => {}
            _ if self.left > 0 => {
                self.left -= 1;
                self.put(byte, buffer);
            }
            inside => {
                self.left = byte - 1;
                self.inside = if byte == 0xFF { Inside::AfterFull } else { Inside::AfterRun };
                if inside == Inside::AfterRun {
                    self.put(0, buffer);
                }
            }
        }
        Step::More
    }

    fn end(&mut self) -> Step {
        let step = match self.inside {
            Inside::Joined | Inside::Start => Step::More,
            Inside::Lost => Step::Dropped,
            _ if self.left > 0 || self.len == 0 => Step::Dropped,
            _ => Step::Frame(self.len),
        };
        *self = Self { len: 0, left: 0, inside: Inside::Start };
        step
    }

    fn put(&mut self, byte: u8, buffer: &mut [u8]) {
        match buffer.get_mut(self.len) {
            Some(slot) => {
                *slot = byte;
                self.len += 1;
            }
            None => self.inside = Inside::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn encode(packet: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        core::iter::from_fn(|| encoder.next(packet)).collect()
    }

    fn decode(stream: &[u8], room: usize) -> Vec<Result<Vec<u8>, ()>> {
        let (mut decoder, mut buffer, mut out) = (Decoder::new(), std::vec![0; room], Vec::new());
        for &byte in stream {
            match decoder.push(byte, &mut buffer) {
                Step::More => {}
                Step::Frame(n) => out.push(Ok(buffer[..n].to_vec())),
                Step::Dropped => out.push(Err(())),
            }
        }
        out
    }

    #[test]
    fn examples_of_the_paper() {
        assert_eq!(encode(&[0]), [0, 1, 1, 0]);
        assert_eq!(encode(&[0x11, 0x22, 0, 0x33]), [0, 3, 0x11, 0x22, 2, 0x33, 0]);
        assert_eq!(encode(&[0x11, 0, 0, 0]), [0, 2, 0x11, 1, 1, 1, 0]);
    }

    #[test]
    fn every_length_around_full_runs_survives() {
        let lengths = (1..=3).chain(250..=260).chain(505..=515).chain(1020..1030);
        for len in lengths.step_by(if cfg!(miri) { 6 } else { 1 }) {
            for zero_at in [0, len / 2, len - 1, len] {
                let packet: Vec<u8> = (0..len).map(|i| if i == zero_at { 0 } else { i as u8 | 1 }).collect();
                let frame = encode(&packet);
                assert!(frame.len() <= frame_len(len) && frame[1..frame.len() - 1].iter().all(|b| *b != 0));
                assert_eq!(decode(&frame, len), [Ok(packet)]);
            }
        }
    }

    #[test]
    fn overflow_drops_up_to_the_next_zero() {
        let mut stream = encode(&[7; 12]);
        stream.extend(encode(&[1, 2]));
        assert_eq!(decode(&stream, 8), [Err(()), Ok(std::vec![1, 2])]);
    }

    #[test]
    fn joining_midway_and_cut_frames_give_nothing_false() {
        let whole = encode(&[1, 2, 3, 4]);
        assert_eq!(decode(&whole[3..], 8), []);
        let mut cut = whole[..4].to_vec();
        cut.extend(encode(&[9]));
        assert_eq!(decode(&cut, 8), [Err(()), Ok(std::vec![9])]);
    }
}
