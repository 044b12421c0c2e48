//! An epoch in two pages of NOR flash, a ring of records that are each written once.
//!
//! ```text
//! page 0   | record | record | torn   | record | erased | …        page 1   | older records …
//!                                       newest   next
//! ```
//!
//! Promise: no word is programmed twice on purpose, only the page without the newest record is erased, and a number that may have been used is never
//! given again: a slot that is neither erased nor a whole record burns its number. One erase serves as many boots as a page has slots. Not here: wear
//! levelling over more than two pages; and records that rot after they were read back, one upon another: how many numbers a page of nothing else burned is
//! forgotten when it is erased.

use super::EpochStore;
use super::record::{self, LEN};
use core::fmt;
use embedded_storage::nor_flash::NorFlash;

/// Bytes of the largest slot: words up to this long can be written.
const MAX_SLOT: usize = 32;
/// Slots tried in one store before the flash counts as failed.
const TRIES: u32 = 4;
const ERASED: u8 = 0xFF;

/// The epoch in two pages of `flash`.
#[derive(Debug)]
pub struct NorEpoch<F> {
    flash: F,
    offset: u32,
}

/// Why the flash keeps no epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NorError<E> {
    /// The two pages are not aligned to erasable pages, or not within the flash.
    Region,
    /// The driver failed.
    Flash(E),
    /// Slot after slot did not keep what was written: the pages are worn out or protected.
    WornOut,
    /// The number to be stored is not above those that may have been used.
    NotAbove,
}

impl<E> fmt::Display for NorError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Region => "epoch pages are not whole pages of the flash",
            Self::Flash(_) => "flash driver failed",
            Self::WornOut => "epoch pages keep nothing",
            Self::NotAbove => "epoch may have been used before",
        })
    }
}

impl<E: fmt::Debug> core::error::Error for NorError<E> {}

/// A slot: its page, 0 or 1, and its number within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    page: u32,
    index: u32,
}

/// What a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Page {
    /// The newest whole record: its number and its epoch.
    newest: Option<(u32, u32)>,
    /// One past the last slot that is not erased.
    used: u32,
}

/// What is in a slot.
enum Content {
    Erased,
    Record(u32),
    Torn,
}

impl<F: NorFlash> NorEpoch<F> {
    /// Bytes of flash that the store uses: two pages.
    pub const BYTES: usize = 2 * F::ERASE_SIZE;

    const SLOT: usize = if F::WRITE_SIZE > LEN { F::WRITE_SIZE } else { LEN };
    const SLOTS: u32 = (F::ERASE_SIZE / Self::SLOT) as u32;
    const FITS: () = assert!(
        Self::SLOT <= MAX_SLOT
            && Self::SLOT.is_multiple_of(F::WRITE_SIZE)
            && Self::SLOT.is_multiple_of(F::READ_SIZE)
            && Self::SLOTS >= 2,
        "a record is one or more words of at most 32 bytes, and a page holds at least two"
    );

    /// The store in the two pages of `flash` from byte `offset`. They hold nothing else, and are erased or of an earlier store.
    ///
    /// # Errors
    /// [`NorError::Region`] if they are not whole pages within the flash.
    pub fn new(flash: F, offset: u32) -> Result<Self, NorError<F::Error>> {
        const { Self::FITS };
        let start = offset as usize;
        let inside = start.checked_add(Self::BYTES).is_some_and(|end| end <= flash.capacity());
        if inside && start.is_multiple_of(F::ERASE_SIZE) { Ok(Self { flash, offset }) } else { Err(NorError::Region) }
    }

    /// Gives the flash back.
    pub fn release(self) -> F {
        self.flash
    }

    const fn page_at(&self, page: u32) -> u32 {
        self.offset + page * F::ERASE_SIZE as u32
    }

    const fn slot_at(&self, slot: Slot) -> u32 {
        self.page_at(slot.page) + slot.index * Self::SLOT as u32
    }

    fn read(&mut self, slot: Slot) -> Result<Content, F::Error> {
        let mut bytes = [0; MAX_SLOT];
        let at = self.slot_at(slot);
        let bytes = bytes.get_mut(..Self::SLOT).unwrap_or_default();
        self.flash.read(at, bytes)?;
        if bytes.iter().all(|byte| *byte == ERASED) {
            return Ok(Content::Erased);
        }
        let epoch = bytes.first_chunk().and_then(record::decode);
        Ok(epoch.map_or(Content::Torn, Content::Record))
    }

    // A slot that cannot be read, as ECC flash answers for a torn one, counts as torn. A driver that fails now and then, or for good, must not pass
    // for one: the newest record might hide behind its failure, and a number be given again. So the slots must fail alike twice, and the newest
    // record be read once more after them.
    fn survey(&mut self) -> Result<[Page; 2], NorError<F::Error>> {
        let mut failed = None;
        let pages = self.survey_pages(&mut failed);
        let Some(error) = failed else { return Ok(pages) };
        let same = self.survey_pages(&mut None) == pages;
        match newest(&pages) {
            Some((slot, epoch)) if same && self.holds(slot, epoch) => Ok(pages),
            _ => Err(NorError::Flash(error)),
        }
    }

