//! Where the epoch lives: in the last two sectors of the chip's flash; in the emulator, which ignores writes to flash, in a file of its host.
//!
//! While a sector is erased (up to 2 s, once in some 8,000 boots) the processor stands still. Not here: the other sectors.
#![allow(unsafe_code)] // a register that the HAL has no word for

use embedded_storage::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
use port_kit::host_flash::HostFlash;
use stm32f4xx_hal::flash::{Error, FlashExt, LockedFlash};
use stm32f4xx_hal::pac::FLASH;
use tidings::EpochStore;
use tidings::epoch::NorEpoch;

/// The first byte of the last two sectors, from the start of flash; `memory.x` keeps the image below.
const EPOCH_AT: u32 = 768 * 1024;
const SECTOR: usize = 128 * 1024;

/// The store of this chip, or of this emulator.
pub enum Epochs {
    /// On the chip.
    Chip(NorEpoch<Sectors>),
    /// In the emulator.
    Host(NorEpoch<HostFlash>),
}

/// What failed; what exactly says the debugger.
pub struct Failed;

impl Epochs {
    /// The store in the chip's flash. `None` if the flash is smaller.
    pub fn of_chip(flash: FLASH) -> Option<Self> {
        NorEpoch::new(Sectors(LockedFlash::new(flash)), EPOCH_AT).ok().map(Self::Chip)
    }

    /// The store in the emulator's host.
    pub fn of_host() -> Option<Self> {
        NorEpoch::new(HostFlash::open(c"flash.bin"), 0).ok().map(Self::Host)
    }
}

impl EpochStore for Epochs {
    type Error = Failed;

    fn load(&mut self) -> Result<Option<u32>, Failed> {
        match self {
            Self::Chip(store) => store.load().map_err(|_| Failed),
            Self::Host(store) => store.load().map_err(|_| Failed),
        }
    }

    fn store(&mut self, epoch: u32) -> Result<(), Failed> {
        match self {
            Self::Chip(store) => store.store(epoch).map_err(|_| Failed),
            Self::Host(store) => store.store(epoch).map_err(|_| Failed),
        }
    }
}

/// The HAL's flash, unlocked only while it is changed.
pub struct Sectors(LockedFlash);

impl ErrorType for Sectors {
    type Error = Error;
}

impl ReadNorFlash for Sectors {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Error> {
        ReadNorFlash::read(&mut self.0, offset, bytes)
    }

    fn capacity(&self) -> usize {
        ReadNorFlash::capacity(&self.0)
    }
}

impl NorFlash for Sectors {
    const WRITE_SIZE: usize = 1;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Error> {
        let erased = NorFlash::erase(&mut self.0.unlocked(), from, to);
        forget_cached();
        erased
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Error> {
        NorFlash::write(&mut self.0.unlocked(), offset, bytes)
    }
}

/// Empties the data cache, which does not see that a sector was erased (RM0090, ACR: DCRST works only while the cache is off).
fn forget_cached() {
    // SAFETY: the flash's registers, always mapped; the HAL's driver, the only other one who writes them, is not at work.
    let control = unsafe { &*FLASH::ptr() }.acr();
    control.modify(|_, control| control.dcen().clear_bit());
    control.modify(|_, control| control.dcrst().set_bit());
    control.modify(|_, control| control.dcrst().clear_bit());
    control.modify(|_, control| control.dcen().set_bit());
}
