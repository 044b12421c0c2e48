//! A board's flash: a file beside QEMU, which outlives it. It knows nothing of what the firmware writes there.

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
};

use crate::{board::Board, firmware, folder::Folder};

const FILE: &str = "flash.bin";

/// The flash of one board, gone when dropped.
pub struct Flash(Folder);

impl Flash {
    /// As it comes from the maker of the chip.
    pub fn blank() -> Arc<Self> {
        Arc::new(Self(Folder::fresh()))
    }

    /// As it leaves the factory: the first board of this process did there what a person does, and the others get copies.
    ///
    /// # Panics
    /// If the board does not come up or refuses.
    pub fn provisioned() -> Arc<Self> {
        static MADE: OnceLock<Vec<u8>> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let flash = Self::blank();
            Board::power_on_with(firmware::mps2_an386(), &flash).console.order("provision");
            flash.bytes()
        });
        let flash = Self::blank();
        fs::write(flash.0.join(FILE), made).expect("the folder is ours");
        flash
    }

    /// What it holds.
    ///
    /// # Panics
    /// If no board was ever switched on with it.
    pub fn bytes(&self) -> Vec<u8> {
        fs::read(self.0.join(FILE)).expect("a board made it")
    }

    /// The folder that QEMU runs in.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }
}
