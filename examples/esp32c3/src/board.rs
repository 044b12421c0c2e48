//! The board, an ESP32-C3-DevKit, as one value: esp-hal's drivers of what this port uses.
//!
//! It knows nothing of facts or of the collector.

use embedded_storage::nor_flash::NorFlash;
use embedded_storage::{ReadStorage, Storage};
use esp_bootloader_esp_idf::partitions::{PARTITION_TABLE_MAX_LEN, read_partition_table};
use esp_hal::Blocking;
use esp_hal::gpio::{Input, InputConfig, Pull};
use esp_hal::system::software_reset;
use esp_hal::uart::{Config, Uart};
use esp_storage::FlashStorage;

use crate::clock::Clock;

/// The partition with the epoch, in `partitions.csv`.
const EPOCH_LABEL: &str = "epoch";

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// To the collector: UART0, which leads to the board's USB bridge.
    pub link: Uart<'static, Blocking>,
    /// The flash outside the chip, all of it. Code in it stands still while a sector is erased, 45 ms.
    pub flash: FlashStorage<'static>,
    /// The button `BOOT`, which pulls low.
    pub button: Input<'static>,
}

impl Board {
    /// Brings the board up. Call it once, first: the second call finds its peripherals taken, and panics. `None` if it is another board.
    pub fn start() -> Option<Self> {
        let chip = esp_hal::init(esp_hal::Config::default());
        let clock = Clock::start(chip.SYSTIMER)?;
        let link = Uart::new(chip.UART0, Config::default().with_baudrate(115_200)).ok()?;
        let link = link.with_rx(chip.GPIO20).with_tx(chip.GPIO21);
        let button = Input::new(chip.GPIO9, InputConfig::default().with_pull(Pull::Up));
        Some(Self { clock, link, flash: FlashStorage::new(chip.FLASH), button })
    }
}

/// Where in flash the epoch lives. `None` if the partition table has no room for it.
pub fn epoch_offset<F: NorFlash + ReadStorage + Storage>(flash: &mut F) -> Option<u32> {
    let mut bytes = [0; PARTITION_TABLE_MAX_LEN];
    let table = read_partition_table(flash, &mut bytes).ok()?;
    let partition = table.iter().find(|entry| entry.label_as_str() == EPOCH_LABEL)?;
    (partition.len() as usize >= 2 * F::ERASE_SIZE).then(|| partition.offset())
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    software_reset()
}
