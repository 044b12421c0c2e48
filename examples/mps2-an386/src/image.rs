//! What outlives a reset, as plain bytes under a checksum: the console's facts and the number of resets.
//!
//! RAM keeps it while power lasts; there is no flash behind it. A reset that strikes between a change and its new
//! checksum makes the next start a clean one, never a wrong one.

use bytemuck::{Pod, Zeroable};
use tidings::wire::crc::Crc32;

use crate::facts::Facts;

/// Changes whenever the layout below does, so that an older firmware's bytes are not read as ours.
const LAYOUT: u32 = 0x7D15_0001;

/// The bytes that a reset leaves alone. Every bit pattern is valid; [`Image::is_intact`] says whether it means something.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct Image {
    layout: u32,
    resets: u32,
    facts: Facts,
    sum: u32,
}

impl Image {
    /// Whether layout, bounds and checksum all hold.
    pub fn is_intact(&self) -> bool {
        self.layout == LAYOUT && self.facts.is_sound() && self.sum == self.computed_sum()
    }

    /// Goes on from what the last run left, or starts clean if that is not intact. Says whether it was.
    pub fn resume(&mut self) -> bool {
        let intact = self.is_intact();
        if intact {
            self.resets = self.resets.saturating_add(1);
        } else {
            *self = Self { layout: LAYOUT, ..Self::zeroed() };
        }
        self.seal();
        intact
    }

    /// Resets since power came on.
    pub fn resets(&self) -> u32 {
        self.resets
    }

    /// The facts, to read.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Changes the facts, then brings the checksum up to date.
    pub fn change<T>(&mut self, with: impl FnOnce(&mut Facts) -> T) -> T {
        let result = with(&mut self.facts);
        self.seal();
        result
    }

    fn seal(&mut self) {
        self.sum = self.computed_sum();
    }

    fn computed_sum(&self) -> u32 {
        let bytes = bytemuck::bytes_of(self);
        let (covered, _sum) = bytes.split_at(bytes.len() - size_of::<u32>());
        Crc32::new().update(covered).value()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    fn holding_one_fact() -> Box<Image> {
        let mut image = Box::new(Image::zeroed());
        assert!(!image.resume());
        image.change(|facts| facts.put(1, b"key", b"value")).unwrap();
        image
    }

    #[test]
    fn resets_keep_facts_and_are_counted() {
        let mut image = holding_one_fact();
        assert!(image.resume() && image.resume());
        assert_eq!((image.resets(), image.facts().get(1, b"key")), (2, Some(&b"value"[..])));
    }

    #[test]
    fn any_flipped_bit_makes_a_clean_start() {
        let intact = holding_one_fact();
        for at in (0..size_of::<Image>()).step_by(97).chain([0, 4, 8, 12, size_of::<Image>() - 1]) {
            let mut damaged = intact.clone();
            bytemuck::bytes_of_mut(&mut *damaged)[at] ^= 0x10;
            assert!(!damaged.resume(), "byte {at}");
            assert!(damaged.facts().is_empty() && damaged.is_intact());
        }
    }
}