    fn survey_pages(&mut self, failed: &mut Option<F::Error>) -> [Page; 2] {
        [self.survey_page(0, failed), self.survey_page(1, failed)]
    }

    fn holds(&mut self, slot: Slot, epoch: u32) -> bool {
        matches!(self.read(slot), Ok(Content::Record(kept)) if kept == epoch)
    }

    // From the end backwards: epochs ascend within a page, so the first record met is its newest.
    fn survey_page(&mut self, page: u32, failed: &mut Option<F::Error>) -> Page {
        let mut used = 0;
        for index in (0..Self::SLOTS).rev() {
            let content = self.read(Slot { page, index }).unwrap_or_else(|error| {
                *failed = Some(error);
                Content::Torn
            });
            match content {
                Content::Erased => continue,
                Content::Record(epoch) => return Page { newest: Some((index, epoch)), used: used.max(index + 1) },
                Content::Torn => used = used.max(index + 1),
            }
        }
        Page { newest: None, used }
    }

    // Where the next record goes; erases the older page if the newer one is full, and whatever was there before the first record.
    fn place(&mut self, pages: &[Page; 2]) -> Result<Slot, NorError<F::Error>> {
        let [first, second] = pages;
        let Some((newest, _)) = newest(pages) else { return self.clear(pages) };
        let (this, other) = if newest.page == 0 { (first, second) } else { (second, first) };
        let page = 1 - newest.page;
        if this.used < Self::SLOTS {
            Ok(Slot { page: newest.page, index: this.used })
        } else if other.newest.is_none() && other.used < Self::SLOTS {
            Ok(Slot { page, index: other.used })
        } else {
            self.erase(page)
        }
    }

    fn clear(&mut self, pages: &[Page; 2]) -> Result<Slot, NorError<F::Error>> {
        for (page, _) in (0..).zip(pages).filter(|(_, held)| held.used > 0) {
            self.erase(page)?;
        }
        Ok(Slot { page: 0, index: 0 })
    }

    fn erase(&mut self, page: u32) -> Result<Slot, NorError<F::Error>> {
        let from = self.page_at(page);
        self.flash.erase(from, from + F::ERASE_SIZE as u32).map_err(NorError::Flash)?;
        Ok(Slot { page, index: 0 })
    }

    fn put(&mut self, slot: Slot, epoch: u32) -> bool {
        let mut bytes = [ERASED; MAX_SLOT];
        record::fill(&mut bytes, &record::encode(epoch));
        let at = self.slot_at(slot);
        let written = self.flash.write(at, bytes.get(..Self::SLOT).unwrap_or_default());
        written.is_ok() && self.holds(slot, epoch)
    }

    // The slot after one that did not keep its record.
    fn after(&mut self, slot: Slot, pages: &[Page; 2]) -> Result<Slot, NorError<F::Error>> {
        let holds_newest = newest(pages).is_none_or(|(newest, _)| newest.page == slot.page);
        if slot.index + 1 < Self::SLOTS {
            Ok(Slot { index: slot.index + 1, ..slot })
        } else if holds_newest {
            self.erase(1 - slot.page)
        } else {
            Err(NorError::WornOut)
        }
    }
}

/// The newest record of both pages.
fn newest(pages: &[Page; 2]) -> Option<(Slot, u32)> {
    let found =
        (0..).zip(pages).filter_map(|(page, held)| held.newest.map(|(index, epoch)| (Slot { page, index }, epoch)));
    found.max_by_key(|(_, epoch)| *epoch)
}

/// The highest number that may have been used.
fn highest(pages: &[Page; 2]) -> Option<u32> {
    newest(pages).map(|(slot, epoch)| epoch.saturating_add(burned(pages, slot)))
}

/// How many numbers past the newest record may have been used: the slots written after it, whatever they hold now.
fn burned(pages: &[Page; 2], newest: Slot) -> u32 {
    let [first, second] = pages;
    let (this, other) = if newest.page == 0 { (first, second) } else { (second, first) };
    let begun = if other.newest.is_none() { other.used } else { 0 };
    this.used - 1 - newest.index + begun
}

impl<F: NorFlash> EpochStore for NorEpoch<F> {
    type Error = NorError<F::Error>;

    fn load(&mut self) -> Result<Option<u32>, Self::Error> {
        Ok(highest(&self.survey()?))
    }

    fn store(&mut self, epoch: u32) -> Result<(), Self::Error> {
        let pages = self.survey()?;
        if highest(&pages).is_some_and(|highest| epoch <= highest) {
            return Err(NorError::NotAbove);
        }
        let mut slot = self.place(&pages)?;
        for _ in 1..TRIES {
            if self.put(slot, epoch) {
                return Ok(());
            }
            slot = self.after(slot, &pages)?;
        }
        if self.put(slot, epoch) { Ok(()) } else { Err(NorError::WornOut) }
    }
}
